package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"waarborg/internal/inventory"
	"waarborg/internal/sign"
	"waarborg/internal/testpg"
	"waarborg/internal/testvault"
)

// Canaries: what is in the systems and may be in nothing that the program writes.
const (
	canaryRow      = "row-of-jan-jansen@tenant.example"
	canaryTenant   = "tenant-that-nobody-knows"
	canaryPassword = "Canary-Passw0rd"
	canarySecret   = "canary-in-the-secret"
	canaryComment  = "canary-comment"
)

// live is a shell on a workspace that reads a real PostgreSQL and a real Vault.
type live struct {
	*shell
	pg    *testpg.Cluster
	vault *testvault.Server
	names *inventory.Pseudonyms // the workspace's own, to read ids by
	known map[string]string     // token to name
}

// newLive starts both systems with faults and with what looks like faults.
func newLive(t *testing.T) *live {
	t.Helper()
	l := &live{pg: livePostgres(t), vault: testvault.Start(t), known: map[string]string{}}
	l.shell = newShell(t, liveFiles(l.vault.Addr))
	l.now = time.Now().UTC().Truncate(time.Second) // the systems go by the real clock
	l.env["DATABASE"] = l.pg.TCP("crm", "waarborg", canaryPassword)
	l.env["VAULT"] = seedVault(t, l.vault)
	l.must(t, exitMet, "keys", "init")
	key, err := sign.OpenPseudonym(filepath.Join(l.dir, ".waarborg", "keys"), func() ([]byte, error) { return []byte(l.env["WAARBORG_PASSPHRASE"]), nil })
	if err != nil {
		t.Fatal(err)
	}
	if l.names, err = inventory.NewPseudonyms(key); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Concat(livePeople, []string{"postgres", "waarborg", "app_crm"}) {
		l.known[l.names.Token(name)] = name
	}
	for _, name := range []string{"app", "batch"} {
		l.known[l.names.Token("vault role approle/"+name)] = name
	}
	root := l.vault.Read(t, "auth/token/lookup-self")["data"].(map[string]any)["accessor"].(string)
	l.known[l.names.Token("vault token "+root)] = "root"
	return l
}

// readable replaces the tokens of an id by the names they stand for.
func (l *live) readable(list []string) []string {
	out := slices.Clone(list)
	for i := range out {
		for token, name := range l.known {
			out[i] = strings.ReplaceAll(out[i], token, "<"+name+">")
		}
	}
	slices.Sort(out)
	return out
}

// livePeople are roles and users whose names are personal data.
var livePeople = []string{"anna_dba", "bob_support", "carl_intern", "dora_left", "anna.de.vries", "casper.temp"}

func livePostgres(t *testing.T) *testpg.Cluster {
	t.Helper()
	c := testpg.Start(t, testpg.Options{
		Settings: map[string]string{"log_statement": "all", "log_line_prefix": "%m %u "}, // looks like no audit: there is no pgaudit
		HBA: []string{
			"hostssl all waarborg 127.0.0.1/32 scram-sha-256",
			"host all all 10.0.0.0/8 scram-sha-256", // fault: plain text from elsewhere
			"host all all 127.0.0.1/32 md5",         // looks like it, but only this machine gets there
			"host other all 0.0.0.0/0 trust",        // looks like it, but for a database that is not read
		}})
	c.Exec(t, "postgres", "CREATE DATABASE crm")
	c.Exec(t, "crm", liveSQL())
	return c
}

// liveSQL seeds the database. Ages are far from the limits of liveFiles, so that no midnight matters.
func liveSQL() string {
	return strings.NewReplacer("$ROW", canaryRow, "$TENANT", canaryTenant, "$PASSWORD", canaryPassword, "$COMMENT", canaryComment).Replace(`
CREATE SCHEMA crm; CREATE SCHEMA portal;
CREATE TABLE crm.tenants (org text, ended_on date, email text);
CREATE TABLE crm.contacts (org text, closed_on timestamptz, note text);
CREATE TABLE crm.templates (org text, body text); -- looks like customers' rows; the data map does not have it
CREATE TABLE portal.accounts (org text, closed_on date, email text);
COMMENT ON TABLE crm.tenants IS '$COMMENT';
INSERT INTO crm.tenants VALUES
	('n-1', current_date - 900, '$ROW'), -- fault: north agreed 730 days
	('n-1', NULL, '$ROW'), ('n-1', current_date + 90, '$ROW'), -- not ended
	('s-1', current_date - 500, '$ROW'), -- fault: south agreed 365 days, though 730 would be well
	('s-2', current_date - 10, '$ROW'),
	('e-1', current_date - 9000, '$ROW'), -- east agreed nothing: nobody can say
	('$TENANT', current_date - 9000, '$ROW'); -- fault: of no customer
INSERT INTO crm.contacts VALUES ('n-1', now() - interval '500 days', '$ROW'), ('s-1', now() - interval '500 days', '$ROW'); -- 1000 agreed
INSERT INTO portal.accounts VALUES ('n-1', current_date - 100, '$ROW'); -- 180 agreed

ALTER TABLE crm.tenants ENABLE ROW LEVEL SECURITY; ALTER TABLE crm.tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY apart ON crm.tenants USING (org = current_setting('app.org'));
ALTER TABLE portal.accounts ENABLE ROW LEVEL SECURITY; ALTER TABLE portal.accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY apart ON portal.accounts USING (org = current_setting('app.org'));
-- fault: crm.contacts has none

CREATE ROLE app_crm LOGIN PASSWORD '$PASSWORD';
GRANT USAGE ON SCHEMA crm, portal TO app_crm;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA crm, portal TO app_crm; -- in the role matrix
CREATE ROLE support NOLOGIN; GRANT USAGE ON SCHEMA crm TO support; GRANT SELECT ON crm.contacts TO support;
CREATE ROLE bob_support LOGIN PASSWORD '$PASSWORD'; GRANT support TO bob_support; -- in the role matrix, through support
CREATE ROLE anna_dba LOGIN SUPERUSER PASSWORD '$PASSWORD'; -- fault: a person who is always administrator
CREATE ROLE carl_intern LOGIN PASSWORD '$PASSWORD';
GRANT USAGE ON SCHEMA crm TO carl_intern; GRANT SELECT ON crm.contacts TO carl_intern; -- fault: in no role matrix
CREATE ROLE dora_left LOGIN PASSWORD '$PASSWORD'; -- looks like a person with rights, and has none
CREATE ROLE everything NOLOGIN; GRANT ALL ON ALL TABLES IN SCHEMA crm TO everything; -- nobody is a member

CREATE ROLE waarborg LOGIN PASSWORD '$PASSWORD' BYPASSRLS CONNECTION LIMIT 2;
GRANT pg_monitor TO waarborg;
GRANT SELECT ON pg_hba_file_rules TO waarborg; GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO waarborg;
GRANT USAGE ON SCHEMA crm, portal TO waarborg;
GRANT SELECT (org, ended_on) ON crm.tenants TO waarborg;
GRANT SELECT (org, closed_on) ON crm.contacts TO waarborg; GRANT SELECT (org, closed_on) ON portal.accounts TO waarborg;
`)
}

// seedVault returns a token with the documented policy and nothing else.
func seedVault(t *testing.T, s *testvault.Server) string {
	t.Helper()
	for _, path := range []string{"secret", "transit"} {
		kind := map[string]string{"secret": "kv", "transit": "transit"}[path]
		s.Write(t, "sys/mounts/"+path, map[string]any{"type": kind, "config": map[string]any{"max_lease_ttl": "12h"}})
	}
	s.Write(t, "secret/prod/db", map[string]any{"password": canarySecret})
	for name, text := range map[string]string{
		"narrow":            `path "secret/prod/db" { capabilities = ["read"] }`,
		"wide":              "# " + canaryComment + "\n" + `path "secret/*" { capabilities = ["read", "update", "delete"] }`,
		"shut":              `path "secret/*" { capabilities = ["read"] } path "secret/prod/*" { capabilities = ["deny"] }`, // looks wide
		"test":              `path "secret/test/*" { capabilities = ["read"] }`,
		"operator":          `path "sys/*" { capabilities = ["read", "update", "sudo"] }`, // fault: sudo on all of sys
		"auditor":           `path "sys/audit" { capabilities = ["read", "sudo"] }`,       // looks like it; reading needs sudo
		"Van anna.de.vries": `path "sys/raw/*" { capabilities = ["read", "sudo"] }`,       // a name in the name of a policy
		"waarborg":          documentedPolicy(t),
	} {
		s.Write(t, "sys/policies/acl/"+name, map[string]any{"policy": text})
	}
	for path, kind := range map[string]string{"approle": "approle", "staff": "userpass", "temps": "userpass"} {
		s.Write(t, "sys/auth/"+path, map[string]any{"type": kind})
		s.Write(t, "sys/auth/"+path+"/tune", map[string]any{"max_lease_ttl": "8h"})
	}
	s.Write(t, "sys/auth/token/tune", map[string]any{"max_lease_ttl": "8h"})
	s.Write(t, "auth/approle/role/app", map[string]any{"token_policies": "narrow", "token_max_ttl": "1h"}) // in the role matrix
	s.Write(t, "auth/approle/role/batch", map[string]any{"token_policies": "wide", "token_max_ttl": "2h"}) // fault: wide, and in no matrix
	s.Write(t, "auth/approle/role/shut", map[string]any{"token_policies": "shut", "token_max_ttl": "2h"})
	s.Write(t, "auth/staff/users/anna.de.vries", map[string]any{"password": canarySecret, "token_policies": "wide"}) // fault
	s.Write(t, "auth/temps/users/casper.temp", map[string]any{"password": canarySecret, "token_policies": "test"})
	accessor := s.Read(t, "sys/auth")["data"].(map[string]any)["staff/"].(map[string]any)["accessor"]
	method := s.Write(t, "identity/mfa/method/totp", map[string]any{"issuer": "test"})["data"].(map[string]any)["method_id"]
	s.Write(t, "identity/mfa/login-enforcement/staff", map[string]any{"mfa_method_ids": []any{method}, "auth_method_accessors": []any{accessor}})
	// fault: temps signs in without a second factor

	s.Write(t, "transit/keys/rotated", map[string]any{"auto_rotate_period": "720h"})
	s.Write(t, "transit/keys/signing", map[string]any{"type": "ed25519", "exportable": true}) // fault
	s.Write(t, "transit/keys/plain", map[string]any{})                                        // made today, so it needs no rotation yet
	return s.Write(t, "auth/token/create", map[string]any{"policies": []string{"waarborg"}, "no_parent": true,
		"no_default_policy": true, "ttl": "1h"})["auth"].(map[string]any)["client_token"].(string)
}

// documentedPolicy is the policy of the documentation for this Vault's mounts.
func documentedPolicy(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "collectors", "vault.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "```hcl\n")
	block, _, found := strings.Cut(after, "```")
	if !found {
		t.Fatal("docs/collectors/vault.md has no policy")
	}
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

func liveFiles(vault string) files {
	customer := func(id, applications, tenants, terms string) string {
		return "id: " + id + "\nname: Housing " + id + "\nagreement: standard\napplications: [" + applications + "]\ntenants: {crm-db: [" + tenants + `]}
contract: {document: Contract ` + id + `, start: 2024-02-01}
instructions:
  - {id: ` + id + `-1, date: 2024-02-01, document: Instruction ` + id + `, subject: retention}
terms: ` + terms + "\n"
	}
	retention := func(id, path, days string) string {
		return "\n  - {path: retention." + path + ".days, value: " + days + ", instruction: " + id + "-1, source: {document: Instruction " + id + ", date: 2024-02-01}}"
	}
	// small has no terms that the rules on accounts and secrets need.
	f := small()
	f["agreements/standard.yaml"] += `  - {path: access.standing_admin_allowed, value: false, basis: processor, source: {document: Agreement, clause: BB-LOG-1}}
  - {path: subprocessors.notice_working_days, value: 20, source: {document: Agreement, clause: VWO-7.1}}
  - {path: mfa.required, value: true, source: {document: Annex B, clause: BB-LOG-8c}}
  - {path: mfa.max_exclusions, value: 0, basis: processor, source: {document: Annex B, clause: BB-LOG-8c}}
  - {path: access.countries, value: [NL], basis: processor, source: {document: Agreement, clause: VWO-8.1}}
  - {path: secrets.root_tokens, value: 0, basis: processor, source: {document: Annex B, clause: BB-LOG-3}}
  - {path: secrets.token_max_ttl_hours, value: 24, basis: processor, source: {document: Annex B, clause: BB-LOG-3}}
  - {path: secrets.key_rotation_days, value: 365, basis: processor, source: {document: Agreement, clause: VWO-2.1.2}}
`
	maps.DeleteFunc(f, func(name, _ string) bool { return strings.HasPrefix(name, "agreements/customers/") })
	return f.with(files{
		"agreements/customers/north.yaml": customer("north", "crm, portal", "n-1",
			retention("north", "crm.tenant_file", "730")+retention("north", "crm.contact", "1000")+retention("north", "portal.account", "180")),
		"agreements/customers/south.yaml": customer("south", "crm", "s-1, s-2",
			retention("south", "crm.tenant_file", "365")+retention("south", "crm.contact", "1000")),
		"agreements/customers/east.yaml": customer("east", "crm", "e-1", "[]"),
		"waarborg.yaml": `processor: {name: Live Processor, country: NL, contact: privacy@live.example}
keys: {dir: .waarborg/keys, passphrase: env:WAARBORG_PASSPHRASE}
sources:
  - id: db
    type: postgres
    timeout: 20s
    settings:
      dsn: env:DATABASE
      location: {country: NL}
      service_roles: ["app_*", waarborg, postgres]
      person_roles: ["anna_*", "bob_*", "carl_*", "dora_*"]
      app_roles: ["app_*"]
  - id: vault
    type: vault
    timeout: 20s
    settings:
      address: ` + vault + `
      location: {country: NL}
      login: {method: token, token: env:VAULT}
`,
		"datamap.yaml": `stores:
  - id: crm-db
    applications: [crm, portal]
    source: db
    match: crm
    provider: azure
    environment: production
    categories: [name, email]
    tables:
      - {table: crm.tenants, application: crm, class: tenant_file, tenant_column: org, trigger: {column: ended_on, meaning: tenancy_end, en: a, nl: b}, columns: {email: email}}
      - {table: crm.contacts, application: crm, class: contact, tenant_column: org, trigger: {column: closed_on, meaning: closed, en: a, nl: b}, columns: {note: name}}
      - {table: portal.accounts, application: portal, class: account, tenant_column: org, trigger: {column: closed_on, meaning: closed, en: a, nl: b}, columns: {email: email}}
secrets:
  - {path: secret/prod/*, store: crm-db}
`,
		"access.yaml": `needs:
  - {id: apps, reason: the applications, principals: [app_crm, app], stores: [crm-db], rights: [read, write, delete]}
  - {id: helpdesk, reason: answers questions, principals: [support], stores: [crm-db], rights: [read]}
  - {id: compliance, reason: reads settings, principals: [waarborg], stores: [crm-db], rights: [read, administer]}
  - {id: emergencies, reason: the cluster's own account, principals: [postgres], stores: [crm-db], rights: [read, write, delete, administer]}
work_countries:
  - {principals: [bob_support, anna_dba, carl_intern, anna.de.vries], country: NL}
break_glass: [postgres]
`})
}
