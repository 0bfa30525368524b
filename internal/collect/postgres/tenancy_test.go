package postgres

import "testing"

func TestTenancy(t *testing.T) {
	const byTenant = `CREATE POLICY p ON public.a USING (tenant = current_setting('app.tenant', true)); `
	const force = `ALTER TABLE public.a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; `
	for _, c := range []struct {
		name, sql              string
		app                    bool // the application's role is declared
		isolation, unprotected string
	}{
		{"no policy at all", ``, false, "none", "[public.a]"},
		{"enabled and forced", force + byTenant, false, "row_level_security", "[]"},
		{"a policy without row-level security", byTenant, false, "none", "[public.a]"},
		{"a policy that lets everything through", force + `CREATE POLICY p ON public.a USING (true)`, false, "none", "[public.a]"},
		{"a second policy that lets everything through", force + byTenant + `CREATE POLICY q ON public.a FOR SELECT USING (true)`, false, "none", "[public.a]"},
		{"the same for support only, application declared", force + byTenant + `CREATE POLICY q ON public.a FOR SELECT TO "$_support" USING (true)`, true, "row_level_security", "[]"},
		{"the same for support only, application unknown", force + byTenant + `CREATE POLICY q ON public.a FOR SELECT TO "$_support" USING (true)`, false, "unknown undeclared", "[]+"},
		{"a restrictive policy over an open one", force + `CREATE POLICY q ON public.a USING (true);
			CREATE POLICY p ON public.a AS RESTRICTIVE USING (tenant = current_user)`, false, "row_level_security", "[]"},
		{"reading by tenant, writing anything", force + `CREATE POLICY p ON public.a USING (tenant = current_user) WITH CHECK (true)`, false, "none", "[public.a]"},
		{"another column", force + `CREATE POLICY p ON public.a USING (note = current_user)`, false, "none", "[public.a]"},
		{"not forced, application is not the owner", `ALTER TABLE public.a ENABLE ROW LEVEL SECURITY; ALTER TABLE public.a OWNER TO "$_owner"; ` + byTenant, true, "row_level_security", "[]"},
		{"not forced, application owns it", `ALTER TABLE public.a ENABLE ROW LEVEL SECURITY; ALTER TABLE public.a OWNER TO "$_app"; ` + byTenant, true, "none", "[public.a]"},
		{"not forced, application can become the owner", `ALTER TABLE public.a ENABLE ROW LEVEL SECURITY; ALTER TABLE public.a OWNER TO "$_owner"; GRANT "$_owner" TO "$_app"; ` + byTenant, true, "none", "[public.a]"},
		{"not forced, application unknown", `ALTER TABLE public.a ENABLE ROW LEVEL SECURITY; ALTER TABLE public.a OWNER TO "$_app"; ` + byTenant, false, "unknown undeclared", "[]+"},
		{"application bypasses it", force + byTenant + `ALTER ROLE "$_app" BYPASSRLS`, true, "none", "[public.a]"},
		{"support bypasses it", force + byTenant + `ALTER ROLE "$_support" BYPASSRLS`, true, "row_level_security", "[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.exec(`CREATE TABLE public.a (tenant text, note text, ended date); CREATE ROLE "$_owner"; CREATE ROLE "$_app" LOGIN; CREATE ROLE "$_support" LOGIN;` + c.sql)
			cfg := w.config()
			cfg.Tables = []Table{{Schema: "public", Name: "a", Class: "file", TenantColumn: "tenant"}}
			if c.app {
				cfg.AppRoles = []string{"*_app"}
			}
			got := mustCollect(t, cfg).datastore().Tenancy
			want(t, "isolation", got.Isolation, c.isolation)
			want(t, "unprotected", got.Unprotected, c.unprotected)
		})
	}
}

// A partition that others may read directly has no policy, whatever its parent has.
func TestTenancyOfPartitions(t *testing.T) {
	w := newWorld(t)
	w.exec(`CREATE TABLE public.a (tenant text, d date) PARTITION BY RANGE (d);
		ALTER TABLE public.a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
		CREATE POLICY p ON public.a USING (tenant = current_user); CREATE ROLE "$_app" LOGIN;
		CREATE TABLE public.a_open PARTITION OF public.a FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
		CREATE TABLE public.a_shut PARTITION OF public.a FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
		CREATE TABLE public.a_safe PARTITION OF public.a FOR VALUES FROM ('2022-01-01') TO ('2023-01-01');
		ALTER TABLE public.a_safe ENABLE ROW LEVEL SECURITY;
		GRANT SELECT ON public.a_open, public.a_safe TO "$_app"`)
	cfg := w.config()
	cfg.Tables = []Table{{Schema: "public", Name: "a", Class: "file", TenantColumn: "tenant"},
		{Schema: "public", Name: "gone", Class: "file", TenantColumn: "tenant"}}
	got := mustCollect(t, cfg).datastore().Tenancy
	want(t, "isolation", got.Isolation, "row_level_security")
	want(t, "unprotected, one table missing", got.Unprotected, "[public.a_open]+")
}

func TestTenancyWithoutTenantColumnIsNotJudged(t *testing.T) {
	w := newWorld(t)
	w.exec(`CREATE TABLE public.a (d date)`)
	cfg := w.config()
	cfg.Tables = []Table{{Schema: "public", Name: "a", Class: "file"}}
	if got := mustCollect(t, cfg).datastore().Tenancy; got.Isolation.IsSet() || got.Unprotected.IsSet() {
		t.Errorf("judged: %s, %s", show(got.Isolation), show(got.Unprotected))
	}
}
