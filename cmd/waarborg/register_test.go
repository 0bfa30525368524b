package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"errors"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/internal/sign"
	"waarborg/policies"
	"waarborg/subprocessors"
)

// keyedShell is a shell in a workspace that has keys, and the app that runs there.
func keyedShell(t *testing.T, f files, lang string) (*shell, *app) {
	t.Helper()
	s := newShell(t, f)
	s.must(t, exitMet, "keys", "init")
	return s, s.app(lang)
}

func (s *shell) app(lang string) *app {
	return &app{dir: s.dir, lang: lang, outside: outside{in: strings.NewReader(""), out: &bytes.Buffer{}, err: &bytes.Buffer{},
		env: func(name string) (string, bool) { v, ok := s.env[name]; return v, ok }, now: func() time.Time { return s.now }}}
}

// write seals an export with a workspace's key.
func (a *app) writeRegister(t *testing.T, s *space, e subprocessors.Export) string {
	t.Helper()
	key, err := sign.Open(s.keys(), sign.Evidence, a.passphrase(s))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "register.json")
	_, err = subprocessors.WriteFile(file, e, func(message []byte) (subprocessors.Seal, error) {
		sig, err := key.Sign(sign.ContextRegister, message)
		return subprocessors.Seal(sig), err
	})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func loaded(t *testing.T, a *app) *space {
	t.Helper()
	s, err := a.load()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestRegisterDecides: an export in the place of the workspace's register makes the rules judge by it, for each customer.
func TestRegisterDecides(t *testing.T) {
	sh, a := keyedShell(t, small(), "en")
	snapshot := filepath.Join(t.TempDir(), "snap.json.gz")
	sh.must(t, exitMet, "collect", "-o", snapshot)
	p, err := assess.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	objection := func(customer string, state subprocessors.State) []subprocessors.Objection {
		return []subprocessors.Objection{{Ref: "r-00000001", Customer: customer, State: state, Since: "2026-11-01"}}
	}
	both := []string{"cloud/files", "cloud/abroad"}
	for name, tt := range map[string]struct {
		change func(x *subprocessors.Entry)
		rules  string
		want   []string
	}{
		"as it is":            {func(*subprocessors.Entry) {}, "", nil},
		"ended":               {func(x *subprocessors.Entry) { x.Status = subprocessors.Ended }, "SUB-002 SUB-005", both},
		"another id":          {func(x *subprocessors.Entry) { x.ID = "other" }, "SUB-002 SUB-005", both},
		"another region":      {func(x *subprocessors.Entry) { x.Regions = map[string][]string{"azure": {"uksouth"}} }, "SUB-010", []string{"cloud/files"}},
		"another country":     {func(x *subprocessors.Entry) { x.Countries = []string{"IE"} }, "SUB-010", []string{"cloud/files"}},
		"announced":           {func(x *subprocessors.Entry) { x.Notice.Ends, x.Status = "2026-12-24", subprocessors.Announced }, "SUB-009", both},
		"announced to north":  {notice("north", "2026-12-24"), "SUB-009", both},
		"announced to south":  {notice("south", "2026-12-24"), "SUB-009", []string{"cloud/files"}},
		"over for south":      {notice("south", "2024-02-01"), "", nil},
		"south objects":       {func(x *subprocessors.Entry) { x.Objections = objection("south", subprocessors.Open) }, "SUB-009", []string{"cloud/files"}},
		"north objects":       {func(x *subprocessors.Entry) { x.Objections = objection("north", subprocessors.Open) }, "SUB-009", both},
		"somebody objects":    {func(x *subprocessors.Entry) { x.Objections = objection("", subprocessors.Open) }, "SUB-009", both},
		"resolved":            {func(x *subprocessors.Entry) { x.Objections = objection("south", subprocessors.Resolved) }, "", nil},
		"withdrawn":           {func(x *subprocessors.Entry) { x.Objections = objection("", subprocessors.Withdrawn) }, "", nil},
		"a stranger objects":  {func(x *subprocessors.Entry) { x.Objections = objection("west", subprocessors.Open) }, "", nil},
		"for the portal only": {func(x *subprocessors.Entry) { x.Applications = []string{"portal"} }, "SUB-002 SUB-005", []string{"cloud/files"}},
		"a category less":     {func(x *subprocessors.Entry) { x.Categories = []string{"email"} }, "SUB-005", both},
	} {
		t.Run(name, func(t *testing.T) {
			s := loaded(t, a)
			e, err := s.export(a.now(), time.Hour, neverRandom{})
			if err != nil {
				t.Fatal(err)
			}
			tt.change(&e.Entries[0])
			blocks, use, err := a.register(s, a.writeRegister(t, s, e))
			if err != nil || len(blocks) > 0 {
				t.Fatalf("%+v, %v", blocks, err)
			}
			snap, seal, err := a.readSnapshot(s, snapshot)
			if err != nil {
				t.Fatal(err)
			}
			use(s)
			made, err := a.assessment(s, p, snap, seal)
			if err != nil {
				t.Fatal(err)
			}
			r, err := made.View(t.Context(), p, "", "en")
			if err != nil {
				t.Fatal(err)
			}
			want := []string{"TRF-001 cloud/abroad"}
			for _, store := range tt.want {
				for _, rule := range strings.Fields(tt.rules) {
					want = append(want, rule+" "+store)
				}
			}
			var got []string
			for _, x := range having(r, assess.Fail) {
				if !strings.Contains(x, "datamap/") { // of suppliers and processings, which no deploy makes
					got = append(got, x)
				}
			}
			same(t, name, got, want)
		})
	}
}

func notice(customer, ends string) func(x *subprocessors.Entry) {
	return func(x *subprocessors.Entry) {
		x.Notices = []subprocessors.CustomerNotice{{Customer: customer, Notice: subprocessors.Notice{Given: "2024-01-01", Ends: ends}}}
	}
}

// TestOwnRegisterCountsObjections: without an export, an objection that the workspace counts stops a deploy too.
func TestOwnRegisterCountsObjections(t *testing.T) {
	f := small()
	f["subprocessors.yaml"] = strings.Replace(f["subprocessors.yaml"], "eea: true", "eea: true\n    open_objections: 2", 1)
	s := newShell(t, f)
	a := s.app("en")
	ws := loaded(t, a)
	blocks, use, err := a.register(ws, "")
	if err != nil || blocks != nil {
		t.Fatalf("%v, %v", blocks, err)
	}
	use(ws)
	customers, err := ws.customers(a.now())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range customers {
		if got := c.Terms["register"].(map[string]any)["azure"].(map[string]any)["open_objections"]; got != 2 {
			t.Errorf("%q sees %v open objections", c.ID, got)
		}
	}
}

// TestRegisterIsNotTrusted: each reason holds the deploy up, and nothing is judged by what cannot be trusted.
func TestRegisterIsNotTrusted(t *testing.T) {
	_, a := keyedShell(t, small(), "en")
	s := loaded(t, a)
	_, other := keyedShell(t, small(), "en")
	export := func(change func(e *subprocessors.Export)) subprocessors.Export {
		e, err := s.export(a.now(), time.Hour, neverRandom{})
		if err != nil {
			t.Fatal(err)
		}
		change(&e)
		return e
	}
	late := func(e *subprocessors.Export) { e.IssuedAt, e.ExpiresAt = a.now().Add(-2*time.Hour), a.now() }
	good := a.writeRegister(t, s, export(func(*subprocessors.Export) {}))
	raw, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	spoilt := func(what func([]byte) []byte) string {
		file := filepath.Join(t.TempDir(), "spoilt.json")
		if err := os.WriteFile(file, what(bytes.Clone(raw)), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for name, tt := range map[string]struct {
		file, want string
		used       bool
	}{
		"expired": {a.writeRegister(t, s, export(late)), "it expired on 2026-11-23 12:00 UTC", true},
		"of later": {a.writeRegister(t, s, export(func(e *subprocessors.Export) {
			e.IssuedAt, e.ExpiresAt = a.now().Add(2*time.Hour), a.now().Add(3*time.Hour)
		})), "in the future", false},
		"another's": {a.writeRegister(t, s, export(func(e *subprocessors.Export) { e.Processor.Name = "Other" })), "of another processor", false},
		"forged":    {other.writeRegister(t, loaded(t, other), export(func(*subprocessors.Export) {})), "by a key that this workspace does not know", false},
		"changed":   {spoilt(func(raw []byte) []byte { return bytes.Replace(raw, []byte(`"azure"`), []byte(`"amazn"`), 1) }), "the signature of the register does not verify", false},
		"cut off":   {spoilt(func(raw []byte) []byte { return raw[:len(raw)/2] }), "ends in the middle", false},
		"no export": {filepath.Join(s.dir, "export.json"), "is not a register export", false},
	} {
		blocks, use, err := a.register(s, tt.file)
		if err != nil || len(blocks) != 1 || (use != nil) != tt.used {
			t.Errorf("%s: %+v, used %v, %v", name, blocks, use != nil, err)
			continue
		}
		if b := blocks[0]; b.What != "register" || b.Status != assess.Unknown || !strings.Contains(b.Text, tt.want) || !strings.Contains(b.Hint, "waarborg subprocessor export") {
			t.Errorf("%s: %+v", name, b)
		}
		a.lang = "nl"
		blocks, _, _ = a.register(s, tt.file)
		if word := english.FindString(noText.ReplaceAllString(blocks[0].Text+" "+blocks[0].Hint, "")); word != "" {
			t.Errorf("%s: the English word %q in %+v", name, word, blocks[0])
		}
		a.lang = "en"
	}
	if blocks, use, err := a.register(s, good); err != nil || blocks != nil || use == nil {
		t.Errorf("a good one: %+v, %v", blocks, err)
	}
	if _, _, err := a.register(s, good+"x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestHostOfAType(t *testing.T) {
	f := small()
	f["waarborg.yaml"] += "hosts: {azurerm_: azure, azurerm_elastic_cloud_: elastic, aws_: amazon}\n"
	s := loaded(t, newShell(t, f).app("en"))
	for resource, want := range map[string]string{"azurerm_storage_account": "azure", "azurerm_elastic_cloud_elasticsearch": "elastic", "aws_s3_bucket": "amazon",
		"google_storage_bucket": "said before"} {
		x := &inventory.Datastore{Provider: inventory.Known("said before")}
		s.hostOf(x, resource)
		if got, _ := x.Provider.Value(); got != want {
			t.Errorf("%s: %q, want %q", resource, got, want)
		}
	}
	x := &inventory.Datastore{}
	s.hostOf(x, "google_storage_bucket")
	if x.Provider.IsSet() {
		t.Errorf("of a type that nobody speaks of, the host is %+v", x.Provider)
	}
	s.hostOf(&inventory.Flow{}, "azurerm_storage_account") // no store has no host
}
