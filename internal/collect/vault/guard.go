package vault

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// allowed is every call that may leave this collector: method, and path without /v1/. It is the list of
// docs/collectors/vault.md. A mount may have slashes in its name.
var allowed = []struct {
	method string
	path   *regexp.Regexp
}{
	{"GET", regexp.MustCompile(`^sys/(seal-status|audit|auth|mounts|policies/acl|config/state/sanitized)$`)},
	{"GET", regexp.MustCompile(`^sys/mounts/.+/tune$`)},
	{"GET", regexp.MustCompile(`^sys/policies/acl/.+$`)}, // a policy may have slashes in its name too
	{"GET", regexp.MustCompile(`^auth/token/(accessors|roles)$`)},
	{"GET", regexp.MustCompile(`^auth/token/roles/[^/]+$`)},
	{"POST", regexp.MustCompile(`^auth/token/(lookup-accessor|revoke-self)$`)},
	{"POST", regexp.MustCompile(`^auth/.+/login$`)},
	{"GET", regexp.MustCompile(`^auth/.+/(role|users)$`)},
	{"GET", regexp.MustCompile(`^auth/.+/(role|users)/[^/]+$`)},
	{"GET", regexp.MustCompile(`^identity/mfa/login-enforcement$`)},
	{"GET", regexp.MustCompile(`^identity/(entity|group)/id$`)},
	{"GET", regexp.MustCompile(`^identity/(entity|group)/id/[^/]+$`)},
	{"GET", regexp.MustCompile(`^.+/keys$`)},
	{"GET", regexp.MustCompile(`^.+/keys/[^/]+$`)},
}

// listed says which of the paths are listed rather than read: a read of `…/keys` could be of a secret by that name.
var listed = regexp.MustCompile(`^(sys/policies/acl|auth/token/(accessors|roles)|auth/.+/(role|users)|identity/mfa/login-enforcement|identity/(entity|group)/id|.+/keys)$`)

var errNotAllowed = errors.New("a call that is not on the collector's list")

// guard holds every request to the list above and to the configured host, and every answer to a size. It stands in the
// transport, so that no mistake elsewhere, and no feature of the client library, can go past it.
type guard struct {
	next http.RoundTripper
	host string
}

func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != g.host || !mayCall(req) {
		return nil, errNotAllowed
	}
	resp, err := g.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	resp.Body = &capped{ReadCloser: resp.Body, left: maxResponse}
	return resp, nil
}

func mayCall(req *http.Request) bool {
	path, ok := strings.CutPrefix(req.URL.Path, "/v1/")
	if !ok || strings.Contains(path, "..") {
		return false
	}
	if req.Method == http.MethodGet && listed.MatchString(path) != (req.URL.Query().Get("list") == "true") {
		return false
	}
	for _, a := range allowed {
		if a.method == strings.Replace(req.Method, "PUT", "POST", 1) && a.path.MatchString(path) {
			return true
		}
	}
	return false
}

var errTooLarge = errors.New("the answer is too large")

type capped struct {
	io.ReadCloser
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p[:min(int64(len(p)), c.left+1)])
	if c.left -= int64(n); c.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// fail says in plain words why Vault could not be reached, and keeps it so that later calls are not tried.
func (c *client) fail(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return c.setDown(&collect.Error{Code: inventory.SourceError,
			Msg:  say.Both("reading Vault at %s took too long", "het lezen van Vault op %s duurde te lang", c.host),
			Hint: say.Both("raise `timeout` of the source", "verhoog `timeout` van de bron"), Err: ctx.Err()})
	}
	msg, hint := explain(err, c.timeout.String())
	// The cause is left out: it quotes addresses, and a timeout of one call is not one of the whole source.
	return c.setDown(&collect.Error{Code: inventory.SourceError,
		Msg: say.Both("Vault at %s %s", "Vault op %s %s", c.host, msg), Hint: hint})
}

// explain says what Vault did, to follow its name, and what to do.
func explain(err error, timeout string) (msg, hint say.Text) {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var network net.Error
	switch {
	case errors.As(err, &unknown):
		return say.Both("has a certificate of an authority that is not known here",
				"heeft een certificaat van een autoriteit die hier niet bekend is"),
			say.Both("give the file with its CA certificate by `ca` of the source",
				"geef het bestand met het CA-certificaat op met `ca` van de bron")
	case errors.As(err, &host):
		return say.Both("has a certificate for another host name", "heeft een certificaat voor een andere hostnaam"),
			say.Both("use the name that is in its certificate as the address", "gebruik de naam uit het certificaat als adres")
	case errors.As(err, &invalid), errors.As(err, &verify):
		return say.Both("has a certificate that is not valid", "heeft een certificaat dat niet geldig is"),
			say.Both("renew it, or check the clock of this machine", "vernieuw het, of controleer de klok van deze machine")
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return say.Both("does not speak TLS", "spreekt geen TLS"),
			say.Both("check the port; use http:// only for a test on one machine",
				"controleer de poort; gebruik http:// alleen voor een test op één machine")
	case errors.As(err, &alert):
		return say.Both("broke off the TLS handshake", "brak het opzetten van TLS af"),
			say.Both("it must speak TLS 1.2 or later and ask for no client certificate",
				"Vault moet TLS 1.2 of nieuwer spreken en geen certificaat van de client vragen")
	case errors.As(err, &network) && network.Timeout():
		return say.Both("did not answer within %s", "antwoordde niet binnen %s", timeout),
			say.Both("check that it is reachable from here, or raise the timeout of its source",
				"kijk of Vault van hier bereikbaar is, of verhoog `timeout` van de bron")
	case strings.Contains(err.Error(), "connection refused"):
		return say.Both("refused the connection", "weigerde de verbinding"),
			say.Both("check the address and port, and that Vault runs", "controleer het adres en de poort, en of Vault draait")
	case strings.Contains(err.Error(), "no such host"):
		return say.Both("was not found by its name", "is niet gevonden onder die naam"),
			say.Both("check the host name in the address", "controleer de hostnaam in het adres")
	}
	return say.Both("could not be read", "kon niet worden gelezen"),
		say.Both("check the address and that Vault runs", "controleer het adres, en of Vault draait")
}
