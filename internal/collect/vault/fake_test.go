package vault

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"waarborg/internal/inventory"
	"waarborg/internal/testvault"
)

// proxy stands before a real Vault and answers some paths itself.
func proxy(t *testing.T, s *testvault.Server, tls bool, answer func(w http.ResponseWriter, r *http.Request) bool) *httptest.Server {
	t.Helper()
	to, err := url.Parse(s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }}
	p := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !answer(w, r) {
			forward.ServeHTTP(w, r)
		}
	}))
	if tls {
		p.StartTLS()
	} else {
		p.Start()
	}
	t.Cleanup(p.Close)
	return p
}

// Kubernetes is a fake: the login at auth/kubernetes, the mount in the list and its one role are answered here as
// Vault's documentation shows them; everything else is the real Vault, to which the token belongs.
func TestKubernetes(t *testing.T) {
	s, _ := seededWorld(t)
	jwt := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(jwt, []byte("the.service.account\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Write(t, "sys/policies/acl/waarborg", map[string]any{"policy": collectorPolicy(t) +
		`path "auth/kubernetes/role" { capabilities = ["list"] } path "auth/kubernetes/role/+" { capabilities = ["read"] }`})
	token := newToken(t, s, map[string]any{"policies": []string{"waarborg"}, "no_parent": true})
	auth := s.Read(t, "sys/auth")
	auth["data"].(map[string]any)["kubernetes/"] = map[string]any{"type": "kubernetes", "accessor": "auth_kubernetes_1"}
	p := proxy(t, s, false, func(w http.ResponseWriter, r *http.Request) bool {
		switch r.URL.Path {
		case "/v1/auth/kubernetes/login":
			var body struct{ Role, JWT string }
			if err := json.UnmarshalRead(r.Body, &body, json.MatchCaseInsensitiveNames(true)); err != nil || body.Role != "waarborg" || body.JWT != "the.service.account" {
				http.Error(w, `{"errors": ["permission denied"]}`, http.StatusForbidden)
				return true
			}
			reply(t, w, map[string]any{"auth": map[string]any{"client_token": token}})
		case "/v1/sys/auth":
			reply(t, w, auth)
		case "/v1/sys/mounts/auth/kubernetes/tune":
			reply(t, w, map[string]any{"data": map[string]any{"max_lease_ttl": 3600}})
		case "/v1/auth/kubernetes/role":
			reply(t, w, map[string]any{"data": map[string]any{"keys": []string{"shop"}}})
		case "/v1/auth/kubernetes/role/shop":
			reply(t, w, map[string]any{"data": map[string]any{"token_policies": []string{"narrow"}, "token_ttl": 600}})
		default:
			return false
		}
		return true
	})
	cfg := config(s, Login{Kubernetes: &Kubernetes{Role: "waarborg", JWTFile: jwt}})
	cfg.Address = p.URL
	got := collectFrom(t, t.Context(), cfg)
	if got.err != nil {
		t.Fatal(got.err)
	}
	if !slices.Contains(got.grants(), "service kubernetes/shop/narrow: read") {
		t.Errorf("grants: %q", got.grants())
	}
	if again := collectFrom(t, t.Context(), config(s, Login{Token: token})); !again.store(t).AuditDevices.IsUnknown() {
		t.Error("the token of the login was not revoked")
	}
	cfg.Login.Kubernetes.Role = "other"
	wantError(t, collectFrom(t, t.Context(), cfg), inventory.Permission, "refused the login at auth/kubernetes")
	cfg.Login.Kubernetes.JWTFile = filepath.Join(t.TempDir(), "gone")
	wantError(t, collectFrom(t, t.Context(), cfg), inventory.SourceError, "jwt_file")
}

func reply(t *testing.T, w http.ResponseWriter, body any) {
	t.Helper()
	if err := json.MarshalWrite(w, body); err != nil {
		t.Error(err)
	}
}

// Methods that are not read are said so, for methods of people that another system checks nothing is claimed, and a
// method of people without a second factor is named.
func TestOtherMethods(t *testing.T) {
	s, login := seededWorld(t)
	auth := s.Read(t, "sys/auth")
	for path, kind := range map[string]string{"corp/": "ldap", "sso/": "oidc"} {
		auth["data"].(map[string]any)[path] = map[string]any{"type": kind, "accessor": "auth_" + kind}
	}
	var server any = map[string]any{"data": map[string]any{"user_lockout_configs": []any{}}}
	p := proxy(t, s, false, func(w http.ResponseWriter, r *http.Request) bool {
		switch r.URL.Path {
		case "/v1/sys/auth":
			reply(t, w, auth)
		case "/v1/sys/config/state/sanitized":
			reply(t, w, server)
		case "/v1/sys/mounts/auth/corp/tune", "/v1/sys/mounts/auth/sso/tune":
			reply(t, w, map[string]any{"data": map[string]any{"max_lease_ttl": 7200}})
		default:
			return false
		}
		return true
	})
	cfg := config(s, login)
	cfg.Address = p.URL
	got := collectFrom(t, t.Context(), cfg)
	store := got.store(t)
	if v, _ := store.HumanWithoutMFA.Value(); !slices.Equal(v, []string{"corp", "temps"}) || store.HumanWithoutMFA.Reason().Detail != "auth/sso" {
		t.Errorf("without a second factor: %q, %v", v, store.HumanWithoutMFA.Reason())
	}
	if v, ok := store.TokenMaxTTL.Value(); v != 768 || !ok || !store.TokenMaxTTL.IsUnknown() {
		t.Errorf("lifetime with methods whose roles are not read: %+v", store.TokenMaxTTL)
	}
	for _, unread := range []string{"unread auth-corp", "unread auth-sso"} {
		if !slices.Contains(got.grants(), unread) {
			t.Errorf("no %s among %q", unread, got.grants())
		}
	}
	want(t, "lockout by default", attributes[*inventory.SignIn](t, got, "v/sign-in/staff").Lockout, true)
	server = map[string]any{"data": map[string]any{"user_lockout_configs": []any{map[string]any{"type": "all", "disable_lockout": true}}}}
	got = collectFrom(t, t.Context(), cfg)
	want(t, "lockout off on the server", attributes[*inventory.SignIn](t, got, "v/sign-in/staff").Lockout, false)
}

// Beyond the bound nothing is claimed: what was read may fail a rule, and cannot pass one.
func TestTooMany(t *testing.T) {
	s, login := seededWorld(t)
	keys := make([]string, maxItems+1)
	for i := range keys {
		keys[i] = fmt.Sprint("accessor-", i)
	}
	p := proxy(t, s, false, func(w http.ResponseWriter, r *http.Request) bool {
		switch r.URL.Path {
		case "/v1/auth/token/accessors", "/v1/sys/policies/acl":
			reply(t, w, map[string]any{"data": map[string]any{"keys": keys}})
		case "/v1/auth/token/lookup-accessor":
			reply(t, w, map[string]any{"data": map[string]any{"policies": []string{"default"}, "path": "auth/approle/login"}})
		default:
			return false
		}
		return true
	})
	cfg := config(s, login)
	cfg.Address = p.URL
	got := collectFrom(t, t.Context(), cfg)
	roots := got.store(t).RootTokens
	if v, ok := roots.Value(); v != 0 || !ok || !roots.IsUnknown() {
		t.Errorf("root tokens: %+v", roots)
	}
	if !got.store(t).SudoPolicies.IsUnknown() {
		t.Errorf("policies with sudo: %+v", got.store(t).SudoPolicies)
	}
	for _, unread := range []string{"unread tokens", "unread policies"} {
		if !slices.Contains(got.grants(), unread) {
			t.Errorf("no %q among %q", unread, got.grants())
		}
	}
	got.hint(t, "more than 2000")
}
