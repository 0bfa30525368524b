package postgres

import (
	"strings"
	"testing"

	"waarborg/internal/inventory"
)

// The roles of this test are faults, and look-alikes that must not be taken for one.
const grantsSQL = `
CREATE SCHEMA app; CREATE SCHEMA closed;
CREATE TABLE app.tenant (id int, email text); CREATE TABLE app.log (id int); CREATE TABLE closed.secret (id int);
CREATE VIEW app.active AS SELECT id FROM app.tenant;
CREATE TABLE app.parts (id int) PARTITION BY RANGE (id);
CREATE TABLE app.parts_1 PARTITION OF app.parts FOR VALUES FROM (1) TO (10);
CREATE ROLE "$_readers"; CREATE ROLE "$_writers"; CREATE ROLE "$_team" LOGIN; CREATE ROLE "$_owner"; CREATE ROLE "$_all";
GRANT USAGE ON SCHEMA app TO "$_readers", "$_writers", "$_team", "$_all";
GRANT SELECT ON app.tenant TO "$_readers"; GRANT INSERT, UPDATE ON app.tenant TO "$_writers"; GRANT TRUNCATE ON app.log TO "$_team";
GRANT "$_readers" TO "$_writers";
CREATE ROLE "$_anna" LOGIN; GRANT "$_writers" TO "$_anna";
CREATE ROLE "$_bert" LOGIN NOINHERIT; GRANT "$_readers" TO "$_bert";
CREATE ROLE "$_carl" LOGIN; GRANT "$_team" TO "$_carl";
CREATE ROLE "$_direct" LOGIN; GRANT USAGE ON SCHEMA app TO "$_direct"; GRANT SELECT ON app.tenant TO "$_direct";
CREATE ROLE "$_column" LOGIN; GRANT USAGE ON SCHEMA app TO "$_column"; GRANT SELECT (email) ON app.tenant TO "$_column";
CREATE ROLE "$_view" LOGIN; GRANT USAGE ON SCHEMA app TO "$_view"; GRANT SELECT ON app.active TO "$_view";
CREATE ROLE "$_part" LOGIN; GRANT USAGE ON SCHEMA app TO "$_part"; GRANT DELETE ON app.parts_1 TO "$_part";
CREATE ROLE "$_noschema" LOGIN; GRANT SELECT ON closed.secret TO "$_noschema";
CREATE ROLE "$_nothing" LOGIN; GRANT REFERENCES ON app.tenant TO "$_nothing";
CREATE ROLE "$_super" LOGIN SUPERUSER; CREATE ROLE "$_dba" SUPERUSER; CREATE ROLE "$_becomes" LOGIN; GRANT "$_dba" TO "$_becomes";
CREATE ROLE "$_makes" LOGIN CREATEROLE; CREATE ROLE "$_bypass" LOGIN BYPASSRLS; CREATE ROLE "$_repl" LOGIN REPLICATION;
CREATE ROLE "$_owns" LOGIN; GRANT "$_owner" TO "$_owns"; ALTER TABLE app.log OWNER TO "$_owner";
CREATE ROLE "$_expired" LOGIN VALID UNTIL '2020-02-03 04:05:06+01'; GRANT "$_readers" TO "$_expired";
CREATE ROLE "$_forever" LOGIN VALID UNTIL 'infinity'; GRANT "$_readers" TO "$_forever";
CREATE ROLE "$_future" LOGIN; GRANT USAGE ON SCHEMA app TO "$_future";
CREATE ROLE "$_svc_future" LOGIN; GRANT USAGE ON SCHEMA app TO "$_svc_future";
ALTER DEFAULT PRIVILEGES FOR ROLE "$_owner" IN SCHEMA app GRANT SELECT ON TABLES TO "$_future", "$_svc_future";
CREATE ROLE "$_kiosk" LOGIN; GRANT "$_readers" TO "$_kiosk";
CREATE ROLE "$_program" LOGIN; GRANT pg_execute_server_program TO "$_program";
CREATE ROLE "$_nologin" NOLOGIN; GRANT "$_readers" TO "$_nologin"`

func TestGrants(t *testing.T) {
	w := newWorld(t)
	w.exec(grantsSQL)
	cfg := w.config()
	cfg.ServiceRoles, cfg.SharedRoles = []string{"*_svc_*"}, []string{"*_kiosk"}
	cfg.PersonRoles = []string{"*_anna", "*_bert", "*_carl", "*_future"}
	o := mustCollect(t, cfg)

	for _, c := range []struct {
		role, rights, label, path string
		direct, wildcard          bool
	}{
		{"anna", "[read,write]", "privileges", "[$_writers]", false, false},
		{"bert", "[read]", "privileges", "[$_readers]", false, false},
		{"carl", "[delete]", "privileges", "[token of $_team]", false, false},
		{"direct", "[read]", "privileges", "[]", true, false},
		{"column", "[read]", "privileges", "[]", true, false},
		{"view", "[read]", "privileges", "[]", true, false},
		{"part", "[delete]", "privileges", "[]", true, false},
		{"super", "[administer,delete,read,write]", "superuser", "[]", true, true},
		{"becomes", "[administer,delete,read,write]", "superuser", "[$_dba]", false, true},
		{"makes", "[administer]", "createrole", "[]", true, false},
		{"bypass", "[administer]", "bypassrls", "[]", true, false},
		{"repl", "[read]", "replication", "[]", true, true},
		{"owns", "[administer,delete,read,write]", "owner", "[$_owner]", false, false},
		{"future", "[read]", "default privileges", "[]", true, true},
		{"svc_future", "[read]", "default privileges", "[]", true, false},
		{"program", "[administer,delete,read,write]", "pg_execute_server_program", "[pg_execute_server_program]", false, true},
	} {
		t.Run(c.role, func(t *testing.T) {
			g := o.grant(w.db + "_" + c.role)
			if g == nil {
				t.Fatal("no grant")
			}
			path := strings.ReplaceAll(c.path, "token of $_team", o.names.Token(w.db+"_team"))
			want(t, "rights", g.Rights, c.rights)
			want(t, "role", g.Role, c.label)
			want(t, "path", g.Path, strings.ReplaceAll(path, "$_", w.db+"_"))
			want(t, "target", g.Target, "pg/crm")
			wantBool(t, "direct", g.Direct, c.direct)
			wantBool(t, "wildcard", g.Wildcard, c.wildcard)
			wantBool(t, "enabled", g.Enabled, true)
			wantBool(t, "standing", g.Standing, true)
		})
	}
	for _, role := range []string{"noschema", "nothing", "nologin", "readers"} {
		if g := o.grant(w.db + "_" + role); g != nil {
			t.Errorf("%s has a grant, though it reaches no table: %s", role, show(g.Rights))
		}
	}
	if g := o.grant("PUBLIC"); g != nil {
		t.Errorf("PUBLIC has a grant, though nothing was granted to it: %s", show(g.Rights))
	}
	want(t, "expiry in the past", o.grant(w.db+"_expired").Expires, "2020-02-03T03:05:06Z")
	want(t, "expiry of infinity", o.grant(w.db+"_forever").Expires, "absent")
	want(t, "type of a person", o.grant(w.db+"_anna").Type, "person")
	want(t, "type of a service", o.grant(w.db+"_svc_future").Type, "service")
	want(t, "type of what nobody declared", o.grant(w.db+"_direct").Type, "unknown undeclared")
	want(t, "a shared role", o.grant(w.db+"_kiosk").Shared, "true")
	want(t, "a role that is not shared", o.grant(w.db+"_anna").Shared, "false")
}

func wantBool(t *testing.T, what string, f inventory.Fact[bool], expected bool) {
	t.Helper()
	if v, ok := f.Value(); !ok || v != expected {
		t.Errorf("%s: %s, want %v", what, show(f), expected)
	}
}

func TestPublicGrant(t *testing.T) {
	for _, c := range []struct{ name, sql, rights, wildcard string }{
		{"nothing", `CREATE TABLE public.a (i int)`, "", ""},
		{"a view", `CREATE VIEW public.v AS SELECT 1 AS one; GRANT SELECT ON public.v TO PUBLIC`, "[read]", "false"},
		{"a view of an extension", `CREATE VIEW public.v AS SELECT 1 AS one; GRANT SELECT ON public.v TO PUBLIC; ALTER EXTENSION plpgsql ADD VIEW public.v`, "", ""},
		{"a table", `CREATE TABLE public.a (i int); GRANT SELECT, DELETE ON public.a TO PUBLIC`, "[delete,read]", "false"},
		{"a column", `CREATE TABLE public.a (i int); GRANT UPDATE (i) ON public.a TO PUBLIC`, "[write]", "false"},
		{"a schema that nobody may use", `CREATE SCHEMA s; CREATE TABLE s.a (i int); GRANT SELECT ON s.a TO PUBLIC`, "", ""},
		{"tables to come", `ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC`, "[read]", "true"},
		{"functions to come", `ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC`, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.exec(c.sql)
			g := mustCollect(t, w.config()).grant("PUBLIC")
			if g == nil {
				if c.rights != "" {
					t.Fatalf("no grant, want %s", c.rights)
				}
				return
			}
			want(t, "rights", g.Rights, c.rights)
			want(t, "wildcard", g.Wildcard, c.wildcard)
			want(t, "type", g.Type, "public")
			want(t, "principal", g.Principal, "public")
		})
	}
}

// A table for everybody in a schema for few is open to these few, each by its own membership.
func TestHalfPublic(t *testing.T) {
	w := newWorld(t)
	w.exec(`CREATE SCHEMA s; CREATE TABLE s.a (i int); GRANT SELECT ON s.a TO PUBLIC;
		CREATE ROLE "$_in"; GRANT USAGE ON SCHEMA s TO "$_in"; CREATE ROLE "$_few" LOGIN; GRANT "$_in" TO "$_few"; CREATE ROLE "$_out" LOGIN`)
	o := mustCollect(t, w.config())
	if o.grant("PUBLIC") != nil || o.grant(w.db+"_out") != nil {
		t.Error("who may not use the schema has a grant")
	}
	want(t, "path", o.grant(w.db+"_few").Path, "["+w.db+"_in]")
}

func TestWhoCannotConnectHasNoGrant(t *testing.T) {
	w := newWorld(t)
	w.exec(`CREATE TABLE public.a (i int); GRANT USAGE ON SCHEMA public TO PUBLIC;
		CREATE ROLE "$_door"; CREATE ROLE "$_out" LOGIN; CREATE ROLE "$_in" LOGIN; CREATE ROLE "$_late" LOGIN NOINHERIT;
		REVOKE CONNECT ON DATABASE ` + w.db + ` FROM PUBLIC; GRANT CONNECT ON DATABASE ` + w.db + ` TO "$_door";
		GRANT "$_door" TO "$_in"; GRANT "$_door" TO "$_late"; GRANT SELECT ON public.a TO "$_out", "$_in", "$_late"`)
	o := mustCollect(t, w.config())
	if o.grant(w.db+"_out") != nil || o.grant(w.db+"_late") != nil {
		t.Error("a role that cannot connect has a grant")
	}
	if o.grant(w.db+"_in") == nil {
		t.Error("a role that can connect through a membership has no grant")
	}
}

// Since PostgreSQL 16 each membership says whether it inherits and whether it allows SET ROLE.
func TestMembershipOptions(t *testing.T) {
	w := newWorld(t)
	c, err := New(w.config())
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.close()
	options := []string{"", ""} // before 16 there are none: both can SET ROLE
	if s.version >= 16 {
		options = []string{" WITH INHERIT FALSE, SET TRUE", " WITH INHERIT FALSE, SET FALSE, ADMIN FALSE"}
	}
	w.exec(`CREATE TABLE public.a (i int); CREATE ROLE "$_r"; GRANT USAGE ON SCHEMA public TO "$_r"; GRANT SELECT ON public.a TO "$_r";
		CREATE ROLE "$_set" LOGIN; CREATE ROLE "$_none" LOGIN; CREATE ROLE "$_admin" LOGIN NOINHERIT;
		GRANT "$_r" TO "$_set"` + options[0] + `; GRANT "$_r" TO "$_none"` + options[1] + `; GRANT "$_r" TO "$_admin" WITH ADMIN OPTION`)
	o := mustCollect(t, w.config())
	if o.grant(w.db+"_set") == nil || o.grant(w.db+"_admin") == nil {
		t.Error("a role that can SET ROLE, or can give itself the right to, has no grant")
	}
	if has := o.grant(w.db+"_none") != nil; has == (s.version >= 16) {
		t.Errorf("version %d: a membership without any option gives a grant: %v", s.version, has)
	}
}

func TestRolesThatDifferInCase(t *testing.T) {
	w := newWorld(t)
	w.exec(`CREATE TABLE public.a (i int); GRANT USAGE ON SCHEMA public TO PUBLIC; CREATE ROLE "$_Anna" LOGIN; CREATE ROLE "$_anna" LOGIN;
		GRANT SELECT ON public.a TO "$_Anna"; GRANT DELETE ON public.a TO "$_anna"`)
	o := mustCollect(t, w.config())
	if _, err := inventory.EncodeAll(o.drafts); err != nil {
		t.Error(err)
	}
	first, second := o.grant(w.db+"_Anna"), o.draft("pg/crm/grant/"+o.names.Token(w.db+"_anna")+"-2").Attributes.(*inventory.Grant)
	want(t, "the first", first.Rights, "[read]")
	want(t, "the second", second.Rights, "[delete]")
	if show(first.Principal) != show(second.Principal) {
		t.Error("one name to a directory, two principals")
	}
}

// What SET ROLE reaches and what is inherited do not mix freely: after an inherited membership there is no SET ROLE.
func TestWalkDoesNotMixSetAndInherit(t *testing.T) {
	cat := &catalogue{roles: []role{{OID: 1, Name: "a"}, {OID: 2, Name: "b"}, {OID: 3, Name: "c"}},
		members: []membership{{Member: 1, Role: 2, Inherit: true}, {Member: 2, Role: 3, Set: true}}}
	g := newGraph(cat)
	if !g.reaches(1, 2) || !g.reaches(2, 3) || g.reaches(1, 3) {
		t.Errorf("reaches: 1-2 %v, 2-3 %v, 1-3 %v", g.reaches(1, 2), g.reaches(2, 3), g.reaches(1, 3))
	}
}

func TestOwnersOfTheDatabaseAndBuiltInRoles(t *testing.T) {
	w := newWorld(t)
	w.exec(`CREATE TABLE public.a (i int); CREATE ROLE "$_reader" LOGIN; CREATE ROLE "$_writer" LOGIN; CREATE ROLE "$_owner" LOGIN;
		ALTER DATABASE ` + w.db + ` OWNER TO "$_owner"; CREATE ROLE "$_keeper" LOGIN; CREATE SCHEMA kept AUTHORIZATION "$_keeper";
		CREATE TABLE kept.a (i int); GRANT INSERT ON kept.a TO "$_keeper";
		DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'pg_read_all_data') THEN
			GRANT pg_read_all_data TO "$_reader"; GRANT pg_write_all_data TO "$_writer"; END IF; END $$`)
	o := mustCollect(t, w.config())
	owner := o.grant(w.db + "_owner")
	want(t, "the owner's rights", owner.Rights, "[administer,delete]")
	want(t, "the owner's path", owner.Path, "[]")
	want(t, "the rights of a schema's owner", o.grant(w.db+"_keeper").Rights, "[administer,delete,write]")
	reader, writer := o.grant(w.db+"_reader"), o.grant(w.db+"_writer")
	if reader == nil { // PostgreSQL 13 has no such roles
		return
	}
	want(t, "the reader's rights", reader.Rights, "[read]")
	want(t, "the reader's path", reader.Path, "[pg_read_all_data]")
	want(t, "the reader's wildcard", reader.Wildcard, "true")
	want(t, "the writer's rights", writer.Rights, "[delete,write]")
}
