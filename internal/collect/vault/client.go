package vault

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json/v2"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/vault/api"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

const (
	defaultTimeout = 15 * time.Second
	maxResponse    = 16 << 20 // bytes of one answer
	maxRetries     = 2
)

// call is one request: the path asked, and how to name it to a reader. The two differ where the path holds the name of
// a user or a role.
type call struct {
	path  string
	shown string
	caps  []string // what a policy must allow for it
}

func readCall(path string) call { return call{path: path, shown: path, caps: []string{"read"}} }
func listCall(path string) call { return call{path: path, shown: path, caps: []string{"list"}} }

// item is a reading of one named thing of a listing.
func item(of call, name string) call {
	return call{path: of.path + "/" + name, shown: of.shown + "/+", caps: []string{"read"}}
}

// as names the call's path by a shown one, for a path with a name in it that is not shown.
func (c call) as(shown string) call { c.shown = shown; return c }

func (c call) sudo() call { c.caps = append(c.caps, "sudo"); return c }

// policyLine is what a Vault policy must hold for the call to succeed.
func (c call) policyLine() string {
	return fmt.Sprintf("path %q { capabilities = [\"%s\"] }", c.shown, strings.Join(c.caps, `", "`))
}

// callError says that one call failed while Vault itself answers.
type callError struct {
	status int    // HTTP status; 0: there is no answer that can be used
	hidden string // what Vault said of it; it may quote what was sent, so it is looked at and never shown
}

func (e *callError) Error() string { return fmt.Sprintf("Vault answered with status %d", e.status) }

// client talks to one Vault. Only the calls of allowed leave it.
type client struct {
	api     *api.Client
	host    string
	timeout time.Duration

	mu   sync.Mutex     // guards down
	down *collect.Error // set once Vault cannot be reached; later calls are not tried
}

func newClient(cfg Config) (*client, error) {
	addr, err := parseAddress(cfg.Address)
	if err != nil {
		return nil, err
	}
	roots, err := readRoots(cfg.CACertFile)
	if err != nil {
		return nil, err
	}
	timeout := cfg.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	// No Proxy: a proxy from the environment would see the token, and VAULT_PROXY is not ours to follow.
	transport := &http.Transport{
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:   timeout,
		ResponseHeaderTimeout: timeout,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   lookups,
		IdleConnTimeout:       time.Minute,
	}
	c, err := api.NewClient(&api.Config{
		Address:          addr.String(),
		HttpClient:       &http.Client{Transport: &guard{next: transport, host: addr.Host}, CheckRedirect: noRedirect, Timeout: timeout},
		Timeout:          timeout,
		MinRetryWait:     100 * time.Millisecond,
		MaxRetryWait:     time.Second,
		MaxRetries:       maxRetries,
		CheckRetry:       checkRetry,
		DisableRedirects: true,
	})
	if err != nil {
		// NewClient reads VAULT_* even when it is given all it needs, and stops at one that it cannot read.
		return nil, &collect.Error{Code: inventory.SourceError,
			Msg: say.Both("the Vault client could not be made", "de client voor Vault kon niet worden gemaakt"),
			Hint: say.Both("unset the VAULT_* variables of the environment: the workspace's settings are used instead",
				"haal de variabelen VAULT_* uit de omgeving: de instellingen van de werkmap gelden"), Err: err}
	}
	// What NewClient took from the environment is replaced.
	c.SetHeaders(http.Header{api.RequestHeaderName: {"true"}})
	c.SetWrappingLookupFunc(func(string, string) string { return "" })
	c.ClearToken()
	if cfg.Namespace != "" {
		c.SetNamespace(cfg.Namespace)
	}
	return &client{api: c, host: addr.Host, timeout: timeout}, nil
}

func parseAddress(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" ||
		u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return nil, &collect.Error{Code: inventory.Malformed,
			Msg: say.Both("the address of Vault is not one that can be used", "het adres van Vault is niet te gebruiken"),
			Hint: say.Both("write it as https://host:8200, without a path, user name or query",
				"schrijf het als https://host:8200, zonder pad, gebruikersnaam of query")}
	}
	if u.Scheme == "http" && !onThisMachine(u.Hostname()) {
		return nil, &collect.Error{Code: inventory.Undeclared,
			Msg: say.Both("the address of Vault begins with http://, which would send the token over the network in clear",
				"het adres van Vault begint met http://, en dan gaat het token leesbaar over het netwerk"),
			Hint: say.Both("write it as https://host:8200; http:// is for a Vault on this machine alone (127.0.0.1, [::1] or localhost)",
				"schrijf het als https://host:8200; http:// is alleen voor een Vault op deze machine (127.0.0.1, [::1] of localhost)")}
	}
	return u, nil
}

func onThisMachine(host string) bool {
	addr, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && addr.Unmap().IsLoopback()
}

func readRoots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil // the system's
	}
	pem, err := os.ReadFile(file)
	roots := x509.NewCertPool()
	if err != nil || !roots.AppendCertsFromPEM(pem) {
		return nil, &collect.Error{Code: inventory.SourceError,
			Msg: say.Both("the CA certificate file of Vault could not be read",
				"het bestand met het CA-certificaat van Vault kon niet worden gelezen"),
			Hint: say.Both("`ca` of the source must name a readable file with certificates in PEM",
				"`ca` van de bron moet een leesbaar bestand met certificaten in PEM noemen"),
			Err: err}
	}
	return roots, nil
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// checkRetry tries again only where Vault asks for it: a call that timed out would take as long again.
func checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil || resp == nil {
		return false, err
	}
	switch resp.StatusCode {
	case http.StatusPreconditionFailed, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true, nil
	}
	return false, nil
}

// get reads a path into the `data` of the answer.
func get[T any](ctx context.Context, c *client, what call) (T, error) {
	var out struct {
		Data T `json:"data"`
	}
	err := c.do(ctx, &out, func(ctx context.Context) (*api.Response, error) {
		return c.api.Logical().ReadRawWithContext(ctx, what.path)
	})
	return out.Data, err
}

// listing is the answer to a LIST; Info is there for some paths only.
type listing[T any] struct {
	Keys []string     `json:"keys"`
	Info map[string]T `json:"key_info"`
}

// list lists a path. That nothing is there is no error.
func list[T any](ctx context.Context, c *client, what call) (listing[T], error) {
	var out struct {
		Data listing[T] `json:"data"`
	}
	err := c.do(ctx, &out, func(ctx context.Context) (*api.Response, error) {
		return c.api.Logical().ReadRawWithDataWithContext(ctx, what.path, map[string][]string{"list": {"true"}})
	})
	var failed *callError
	if errors.As(err, &failed) && failed.status == http.StatusNotFound && failed.hidden == "" {
		err = nil
	}
	return out.Data, err
}

// post sends a body. Vault wants POST for a login, for looking a token up by its accessor and for ending our own token.
func (c *client) post(ctx context.Context, what call, body map[string]any, out any) error {
	return c.do(ctx, out, func(ctx context.Context) (*api.Response, error) {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		return c.api.Logical().WriteRawWithContext(ctx, what.path, raw)
	})
}

func (c *client) do(ctx context.Context, out any, send func(context.Context) (*api.Response, error)) error {
	if err := c.broken(); err != nil {
		return err
	}
	return c.attempt(ctx, out, send)
}

// attempt makes a call even when Vault was found to be down.
func (c *client) attempt(ctx context.Context, out any, send func(context.Context) (*api.Response, error)) error {
	resp, err := send(ctx)
	if resp != nil {
		defer resp.Body.Close()
	}
	var answered *api.ResponseError
	switch {
	case errors.As(err, &answered) && answered.StatusCode != http.StatusServiceUnavailable:
		return &callError{status: answered.StatusCode, hidden: strings.Join(answered.Errors, "; ")}
	case errors.Is(err, errNotAllowed):
		return &callError{hidden: "not on the list of calls"}
	case answered != nil:
		return c.setDown(&collect.Error{Code: inventory.SourceError,
			Msg: say.Both("Vault at %s is not available", "Vault op %s is niet beschikbaar", c.host),
			Hint: say.Both("it may be sealed, or have no active node: see `vault status`",
				"misschien is de Vault verzegeld, of is er geen actieve node: kijk met `vault status`")})
	case err != nil:
		return c.fail(ctx, err)
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return c.setDown(&collect.Error{Code: inventory.SourceError,
			Msg: say.Both("Vault at %s sends its callers to another address",
				"Vault op %s stuurt door naar een ander adres", c.host),
			Hint: say.Both("give the address of the active node, or of the load balancer; a token is not sent along to another host",
				"geef het adres van de actieve node, of van de load balancer; een token gaat niet mee naar een andere host")})
	case out == nil || resp.StatusCode == http.StatusNoContent:
		return nil
	}
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		if errors.Is(err, errTooLarge) {
			return &callError{hidden: "too large"}
		}
		return c.fail(ctx, err)
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return &callError{hidden: "malformed"}
	}
	return nil
}

func (c *client) broken() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.down != nil {
		return c.down
	}
	return nil
}

func (c *client) setDown(e *collect.Error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.down == nil {
		c.down = e
	}
	return c.down
}

func or(v, other string) string {
	if v == "" {
		return other
	}
	return v
}
