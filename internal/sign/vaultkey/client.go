package vaultkey

import (
	"bytes"
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
	"path"
	"strings"
	"time"

	"waarborg/internal/sign"
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
		return nil, &sign.Error{Msg: "the address of Vault is not one that can be used", Hint: "write it as https://host:8200, without a path, user name or query"}
	}
	if u.Scheme == "http" && !onThisMachine(u.Hostname()) {
		return nil, &sign.Error{Msg: "the address of Vault begins with http://, which would send the token over the network in clear",
			Hint: "write it as https://host:8200; http:// is for a Vault on this machine alone"}
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
		return nil, &sign.Error{Msg: "the CA certificate file of Vault could not be read",
			Hint: "`ca` under `keys.evidence.vault` must name a readable file with certificates in PEM", Err: err}
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
		return 0, nil, &sign.Error{Msg: fmt.Sprintf("the answer of Vault at %s is too large", c.host), Hint: "check that the address is a Vault's"}
	case resp.StatusCode == http.StatusServiceUnavailable:
		return 0, nil, &sign.Error{Msg: fmt.Sprintf("Vault at %s is not available", c.host), Hint: "it may be sealed, or have no active node: see `vault status`"}
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return 0, nil, &sign.Error{Msg: fmt.Sprintf("Vault at %s sends its callers to another address", c.host),
			Hint: "give the address of the active node, or of the load balancer; a token is not sent along to another host"}
	}
	return resp.StatusCode, raw, nil
}

// unreachable leaves out the cause's own words: they quote addresses and certificates.
func (c *client) unreachable(err error) error {
	var verify *tls.CertificateVerificationError
	msg, hint := fmt.Sprintf("Vault at %s cannot be reached", c.host), "check the address, the network and that Vault runs"
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &verify):
		msg, hint = fmt.Sprintf("the certificate of Vault at %s is not trusted", c.host), "name its authority with `ca` under `keys.evidence.vault`"
	case os.IsTimeout(err) || errors.Is(err, context.DeadlineExceeded):
		msg = fmt.Sprintf("Vault at %s did not answer in time", c.host)
	}
	return &sign.Error{Msg: msg, Hint: hint, Err: err}
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
		return &sign.Error{Msg: "there is no way to sign in to Vault", Hint: "add `login` under `keys.evidence.vault` in waarborg.yaml"}
	}
	sent, err := json.Marshal(body)
	if err != nil {
		return err
	}
	if badPath(mount) {
		return &sign.Error{Msg: "the mount of the login cannot be used", Hint: "write it as approle"}
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
		return &sign.Error{Msg: fmt.Sprintf("Vault at %s refused the login at auth/%s", c.host, mount),
			Hint: "check the role, its credentials and the name of the mount; a login that asks for a second factor cannot be used"}
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
	return "", &sign.Error{Msg: "the service account's token for the Kubernetes login could not be read",
		Hint: "`jwt` must name a readable file with one token; in a pod: /var/run/secrets/kubernetes.io/serviceaccount/token", Err: err}
}

func or(v, other string) string {
	if v == "" {
		return other
	}
	return v
}
