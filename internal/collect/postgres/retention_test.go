package postgres

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"waarborg/internal/inventory"
)

// hostile is a table's name that must not become SQL, nor be taken in lower case.
const hostile = `Ten"ant; DROP TABLE public.a; --%s`

// datasets shows each dataset of a table's class as "customer: oldest, records".
func (o *outcome) datasets(class string) string {
	var out []string
	for _, d := range o.drafts {
		a, ok := d.Attributes.(*inventory.Dataset)
		if !ok || show(a.Class) != class {
			continue
		}
		who := strings.Join(d.Scope.Customers, " ")
		if d.Scope.Internal {
			who = "internal"
		}
		out = append(out, who+": "+show(a.Oldest)+", "+show(a.Records))
	}
	return strings.Join(out, "; ")
}

func TestDatasets(t *testing.T) {
	tenants := map[string]string{"t-a": "woonstad", "t-b": "portaal", "t-b2": "portaal"}
	for _, c := range []struct{ name, sql, column, trigger, want string }{
		{"two customers, each their oldest", `INSERT INTO public.a VALUES ('t-a','2024-05-01'),('t-a','2019-03-02'),('t-b','2025-01-01')`,
			"tenant", "ended", "portaal: 2025-01-01, true; woonstad: 2019-03-02, true"},
		{"two tenants of one customer", `INSERT INTO public.a VALUES ('t-b','2024-05-01'),('t-b2','2019-03-02')`,
			"tenant", "ended", "portaal: 2019-03-02, true; woonstad: absent, false"},
		{"nothing at all", ``, "tenant", "ended", "portaal: absent, false; woonstad: absent, false"},
		{"no term has started", `INSERT INTO public.a VALUES ('t-a',NULL),('t-a','2099-01-01'),('t-a','infinity')`,
			"tenant", "ended", "portaal: absent, false; woonstad: absent, true"},
		{"a tenant that no agreement names", `INSERT INTO public.a VALUES ('t-x','2001-01-01'),(NULL,'2002-01-01'),('t-a','2024-05-01')`,
			"tenant", "ended", "portaal: absent, false; woonstad: 2024-05-01, true; internal: 2001-01-01, true"},
		{"minus infinity could be the oldest", `INSERT INTO public.a VALUES ('t-a','-infinity'),('t-a','2024-05-01')`,
			"tenant", "ended", "portaal: absent, false; woonstad: unknown malformed, true"},
		{"a date before our era", `INSERT INTO public.a VALUES ('t-a','0044-03-15 BC')`,
			"tenant", "ended", "portaal: absent, false; woonstad: unknown malformed, true"},
		{"no trigger column is named", `INSERT INTO public.a VALUES ('t-a','2024-05-01')`,
			"tenant", "", "portaal: absent, false; woonstad: unknown undeclared, true"},
		{"no tenant column is named", `INSERT INTO public.a VALUES ('t-a','2024-05-01'),('t-x','2001-01-01')`,
			"", "ended", ": 2001-01-01, true"},
		{"a tenant column that is not there", ``, "tennant", "ended", "portaal: unknown undeclared, unknown undeclared; woonstad: unknown undeclared, unknown undeclared"},
		{"a trigger column that is not there", ``, "tenant", "endde", "portaal: unknown undeclared, unknown undeclared; woonstad: unknown undeclared, unknown undeclared"},
		{"a trigger column that is no date", ``, "tenant", "tenant", "portaal: unknown unsupported, unknown unsupported; woonstad: unknown unsupported, unknown unsupported"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.exec(`CREATE TABLE public.a (tenant text, ended date);` + c.sql)
			cfg := w.config()
			cfg.Tenants = tenants
			cfg.Tables = []Table{{Schema: "public", Name: "a", Class: "file", TenantColumn: c.column, TriggerColumn: c.trigger}}
			o := mustCollect(t, cfg)
			if got := o.datasets("file"); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
			stray := strings.Contains(c.want, "internal")
			if o.hasProblem("a tenant that no agreement names", "") != stray {
				t.Errorf("problem of a stray tenant: %v, want %v", !stray, stray)
			}
		})
	}
}

// Tables, types and names that differ from the plain case.
func TestDatasetsOfOddTables(t *testing.T) {
	const quoted = `"Ten""ant; DROP TABLE public.a; --%s"`
	for _, c := range []struct{ name, sql, schema, table, want string }{
		{"a hostile name", `CREATE TABLE public.` + quoted + ` ("Tenant" text, "End" date); INSERT INTO public.` + quoted + ` VALUES ('1','2020-01-01')`,
			"public", hostile, "c: 2020-01-01, true"},
		{"in the wrong case", `CREATE TABLE public."Files" ("Tenant" text, "End" date)`, "public", "files", "c: unknown undeclared, unknown undeclared"},
		{"partitioned", `CREATE TABLE public.p ("Tenant" int, "End" date) PARTITION BY LIST ("Tenant");
			CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES IN (1); INSERT INTO public.p VALUES (1,'2020-01-01')`, "public", "p", "c: 2020-01-01, true"},
		{"a view", `CREATE VIEW public.v AS SELECT 1 AS "Tenant", date '2020-01-01' AS "End"`, "public", "v", "c: unknown unsupported, unknown unsupported"},
		{"timestamp with time zone, in UTC", `CREATE TABLE public.z ("Tenant" int, "End" timestamptz); INSERT INTO public.z VALUES (1,'2020-01-01 00:30+02')`, "public", "z", "c: 2019-12-31, true"},
		{"timestamp", `CREATE TABLE public.z ("Tenant" bigint, "End" timestamp); INSERT INTO public.z VALUES (1,'2020-01-01 23:59')`, "public", "z", "c: 2020-01-01, true"},
		{"a domain", `CREATE DOMAIN public.day AS date; CREATE TABLE public.z ("Tenant" varchar(3), "End" public.day); INSERT INTO public.z VALUES ('1','2020-01-01')`, "public", "z", "c: 2020-01-01, true"},
		{"a uuid in another case", `CREATE TABLE public.z ("Tenant" uuid, "End" date); INSERT INTO public.z VALUES ('abcdef00-0000-0000-0000-000000000000','2020-01-01')`, "public", "z", "c: 2020-01-01, true"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.exec(`CREATE TABLE public.a (i int);` + c.sql)
			cfg := w.config()
			cfg.Tenants = map[string]string{"1": "c", "ABCDEF00-0000-0000-0000-000000000000": "c"}
			cfg.Tables = []Table{{Schema: c.schema, Name: c.table, Class: "file", TenantColumn: "Tenant", TriggerColumn: "End"}}
			if got := mustCollect(t, cfg).datasets("file"); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
			w.exec(`TABLE public.a`) // still there
		})
	}
}

// What the account may not see must never look like nothing to see.
func TestDatasetsWithoutPermission(t *testing.T) {
	const rls = `ALTER TABLE s.a ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON s.a USING (tenant = 'none');`
	const grants = `GRANT USAGE ON SCHEMA s TO "$_me"; GRANT SELECT (tenant, ended) ON s.a TO "$_me";`
	const hidden = "c: unknown permission, unknown permission"
	for _, c := range []struct{ name, sql, want, hint string }{
		{"nothing", ``, hidden, `GRANT USAGE ON SCHEMA "s"`},
		{"a column is missing", `GRANT USAGE ON SCHEMA s TO "$_me"; GRANT SELECT (tenant) ON s.a TO "$_me"`, hidden, `GRANT SELECT ("tenant", "ended") ON "s"."a"`},
		{"the two columns are enough", grants, "c: 2020-01-01, true", ""},
		{"row-level security hides the rows", rls + grants, hidden, "BYPASSRLS"},
		{"a policy lets this account see all, which nobody can know", rls + grants + `CREATE POLICY q ON s.a TO "$_me" USING (true)`, hidden, "BYPASSRLS"},
		{"an account that row-level security does not hold for", rls + grants + `ALTER ROLE "$_me" BYPASSRLS`, "c: 2020-01-01, true", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.exec(`CREATE SCHEMA s; CREATE TABLE s.a (tenant text, ended date, secret text); INSERT INTO s.a VALUES ('1','2020-01-01','x');
				CREATE ROLE "$_me" LOGIN PASSWORD 'pw';` + c.sql)
			cfg := w.as("me", "pw")
			cfg.Tenants = map[string]string{"1": "c"}
			cfg.Tables = []Table{{Schema: "s", Name: "a", Class: "file", TenantColumn: "tenant", TriggerColumn: "ended"}}
			o := mustCollect(t, cfg)
			if got := o.datasets("file"); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
			if c.hint != "" && !o.hasProblem("the age of records in s.a", c.hint) {
				t.Errorf("no problem that says %s: %+v", c.hint, o.problems)
			}
		})
	}
}

// A table that cannot be read in time is unknown; the one after it is read all the same.
func TestDatasetsInTime(t *testing.T) {
	w := newWorld(t)
	w.exec(`CREATE TABLE public.slow (tenant text, ended date); CREATE TABLE public.held (tenant text, ended date); CREATE TABLE public.ok (tenant text, ended date);
		INSERT INTO public.slow SELECT i::text, '2020-01-01' FROM generate_series(1, 2000000) i; INSERT INTO public.ok VALUES ('1','2020-01-01')`)
	conn, err := pgx.Connect(t.Context(), w.c.Socket(w.db, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "BEGIN; LOCK TABLE public.held"); err != nil {
		t.Fatal(err)
	}
	cfg := w.config()
	cfg.StatementTimeout, cfg.LockTimeout = 150*time.Millisecond, 50*time.Millisecond
	cfg.Tenants = map[string]string{"1": "c"}
	for _, name := range []string{"slow", "held", "ok"} {
		cfg.Tables = append(cfg.Tables, Table{Schema: "public", Name: name, Class: name, TenantColumn: "tenant", TriggerColumn: "ended"})
	}
	o := mustCollect(t, cfg)
	if got, want := o.datasets("slow"), "c: unknown source-error, unknown source-error"; got != want {
		t.Errorf("slow: %s", got)
	}
	if got, want := o.datasets("held"), "c: unknown source-error, unknown source-error"; got != want {
		t.Errorf("held: %s", got)
	}
	if got, want := o.datasets("ok"), "c: 2020-01-01, true"; got != want {
		t.Errorf("ok: %s", got)
	}
	if !o.hasProblem("public.slow", "CREATE INDEX") || !o.hasProblem("public.held", "lock") {
		t.Errorf("problems: %+v", o.problems)
	}
}
