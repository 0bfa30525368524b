package postgres

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The manual's statements make an account that reads everything but what only a superuser may.
func TestManualsAccount(t *testing.T) {
	manual, err := os.ReadFile("../../../docs/collectors/postgres.md")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	t.Cleanup(func() {
		w.exec("DROP OWNED BY waarborg; DROP ROLE waarborg")
	})
	w.exec(`CREATE SCHEMA crm; CREATE TABLE crm.tenants (tenant_id text, ended_on date, email text);
		INSERT INTO crm.tenants VALUES ('1', '2020-01-01', 'x'); ALTER TABLE crm.tenants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
		CREATE POLICY p ON crm.tenants USING (tenant_id = current_setting('app.tenant', true))`)
	blocks := regexp.MustCompile("(?s)```sql\n(.*?)```").FindAllStringSubmatch(string(manual), -1)
	if len(blocks) != 4 {
		t.Fatalf("%d blocks of SQL, want 4", len(blocks))
	}
	for _, b := range blocks {
		w.exec(strings.ReplaceAll(b[1], "DATABASE crm", "DATABASE "+w.db))
	}
	cfg := Config{DSN: w.c.TCP(w.db, "waarborg", "choose one"), Database: "crm", Tenants: map[string]string{"1": "c"},
		Tables: []Table{{Schema: "crm", Name: "tenants", Class: "file", TenantColumn: "tenant_id", TriggerColumn: "ended_on"}}}
	o := mustCollect(t, cfg)
	d := o.datastore()
	want(t, "TLS required", d.Encryption.TLSRequired, "true")
	want(t, "oldest TLS", d.Encryption.MinTLS, "1.2")
	want(t, "audit of reads", d.Audit.Reads, "true")
	want(t, "isolation", d.Tenancy.Isolation, "row_level_security")
	want(t, "weak hashes", d.Authentication.WeakHashes, "unknown permission")
	if got := o.datasets("file"); got != "c: 2020-01-01, true" {
		t.Errorf("age of records: %s", got)
	}
	g := o.grant("waarborg")
	want(t, "its own rights", g.Rights, "[administer,read]")
}
