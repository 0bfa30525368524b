package vault

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
)

// What the environment says about Vault does not matter.
func TestHostileEnvironment(t *testing.T) {
	var mu sync.Mutex // guards reached
	var reached []string
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		reached = append(reached, r.URL.Path)
	}))
	defer evil.Close()
	s, login := seededWorld(t)
	quiet := collectFrom(t, t.Context(), config(s, login)).encoded(t)
	for k, v := range map[string]string{
		"VAULT_ADDR": evil.URL, "VAULT_AGENT_ADDR": evil.URL, "VAULT_PROXY": evil.URL, "VAULT_PROXY_ADDR": evil.URL, "HTTP_PROXY": evil.URL,
		"HTTPS_PROXY": evil.URL, "VAULT_TOKEN": "hvs.other", "VAULT_NAMESPACE": "elsewhere", "VAULT_HEADERS": `{"X-Other": "1"}`,
		"VAULT_WRAP_TTL": "60s", "VAULT_MAX_RETRIES": "0", "VAULT_CLIENT_TIMEOUT": "1ns", "VAULT_RATE_LIMIT": "1:1", "VAULT_SRV_LOOKUP": "true",
	} {
		t.Setenv(k, v)
	}
	loud := collectFrom(t, t.Context(), config(s, login))
	if loud.err != nil {
		t.Fatal(loud.err)
	}
	if loud.encoded(t) != quiet {
		t.Error("the environment changes what is collected")
	}
	mu.Lock()
	defer mu.Unlock()
	if len(reached) > 0 {
		t.Errorf("the environment's host was called: %q", reached)
	}
}

func TestEnvironmentThatCannotBeRead(t *testing.T) {
	t.Setenv("VAULT_CACERT", filepath.Join(t.TempDir(), "gone.pem"))
	got := collectFrom(t, t.Context(), Config{Address: "http://127.0.0.1:1", Login: Login{Token: "x"}})
	wantError(t, got, inventory.SourceError, "unset the VAULT_* variables")
}

func wantError(t *testing.T, got seen, code, part string) {
	t.Helper()
	var known *collect.Error
	if !errors.As(got.err, &known) || known.Code != code || !bothSaid(known.Msg, known.Hint) || !strings.Contains(known.Msg.EN+"; "+known.Hint.EN, part) {
		t.Fatalf("error %+v, want code %s and %q", got.err, code, part)
	}
	store := got.store(t)
	if !store.RootTokens.IsUnknown() || !store.AuditDevices.IsUnknown() || store.RootTokens.Reason().Code != code {
		t.Errorf("after %v the store has facts: %+v", got.err, store)
	}
}

func TestUnreachable(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + ln.Addr().String()
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	hang := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer slow.Close()
	defer close(hang)
	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"hello": 1}`) }))
	defer page.Close()
	down := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	defer down.Close()
	tls := httptest.NewTLSServer(http.NotFoundHandler())
	defer tls.Close()
	for _, c := range []struct{ name, address, code, part string }{
		{"nothing listens", closed, inventory.SourceError, "refused the connection"},
		{"no answer", slow.URL, inventory.SourceError, "did not answer within 200ms"},
		{"no Vault", web.URL, inventory.SourceError, "does not seem to be a Vault"},
		{"another thing with JSON", page.URL, inventory.Malformed, "does not seem to be a Vault"},
		{"not available", down.URL, inventory.SourceError, "is not available"},
		{"unknown authority", tls.URL, inventory.SourceError, "`ca` of the source"},
		{"plain to TLS", strings.Replace(tls.URL, "https", "http", 1), inventory.SourceError, "https://"},
		{"TLS to plain", strings.Replace(web.URL, "http", "https", 1), inventory.SourceError, "does not speak TLS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			timeout := 10 * time.Second
			if c.address == slow.URL {
				timeout = 200 * time.Millisecond
			}
			got := collectFrom(t, t.Context(), Config{Address: c.address, Login: Login{Token: "hvs.secret-token"}, Timeout: timeout,
				PersonalData: map[string]string{"secret/a": "db"}})
			wantError(t, got, c.code, c.part)
			if g := got.grants(); !slices.Equal(g, []string{"unread source"}) {
				t.Errorf("grants: %q", g)
			}
			if took := time.Since(start); took > 8*time.Second {
				t.Errorf("it took %s", took)
			}
			if strings.Contains(got.err.Error(), "secret-token") {
				t.Errorf("the error shows the token: %v", got.err)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	hang := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer slow.Close()
	defer close(hang)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	got := collectFrom(t, ctx, Config{Address: slow.URL, Login: Login{Token: "x"}})
	if !errors.Is(got.err, context.DeadlineExceeded) {
		t.Errorf("error %v, want the context's", got.err)
	}
}

func TestTLSWithOwnAuthority(t *testing.T) {
	s, login := seededWorld(t)
	p := proxy(t, s, true, func(http.ResponseWriter, *http.Request) bool { return false })
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := config(s, login)
	cfg.Address, cfg.CACertFile = p.URL, file
	got := collectFrom(t, t.Context(), cfg)
	if got.err != nil {
		t.Fatal(got.err)
	}
	want(t, "TLS", got.store(t).TLS, true)
	cfg.CACertFile = filepath.Join(t.TempDir(), "gone.pem")
	wantError(t, collectFrom(t, t.Context(), cfg), inventory.SourceError, "`ca` of the source")
}

// A redirect would take the token to another host.
func TestRedirect(t *testing.T) {
	var mu sync.Mutex // guards got
	var got []string
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, r.Header.Get("X-Vault-Token"))
	}))
	defer other.Close()
	s, login := seededWorld(t)
	p := proxy(t, s, false, func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/v1/sys/seal-status" {
			return false
		}
		http.Redirect(w, r, other.URL+r.URL.Path, http.StatusTemporaryRedirect)
		return true
	})
	cfg := config(s, login)
	cfg.Address = p.URL
	seen := collectFrom(t, t.Context(), cfg)
	wantError(t, seen, inventory.SourceError, "the address of the active node")
	want(t, "sealed", seen.store(t).Sealed, false)
	mu.Lock()
	defer mu.Unlock()
	if len(got) > 0 {
		t.Errorf("the other host was called %d times, with tokens %q", len(got), got)
	}
}

// One answer that is too large, broken or of another shape spoils its own facts alone.
func TestOddAnswers(t *testing.T) {
	s, login := seededWorld(t)
	for name, body := range map[string]string{
		"too large": `{"data": {"x": "` + strings.Repeat("a", maxResponse) + `"}}`,
		"broken":    `{"data": {"file/": `,
		"shape":     `{"data": ["file/"]}`,
		"twice":     `{"data": {}, "data": {}}`,
	} {
		t.Run(name, func(t *testing.T) {
			p := proxy(t, s, false, func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path != "/v1/sys/audit" {
					return false
				}
				_, _ = io.WriteString(w, body) // the collector may hang up
				return true
			})
			cfg := config(s, login)
			cfg.Address = p.URL
			got := collectFrom(t, t.Context(), cfg)
			if got.err != nil {
				t.Fatal(got.err)
			}
			wantUnknown(t, "audit devices", got.store(t).AuditDevices, inventory.Malformed, "sys/audit")
			want(t, "root tokens", got.store(t).RootTokens, 2)
		})
	}
}

func TestLoginRefused(t *testing.T) {
	s, _ := seededWorld(t)
	got := collectFrom(t, t.Context(), config(s, Login{AppRole: &AppRole{RoleID: "guess", SecretID: "hunter2-guess"}}))
	wantError(t, got, inventory.Permission, "refused the login at auth/approle")
	want(t, "sealed", got.store(t).Sealed, false)
	if strings.Contains(got.encoded(t)+got.err.Error(), "guess") {
		t.Error("the credentials are shown")
	}
	got = collectFrom(t, t.Context(), config(s, Login{Token: "hvs.wrong"}))
	wantUnknown(t, "audit devices", got.store(t).AuditDevices, inventory.Permission, "sys/audit")
}
