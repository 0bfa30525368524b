package postgres

import (
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"waarborg/internal/inventory"
	"waarborg/internal/testpg"
)

// The rules for clients as the server itself reads them. Its file always starts with a line that trusts the superuser
// on the socket, which is the one entry of trust everywhere below.
func TestHostRules(t *testing.T) {
	for _, c := range []struct {
		name         string
		lines        []string
		tls          string
		noTLS, trust string
		insecure     string
		anonymous    string
	}{
		{"TLS only", []string{"hostssl all all 0.0.0.0/0 scram-sha-256", "hostssl all all ::/0 scram-sha-256"}, "true", "0", "1", "[]", "false"},
		{"plain text from elsewhere", []string{"host all all 10.0.0.0/8 scram-sha-256"}, "false", "1", "1", "[]", "false"},
		{"plain text on this machine", []string{"host all all 127.0.0.1/32 md5", "host all all ::1/128 md5", "host all all localhost md5", "host all all samehost md5"}, "true", "0", "1", "[]", "false"},
		{"plain text of another database", []string{"host other all 0.0.0.0/0 md5"}, "true", "0", "1", "[]", "false"},
		{"plain text of replication, which is all data", []string{"hostnossl replication all 10.0.0.1/32 md5"}, "false", "1", "1", "[]", "false"},
		{"rejected first", []string{"hostnossl all all 0.0.0.0/0 reject", "host all all 10.0.0.0/8 scram-sha-256"}, "true", "0", "1", "[]", "false"},
		{"rejected last", []string{"host all all 10.0.0.0/8 scram-sha-256", "hostnossl all all 0.0.0.0/0 reject"}, "false", "1", "1", "[]", "false"},
		{"rejected for another range", []string{"hostnossl all all 10.1.0.0/16 reject", "host all all 10.0.0.0/8 scram-sha-256"}, "false", "1", "1", "[]", "false"},
		{"rejected for one user", []string{"hostnossl all bob all reject", "host all all all scram-sha-256"}, "false", "1", "1", "[]", "false"},
		{"rejected, but not for replication", []string{"hostnossl all all all reject", "host replication all 10.0.0.1/32 scram-sha-256"}, "false", "1", "1", "[]", "false"},
		{"trust from elsewhere", []string{"hostssl all all 10.0.0.0 255.0.0.0 trust"}, "true", "0", "2", "[]", "true"},
		{"trust that asks a certificate", []string{"hostssl all all 10.0.0.0/8 trust clientcert=verify-full"}, "true", "0", "1", "[]", "false"},
		{"trust that nobody reaches", []string{"host all all all reject", "host all all 10.0.0.0/8 trust"}, "true", "0", "1", "[]", "false"},
		{"a password in plain text", []string{"host all all 10.0.0.0/8 password"}, "false", "1", "1", "[password]", "false"},
		{"a password through TLS", []string{"hostssl all all 10.0.0.0/8 password"}, "true", "0", "1", "[]", "false"},
		{"ident over the network", []string{"hostssl all all 10.0.0.0/8 ident"}, "true", "0", "1", "[ident]", "false"},
		{"a line with an error", []string{"hostssl all all 10.0.0.0/8 nonsense"}, "unknown malformed", "unknown malformed", "unknown malformed", "unknown malformed", "unknown not-reported"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.c.SetHBA(t, c.lines...)
			d := mustCollect(t, w.config()).datastore()
			want(t, "TLS required", d.Encryption.TLSRequired, c.tls)
			want(t, "entries without TLS", d.Authentication.NoTLSEntries, c.noTLS)
			want(t, "entries of trust", d.Authentication.TrustEntries, c.trust)
			want(t, "insecure methods", d.Authentication.InsecureMethods, c.insecure)
			want(t, "anonymous", d.Network.Anonymous, c.anonymous)
		})
	}
}

func TestDatastoreOfASuperuser(t *testing.T) {
	w := newWorld(t)
	w.exec(`SET password_encryption = md5; CREATE ROLE "$_old" LOGIN PASSWORD 'x'; CREATE ROLE "$_group" NOLOGIN PASSWORD 'x'; RESET password_encryption`)
	cfg := w.config()
	cfg.Location = inventory.Known(inventory.Location{Country: "NL"})
	d := mustCollect(t, cfg).datastore()
	want(t, "engine", d.Engine, "postgresql")
	want(t, "location", d.Location, "{country:NL}")
	want(t, "oldest TLS", d.Encryption.MinTLS, "1.2")
	want(t, "at rest", d.Encryption.AtRest, "unknown not-reported")
	want(t, "password hash", d.Authentication.PasswordHash, "scram-sha-256")
	want(t, "weak hashes", d.Authentication.WeakHashes, "1")
	want(t, "listening to this machine only", d.Network.Public, "false")
	want(t, "audit of reads", d.Audit.Reads, "true")
	if mb, ok := d.SizeMB.Value(); !ok || mb < 1 || mb > 1000 {
		t.Errorf("size: %d MiB, known: %v", mb, ok)
	}
	want(t, "user and time", d.Audit.UserAndTime, "false")
	want(t, "copies", d.Copies, "[]")
}

// A plain account learns little, and each thing it does not is unknown with a way to mend it.
func TestDatastoreOfAPlainAccount(t *testing.T) {
	w := newWorld(t)
	w.exec(`CREATE ROLE "$_me" LOGIN PASSWORD 'pw'`)
	o := mustCollect(t, w.as("me", "pw"))
	d := o.datastore()
	want(t, "TLS required", d.Encryption.TLSRequired, "unknown permission")
	want(t, "oldest TLS", d.Encryption.MinTLS, "unknown permission")
	want(t, "weak hashes", d.Authentication.WeakHashes, "unknown permission")
	want(t, "entries of trust", d.Authentication.TrustEntries, "unknown permission")
	want(t, "location", d.Location, "unknown not-reported")
	for what, hint := range map[string]string{"settings of TLS": "GRANT pg_monitor", "how clients are let in": "GRANT EXECUTE ON FUNCTION pg_hba_file_rules()",
		"passwords": "superuser", "where the server stands": "location"} {
		if !o.hasProblem(what, hint) {
			t.Errorf("no problem %q with %q", what, hint)
		}
	}

	w.exec(`GRANT pg_monitor TO "$_me"; GRANT SELECT ON pg_hba_file_rules TO "$_me"; GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO "$_me"`)
	d = mustCollect(t, w.as("me", "pw")).datastore()
	want(t, "TLS required, with the grants of the hints", d.Encryption.TLSRequired, "true")
	want(t, "oldest TLS, with the grants of the hints", d.Encryption.MinTLS, "1.2")
	want(t, "weak hashes, with the grants of the hints", d.Authentication.WeakHashes, "unknown permission")
}

// The server shows an account its own settings: auditing for the collector alone is no auditing.
func TestAuditThatHoldsForSomeOnly(t *testing.T) {
	for _, c := range []struct{ name, sql, reads, writes string }{
		{"for everybody", ``, "true", "true"},
		{"not for one role", `CREATE ROLE "$_quiet" LOGIN; ALTER ROLE "$_quiet" SET log_statement = 'none'`, "false", "false"},
		{"not the reads of one role in this database", `CREATE ROLE "$_quiet" LOGIN; ALTER ROLE "$_quiet" IN DATABASE "$DB" SET log_statement = 'mod'`, "false", "true"},
		{"not for one role in another database", `CREATE ROLE "$_quiet" LOGIN; ALTER ROLE "$_quiet" IN DATABASE postgres SET log_statement = 'none'`, "true", "true"},
		{"not in this database", `ALTER DATABASE "$DB" SET log_statement = 'ddl'`, "false", "false"},
		{"only for the collector", `ALTER DATABASE "$DB" SET log_statement = 'none'; ALTER ROLE "$_me" SET log_statement = 'all'`, "false", "false"},
		{"only for the collector, nothing known of the others", `ALTER ROLE "$_me" SET log_statement = 'all'`, "unknown permission", "unknown permission"},
		{"by duration", `ALTER DATABASE "$DB" SET log_statement = 'none'; ALTER DATABASE "$DB" SET log_min_duration_statement = 0`, "true", "true"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.exec(`CREATE ROLE "$_me" LOGIN PASSWORD 'pw'; GRANT pg_monitor TO "$_me";`)
			w.exec(replaceDB(c.sql, w.db))
			d := mustCollect(t, w.as("me", "pw")).datastore()
			want(t, "reads", d.Audit.Reads, c.reads)
			want(t, "writes", d.Audit.Writes, c.writes)
		})
	}
}

func TestCopies(t *testing.T) {
	w := newWorld(t)
	cfg := w.config()
	exec := func(sql string) { w.c.Exec(t, w.db, sql) }

	exec(`SELECT pg_create_physical_replication_slot('away')`)
	want(t, "a slot of a standby that is away", mustCollect(t, cfg).datastore().Copies, "[{role:replica,location:{}}]+")
	exec(`SELECT pg_drop_replication_slot('away')`)

	exec(`SELECT pg_create_logical_replication_slot('other', 'pgoutput')`)
	want(t, "a logical slot", mustCollect(t, cfg).datastore().Copies, "[{role:replica,location:{}}]+")
	exec(`SELECT pg_drop_replication_slot('other')`)

	w.c.SetHBA(t, "local replication all trust")
	conn, err := pgconn.Connect(t.Context(), w.c.Socket(w.db, testpg.Superuser)+"&replication=true")
	if err != nil {
		t.Fatal(err)
	}
	startStreaming(t, conn)
	want(t, "a standby that streams", mustCollect(t, cfg).datastore().Copies, "[{role:replica,location:{}}]+")
	cfg.Copies = []inventory.Copy{{Role: "replica", Location: inventory.Location{Country: "DE"}}}
	o := mustCollect(t, cfg)
	want(t, "a standby that the workspace places", o.datastore().Copies, "[{role:replica,location:{country:DE}}]")
	if o.hasProblem("copies", "") {
		t.Error("a problem, though each copy has its place")
	}
}

func TestServerWithoutTLS(t *testing.T) {
	c := testpg.Start(t, testpg.Options{Settings: map[string]string{"ssl": "off", "archive_mode": "on", "archive_command": "cp %p s3://canary/%f",
		"log_statement": "none", "log_line_prefix": "%m [%p] ", "log_connections": "on", "password_encryption": "md5"},
		HBA: []string{"hostssl all all 10.0.0.0/8 scram-sha-256"}})
	cfg := Config{DSN: c.Socket("postgres", testpg.Superuser), Database: "crm"}
	o := mustCollect(t, cfg)
	d := o.datastore()
	want(t, "TLS required", d.Encryption.TLSRequired, "false")
	want(t, "oldest TLS", d.Encryption.MinTLS, "absent")
	want(t, "entries without TLS that nobody can use", d.Authentication.NoTLSEntries, "0")
	want(t, "copies", d.Copies, "[{role:archive,location:{}}]+")
	want(t, "password hash", d.Authentication.PasswordHash, "md5")
	want(t, "audit", d.Audit.Enabled, "false")
	want(t, "user and time, through the log of connections", d.Audit.UserAndTime, "true")
}
