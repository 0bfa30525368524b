package ci_test

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
	"waarborg/internal/testtool"
	"waarborg/reports/ci"
)

// published are the schemas of outputs in JSON.
var published = map[string]string{"sarif": "sarif-2.1.0.json", "oscal": "oscal-1.1.3.json", "gitlab": "gitlab-code-quality.json", "json": ""}

func compiled(t *testing.T, form string) *jsonschema.Schema {
	t.Helper()
	raw := ci.Schema()
	if file := published[form]; file != "" {
		var err error
		if raw, err = os.ReadFile(filepath.Join("testdata", "schema", file)); err != nil {
			t.Fatal(err)
		}
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("mem:"+form, decoded(t, raw)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("mem:" + form)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func decoded(t *testing.T, raw []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%v: %.300s", err, raw)
	}
	return v
}

// worlds are reports of all sorts with their outcomes.
func worlds() map[string]func() (*gate.Report, gate.Outcomes) {
	return map[string]func() (*gate.Report, gate.Outcomes){
		"something of everything": func() (*gate.Report, gate.Outcomes) { r, list := world("nl"); return r, of(list) },
		"clean":                   func() (*gate.Report, gate.Outcomes) { return clean("en"), of(nil) },
		"nothing at all": func() (*gate.Report, gate.Outcomes) {
			return &gate.Report{Schema: gate.Schema, Language: "en", Status: assess.Unknown, Inputs: []gate.Info{}, At: day}, of(nil)
		},
		"many":    func() (*gate.Report, gate.Outcomes) { return large(3000) },
		"hostile": func() (*gate.Report, gate.Outcomes) { r, list := hostile(strings.Join(names, "")); return r, of(list) },
	}
}

func TestOutputsFitTheirSchemas(t *testing.T) {
	for form := range published {
		s := compiled(t, form)
		for what, make := range worlds() {
			r, all := make()
			if err := s.Validate(decoded(t, write(t, form, r, all, ci.Options{}))); err != nil {
				if what := err.Error(); len(what) > 2000 {
					err = errors.New(what[:2000])
				}
				t.Errorf("%s, %s: %v", form, what, err)
			}
		}
		r, list := world("en")
		raw := bytes.ReplaceAll(write(t, form, r, of(list), ci.Options{}), []byte(`"fingerprint`), []byte(`"fingerprints`))
		raw = bytes.ReplaceAll(raw, []byte(`"text"`), []byte(`"words"`))
		raw = bytes.ReplaceAll(raw, []byte(`"target-id"`), []byte(`"target"`))
		if s.Validate(decoded(t, raw)) == nil {
			t.Errorf("%s: the schema takes anything", form)
		}
	}
}

func TestJUnitFitsItsSchema(t *testing.T) {
	xmllint := testtool.Path(t, "xmllint")
	check := func(raw []byte) (string, error) {
		file := filepath.Join(t.TempDir(), "junit.xml")
		if err := os.WriteFile(file, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(xmllint, "--noout", "--schema", filepath.Join("testdata", "schema", "junit-jenkins.xsd"), file).CombinedOutput()
		return string(out), err
	}
	for what, make := range worlds() {
		r, all := make()
		raw := write(t, "junit", r, all, ci.Options{})
		if out, err := check(raw); err != nil {
			t.Errorf("%s: %v\n%.2000s", what, err, out)
		}
		if _, err := check(bytes.ReplaceAll(raw, []byte("testcase"), []byte("case"))); err == nil && bytes.Contains(raw, []byte("testcase")) {
			t.Errorf("%s: the schema takes anything", what)
		}
		countsHold(t, what, raw)
	}
}

// countsHold compares the counts of each suite with its cases.
func countsHold(t *testing.T, what string, raw []byte) {
	t.Helper()
	var doc struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Suites   []struct {
			Name     string `xml:"name,attr"`
			Tests    int    `xml:"tests,attr"`
			Failures int    `xml:"failures,attr"`
			Errors   int    `xml:"errors,attr"`
			Skipped  int    `xml:"skipped,attr"`
			Cases    []struct {
				Failure *struct{} `xml:"failure"`
				Error   *struct{} `xml:"error"`
				Skipped *struct{} `xml:"skipped"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	d := xml.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Token(); err != nil && !errors.Is(err, io.EOF) {
		t.Errorf("%s: after the end: %v", what, err)
	}
	tests, failures, errs := 0, 0, 0
	for _, s := range doc.Suites {
		f, e, k := 0, 0, 0
		for _, c := range s.Cases {
			if c.Failure != nil {
				f++
			}
			if c.Error != nil {
				e++
			}
			if c.Skipped != nil {
				k++
			}
		}
		if s.Tests != len(s.Cases) || s.Failures != f || s.Errors != e || s.Skipped != k {
			t.Errorf("%s: suite %.40q counts %d %d %d %d, and has %d %d %d %d", what, s.Name, s.Tests, s.Failures, s.Errors, s.Skipped, len(s.Cases), f, e, k)
		}
		tests, failures, errs = tests+s.Tests, failures+f, errs+e
	}
	if doc.Tests != tests || doc.Failures != failures || doc.Errors != errs {
		t.Errorf("%s: %d %d %d in all, and the suites have %d %d %d", what, doc.Tests, doc.Failures, doc.Errors, tests, failures, errs)
	}
}

// What JSON writes is what there was.
func TestJSONHoldsEverything(t *testing.T) {
	r, list := hostile(strings.Join(names[:4], ""))
	var got map[string]jsontext.Value
	if err := json.Unmarshal(write(t, "json", r, of(list), ci.Options{}), &got); err != nil {
		t.Fatal(err)
	}
	var results []gate.Outcome
	if err := json.Unmarshal(got["results"], &results, json.RejectUnknownMembers(true)); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(results, list) {
		t.Errorf("%+v\nwant %+v", results, list)
	}
	delete(got, "results")
	raw, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var head gate.Report
	if err := json.Unmarshal(raw, &head, json.RejectUnknownMembers(true)); err != nil {
		t.Fatal(err)
	}
	head.Descriptors = r.Descriptors
	if !reflect.DeepEqual(&head, r) {
		t.Errorf("%+v\nwant %+v", head, r)
	}
}

// The fields of the schema are those of the Go types, no more and no fewer, and have words for people.
func TestSchemaFitsTheTypes(t *testing.T) {
	want := map[string]bool{".results": true}
	collect(reflect.TypeFor[gate.Report](), "", want)
	collect(reflect.TypeFor[gate.Outcome](), ".results", want)
	root := decoded(t, ci.Schema()).(map[string]any)
	got := map[string]bool{}
	fields(t, root, root, "", got)
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if must, ok := got[path]; !ok || must != want[path] {
			t.Errorf("the Go type has %s (required: %v); the schema has it: %v (required: %v)", path, want[path], ok, must)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[path]; !ok {
			t.Errorf("the schema has %s, which the Go type does not", path)
		}
	}
	if len(want) < 80 {
		t.Errorf("only %d fields were looked at", len(want))
	}
}

// collect walks a type's JSON fields: each path, and whether it is always there.
func collect(t reflect.Type, path string, out map[string]bool) {
	switch {
	case t == reflect.TypeFor[time.Time](), t == reflect.TypeFor[jsontext.Value]():
	case t.Kind() == reflect.Pointer, t.Kind() == reflect.Slice:
		collect(t.Elem(), path, out)
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			field := t.Field(i)
			name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			switch {
			case name == "-":
			case field.Anonymous:
				collect(field.Type, path, out)
			default:
				out[path+"."+name] = !strings.Contains(options, "omit")
				collect(field.Type, path+"."+name, out)
			}
		}
	}
}

func fields(t *testing.T, root, s map[string]any, path string, out map[string]bool) {
	t.Helper()
	described := s["description"] != nil
	if ref, ok := s["$ref"].(string); ok {
		s = root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
	if items, ok := s["items"].(map[string]any); ok && items["type"] != "string" {
		fields(t, root, items, path, out)
	}
	if !described && s["description"] == nil {
		t.Errorf("%s has no description", path)
	}
	properties, _ := s["properties"].(map[string]any)
	if properties != nil && s["additionalProperties"] != false {
		t.Errorf("%s lets any key through", path)
	}
	required, _ := s["required"].([]any)
	for key, p := range properties {
		out[path+"."+key] = slices.Contains(required, any(key))
		fields(t, root, p.(map[string]any), path+"."+key, out)
	}
}

// SARIF is kept within what GitHub takes: the worst stay, and it says how many went.
func TestSARIFKeepsTheWorst(t *testing.T) {
	s := compiled(t, "sarif")
	for _, c := range []struct {
		n, max int
		words  string // long ones make big results
		most   int
	}{{n: 100, max: 40, most: 40}, {n: 25_100, most: 25_000}, {n: 6_000, words: strings.Repeat("word ", 780), most: 5_900}} {
		r, all := large(c.n)
		long := func(yield func(gate.Outcome, error) bool) {
			for o, err := range all {
				o.Message += c.words
				if !yield(o, err) {
					return
				}
			}
		}
		raw := write(t, "sarif", r, long, ci.Options{Max: c.max})
		if len(raw) > 20_000_000 {
			t.Errorf("%d outcomes: %d bytes", c.n, len(raw))
		}
		if c.n < 10_000 {
			if err := s.Validate(decoded(t, raw)); err != nil {
				t.Error(err)
			}
		}
		var doc struct {
			Runs []struct {
				Results []struct {
					RuleID     string         `json:"ruleId"`
					Properties map[string]any `json:"properties"`
				} `json:"results"`
				Invocations []struct {
					Notes []struct {
						Message struct {
							Text string `json:"text"`
						} `json:"message"`
					} `json:"toolExecutionNotifications"`
				} `json:"invocations"`
			} `json:"runs"`
		}
		if err := json.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		results, notes := doc.Runs[0].Results, ""
		for _, n := range doc.Runs[0].Invocations[0].Notes {
			notes += n.Message.Text + "\n"
		}
		critical, other := 0, 0
		for _, x := range results {
			switch {
			case x.RuleID == "SEC-001" && x.Properties["class"] == "failing":
				critical++
			case x.Properties["class"] == "failing":
				other++
			}
		}
		all2 := 2 + c.n*2/3
		if len(results) > c.most || len(results) < min(c.most, 1000) || other > 0 && critical < all2-1 || !strings.Contains(notes, "outcomes were left out") {
			t.Errorf("%d outcomes: %d results, %d critical of some %d, %d others; %s", c.n, len(results), critical, all2, other, notes)
		}
	}
}
