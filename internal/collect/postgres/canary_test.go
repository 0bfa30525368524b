package postgres

import (
	"strings"
	"testing"
)

// Nothing that a person wrote or is may leave the database: rows, comments, role names, settings, tenants, conditions
// of policies.
func TestNothingPersonalLeaves(t *testing.T) {
	w := newWorld(t)
	w.exec(`CREATE TABLE public.a (tenant text, ended date, email text);
		COMMENT ON TABLE public.a IS 'canary-comment'; COMMENT ON COLUMN public.a.email IS 'canary-comment';
		INSERT INTO public.a VALUES ('canary-tenant', '2020-01-01', 'canary-row@example.nl'), ('t-a', '2021-01-01', 'canary-row@example.nl');
		CREATE ROLE "$_canary-role" LOGIN PASSWORD 'canary-password'; COMMENT ON ROLE "$_canary-role" IS 'canary-comment';
		CREATE ROLE "$_member" LOGIN; GRANT "$_canary-role" TO "$_member"; ALTER TABLE public.a OWNER TO "$_canary-role";
		ALTER ROLE "$_canary-role" SET canary.token = 'canary-setting'; ALTER ROLE "$_canary-role" SET log_statement = 'none';
		ALTER TABLE public.a ENABLE ROW LEVEL SECURITY; CREATE POLICY "canary-policy" ON public.a USING (tenant = 'canary-condition');
		CREATE FUNCTION public.f() RETURNS text LANGUAGE sql AS 'SELECT ''canary-body''';
		CREATE PUBLICATION "canary-publication" FOR TABLE public.a`)
	cfg := w.config()
	cfg.Tenants = map[string]string{"t-a": "woonstad"}
	cfg.Tables = []Table{{Schema: "public", Name: "a", Class: "file", TenantColumn: "tenant", TriggerColumn: "ended"}}
	o := mustCollect(t, cfg)
	text := o.text()
	if !strings.Contains(text, "2020-01-01") || o.grant(w.db+"_canary-role") == nil {
		t.Fatal("the test does not see what it is about")
	}
	for _, canary := range []string{"canary", w.db + "_member", "t-a", "example.nl"} {
		if at := strings.Index(text, canary); at >= 0 {
			t.Errorf("%q leaves: …%s…", canary, text[max(0, at-80):min(len(text), at+80)])
		}
	}
}
