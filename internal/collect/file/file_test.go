package file

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
)

const laptops = `kind: endpoint
permission: devices, read
items: /value
id: /serial
name: /name
facts:
  form: {const: laptop}
  disk_encrypted: {pointer: /encrypted}
`

func TestCollect(t *testing.T) {
	out := collectFile(t, laptops, "mdm.json", `{"value": [
 {"serial": "A1", "name": "LT-7", "encrypted": true},
 {"serial": 42, "name": "Jan's laptop", "encrypted": false}
]}`)
	if out.err != nil || len(out.drafts) != 2 {
		t.Fatalf("%+v", out)
	}
	a, b := out.drafts[0], out.drafts[1]
	if a.ID != "s/A1" || a.Name != "LT-7" || b.ID != "s/42" || b.Name != "42" {
		t.Errorf("ids and names: %s %q, %s %q", a.ID, a.Name, b.ID, b.Name)
	}
	p := b.Provenance
	if p.Collector != "file" || p.Source != "s" || p.Call != "/value" || p.File != "mdm.json" || p.Line != 3 || p.Permission != "devices, read" || !p.At.Equal(at) {
		t.Errorf("provenance %+v", p)
	}
	if v, ok := b.Attributes.(*inventory.Endpoint).DiskEncrypted.Value(); !ok || v {
		t.Error("the disk of the second is not encrypted")
	}
}

// TestSameFromYAML: one list in both forms gives the same drafts, lines apart.
func TestSameFromYAML(t *testing.T) {
	out := collectFile(t, laptops, "mdm.yml", "value:\n- serial: A1\n  encrypted: true\n- serial: 42\n  encrypted: ~\n")
	if out.err != nil || len(out.drafts) != 2 || out.drafts[1].ID != "s/42" {
		t.Fatalf("%+v", out)
	}
	if out.drafts[0].Provenance.Line != 2 || out.drafts[1].Provenance.Line != 4 {
		t.Errorf("lines %d and %d", out.drafts[0].Provenance.Line, out.drafts[1].Provenance.Line)
	}
	if len(out.problems) != 1 || !strings.Contains(out.problems[0].What.EN, "1 of 2 items") {
		t.Errorf("problems %+v", out.problems)
	}
}

func TestOneObjectIsOneItem(t *testing.T) {
	mapping := "kind: repository\nid: example/crm\nfacts:\n  force_push: {pointer: /allow_force_pushes/enabled}\n"
	out := collectFile(t, mapping, "x.json", `{"allow_force_pushes": {"enabled": false}}`)
	if out.err != nil || len(out.drafts) != 1 || out.drafts[0].ID != "s/example/crm" || out.drafts[0].Provenance.Call != "/" {
		t.Fatalf("%+v", out)
	}
}

// TestItemsInside: items may be anywhere in the file, also within another list.
func TestItemsInside(t *testing.T) {
	mapping := strings.Replace(laptops, "/value", "/pages/1/a~1b", 1)
	for _, file := range []string{"x.json", "x.yaml"} {
		out := collectFile(t, mapping, file, `{"pages": [{"a/b": [{"serial":"no"}]}, {"x": [[]], "a/b": [{"serial":"A"}, {"serial":"B"}]}]}`)
		if out.err != nil || len(out.drafts) != 2 || out.drafts[0].ID != "s/A" {
			t.Errorf("%s: %+v", file, out)
		}
		for _, wrong := range []string{"/pages/2", "/pages/01", "/pages/x", "/pages/1/a", "/pages/1/a~1b/0/serial"} {
			if out := collectFile(t, strings.Replace(laptops, "/value", wrong, 1), file, `{"pages": [{}, {"a/b": [{"serial":"A"}]}]}`); out.err == nil || len(out.drafts) > 0 {
				t.Errorf("%s %s: %+v", file, wrong, out)
			}
		}
	}
}

// TestIDs: an item that cannot be told from others must not vanish, and not pass for another.
func TestIDs(t *testing.T) {
	out := collectFile(t, laptops, "x.json", `{"value": [{"serial":"A","encrypted":true},{"serial":"A","encrypted":false},{"serial":"A"},{"serial":"B","encrypted":true}]}`)
	if out.err == nil || !strings.Contains(out.err.Msg.EN, "more than one item") || len(out.drafts) != 2 {
		t.Fatalf("%+v", out)
	}
	if r := out.encoded(t)["A"]; string(r.Attributes) != "{}" || r.Unknown["disk_encrypted"].Code != inventory.Malformed {
		t.Errorf("facts of an ambiguous item: %s %v", r.Attributes, r.Unknown)
	}
	out = collectFile(t, laptops, "x.json", `{"value": [{"serial":"A"},{"serial":null},{},"text",null,{"serial":""}]}`)
	if out.err == nil || !strings.Contains(out.err.Msg.EN, "5 of 6 items") || len(out.drafts) != 1 {
		t.Fatalf("%+v", out)
	}
	out = collectFile(t, laptops, "x.json", `{"value": [{"serial":"jan@example.nl"}]}`)
	if out.err != nil || len(out.drafts) != 1 || strings.Contains(out.drafts[0].ID, "jan") {
		t.Fatalf("%+v", out)
	}
	if !slices.ContainsFunc(problemTexts(out), func(s string) bool { return strings.Contains(s, "id_pseudonym") }) {
		t.Errorf("nobody is told of the pseudonym: %v", problemTexts(out))
	}
}

func problemTexts(o outcome) []string {
	var out []string
	for _, p := range o.problems {
		out = append(out, p.What.EN+"; "+p.Hint.EN+" | "+p.What.NL+"; "+p.Hint.NL)
	}
	return out
}

// TestPages: the first page of a list is not the list.
func TestPages(t *testing.T) {
	out := collectFile(t, laptops, "x.json", `{"@odata.nextLink": "https://graph/secret-canary", "value": [{"serial":"A","encrypted":true}]}`)
	if texts := problemTexts(out); len(texts) != 1 || !strings.Contains(texts[0], "one page of a longer list") || strings.Contains(texts[0], "canary") {
		t.Errorf("problems %v", texts)
	}
}

func TestWhere(t *testing.T) {
	mapping := "where: {pointer: /os, equals: Windows}\n" + laptops
	out := collectFile(t, mapping, "x.json", `{"value": [{"serial":"A","os":"Windows"},{"serial":"B","os":"iOS"},{"serial":"C"},{"serial":"D","os":null}]}`)
	var ids []string
	for _, d := range out.drafts {
		ids = append(ids, d.ID)
	}
	if fmt.Sprint(ids) != "[s/A s/C]" || out.err != nil {
		t.Errorf("%v, %v", ids, out.err)
	}
	if !slices.ContainsFunc(problemTexts(out), func(s string) bool { return strings.HasPrefix(s, "where at /os, in 1 of") }) {
		t.Errorf("problems %v", problemTexts(out))
	}
	out = collectFile(t, mapping, "x.json", `{"value": [{"serial":"B","os":"iOS"}]}`)
	if out.err == nil || !strings.Contains(out.err.Msg.EN, "leaves out all 1 items") {
		t.Errorf("an empty selection passed: %+v", out)
	}
}

func TestScope(t *testing.T) {
	mapping := "applications: /app\ncustomers: /for\n" + laptops
	out := collectFile(t, mapping, "x.json", `{"value": [{"serial":"A","app":"crm","for":["noord","linde","noord"]},{"serial":"B","app":null,"for":[]},{"serial":"C","for":["ok","Jan de Boer"]}]}`)
	if out.err != nil || len(out.drafts) != 3 {
		t.Fatalf("%+v", out)
	}
	if got := fmt.Sprint(out.drafts[0].Scope, out.drafts[1].Scope, out.drafts[2].Scope); got != "{[linde noord] [crm] false} {[] [] false} {[] [] false}" {
		t.Error(got)
	}
	if !slices.ContainsFunc(problemTexts(out), func(s string) bool { return strings.HasPrefix(s, "customers at /for, in 1 of 3") }) {
		t.Errorf("problems %v", problemTexts(out))
	}
	out = collectFile(t, "applications: [crm, portals]\n"+laptops, "x.json", `{"value": [{"serial":"A"}]}`)
	if got := fmt.Sprint(out.drafts[0].Scope); got != "{[] [crm portals] false}" {
		t.Error(got)
	}
	out = collectFile(t, "applications: /typo\n"+laptops, "x.json", `{"value": [{"serial":"A"}]}`)
	if !slices.ContainsFunc(problemTexts(out), func(s string) bool { return strings.HasPrefix(s, "applications at /typo") }) {
		t.Errorf("a pointer that no item has is not told: %v", problemTexts(out))
	}
}

// TestAgesFromTheExport: an old export must not look fresh where it says when it was made.
func TestAgesFromTheExport(t *testing.T) {
	mapping := "exported: /made\n" + laptops + "  antivirus_signatures: {pointer: /age, ago: hours}\n"
	for made, want := range map[string]string{
		`"2026-11-01T10:00:00Z"`: `"2026-11-01T08:00:00Z"`,
		`"2027-11-01T10:00:00Z"`: "", // not yet
		`"today"`:                "",
		`null`:                   "",
	} {
		out := collectFile(t, mapping, "x.json", `{"made": `+made+`, "value": [{"serial":"A","age":2}]}`)
		r := out.encoded(t)["A"]
		if got := strings.Contains(string(r.Attributes), `"antivirus_signatures":`+want); (want == "") == got && want != "" || want == "" && r.Unknown["antivirus_signatures"].Code != inventory.Malformed {
			t.Errorf("made %s: %s %v", made, r.Attributes, r.Unknown)
		}
	}
}

// TestTimeOfTheExport: what an export says of its own time is the time of its resources, and an old one is told.
func TestTimeOfTheExport(t *testing.T) {
	for made, c := range map[string]struct{ at, problem, hint string }{
		`"2026-11-01T10:00:00Z"`: {"2026-11-01T10:00:00Z", "", ""},
		`"2026-11-23T10:00:00Z"`: {"2026-11-23T09:30:00Z", "", ""}, // another clock
		`"2026-10-01T10:00:00Z"`: {"2026-10-01T10:00:00Z", "x.json was made on 2026-10-01, more than 31 days ago", "make a new export"},
		`"2027-11-01T10:00:00Z"`: {"2026-11-23T09:30:00Z", "it says 2027-11-01, which is still to come", "make a new export"},
		`"today"`:                {"2026-11-23T09:30:00Z", "when x.json was made: it is not a date or time", "`exported` of the mapping"},
		`null`:                   {"2026-11-23T09:30:00Z", "when x.json was made: it is not a date or time", "`exported` of the mapping"},
	} {
		out := collectFile(t, "exported: /made\n"+laptops, "x.json", `{"made": `+made+`, "value": [{"serial":"A"}]}`)
		if got := out.encoded(t)["A"].Provenance.At.Format(time.RFC3339); got != c.at {
			t.Errorf("made %s: at %s", made, got)
		}
		i := slices.IndexFunc(out.problems, func(p collect.Problem) bool { return p.Reason.Detail == "age" })
		switch {
		case c.problem == "" && i >= 0:
			t.Errorf("made %s: problem %+v", made, out.problems[i])
		case c.problem != "" && (i < 0 || !strings.Contains(out.problems[i].What.EN, c.problem) || !strings.Contains(out.problems[i].Hint.EN, c.hint)):
			t.Errorf("made %s: problems %+v", made, out.problems)
		}
	}
	out := collectFile(t, laptops, "x.json", `{"made": "2020-01-01T10:00:00Z", "value": [{"serial":"A"}]}`)
	if got := out.encoded(t)["A"].Provenance.At; !got.Equal(at) {
		t.Errorf("without `exported`: at %s", got)
	}
}

// TestRefusedExports gives files that are broken, hostile or not the export that was meant.
func TestRefusedExports(t *testing.T) {
	good := `{"value": [{"serial": "A"}]}`
	utf16 := "\xff\xfe" + strings.ReplaceAll(good, "", "\x00")
	for _, c := range []struct{ name, file, text, want string }{
		{"truncated", "x.json", good[:15], "ends in the middle"},
		{"utf-16", "x.json", utf16, "UTF-16"},
		{"utf-16 yaml", "x.yaml", utf16, "is not YAML"},
		{"double key", "x.json", `{"value": [], "value": [{"serial":"A"}]}`, "same key twice"},
		{"double key in yaml", "x.yaml", "value: []\nvalue: []\n", "is not YAML"},
		{"deep", "x.json", strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "nested deeper"},
		{"deep yaml", "x.yaml", "value: " + strings.Repeat("[", 50_000), "is not YAML"},
		{"anchors that explode", "x.yaml", explosion(), "is not YAML"},
		{"tag", "x.yaml", "value: !!binary aGk=\n", "is not YAML"},
		{"merge key", "x.yaml", "a: &a {serial: A}\nvalue:\n- <<: *a\n", "is not YAML"},
		{"two documents", "x.yaml", "value: []\n---\nvalue: []\n", "is not YAML"},
		{"two values", "x.json", good + good, "something follows"},
		{"not gzip", "x.json.gz", good, "is not gzip"},
		{"empty", "x.json", "", "is empty"},
		{"empty yaml", "x.yaml", "# nothing\n", "there is nothing at"},
		{"no list", "x.json", `{"values": []}`, "there is nothing at"},
		{"null", "x.json", `{"value": null}`, "there is nothing at"},
		{"null yaml", "x.yaml", "value: ~\n", "there is nothing at"},
		{"text", "x.json", `{"value": "secret-canary"}`, "neither a list nor an object"},
		{"empty list", "x.json", `{"value": []}`, "has no items"},
		{"page of a login", "x.json", `<html>secret-canary</html>`, "is not valid JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := collectFile(t, laptops, c.file, c.text)
			if out.err == nil || !strings.Contains(out.err.Msg.EN, c.want) {
				t.Fatalf("got %+v", out)
			}
			if strings.Contains(fmt.Sprint(out.err.Msg, out.err.Hint), "canary") {
				t.Errorf("the error quotes the export: %v", out.err)
			}
		})
	}
	if out := collectFile(t, laptops, "x.json", "\xef\xbb\xbf"+good); out.err != nil || len(out.drafts) != 1 {
		t.Errorf("a byte order mark is no reason to refuse: %+v", out)
	}
	dir := t.TempDir()
	for _, cfg := range []Config{{File: filepath.Join(dir, "no.json"), Mapping: filepath.Join(dir, "no.yaml")}} {
		if _, err := New(cfg).Collect(t.Context(), testEnv(t, nil)); err == nil || !strings.Contains(err.Error(), "the mapping no.yaml could not be read") {
			t.Errorf("a missing mapping: %v", err)
		}
	}
}

func explosion() string {
	var b strings.Builder
	b.WriteString("l0: &l0 [x]\n")
	for i := range 9 {
		fmt.Fprintf(&b, "l%d: &l%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*l%d, ", i), 10), ", "))
	}
	return b.String() + "value: *l9\n"
}

// TestCanaries puts a word into every field of an export that the mapping does not ask for, and into some that it asks
// for carelessly: none may reach a draft, a problem or an error.
func TestCanaries(t *testing.T) {
	var facts strings.Builder
	for _, path := range inventory.Paths(&inventory.Datastore{}) {
		zero, _ := inventory.Element(&inventory.Datastore{}, path)
		fact := "{pointer: /f}"
		switch zero.(type) {
		case inventory.Location:
			fact = "{pointer: /f, region: azure}"
		case []inventory.Copy, []inventory.Sink:
			continue
		}
		fmt.Fprintf(&facts, "  %s: %s\n", path, fact)
	}
	mapping := "kind: datastore\nitems: /list\nid: /id\nname: /name\napplications: /app\nwhere: {pointer: /w, equals: 1}\nfacts:\n" + facts.String()
	for _, word := range []string{`"Canary@example.nl"`, `"Canary Secret"`, `["Canary@example.nl"]`, `{"canary": "Canary Secret"}`, `"p=Canary/+=="`} {
		export := fmt.Sprintf(`{"token": %[1]s, "list": [{"id": %[1]s, "name": %[1]s, "app": %[1]s, "w": 1, "f": %[1]s, "other": %[1]s},
			{"id": "x", "name": %[1]s, "app": %[1]s, "w": %[1]s, "f": %[1]s, "Canary": {"Canary": %[1]s}},
			{"id": "y", "name": %[1]s, "app": [%[1]s], "f": %[1]s}]}`, word)
		for _, file := range []string{"x.json", "x.yaml"} {
			out := collectFile(t, mapping, file, export)
			list := out.encoded(t)
			if len(list) == 0 {
				t.Fatal("nothing was collected, so nothing was tested")
			}
			raw, err := json.Marshal([]any{list, out.problems, out.err})
			if err != nil {
				t.Fatal(err)
			}
			text := strings.ToLower(string(raw))
			if out.err != nil {
				text += strings.ToLower(fmt.Sprint(out.err.Msg, out.err.Hint))
			}
			if strings.Contains(text, "canary") {
				i := strings.Index(text, "canary")
				t.Errorf("%s: %s got through: …%s", file, word, text[max(0, i-100):min(len(text), i+50)])
			}
		}
	}
}
