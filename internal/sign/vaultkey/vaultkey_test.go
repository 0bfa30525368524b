package vaultkey

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/internal/sign/bundle"
	"waarborg/internal/testvault"
)

const policy = `path "transit/keys/waarborg" { capabilities = ["read"] }
path "transit/sign/waarborg/*" { capabilities = ["update"] }`

// world is a Vault with a key to sign with.
func world(t *testing.T) *testvault.Server {
	t.Helper()
	s := testvault.Start(t)
	s.Write(t, "sys/mounts/transit", map[string]any{"type": "transit"})
	s.Write(t, "transit/keys/waarborg", map[string]any{"type": "ecdsa-p256"})
	s.Write(t, "sys/policies/acl/waarborg", map[string]any{"policy": policy})
	return s
}

func token(t *testing.T, s *testvault.Server, policies ...string) string {
	t.Helper()
	auth := s.Write(t, "auth/token/create", map[string]any{"policies": policies, "no_parent": true, "no_default_policy": true})["auth"].(map[string]any)
	return auth["client_token"].(string)
}

func config(s *testvault.Server, token string) Config {
	return Config{Address: s.Addr, Login: Login{Token: token}, Key: "waarborg", Version: 1}
}

func opened(t *testing.T, cfg Config, pinned sign.Public) *Key {
	t.Helper()
	k, err := Open(t.Context(), cfg, pinned)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := k.Close(); err != nil {
			t.Error(err)
		}
	})
	return k
}

func pinned(t *testing.T, cfg Config) sign.Public {
	t.Helper()
	public, err := Pin(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return public
}

// refusedWith wants an error that says something to do, and holds no secret.
func refusedWith(t *testing.T, err error, want string, secrets ...string) {
	t.Helper()
	var known *say.Error
	if !errors.As(err, &known) || known.Hint.IsZero() || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one with %q and a hint", err, want)
		return
	}
	for _, secret := range secrets {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error holds a secret: %v", err)
		}
	}
}

func TestSigns(t *testing.T) {
	s := world(t)
	secret := token(t, s, "waarborg")
	// None of these may have an effect: the workspace says where the Vault is and what may be trusted.
	for name, value := range map[string]string{"VAULT_ADDR": "http://127.0.0.1:1", "VAULT_AGENT_ADDR": "http://127.0.0.1:1", "VAULT_TOKEN": "hvs.other",
		"VAULT_NAMESPACE": "elsewhere", "VAULT_PROXY_ADDR": "http://127.0.0.1:1", "HTTP_PROXY": "http://127.0.0.1:1", "TRANSIT_SECRET_ENGINE_PATH": "other",
		"VAULT_HEADERS": `{"X-Other": "1"}`} {
		t.Setenv(name, value)
	}
	cfg := config(s, secret)
	public := pinned(t, cfg)
	k := opened(t, cfg, public)
	sig, err := k.Sign(sign.ContextSnapshot, []byte("message"))
	if err != nil {
		t.Fatal(err)
	}
	if id, err := sign.Verify([]sign.Public{k.Public()}, sign.ContextSnapshot, []byte("message"), sig); err != nil || id != public.ID {
		t.Errorf("%q, %v", id, err)
	}
	if _, err := k.Sign(sign.ContextCheckpoint, []byte("message")); err == nil {
		t.Error("signed in a context of another key")
	}
	signer, err := k.CryptoSigner()
	if err != nil {
		t.Fatal(err)
	}
	cert, err := sign.SelfSigned(signer, sign.Subject{Organisation: "Example B.V.", Country: "NL", CommonName: "Example"}, time.Now(), 1, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := sign.CheckChain([]*x509.Certificate{cert}, public, time.Now()); err != nil {
		t.Errorf("its own certificate: %v", err)
	}
	raw, err := bundle.Make(t.Context(), []byte("{}"), signer, public)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.Verify(raw, []byte("{}"), []sign.Public{public}); err != nil {
		t.Errorf("its bundle: %v", err)
	}

	// Two at a time, as reports for many customers are signed.
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if _, err := k.Sign(sign.ContextReport, []byte("m")); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

// TestEveryVersionIsPinned: a key that was rotated or replaced in Vault never signs under the name of the old one.
func TestEveryVersionIsPinned(t *testing.T) {
	s := world(t)
	cfg := config(s, token(t, s, "waarborg"))
	public := pinned(t, cfg)
	sealing := func(cfg Config, public sign.Public) error {
		_, err := opened(t, cfg, public).Sign(sign.ContextSnapshot, []byte("m"))
		return err
	}
	second := cfg
	second.Version = 2
	refusedWith(t, sealing(second, public), "does not sign with version 2")

	s.Write(t, "transit/keys/waarborg/rotate", nil)
	if err := sealing(cfg, public); err != nil {
		t.Errorf("the pinned version after a rotation: %v", err)
	}
	refusedWith(t, sealing(second, public), "version 2 of the key waarborg in Vault is not the evidence key "+public.ID)
	if err := sealing(second, pinned(t, second)); err != nil {
		t.Errorf("the new version: %v", err)
	}
	s.Write(t, "transit/keys/waarborg/config", map[string]any{"min_encryption_version": 2})
	refusedWith(t, sealing(cfg, public), "does not sign with version 1 of the key waarborg any more")

	k := opened(t, second, pinned(t, second))
	if _, err := k.Sign(sign.ContextSnapshot, []byte("m")); err != nil {
		t.Fatal(err)
	}
	s.Write(t, "transit/keys/waarborg/config", map[string]any{"deletion_allowed": true})
	s.Delete(t, "transit/keys/waarborg")
	_, err := k.Sign(sign.ContextSnapshot, []byte("m")) // the library still has its type in mind
	refusedWith(t, err, "has no key transit/keys/waarborg")
	_, err = Pin(t.Context(), cfg)
	refusedWith(t, err, "has no key transit/keys/waarborg")

	s.Write(t, "transit/keys/waarborg", map[string]any{"type": "ecdsa-p256"})
	err = sealing(cfg, public)
	refusedWith(t, err, "it was rotated or replaced there")
	if !errors.Is(err, sign.ErrBroken) {
		t.Errorf("%v", err)
	}
}

func TestRefusals(t *testing.T) {
	s := world(t)
	good := config(s, token(t, s, "waarborg"))
	public := pinned(t, good)
	s.Write(t, "transit/keys/other", map[string]any{"type": "ed25519"})
	s.Write(t, "transit/keys/loose", map[string]any{"type": "ecdsa-p256", "exportable": true})
	change := func(f func(*Config)) Config {
		cfg := good
		f(&cfg)
		return cfg
	}
	powerless := token(t, s, "default")
	for _, tt := range []struct {
		name, want string
		cfg        Config
	}{
		{"wrong token", "Vault refuses the token", change(func(c *Config) { c.Login.Token = "hvs.wrong" })},
		{"no permission", `path "transit/keys/waarborg" { capabilities = ["read"] }`, change(func(c *Config) { c.Login.Token = powerless })},
		{"no login", "no way to sign in", change(func(c *Config) { c.Login = Login{} })},
		{"wrong role", "refused the login at auth/approle", change(func(c *Config) { c.Login = Login{AppRole: &AppRole{RoleID: "r", SecretID: "hvs.wrong"}} })},
		{"no account", "could not be read", change(func(c *Config) { c.Login = Login{Kubernetes: &Kubernetes{Role: "r", JWTFile: "/nowhere"}} })},
		{"no server", "cannot be reached", change(func(c *Config) { c.Address = "http://127.0.0.1:1" })},
		{"in clear", "would send the token over the network", change(func(c *Config) { c.Address = "http://vault.example:8200" })},
		{"a path", "not one that can be used", change(func(c *Config) { c.Address = s.Addr + "/v1" })},
		{"no CA", "could not be read", change(func(c *Config) { c.CAFile = "/nowhere" })},
		{"climbing mount", "settings of the key in Vault", change(func(c *Config) { c.Mount = "transit/../sys" })},
		{"climbing key", "settings of the key in Vault", change(func(c *Config) { c.Key = "../x" })},
		{"version 0", "settings of the key in Vault", change(func(c *Config) { c.Version = 0 })},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Pin(t.Context(), tt.cfg)
			refusedWith(t, err, tt.want, "hvs.", powerless, good.Login.Token)
			k, err := Open(t.Context(), tt.cfg, public)
			if err == nil {
				defer k.Close()
				_, err = k.Sign(sign.ContextSnapshot, []byte("m"))
			}
			refusedWith(t, err, tt.want, "hvs.", powerless, good.Login.Token)
		})
	}
	root := func(key string, version int) Config {
		return change(func(c *Config) { c.Login.Token, c.Key, c.Version = s.RootToken, key, version })
	}
	for want, cfg := range map[string]Config{"is not one that signs evidence": root("other", 1), "can be taken out of Vault": root("loose", 1),
		"has no version 7": root("waarborg", 7), "has no key": root("nothing", 1)} {
		_, err := Pin(t.Context(), cfg)
		refusedWith(t, err, want, s.RootToken)
	}
	if _, err := Open(t.Context(), good, sign.Public{}); err == nil {
		t.Error("opened without a pinned key")
	}

	// A policy that lets the key be read but not used.
	s.Write(t, "sys/policies/acl/reader", map[string]any{"policy": `path "transit/keys/waarborg" { capabilities = ["read"] }`})
	_, err := opened(t, change(func(c *Config) { c.Login.Token = token(t, s, "reader") }), public).Sign(sign.ContextSnapshot, []byte("m"))
	refusedWith(t, err, `path "transit/sign/waarborg/*" { capabilities = ["update"] }`)

	k := opened(t, good, public)
	s.Write(t, "sys/seal", nil)
	_, err = k.Sign(sign.ContextSnapshot, []byte("m"))
	refusedWith(t, err, "is not available")
	if err := s.Unseal(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Sign(sign.ContextSnapshot, []byte("m")); err != nil {
		t.Errorf("after unsealing: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	k, err = Open(ctx, good, public)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := k.Sign(sign.ContextSnapshot, []byte("m")); !errors.Is(err, context.Canceled) {
		t.Errorf("of a command that was stopped: %v", err)
	}
	if err := k.Close(); err != nil {
		t.Error(err)
	}
}

// TestLoginEnds: a token that the login made is given back, and one that was given is left.
func TestLoginEnds(t *testing.T) {
	s := world(t)
	s.Write(t, "sys/auth/approle", map[string]any{"type": "approle"})
	s.Write(t, "auth/approle/role/waarborg", map[string]any{"token_policies": []string{"waarborg"}})
	role := s.Read(t, "auth/approle/role/waarborg/role-id")["data"].(map[string]any)["role_id"].(string)
	secret := s.Write(t, "auth/approle/role/waarborg/secret-id", map[string]any{})["data"].(map[string]any)["secret_id"].(string)
	cfg := config(s, "")
	cfg.Login = Login{AppRole: &AppRole{RoleID: role, SecretID: secret}}
	public := pinned(t, cfg)
	k, err := Open(t.Context(), cfg, public)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Sign(sign.ContextSnapshot, []byte("m")); err != nil {
		t.Fatal(err)
	}
	used, socket := k.client.token, k.relay.dir
	if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the socket's folder: %v, %v", info.Mode(), err)
	}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(socket); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket is still there: %v", err)
	}
	_, err = opened(t, config(s, used), public).Sign(sign.ContextSnapshot, []byte("m"))
	refusedWith(t, err, "Vault refuses the token")
}

func TestRelayPassesTwoCalls(t *testing.T) {
	var mu sync.Mutex
	called := map[string]int{}
	vault := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		called[r.Method+" "+r.URL.Path]++
		_, _ = w.Write([]byte("{}"))
	}))
	defer vault.Close()
	c, err := newClient(Config{Address: vault.URL})
	if err != nil {
		t.Fatal(err)
	}
	r, err := startRelay(t.Context(), c, "transit", "waarborg")
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	for _, call := range []string{"GET /v1/transit/keys/waarborg", "PUT /v1/transit/sign/waarborg/sha2-256", "POST /v1/transit/sign/waarborg/sha2-256",
		"GET /v1/transit/keys/other", "GET /v1/transit/keys/waarborg/../other", "DELETE /v1/transit/keys/waarborg", "POST /v1/transit/keys/waarborg",
		"PUT /v1/transit/sign/waarborg/sha2-512", "GET /v1/secret/x", "GET /v1/transit/export/signing-key/waarborg"} {
		method, path, _ := strings.Cut(call, " ")
		req := httptest.NewRequest(method, "http://localhost/x", nil)
		req.URL.Path = path
		r.ServeHTTP(httptest.NewRecorder(), req)
	}
	if want := map[string]int{"GET /v1/transit/keys/waarborg": 1, "POST /v1/transit/sign/waarborg/sha2-256": 2}; !maps.Equal(called, want) {
		t.Errorf("passed on: %v", called)
	}
}

// TestTLS puts a server with a certificate of its own in front of the Vault: only the configured authority is trusted,
// whatever the environment says, and the namespace goes along.
func TestTLS(t *testing.T) {
	s := world(t)
	to, err := url.Parse(s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	namespaces := map[string]bool{}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		mu.Lock()
		namespaces[r.In.Header.Get("X-Vault-Namespace")] = true
		mu.Unlock()
		r.SetURL(to)
		r.Out.Header.Del("X-Vault-Namespace") // the test's Vault has none
	}}
	front := httptest.NewTLSServer(proxy)
	defer front.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: front.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("VAULT_SKIP_VERIFY", "true")
	t.Setenv("VAULT_NAMESPACE", "elsewhere")
	cfg := config(s, token(t, s, "waarborg"))
	cfg.Address, cfg.Namespace = front.URL, "team"
	_, err = Pin(t.Context(), cfg)
	refusedWith(t, err, "is not trusted")
	cfg.CAFile = ca
	public := pinned(t, cfg)
	if _, err := opened(t, cfg, public).Sign(sign.ContextSnapshot, []byte("m")); err != nil {
		t.Errorf("%v", err)
	}
	if !maps.Equal(namespaces, map[string]bool{"team": true}) {
		t.Errorf("namespaces: %v", namespaces)
	}
	cfg.CAFile = ""
	_, err = opened(t, cfg, public).Sign(sign.ContextSnapshot, []byte("m"))
	refusedWith(t, err, "is not trusted")
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the token %q went to another host", r.Header.Get("X-Vault-Token"))
	}))
	defer elsewhere.Close()
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	vault := httptest.NewServer(&answer)
	defer vault.Close()
	cfg := Config{Address: vault.URL, Login: Login{Token: "hvs.secret"}, Key: "waarborg", Version: 1}
	_, err := Pin(t.Context(), cfg)
	refusedWith(t, err, "sends its callers to another address", "hvs.secret")
	answer = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, maxAnswer+1)) }
	_, err = Pin(t.Context(), cfg)
	refusedWith(t, err, "too large")
	answer = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }
	_, err = Pin(t.Context(), cfg)
	refusedWith(t, err, "cannot be read")
	stop := make(chan struct{})
	answer = func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	}
	defer close(stop)
	cfg.Timeout = 50 * time.Millisecond
	_, err = Pin(t.Context(), cfg)
	refusedWith(t, err, "did not answer in time")
}

func TestCertify(t *testing.T) {
	s := world(t)
	s.Write(t, "sys/mounts/pki", map[string]any{"type": "pki"})
	s.Write(t, "sys/mounts/pki/tune", map[string]any{"max_lease_ttl": "87600h"})
	s.Write(t, "pki/root/generate/internal", map[string]any{"common_name": "Example CA", "ttl": "87600h", "key_type": "ec"})
	role := map[string]any{"key_type": "ec", "allow_any_name": true, "enforce_hostnames": false, "server_flag": false, "client_flag": false,
		"key_usage": "DigitalSignature,ContentCommitment", "ext_key_usage_oids": "1.3.6.1.5.5.7.3.36", "max_ttl": "8760h", "organization": "Example B.V."}
	s.Write(t, "pki/roles/waarborg", role)
	s.Write(t, "pki/roles/hosts", map[string]any{"key_type": "ec", "allow_any_name": true, "enforce_hostnames": false})
	s.Write(t, "sys/policies/acl/pki", map[string]any{"policy": policy + "\n" + `path "pki/sign/waarborg" { capabilities = ["update"] }` + "\n" + `path "pki/sign/hosts" { capabilities = ["update"] }`})
	cfg := config(s, token(t, s, "pki"))
	public := pinned(t, cfg)
	k := opened(t, cfg, public)
	signer, err := k.CryptoSigner()
	if err != nil {
		t.Fatal(err)
	}
	request, err := sign.Request(signer, sign.Subject{Organisation: "Example B.V.", Country: "NL", CommonName: "Example B.V."}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, err := k.Certify("pki", "waarborg", request)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "keys")
	if err := sign.Pin(dir, public); err != nil {
		t.Fatal(err)
	}
	chain, err := sign.ImportCertificate(dir, public, text, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if len(chain) != 2 || chain[0].Subject.CommonName != "Example B.V." || !chain[1].IsCA {
		t.Errorf("a chain of %d for %s", len(chain), chain[0].Subject)
	}
	// A reader who knows the authority alone.
	trust, err := sign.ParseTrust(sign.ChainPEM(chain[1:]))
	if err != nil {
		t.Fatal(err)
	}
	if by, err := trust.Chain(chain[:1], time.Now(), false); err != nil || by.KeyID != public.ID {
		t.Errorf("%+v, %v", by, err)
	}

	text, err = k.Certify("pki", "hosts", request)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sign.ImportCertificate(dir, public, text, time.Now()); !errors.Is(err, sign.ErrWrongUse) {
		t.Errorf("a certificate for hosts: %v", err)
	}
	_, err = k.Certify("pki", "nothing", request)
	refusedWith(t, err, `path "pki/sign/nothing" { capabilities = ["update"] }`)
	_, err = k.Certify("pki/../sys", "waarborg", request)
	refusedWith(t, err, "cannot be used")
	_, err = k.Certify("pki", "waarborg", []byte("no request"))
	refusedWith(t, err, "makes no certificate")
}
