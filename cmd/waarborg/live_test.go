package main

import (
	"compress/gzip"
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/testpg"
)

// liveFaults is everything that is wrong in the seeded systems: each line of it is seeded, and nothing else may be found.
var liveFaults = []string{
	"ACC-018 db/crm",                   // crm.contacts has no policy
	"SEC-002 db/crm", "SEC-043 db/crm", // plain text from 10.0.0.0/8, and the socket's trust that testpg needs
	"RET-002 db/crm/dataset/tenant_file/crm.tenants/north", // 900 days, agreed 730
	"RET-002 db/crm/dataset/tenant_file/crm.tenants/south", // 500 days, agreed 365

	// A person who is superuser: all rights, always, to everything that is and will be.
	"ACC-001 db/crm/grant/<anna_dba>", "ACC-002 db/crm/grant/<anna_dba>", "ACC-005 db/crm/grant/<anna_dba>",
	"ACC-006 db/crm/grant/<anna_dba>", "ACC-011 db/crm/grant/<anna_dba>",
	"ACC-001 db/crm/grant/<carl_intern>", "ACC-011 db/crm/grant/<carl_intern>",

	// A pattern over all secrets: of a batch job, of a person, and of the root token that was left over.
	"ACC-001 vault/grant/approle-<batch>/crm-db", "ACC-005 vault/grant/approle-<batch>/crm-db",
	"ACC-001 vault/grant/staff-<anna.de.vries>/crm-db", "ACC-005 vault/grant/staff-<anna.de.vries>/crm-db",
	"ACC-006 vault/grant/staff-<anna.de.vries>/crm-db", "ACC-011 vault/grant/staff-<anna.de.vries>/crm-db",
	"ACC-001 vault/grant/<root>/crm-db", "ACC-005 vault/grant/<root>/crm-db",
	"SEC-033 vault/store",                                // that root token itself
	"ACC-015 vault/store",                                // the policy operator
	"SEC-032 vault/store",                                // no audit device
	"SEC-035 vault/store", "SEC-013 vault/sign-in/temps", // users of temps sign in without a second factor
	"SEC-042 vault/store",               // in memory and without TLS, as test servers are
	"SEC-052 vault/key/transit/signing", // exportable
}

// liveUnknown is everything that the two systems cannot tell, by why.
func liveUnknown() []string {
	out := []string{
		"RET-002 db/crm/dataset/tenant_file/crm.tenants/east", // has records, and east agreed no term
		"RET-001 db/crm/dataset/tenant_file/crm.tenants/east", "RET-001 db/crm/dataset/contact/crm.contacts/east",
		// Records of a tenant of no customer: nobody agreed anything about them.
		"RET-001 db/crm/dataset/tenant_file/crm.tenants/(no customer)", "RET-002 db/crm/dataset/tenant_file/crm.tenants/(no customer)",
		// The collector reports the table for those who do not take the application, too; nothing is agreed with them.
		"RET-001 db/crm/dataset/account/portal.accounts/east", "RET-001 db/crm/dataset/account/portal.accounts/south",
		"ACC-012 db/crm/grant/<postgres>", // an emergency account: when it was reviewed stands nowhere
		"SEC-031 db/crm",                  // how many passwords are md5 takes a superuser
	}
	// What a database server does not know of itself: disks, backups, where logs go, what surrounds it.
	for _, rule := range []string{"TRF-003", "RET-003", "RET-004", "RET-007", "RET-009", "SEC-001", "SEC-003", "SEC-006", "SEC-007", "SEC-008", "SEC-009", "SEC-029"} {
		out = append(out, rule+" db/crm")
	}
	// When a right was last reviewed and used is kept by neither; whether a person left, by the staff records.
	grants := []string{"db/crm/grant/<anna_dba>", "db/crm/grant/<bob_support>", "db/crm/grant/<carl_intern>", "db/crm/grant/<app_crm>",
		"db/crm/grant/<waarborg>", "vault/grant/approle-<app>/crm-db", "vault/grant/approle-<batch>/crm-db",
		"vault/grant/staff-<anna.de.vries>/crm-db", "vault/grant/<root>/crm-db"}
	for _, g := range grants {
		out = append(out, "ACC-007 "+g, "ACC-008 "+g)
	}
	out = append(out, "ACC-007 db/crm/grant/<postgres>")
	for _, person := range []string{"db/crm/grant/<anna_dba>", "db/crm/grant/<bob_support>", "db/crm/grant/<carl_intern>", "vault/grant/staff-<anna.de.vries>/crm-db"} {
		out = append(out, "ACC-009 "+person)
	}
	out = append(out, "ACC-003 vault/grant/approle-<app>/crm-db", "ACC-003 vault/grant/approle-<batch>/crm-db") // who shares a role's secret
	// Whose a token is that was made by hand.
	for _, rule := range []string{"TRF-005", "ACC-002", "ACC-003", "ACC-004", "ACC-006", "ACC-009", "ACC-011"} {
		out = append(out, rule+" vault/grant/<root>/crm-db")
	}
	// Vault's userpass keeps no rules for passwords, devices, networks and sessions, and does not know who left.
	for _, rule := range []string{"ACC-016", "SEC-010", "SEC-011", "SEC-012", "SEC-014", "SEC-015", "SEC-016"} {
		out = append(out, rule+" vault/sign-in/staff", rule+" vault/sign-in/temps")
	}
	return append(out, "SEC-013 vault/sign-in/staff") // has a second factor; whether older protocols go round it is not known
}

func TestLiveFindsAllFaultsAndNothingElse(t *testing.T) {
	l := newLive(t)
	r := results(t, l.must(t, exitNotMet, "check", "--format", "json"))
	same(t, "not met", l.readable(having(r, assess.Fail)), liveFaults)
	same(t, "unknown", l.readable(having(r, assess.Unknown)), liveUnknown())

	// The stricter term decides for the customer who agreed it, and for nobody else.
	for _, x := range r.Results {
		if x.Rule == "RET-002" && x.Status == assess.Fail && !slices.Equal(x.Customers, []string{x.Resource[strings.LastIndex(x.Resource, "/")+1:]}) {
			t.Errorf("%s is judged for %q", x.Resource, x.Customers)
		}
	}
	liveViews(t, l, r)
	liveVaultStops(t, l, r)
}

// liveViews compares each customer's view with the whole: its own datasets and all that is shared, and nothing else. What
// serves nobody in particular, such as the Vault, has no name of its own there.
func liveViews(t *testing.T, l *live, whole assess.Results) {
	for _, customer := range []string{"north", "south", "east"} {
		code, out, _ := l.run(t.Context(), "check", "--customer", customer, "--format", "json")
		if code != exitNotMet {
			t.Errorf("%s: exit status %d", customer, code)
		}
		if strings.Contains(out, "vault/store") || strings.Contains(out, "vault/key/") {
			t.Errorf("%s sees the name of what serves nobody in particular", customer)
		}
		view := results(t, out).Results
		named := map[string]bool{}
		for _, x := range view {
			named[x.Resource] = true
			if part, ok := strings.CutPrefix(x.Resource, "db/crm/dataset/"); ok && !strings.HasSuffix(part, "/"+customer) {
				t.Errorf("%s sees %s", customer, x.Resource)
			}
		}
		entry := func(x assess.Result) string {
			resource := x.Resource
			if strings.HasPrefix(resource, "shared/") || !named[resource] {
				resource = "shared/" + string(x.Kind)
			}
			return string(x.Status) + " " + x.Rule + " " + resource
		}
		var got, want []string
		for _, x := range view {
			got = append(got, entry(x))
		}
		for _, x := range whole.Results {
			if slices.Contains(x.Customers, customer) {
				want = append(want, entry(x))
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			same(t, "view of "+customer, got, want)
			t.Errorf("view of %s: %d results, want %d", customer, len(got), len(want))
		}
		own := "db/crm/dataset/tenant_file/crm.tenants/" + customer
		if !strings.Contains(out, own) {
			t.Errorf("%s does not see %s", customer, own)
		}
	}
}

// liveVaultStops seals the Vault: all that it should have told is unknown, and what the database told is what it was.
func liveVaultStops(t *testing.T, l *live, before assess.Results) {
	l.vault.Write(t, "sys/seal", map[string]any{})
	code, out, errs := l.run(t.Context(), "check", "--format", "json")
	after := results(t, out)
	if code != exitNotMet {
		t.Errorf("exit status %d, though the database still fails\n%s", code, errs)
	}
	fromDatabase := func(r assess.Results, s assess.Status) []string {
		return slices.DeleteFunc(l.readable(having(r, s)), func(x string) bool { return strings.Contains(x, " vault/") })
	}
	for _, s := range []assess.Status{assess.Fail, assess.Unknown, assess.Pass} {
		same(t, string(s)+" of the database", fromDatabase(after, s), fromDatabase(before, s))
	}
	unknown := 0
	for _, x := range after.Results {
		if !strings.HasPrefix(x.Resource, "vault/") {
			continue
		}
		// How it is stored, and that it has no TLS, a sealed Vault still tells to anybody.
		if x.Status != assess.Unknown && x.Rule != "SEC-042" {
			t.Errorf("%s on %s is %s, though Vault is sealed", x.Rule, x.Resource, x.Status)
		}
		unknown++
	}
	if unknown < 10 {
		t.Errorf("only %d checks of the sealed Vault are left: the others vanished", unknown)
	}
	if s := after.Sources[slices.IndexFunc(after.Sources, func(s assess.SourceState) bool { return s.ID == "vault" })]; s.Status != "failed" || !strings.Contains(s.Message, "is sealed") {
		t.Errorf("source: %+v", s)
	}
	if code, _, errs := l.run(t.Context(), "collect", "-o", filepath.Join(l.dir, "snap.json.gz")); code != exitUnknown || !strings.Contains(errs, "is sealed") {
		t.Errorf("collect: exit status %d\n%s", code, errs)
	}
}

// A database that accepts a connection and then says nothing costs its timeout, and none of the others' facts.
func TestLiveDatabaseThatHangs(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	go func() {
		for {
			conn, err := silent.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
		}
	}()
	f := small()
	f["waarborg.yaml"] += "  - id: db\n    type: postgres\n    timeout: 2s\n    settings: {dsn: env:DATABASE, database: crm, location: {country: NL}}\n"
	f["datamap.yaml"] += `  - id: crm-db
    applications: [crm]
    source: db
    match: crm
    provider: azure
    environment: production
    categories: [name]
`
	s := newShell(t, f)
	s.env["DATABASE"] = "postgres://waarborg:" + canaryPassword + "@" + silent.Addr().String() + "/crm?sslmode=disable"
	start := time.Now()
	out := s.must(t, exitNotMet, "check", "--format", "json")
	if took := time.Since(start); took < 2*time.Second || took > 8*time.Second {
		t.Errorf("it took %s, with a timeout of 2s", took)
	}
	r := results(t, out)
	same(t, "not met", having(r, assess.Fail), []string{"TRF-001 cloud/abroad"})
	met := slices.DeleteFunc(having(r, assess.Pass), func(x string) bool { return !strings.Contains(x, " db/") })
	// The data map says who hosts it and what it holds, the source's settings where it stands: that takes no look.
	same(t, "met without a look", met, []string{"SUB-002 db/crm", "SUB-005 db/crm", "SUB-010 db/crm", "TRF-001 db/crm"})
	if !slices.Contains(having(r, assess.Unknown), "SEC-002 db/crm") && !slices.Contains(having(r, assess.Unknown), "SEC-002 db/unread/crm-db") {
		t.Errorf("the database's checks vanished: %q", having(r, assess.Unknown))
	}
	states := map[string]string{}
	for _, x := range r.Sources {
		states[x.ID] = x.Status
	}
	if !maps.Equal(states, map[string]string{"cloud": "complete", "db": "failed"}) {
		t.Errorf("sources: %v", states)
	}
	if strings.Contains(out, canaryPassword) {
		t.Error("the password of the connection string is in the results")
	}
}

// Two stores on one server number their customers apart: 1 is north in the one and south in the other.
func TestLiveTenantKeysOfTwoStores(t *testing.T) {
	pg := testpg.Start(t, testpg.Options{})
	pg.Exec(t, "postgres", `CREATE TABLE public.letters (org int, ended date); CREATE TABLE public.visits (org int, ended date);
		INSERT INTO public.letters VALUES (1, current_date - 900), (2, current_date - 10);
		INSERT INTO public.visits VALUES (1, current_date - 10), (2, current_date - 900)`)
	f := small()
	for id, tenants := range map[string]string{"north": `{letters: ["1"], visits: ["2"]}`, "south": `{letters: ["2"], visits: ["1"]}`} {
		f["agreements/customers/"+id+".yaml"] += "tenants: " + tenants + `
instructions:
  - {id: keep, date: 2024-02-01, document: Letter, subject: retention}
terms:
  - {path: retention.crm.letter.days, value: 100, instruction: keep, source: {document: Letter, date: 2024-02-01}}
  - {path: retention.crm.visit.days, value: 100, instruction: keep, source: {document: Letter, date: 2024-02-01}}
`
	}
	for id, class := range map[string]string{"letters": "letter", "visits": "visit"} {
		f["datamap.yaml"] += `  - id: ` + id + `
    applications: [crm]
    source: db
    match: ` + id + `
    provider: azure
    environment: production
    categories: [name]
    tables:
      - {table: public.` + id + `, class: ` + class + `, tenant_column: org, trigger: {column: ended, meaning: end, en: a, nl: b}}
`
	}
	f["waarborg.yaml"] += "  - {id: db, type: postgres, settings: {dsn: env:DATABASE, database: crm, location: {country: NL}}}\n"
	s := newShell(t, f)
	s.now = time.Now().UTC()
	s.env["DATABASE"] = pg.Socket("postgres", testpg.Superuser)
	r := results(t, s.must(t, exitNotMet, "check", "--format", "json"))
	late := slices.DeleteFunc(having(r, assess.Fail), func(x string) bool { return !strings.HasPrefix(x, "RET-002 ") })
	same(t, "kept too long", late, []string{"RET-002 db/crm/dataset/letter/public.letters/north", "RET-002 db/crm/dataset/visit/public.visits/north"})
}

// Nothing that a person wrote or is, and no secret, is in anything that the program writes or shows.
func TestLiveNothingPersonalIsWritten(t *testing.T) {
	l := newLive(t)
	var all strings.Builder
	see := func(args ...string) {
		_, out, errs := l.run(t.Context(), args...)
		all.WriteString(out + errs)
	}
	snap := filepath.Join(l.dir, "snap.json.gz")
	see("collect", "-o", snap)
	for _, format := range []string{"table", "json", "md"} {
		see("check", "--all", "--debug", "--format", format)
		see("check", "--snapshot", snap, "--format", format, "--lang", "nl")
		see("check", "--snapshot", snap, "--customer", "north", "--format", format)
	}
	see("doctor", "--debug")
	see("status")
	see("coverage", "--format", "json")
	l.env["DATABASE"] = strings.Replace(l.env["DATABASE"], canaryPassword, canaryPassword+"-wrong", 1)
	l.env["VAULT"] += "x"
	see("check", "--debug")
	see("doctor")
	all.WriteString(unpacked(t, snap))
	results, err := os.ReadFile(filepath.Join(l.dir, ".waarborg", "last-results.json"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ToLower(all.String() + string(results))
	if !strings.Contains(text, "crm.tenants") || !strings.Contains(text, "approle") {
		t.Fatal("the test does not see what it is about")
	}
	secrets := append(slices.Clone(livePeople), canaryRow, canaryTenant, canaryPassword, canarySecret, canaryComment, "jansen", "hvs.",
		l.vault.RootToken, l.vault.UnsealKey, l.env["WAARBORG_PASSPHRASE"], "current_setting", "app.org", "'n-1'", `"s-2"`)
	for _, s := range secrets {
		if at := strings.Index(text, strings.ToLower(s)); at >= 0 {
			t.Errorf("%q is written: …%s…", s, text[max(0, at-100):min(len(text), at+100)])
		}
	}
}

// unpacked is the text of a snapshot.
func unpacked(t *testing.T, file string) string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
