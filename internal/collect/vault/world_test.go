package vault

import (
	"bytes"
	"context"
	"encoding/json/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/testvault"
)

// Canaries: what must never be in what the collector returns.
const (
	secretCanary  = "hunter2-in-the-secret"
	commentCanary = "comment-of-jan-de-boer"
	personCanary  = "anna.de.vries"
)

// collectorPolicy is the policy of the documentation, so that what it promises is what is tested.
func collectorPolicy(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "collectors", "vault.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "```hcl\n")
	block, _, found := strings.Cut(after, "```")
	if !found {
		t.Fatal("docs/collectors/vault.md has no policy")
	}
	// The documentation names userpass; the seeded Vault has it at two other paths.
	var out strings.Builder
	for line := range strings.Lines(block) {
		if strings.Contains(line, "auth/userpass/") {
			out.WriteString(strings.Replace(line, "userpass", "staff", 1) + strings.Replace(line, "userpass", "temps", 1))
			continue
		}
		out.WriteString(line)
	}
	return out.String()
}

// newToken makes a token with the given policies and returns it.
func newToken(t testing.TB, s *testvault.Server, body map[string]any) string {
	t.Helper()
	return s.Write(t, "auth/token/create", body)["auth"].(map[string]any)["client_token"].(string)
}

// seed gives a Vault faults and what looks like them.
func seed(t testing.TB, s *testvault.Server) {
	t.Helper()
	for path, kind := range map[string]string{"secret": "kv", "transit": "transit", "pki": "pki"} {
		s.Write(t, "sys/mounts/"+path, map[string]any{"type": kind})
	}
	s.Write(t, "sys/mounts/pki/tune", map[string]any{"max_lease_ttl": "100h"})
	s.Write(t, "secret/prod/db", map[string]any{"password": secretCanary})
	for name, text := range map[string]string{
		"narrow":   `path "secret/prod/db" { capabilities = ["read"] }`,
		"wide":     "# " + commentCanary + "\n" + `path "secret/*" { capabilities = ["read", "update", "delete"] }`,
		"shut":     `path "secret/*" { capabilities = ["read"] } path "secret/prod/*" { capabilities = ["deny"] }`,
		"no-prod":  `path "secret/*" { capabilities = ["deny"] }`,
		"test":     `path "secret/test/*" { capabilities = ["read"] }`,
		"operator": `path "sys/*" { capabilities = ["read", "update", "sudo"] }`,
		"auditor":  `path "sys/audit" { capabilities = ["read", "sudo"] }`,
		"Van " + personCanary: `path "secret/prod/db" { capabilities = ["read"] }
			path "sys/raw/*" { capabilities = ["read", "sudo"] }`,
		"waarborg": collectorPolicy(t),
	} {
		s.Write(t, "sys/policies/acl/"+name, map[string]any{"policy": text})
	}
	seedLogins(t, s)
	seedKeys(t, s)
	newToken(t, s, map[string]any{"policies": []string{"root"}, "no_parent": true})
	newToken(t, s, map[string]any{"policies": []string{"narrow"}, "ttl": "1h"})
}

func seedLogins(t testing.TB, s *testvault.Server) {
	t.Helper()
	for path, kind := range map[string]string{"approle": "approle", "staff": "userpass", "temps": "userpass"} {
		s.Write(t, "sys/auth/"+path, map[string]any{"type": kind})
	}
	s.Write(t, "sys/auth/temps/tune", map[string]any{"user_lockout_config": map[string]any{"lockout_disable": true}})
	s.Write(t, "auth/approle/role/app", map[string]any{"token_policies": "narrow", "token_max_ttl": "1h"})
	s.Write(t, "auth/approle/role/batch", map[string]any{"token_policies": "wide", "token_max_ttl": "2h"})
	s.Write(t, "auth/approle/role/shut", map[string]any{"token_policies": "shut", "token_max_ttl": "2h"})
	s.Write(t, "auth/approle/role/waarborg", map[string]any{"token_policies": "waarborg", "token_max_ttl": "1h"})
	s.Write(t, "auth/token/roles/minter", map[string]any{"allowed_policies_glob": "nar*", "token_explicit_max_ttl": "1h"})
	s.Write(t, "auth/token/roles/idle", map[string]any{"token_explicit_max_ttl": "1h"})
	s.Write(t, "auth/staff/users/"+personCanary, map[string]any{"password": secretCanary, "token_policies": "wide"})
	s.Write(t, "auth/staff/users/bert", map[string]any{"password": secretCanary, "token_policies": "wide"})
	s.Write(t, "auth/temps/users/cas", map[string]any{"password": secretCanary, "token_policies": "test"})

	accessor := s.Read(t, "sys/auth")["data"].(map[string]any)["staff/"].(map[string]any)["accessor"]
	method := s.Write(t, "identity/mfa/method/totp", map[string]any{"issuer": "test"})["data"].(map[string]any)["method_id"]
	s.Write(t, "identity/mfa/login-enforcement/staff", map[string]any{"mfa_method_ids": []any{method}, "auth_method_accessors": []any{accessor}})

	// bert is denied by his identity what his user allows; a group opens it for an entity that never signed in.
	bert := s.Write(t, "identity/entity", map[string]any{"name": "entity-of-" + personCanary, "policies": "no-prod"})["data"].(map[string]any)["id"]
	s.Write(t, "identity/entity-alias", map[string]any{"name": "bert", "canonical_id": bert, "mount_accessor": accessor})
	dora := s.Write(t, "identity/entity", map[string]any{"name": "dora-" + personCanary})["data"].(map[string]any)["id"]
	s.Write(t, "identity/group", map[string]any{"name": "group-of-" + personCanary, "policies": "Van " + personCanary, "member_entity_ids": []any{dora}})
}

func seedKeys(t testing.TB, s *testvault.Server) {
	t.Helper()
	s.Write(t, "transit/keys/rotated", map[string]any{"auto_rotate_period": "720h"})
	s.Write(t, "transit/keys/rotated/rotate", map[string]any{})
	s.Write(t, "transit/keys/plain", map[string]any{})
	s.Write(t, "transit/keys/signing", map[string]any{"type": "ed25519", "exportable": true})
	s.Write(t, "transit/keys/signing/config", map[string]any{"deletion_allowed": true})
	s.Write(t, "transit/keys/Key_of_"+personCanary, map[string]any{})
}

// seen is what one collection gave.
type seen struct {
	drafts   []inventory.Draft
	problems []collect.Problem
	err      error
	names    *inventory.Pseudonyms
}

var testTime = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func collectFrom(t testing.TB, ctx context.Context, cfg Config) seen {
	t.Helper()
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var out seen
	if out.names, err = inventory.NewPseudonyms(bytes.Repeat([]byte{7}, inventory.PseudonymKeySize)); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex // guards out.problems
	out.drafts, out.err = c.Collect(ctx, collect.Env{Source: "v", Now: func() time.Time { return testTime }, Pseudonyms: out.names,
		Problem: func(p collect.Problem) {
			if !bothSaid(p.What, p.Hint) {
				t.Errorf("not said in both languages: %+v", p)
			}
			mu.Lock()
			defer mu.Unlock()
			out.problems = append(out.problems, p)
		},
		Step: func(say.Text) {},
	})
	return out
}

func (s seen) store(t testing.TB) *inventory.SecretStore {
	t.Helper()
	for _, d := range s.drafts {
		if a, ok := d.Attributes.(*inventory.SecretStore); ok {
			return a
		}
	}
	t.Fatal("there is no secret store among the drafts")
	return nil
}

// attributes returns the attributes of the draft with an id.
func attributes[T inventory.Attributes](t testing.TB, s seen, id string) T {
	t.Helper()
	for _, d := range s.drafts {
		if d.ID == id {
			if a, ok := d.Attributes.(T); ok {
				return a
			}
		}
	}
	var ids []string
	for _, d := range s.drafts {
		ids = append(ids, d.ID)
	}
	t.Fatalf("no resource %s among %q", id, ids)
	panic("unreachable")
}

// grants lists the grants as "path: rights", unknown ones as "unread KEY", sorted.
func (s seen) grants() []string {
	var out []string
	for _, d := range s.drafts {
		g, ok := d.Attributes.(*inventory.Grant)
		if !ok {
			continue
		}
		if key, unread := strings.CutPrefix(d.ID, "v/grant/unread/"); unread {
			out = append(out, "unread "+key)
			continue
		}
		path, _ := g.Path.Value()
		rights, _ := g.Rights.Value()
		kind, ok := g.Type.Value()
		if !ok {
			kind = "?"
		}
		line := kind + " " + strings.Join(path, "/") + ": " + strings.Join(rights, " ")
		if wild, _ := g.Wildcard.Value(); wild {
			line += " *"
		}
		if direct, _ := g.Direct.Value(); !direct {
			line += " indirect"
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

// encoded is the whole snapshot as text.
func (s seen) encoded(t testing.TB) string {
	t.Helper()
	all, err := inventory.EncodeAll(s.drafts)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(map[string]any{"resources": all, "problems": s.problems}, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func want[T comparable](t testing.TB, what string, f inventory.Fact[T], v T) {
	t.Helper()
	if got, ok := f.Value(); !ok || got != v || f.IsUnknown() {
		t.Errorf("%s: %v (%v), want %v", what, got, f.Reason(), v)
	}
}

func wantList(t testing.TB, what string, f inventory.Fact[[]string], v ...string) {
	t.Helper()
	if got, ok := f.Value(); !ok || !slices.Equal(got, v) || f.IsUnknown() {
		t.Errorf("%s: %q (%v), want %q", what, got, f.Reason(), v)
	}
}

func wantUnknown[T any](t testing.TB, what string, f inventory.Fact[T], code, detail string) {
	t.Helper()
	if _, ok := f.Value(); ok || f.Reason() != (inventory.Reason{Code: code, Detail: detail}) {
		t.Errorf("%s: %+v, want unknown for %s %s", what, f, code, detail)
	}
}

func (s seen) hint(t testing.TB, part string) {
	t.Helper()
	if !slices.ContainsFunc(s.problems, func(p collect.Problem) bool { return strings.Contains(p.Hint.EN, part) }) {
		t.Errorf("no problem says %q: %+v", part, s.problems)
	}
}

// bothSaid tells whether texts are there in both languages.
func bothSaid(texts ...say.Text) bool {
	return !slices.ContainsFunc(texts, func(t say.Text) bool { return t.EN == "" || t.NL == "" })
}
