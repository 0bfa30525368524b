package vault

import (
	"bufio"
	"encoding/json/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waarborg/internal/inventory"
	"waarborg/internal/testvault"
)

func config(s *testvault.Server, login Login) Config {
	return Config{Address: s.Addr, Login: login, PersonalData: map[string]string{"secret/prod/*": "pg/customers"},
		Location: inventory.Known(inventory.Location{Country: "NL"})}
}

// seededWorld starts a seeded Vault and returns a token that has the collector's policy alone.
func seededWorld(t *testing.T) (*testvault.Server, Login) {
	t.Helper()
	s := testvault.Start(t)
	seed(t, s)
	return s, Login{Token: newToken(t, s, map[string]any{"policies": []string{"waarborg"}, "no_parent": true, "no_default_policy": true})}
}

func TestCollect(t *testing.T) {
	s, login := seededWorld(t)
	got := collectFrom(t, t.Context(), config(s, login))
	if got.err != nil {
		t.Fatal(got.err)
	}
	for _, p := range got.problems {
		// The server of the tests keeps no configuration file to tell of.
		if !strings.HasPrefix(p.Reason.Detail, "sys/config/") {
			t.Errorf("with the documented policy there is a problem: %+v", p)
		}
	}
	store := got.store(t)
	want(t, "sealed", store.Sealed, false)
	want(t, "seal type", store.SealType, "shamir")
	want(t, "storage", store.Storage, "inmem")
	want(t, "TLS", store.TLS, false)
	want(t, "audit devices", store.AuditDevices, 0)
	want(t, "root tokens", store.RootTokens, 2) // of the initialisation, and one left over
	want(t, "token lifetime", store.TokenMaxTTL, 768)
	want(t, "lease lifetime", store.LeaseMaxTTL, 100)
	wantList(t, "auth methods", store.AuthMethods, "approle", "token", "userpass")
	wantList(t, "methods without a second factor", store.HumanWithoutMFA, "temps")
	person := got.names.Token("van " + personCanary)
	wantList(t, "policies with sudo", store.SudoPolicies, "operator", person)

	staff := attributes[*inventory.SignIn](t, got, "v/sign-in/staff")
	want(t, "staff: second factor", staff.MFA.Required, true)
	want(t, "staff: passwords", staff.Password.None, false)
	wantUnknown(t, "staff: length", staff.Password.MinLength, inventory.NotReported, "userpass")
	temps := attributes[*inventory.SignIn](t, got, "v/sign-in/temps")
	want(t, "temps: second factor", temps.MFA.Required, false)
	want(t, "temps: lockout", temps.Lockout, false)
}

func TestGrants(t *testing.T) {
	s, login := seededWorld(t)
	got := collectFrom(t, t.Context(), config(s, login))
	person := got.names.Token("van " + personCanary)
	wanted := []string{
		"? token/narrow: read",
		"? token/root: administer delete read write *",
		"? token/root: administer delete read write *",
		"? identity/" + person + ": read indirect", // dora, who is in the group
		"group identity/" + person + ": read",
		"person userpass/wide: delete read write *", // of two: bert's identity denies it
		"service approle/app/narrow: read",
		"service approle/batch/wide: delete read write *",
		"service token/minter/narrow: read",
	}
	slices.Sort(wanted)
	if grants := got.grants(); !slices.Equal(grants, wanted) {
		t.Errorf("grants\n got %q\nwant %q", grants, wanted)
	}
	for _, d := range got.drafts {
		g, ok := d.Attributes.(*inventory.Grant)
		if !ok {
			continue
		}
		want(t, d.ID+" target", g.Target, "pg/customers")
		want(t, d.ID+" personal data", g.PersonalData, true)
		if principal, _ := g.Principal.Value(); !strings.HasPrefix(principal, "p-") {
			t.Errorf("%s: the principal %q is no pseudonym", d.ID, principal)
		}
		path, _ := g.Path.Value()
		if path[0] == "userpass" {
			want(t, "the user's principal", g.Principal, got.names.Token(personCanary))
			want(t, "the user's expiry is absent", inventory.Known(g.Expires.IsAbsent()), true)
		}
		if expires, ok := g.Expires.Value(); ok && slices.Contains(path, "narrow") {
			if at, err := time.Parse(time.RFC3339, expires); err != nil || time.Until(at) > time.Hour {
				t.Errorf("the token with an hour to live ends at %q", expires)
			}
		}
	}
}

func TestKeys(t *testing.T) {
	s, login := seededWorld(t)
	before := time.Now().Add(-time.Hour)
	got := collectFrom(t, t.Context(), config(s, login))
	rotated := attributes[*inventory.CryptoKey](t, got, "v/key/transit/rotated")
	want(t, "type", rotated.Type, "aes256-gcm96")
	want(t, "schedule", rotated.AutoRotate, 30)
	want(t, "exportable", rotated.Exportable, false)
	plain := attributes[*inventory.CryptoKey](t, got, "v/key/transit/plain")
	if !plain.AutoRotate.IsAbsent() || !plain.Expires.IsAbsent() {
		t.Errorf("a key without a schedule: %+v", plain)
	}
	want(t, "deletion", plain.DeletionAllowed, false)
	signing := attributes[*inventory.CryptoKey](t, got, "v/key/transit/signing")
	want(t, "exportable", signing.Exportable, true)
	want(t, "deletion", signing.DeletionAllowed, true)
	for name, key := range map[string]*inventory.CryptoKey{"symmetric": plain, "asymmetric": signing} {
		at, _ := key.RotatedAt.Value()
		if made, err := time.Parse(time.RFC3339, at); err != nil || made.Before(before) || made.After(time.Now()) {
			t.Errorf("the %s key was made at %q", name, at)
		}
	}
}

// The latest version decides, not the first.
func TestRotatedAt(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{"latest_version": 2, "keys": {"1": 1000000000, "2": 1700000000}}`, "2023-11-14T22:13:20Z"},
		{`{"latest_version": 1, "keys": {"1": {"creation_time": "2024-01-02T03:04:05.678+01:00", "public_key": "x"}}}`, "2024-01-02T02:04:05Z"},
		{`{"latest_version": 3, "keys": {"1": 1000000000}}`, ""},
		{`{"latest_version": 1, "keys": {"1": {"creation_time": "yesterday"}}}`, ""},
	} {
		var k transitKey
		if err := json.Unmarshal([]byte(c.text), &k); err != nil {
			t.Fatal(err)
		}
		if got, ok := k.rotated().Value(); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, want %q", c.text, got, c.want)
		}
	}
}

// documented is every call the documentation names, as Vault's audit log writes it.
var documented = []string{
	`read sys/audit`, `read sys/auth`, `read sys/mounts`, `read sys/mounts/.+/tune`, `read sys/config/state/sanitized`,
	`list sys/policies/acl/?`, `read sys/policies/acl/.+`,
	`list auth/token/accessors/?`, `update auth/token/lookup-accessor`, `update auth/token/revoke-self`, `update auth/approle/login`,
	`list auth/(token/roles|approle/role|staff/users|temps/users)/?`, `read auth/(token/roles|approle/role|staff/users|temps/users)/[^/]+`,
	`list identity/mfa/login-enforcement/?`, `list identity/(entity|group)/id/?`, `read identity/(entity|group)/id/[^/]+`,
	`list transit/keys/?`, `read transit/keys/[^/]+`,
}

// Vault's own audit log says what was called, and the snapshot holds nothing of what nobody asked for.
func TestNothingElseIsRead(t *testing.T) {
	s, _ := seededWorld(t)
	log := filepath.Join(t.TempDir(), "audit.log")
	role := s.Read(t, "auth/approle/role/waarborg/role-id")["data"].(map[string]any)["role_id"].(string)
	secret := s.Write(t, "auth/approle/role/waarborg/secret-id", map[string]any{})["data"].(map[string]any)["secret_id"].(string)
	s.Write(t, "sys/audit/file", map[string]any{"type": "file", "options": map[string]any{"file_path": log}})
	before := len(calls(t, log))
	got := collectFrom(t, t.Context(), config(s, Login{AppRole: &AppRole{RoleID: role, SecretID: secret}}))
	if got.err != nil {
		t.Fatal(got.err)
	}
	want(t, "audit devices", got.store(t).AuditDevices, 1)

	made := calls(t, log)[before:]
	pattern := regexp.MustCompile("^(" + strings.Join(documented, "|") + ")$")
	for _, c := range made {
		if !pattern.MatchString(c) {
			t.Errorf("a call that is not documented: %s", c)
		}
	}
	for _, d := range documented {
		if !slices.ContainsFunc(made, regexp.MustCompile("^("+d+")$").MatchString) {
			t.Errorf("documented but never called: %s", d)
		}
	}
	if made[len(made)-1] != "update auth/token/revoke-self" {
		t.Errorf("the last call is %s: the token of the login lives on", made[len(made)-1])
	}
	text := got.encoded(t)
	for _, canary := range []string{secretCanary, commentCanary, personCanary, "de.vries", "bert", "dora", "hvs.", role, secret} {
		if strings.Contains(strings.ToLower(text), canary) {
			t.Errorf("the snapshot holds %q", canary)
		}
	}
}

// calls returns the requests in Vault's audit log as "operation path".
func calls(t *testing.T, log string) []string {
	t.Helper()
	f, err := os.Open(log)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var entry struct {
			Type    string `json:"type"`
			Request struct {
				Operation string `json:"operation"`
				Path      string `json:"path"`
			} `json:"request"`
		}
		if err := json.Unmarshal(lines.Bytes(), &entry); err != nil {
			t.Fatal(err)
		}
		if entry.Type == "request" {
			out = append(out, entry.Request.Operation+" "+entry.Request.Path)
		}
	}
	return out
}

// A token that may do nothing gives no fact that could pass, and says what is missing.
func TestLowPrivilege(t *testing.T) {
	s, _ := seededWorld(t)
	got := collectFrom(t, t.Context(), config(s, Login{Token: newToken(t, s, map[string]any{"policies": []string{"default"}})}))
	if got.err != nil {
		t.Fatal(got.err)
	}
	store := got.store(t)
	want(t, "sealed", store.Sealed, false)
	wantUnknown(t, "audit devices", store.AuditDevices, inventory.Permission, "sys/audit")
	wantUnknown(t, "root tokens", store.RootTokens, inventory.Permission, "auth/token/accessors/")
	wantUnknown(t, "token lifetime", store.TokenMaxTTL, inventory.Permission, "sys/auth")
	wantUnknown(t, "lease lifetime", store.LeaseMaxTTL, inventory.Permission, "sys/mounts")
	wantUnknown(t, "auth methods", store.AuthMethods, inventory.Permission, "sys/auth")
	wantUnknown(t, "second factor", store.HumanWithoutMFA, inventory.Permission, "sys/auth")
	wantUnknown(t, "policies with sudo", store.SudoPolicies, inventory.Permission, "sys/policies/acl")
	if grants := got.grants(); !slices.Equal(grants, []string{"unread auth-auth", "unread identity", "unread policies", "unread tokens"}) {
		t.Errorf("grants: %q", grants)
	}
	attributes[*inventory.CryptoKey](t, got, "v/keys/unread/all")
	for _, line := range []string{`path "sys/audit" { capabilities = ["read", "sudo"] }`, `path "auth/token/accessors/" { capabilities = ["list", "sudo"] }`,
		`path "sys/policies/acl" { capabilities = ["list"] }`, `path "identity/entity/id" { capabilities = ["list"] }`} {
		got.hint(t, line)
	}
}

// Each hint is the line that mends it: applied one by one they lead to the same facts as the whole policy.
func TestHintsMend(t *testing.T) {
	s, login := seededWorld(t)
	whole := collectFrom(t, t.Context(), config(s, login))
	lines := map[string]bool{}
	token := newToken(t, s, map[string]any{"policies": []string{"grown"}, "no_default_policy": true})
	for round := 0; ; round++ {
		got := collectFrom(t, t.Context(), config(s, Login{Token: token}))
		grew := false
		for _, p := range got.problems {
			if line, ok := strings.CutPrefix(p.Hint.EN, "add to the collector's policy: "); ok && !lines[line] {
				lines[line], grew = true, true
			}
		}
		if !grew {
			if a, b := len(got.problems), len(whole.problems); a != b {
				t.Errorf("after all hints there are %d problems, with the documented policy %d: %+v", a, b, got.problems)
			}
			break
		}
		if round == 10 {
			t.Fatal("the hints do not come to an end")
		}
		var text strings.Builder
		for line := range lines {
			text.WriteString(line + "\n")
		}
		s.Write(t, "sys/policies/acl/grown", map[string]any{"policy": text.String()})
	}
	if len(lines) < 8 {
		t.Errorf("only %d hints were given", len(lines))
	}
}

func TestSealed(t *testing.T) {
	s := testvault.StartSealed(t)
	got := collectFrom(t, t.Context(), config(s, Login{Token: s.RootToken}))
	if got.err == nil || !strings.Contains(got.err.Error(), "is sealed") {
		t.Fatalf("error: %v", got.err)
	}
	store := got.store(t)
	want(t, "sealed", store.Sealed, true)
	want(t, "storage", store.Storage, "inmem")
	wantUnknown(t, "audit devices", store.AuditDevices, inventory.SourceError, "vault")
	if grants := got.grants(); !slices.Equal(grants, []string{"unread source"}) {
		t.Errorf("grants: %q", grants)
	}
}

func TestNotInitialised(t *testing.T) {
	s := testvault.StartNew(t)
	got := collectFrom(t, t.Context(), config(s, Login{Token: "x"}))
	if got.err == nil || !strings.Contains(got.err.Error(), "not initialised") {
		t.Fatalf("error: %v", got.err)
	}
	want(t, "sealed", got.store(t).Sealed, true)
}

// A periodic token without a limit lives for ever, which no other limit hides.
func TestEndlessTokens(t *testing.T) {
	s, login := seededWorld(t)
	s.Write(t, "auth/approle/role/app", map[string]any{"token_period": "24h", "token_max_ttl": 0})
	got := collectFrom(t, t.Context(), config(s, login))
	want(t, "token lifetime", got.store(t).TokenMaxTTL, 0)
}

func TestShortTokens(t *testing.T) {
	s, login := seededWorld(t)
	s.Write(t, "sys/auth/token/tune", map[string]any{"max_lease_ttl": "8h"})
	for _, path := range []string{"staff", "temps"} {
		s.Write(t, "sys/auth/"+path+"/tune", map[string]any{"max_lease_ttl": "9h30m"})
	}
	got := collectFrom(t, t.Context(), config(s, login))
	want(t, "token lifetime", got.store(t).TokenMaxTTL, 10)
}
