package vaultkey

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json/v2"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"waarborg/internal/say"
)

const (
	defaultTimeout = 15 * time.Second
	maxAnswer      = 1 << 20  // bytes
	maxJWT         = 64 << 10 // bytes of a service account's token
)

// client talks to one Vault. Nothing of the environment reaches it: no proxy, no VAULT_* variable.
type client struct {
	http      *http.Client
	base      string
	host      string
	namespace string

	token string // set by login, before any other call
	made  bool   // the login made the token, so that it is ours to end
}

func newClient(cfg Config) (*client, error) {
	u, err := url.Parse(cfg.Address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return nil, &say.Error{Msg: say.Both("the address of Vault is not one that can be used",
			"het adres van Vault is niet te gebruiken"),
			Hint: say.Both("write it as https://host:8200, without a path, user name or query",
				"schrijf het als https://host:8200, zonder pad, gebruikersnaam of query")}
	}
	if u.Scheme == "http" && !onThisMachine(u.Hostname()) {
		return nil, &say.Error{Msg: say.Both("the address of Vault begins with http://, which would send the token over the network in clear",
			"het adres van Vault begint met http://, waardoor het token leesbaar over het netwerk zou gaan"),
			Hint: say.Both("write it as https://host:8200; http:// is for a Vault on this machine alone",
				"schrijf het als https://host:8200; http:// is alleen voor een Vault op deze machine")}
	}
	roots, err := readRoots(cfg.CAFile)
	if err != nil {
		return nil, err
	}
	timeout := cfg.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	return &client{base: u.Scheme + "://" + u.Host + "/v1/", host: u.Host, namespace: cfg.Namespace, http: &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the token stays with this host
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}, ForceAttemptHTTP2: true},
	}}, nil
}

func onThisMachine(host string) bool {
	addr, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && addr.Unmap().IsLoopback()
}

func readRoots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil // the system's
	}
	text, err := os.ReadFile(file)
	roots := x509.NewCertPool()
	if err != nil || !roots.AppendCertsFromPEM(text) {
		return nil, &say.Error{Msg: say.Both("the CA certificate file of Vault could not be read",
			"het bestand met het CA-certificaat van Vault was niet te lezen"),
			Hint: say.Both("`ca` under `keys.evidence.vault` must name a readable file with certificates in PEM",
				"`ca` onder `keys.evidence.vault` moet een leesbaar bestand met certificaten in PEM noemen"), Err: err}
	}
	return roots, nil
}

// badPath refuses what would make another path of a path.
func badPath(p string) bool {
	return p == "" || path.Clean("/"+p) != "/"+strings.Trim(p, "/") || strings.ContainsAny(p, "?#%\\ ")
}

// do makes one call and returns what Vault answered, whatever it is. An error says that there is no answer to use.
func (c *client) do(ctx context.Context, method, path string, body []byte) (status int, raw []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, c.unreachable(err)
	}
	req.Header.Set("X-Vault-Request", "true")
	if c.token != "" {
		req.Header.Set("X-Vault-Token", c.token)
	}
	if c.namespace != "" {
		req.Header.Set("X-Vault-Namespace", c.namespace)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, nil, c.unreachable(err)
	}
	defer resp.Body.Close()
	raw, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return 0, nil, c.unreachable(err)
	case len(raw) > maxAnswer:
		return 0, nil, &say.Error{Msg: say.Both("the answer of Vault at %s is too large",
			"het antwoord van Vault op %s is te groot", c.host),
			Hint: say.Both("check that the address is a Vault's", "controleer of het adres van een Vault is")}
	case resp.StatusCode == http.StatusServiceUnavailable:
		return 0, nil, &say.Error{Msg: say.Both("Vault at %s is not available", "Vault op %s is niet beschikbaar", c.host),
			Hint: say.Both("it may be sealed, or have no active node: see `vault status`",
				"misschien is hij verzegeld, of is er geen actieve node: zie `vault status`")}
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return 0, nil, &say.Error{Msg: say.Both("Vault at %s sends its callers to another address",
			"Vault op %s stuurt door naar een ander adres", c.host),
			Hint: say.Both("give the address of the active node, or of the load balancer; a token is not sent along to another host",
				"geef het adres van de actieve node of van de load balancer; een token wordt niet naar een andere host meegestuurd")}
	}
	return resp.StatusCode, raw, nil
}

// unreachable leaves out the cause's own words: they quote addresses and certificates.
func (c *client) unreachable(err error) error {
	var verify *tls.CertificateVerificationError
	msg := say.Both("Vault at %s cannot be reached", "Vault op %s is niet te bereiken", c.host)
	hint := say.Both("check the address, the network and that Vault runs", "controleer het adres, het netwerk en of Vault draait")
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &verify):
		msg = say.Both("the certificate of Vault at %s is not trusted", "het certificaat van Vault op %s wordt niet vertrouwd", c.host)
		hint = say.Both("name its authority with `ca` under `keys.evidence.vault`",
			"noem de uitgever ervan met `ca` onder `keys.evidence.vault`")
	case os.IsTimeout(err) || errors.Is(err, context.DeadlineExceeded):
		msg = say.Both("Vault at %s did not answer in time", "Vault op %s antwoordde niet op tijd", c.host)
	}
	return &say.Error{Msg: msg, Hint: hint, Err: err}
}

// login gets the token to use.
func (c *client) login(ctx context.Context, how Login) error {
	if c.token != "" {
		return nil
	}
	var mount string
	var body map[string]string
	switch {
	case how.Token != "":
		c.token = how.Token
		return nil
	case how.AppRole != nil:
		mount, body = or(how.AppRole.Mount, "approle"), map[string]string{"role_id": how.AppRole.RoleID, "secret_id": how.AppRole.SecretID}
	case how.Kubernetes != nil:
		jwt, err := readJWT(how.Kubernetes.JWTFile)
		if err != nil {
			return err
		}
		mount, body = or(how.Kubernetes.Mount, "kubernetes"), map[string]string{"role": how.Kubernetes.Role, "jwt": jwt}
	default:
		return &say.Error{Msg: say.Both("there is no way to sign in to Vault", "er is geen manier om bij Vault in te loggen"),
			Hint: say.Both("add `login` under `keys.evidence.vault` in waarborg.yaml",
				"zet `login` onder `keys.evidence.vault` in waarborg.yaml")}
	}
	sent, err := json.Marshal(body)
	if err != nil {
		return err
	}
	if badPath(mount) {
		return &say.Error{Msg: say.Both("the mount of the login cannot be used", "de mount van de login is niet te gebruiken"),
			Hint: say.Both("write it as approle", "schrijf hem zoals approle")}
	}
	status, raw, err := c.do(ctx, http.MethodPost, "auth/"+strings.Trim(mount, "/")+"/login", sent)
	if err != nil {
		return err
	}
	var answer struct {
		Auth struct {
			Token string `json:"client_token"`
		} `json:"auth"`
	}
	if status != http.StatusOK || json.Unmarshal(raw, &answer) != nil || answer.Auth.Token == "" {
		return &say.Error{Msg: say.Both("Vault at %s refused the login at auth/%s",
			"Vault op %s weigerde de login bij auth/%s", c.host, mount),
			Hint: say.Both("check the role, its credentials and the name of the mount; a login that asks for a second factor cannot be used",
				"controleer de rol, de inloggegevens ervan en de naam van de mount; een login met een tweede factor is niet te gebruiken")}
	}
	c.token, c.made = answer.Auth.Token, true
	return nil
}

// logout ends a token that a login made.
func (c *client) logout(ctx context.Context) error {
	if !c.made {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.http.Timeout) // also when the command was stopped
	defer cancel()
	_, _, err := c.do(ctx, http.MethodPost, "auth/token/revoke-self", nil)
	c.token, c.made = "", false
	return err
}

func readJWT(file string) (string, error) {
	f, err := os.Open(file)
	if err == nil {
		defer f.Close()
		var raw []byte
		raw, err = io.ReadAll(io.LimitReader(f, maxJWT+1))
		if jwt := strings.TrimSpace(string(raw)); err == nil && jwt != "" && len(raw) <= maxJWT {
			return jwt, nil
		}
	}
	return "", &say.Error{Msg: say.Both("the service account's token for the Kubernetes login could not be read",
		"het token van het serviceaccount voor de Kubernetes-login was niet te lezen"),
		Hint: say.Both("`jwt` must name a readable file with one token; in a pod: /var/run/secrets/kubernetes.io/serviceaccount/token",
			"`jwt` moet een leesbaar bestand met één token noemen; in een pod: /var/run/secrets/kubernetes.io/serviceaccount/token"), Err: err}
}

func or(v, other string) string {
	if v == "" {
		return other
	}
	return v
}
