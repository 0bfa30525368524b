package reports_test

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/policies"
	"waarborg/reports"
)

// forms are the published forms and the Go type of each.
var forms = map[string]reflect.Type{
	assess.ResultsSchema:   reflect.TypeFor[assess.Results](),
	reports.DocumentSchema: reflect.TypeFor[reports.Document](),
}

func compiled(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("mem:"+name, decoded(t, reports.Schema(name))); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("mem:" + name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func decoded(t *testing.T, raw []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%v: %.100s", err, raw)
	}
	return v
}

// full is a value of each form that has every field.
func full(t *testing.T) map[string]any {
	t.Helper()
	r := sampleResults("nl")
	r.Customer = "b"
	for i := range r.Results {
		x := &r.Results[i]
		x.Accepted, x.Duty, x.Waiver, x.Message, x.Question = true, "customer", "w", "m", "q"
		x.Findings = []assess.Finding{{Path: "p", Code: "c", Value: jsontext.Value(`{"a":[1]}`), Limit: jsontext.Value(`null`)}}
		x.Questions = x.Findings
		x.Unknown = []assess.UnknownFact{{Path: "p", Reason: inventory.Reason{Code: inventory.Permission, Detail: "d"}}}
	}
	r.Clauses = []assess.ClauseState{{Clause: "BC-1", Status: assess.Fail, Rules: []string{"R"}, ByRule: map[string]assess.Status{"R": assess.Fail}, Count: assess.Count{Fail: 1, Customer: 1}}}
	r.Summary.Results.Customer = 1
	d := draftDocument("nl")
	d.Customer = &d.Processor
	d.Processor.ID = "p"
	step := reports.Step{Role: "r", At: r.At, Key: "k", Signature: "s"}
	d.Release = &reports.Release{Digest: "d", Prepared: &step, Released: &step}
	d.Coverage[0].Proofs[0].Note = "n"
	change := assess.Change{Rule: "R", Resource: "r", Name: "n", Title: "t", Severity: assess.Low, Duty: "customer", Was: assess.Pass, Is: assess.Fail, Message: "m"}
	d.Since.Changes = assess.Changes{New: []assess.Change{change}, Worse: []assess.Change{change}, Mended: []assess.Change{change}, Unreadable: []assess.Change{change}, Gone: []assess.Change{change},
		Accepted: []assess.Change{change}, Added: 1, Dropped: 1, OtherRules: true}
	out := map[string]any{}
	for name, v := range map[string]any{assess.ResultsSchema: r, reports.DocumentSchema: d} {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = decoded(t, raw)
	}
	return out
}

func TestSchemasAcceptWhatIsWritten(t *testing.T) {
	results, document := compiled(t, assess.ResultsSchema), compiled(t, reports.DocumentSchema)
	for name, v := range full(t) {
		if err := compiled(t, name).Validate(v); err != nil {
			t.Error(err)
		}
	}
	for _, file := range []string{"testdata/embrace_whole.json", "testdata/embrace_customer.json"} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var r assess.Results
		if err := json.Unmarshal(raw, &r, json.RejectUnknownMembers(true)); err != nil {
			t.Fatal(err)
		}
		var again bytes.Buffer
		if err := reports.JSON(&again, r); err != nil {
			t.Fatal(err)
		}
		for _, form := range [][]byte{raw, again.Bytes()} {
			if err := results.Validate(decoded(t, form)); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
		if r.Customer == "" != strings.Contains(file, "whole") || len(r.Results) < 10 {
			t.Errorf("%s is no sample of what it says", file)
		}
	}
	for _, v := range []any{sampleResults("en"), assess.Results{Schema: assess.ResultsSchema, Language: "en", Summary: assess.Summary{Status: assess.Unknown}}} {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if err := results.Validate(decoded(t, raw)); err != nil {
			t.Error(err)
		}
	}
	raw, err := json.Marshal(sampleDocument("en"))
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Validate(decoded(t, raw)); err != nil {
		t.Error(err)
	}
}

// All rules of the product judge some systems, in whole and for one customer, and both views are of the published form.
func TestSchemaAcceptsAnAssessment(t *testing.T) {
	p, err := assess.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	drafts := []inventory.Draft{
		{ID: "idp/staff", Name: "staff", Attributes: &inventory.SignIn{Audience: inventory.Known("staff"), Password: inventory.Password{MinLength: inventory.Known(8), None: inventory.Known(false)}}},
		{ID: "idp/own", Attributes: &inventory.SignIn{Audience: inventory.Known("admin"), Password: inventory.Password{MinLength: inventory.Known(20), None: inventory.Known(false)}}, Scope: inventory.Scope{Customers: []string{"a"}},
			Provenance: inventory.Provenance{Collector: "file", File: "entra.json", Line: 3}},
		{ID: "db/a", Attributes: &inventory.Datastore{Location: inventory.Known(inventory.Location{Country: "US"}), PersonalData: inventory.Known(true)}},
	}
	resources, err := inventory.EncodeAll(drafts)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	terms := map[string]any{"password": map[string]any{"min_length": 16}}
	judged, _, err := p.Assess(t.Context(), assess.Input{Resources: resources, Now: now, Customers: []assess.Customer{{Terms: terms}, {ID: "a", Terms: terms}}})
	if err != nil {
		t.Fatal(err)
	}
	waiver := assess.Waiver{ID: "w", Rule: "SEC-010", Covers: func(string) bool { return true }, Owner: "o", Reason: "r", Expires: now.AddDate(0, 1, 0), Approved: true}
	s := compiled(t, assess.ResultsSchema)
	for _, customer := range []string{"", "a"} {
		r := p.Build(resources, judged, assess.View{Customer: customer, Language: "nl", Now: now, Waivers: []assess.Waiver{waiver}, Theirs: func(c string) bool { return c == "AV-12.2" }})
		raw, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(decoded(t, raw)); err != nil {
			t.Errorf("view of %q: %v", customer, err)
		}
		if len(r.Results) < 20 || r.Summary.Results.Fail+r.Summary.Results.Waived == 0 {
			t.Errorf("view of %q: the rules found little: %+v", customer, r.Summary.Results)
		}
	}
}

// Every object of a full value, with one key less or one key more, is refused where it should be.
func TestSchemasAreStrict(t *testing.T) {
	for name, v := range full(t) {
		s := compiled(t, name)
		required := map[string]bool{}
		collect(forms[name], "", map[reflect.Type]bool{}, func(path string, must bool) { required[path] = must })
		tried := 0
		everyObject(v, "", func(path string, o map[string]any) {
			if strings.HasSuffix(path, ".value") || strings.HasSuffix(path, ".areas") || strings.HasSuffix(path, ".by_rule") || strings.HasSuffix(path, ".files") {
				return // any JSON, and objects whose keys are data
			}
			for _, key := range slices.Sorted(maps.Keys(o)) {
				kept := o[key]
				delete(o, key)
				must, known := required[path+"."+key]
				if err := s.Validate(v); !known || (err != nil) != must {
					t.Errorf("%s without %s.%s: required %v, known %v, and validation says %v", name, path, key, must, known, err)
				}
				o[key] = kept
				tried++
			}
			o["unheard_of"] = true
			if s.Validate(v) == nil {
				t.Errorf("%s with %s.unheard_of is accepted", name, path)
			}
			delete(o, "unheard_of")
		})
		if err := s.Validate(v); err != nil || tried < 60 {
			t.Errorf("%s: %d keys tried; at the end %v", name, tried, err)
		}
	}
}

func everyObject(v any, path string, f func(string, map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		f(path, v)
		for _, k := range slices.Sorted(maps.Keys(v)) {
			step := "." + k
			if strings.HasSuffix(path, ".areas") || strings.HasSuffix(path, ".files") {
				step = ".*"
			}
			everyObject(v[k], path+step, f)
		}
	case []any:
		for _, e := range v {
			everyObject(e, path, f)
		}
	}
}

// collect walks a type's JSON fields: each path, and whether it is always there.
func collect(t reflect.Type, path string, above map[reflect.Type]bool, f func(path string, must bool)) {
	switch {
	case t == reflect.TypeFor[time.Time](), t == reflect.TypeFor[jsontext.Value]():
	case t.Kind() == reflect.Pointer, t.Kind() == reflect.Slice:
		collect(t.Elem(), path, above, f)
	case t.Kind() == reflect.Map:
		collect(t.Elem(), path+".*", above, f)
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			field := t.Field(i)
			name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			f(path+"."+name, !strings.Contains(options, "omit"))
			collect(field.Type, path+"."+name, above, f)
		}
	}
}

// The schema's fields are those of the Go types, no more and no fewer, and have words for people.
func TestSchemasFitTheTypes(t *testing.T) {
	for name, typ := range forms {
		want, got := map[string]bool{}, map[string]bool{}
		collect(typ, "", nil, func(path string, must bool) { want[path] = must })
		root := decoded(t, reports.Schema(name)).(map[string]any)
		fields(t, root, root, "", got)
		for _, path := range slices.Sorted(maps.Keys(want)) {
			if must, ok := got[path]; !ok || must != want[path] {
				t.Errorf("%s: the Go type has %s (required: %v); the schema has it: %v (required: %v)", name, path, want[path], ok, must)
			}
		}
		for _, path := range slices.Sorted(maps.Keys(got)) {
			if _, ok := want[path]; !ok {
				t.Errorf("%s: the schema has %s, which the Go type does not", name, path)
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
	if items, ok := s["items"].(map[string]any); ok {
		if items["type"] != "string" {
			fields(t, root, items, path, out)
		}
	}
	if !described && s["description"] == nil {
		t.Errorf("%s has no description", path)
	}
	if more, ok := s["additionalProperties"].(map[string]any); ok {
		fields(t, root, more, path+".*", out)
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

// Closed sets in the schema are those of the code.
func TestSchemasHaveTheSameWords(t *testing.T) {
	waivers := []assess.WaiverState{assess.WaiverUsed, assess.WaiverUnused, assess.WaiverExpired, assess.WaiverOrphaned, assess.WaiverDeclared, assess.WaiverNotAllowed}
	for _, c := range []struct {
		form, at string
		want     any
	}{
		{assess.ResultsSchema, "$defs.status", []assess.Status{assess.Fail, assess.Unknown, assess.Waived, assess.Pass, assess.NotApplicable}},
		{reports.DocumentSchema, "$defs.status", []assess.Status{assess.Fail, assess.Unknown, assess.Waived, assess.Pass, assess.NotApplicable}},
		{assess.ResultsSchema, "$defs.severity", []assess.Severity{assess.Critical, assess.High, assess.Medium, assess.Low}},
		{assess.ResultsSchema, "$defs.result.properties.area", assess.Areas},
		{assess.ResultsSchema, "$defs.summary.properties.areas.propertyNames", assess.Areas},
		{assess.ResultsSchema, "$defs.waiver.properties.state", waivers},
		{assess.ResultsSchema, "$defs.result.properties.kind", kinds()},
		{reports.DocumentSchema, "$defs.coverage_state", dpa.CoverageStates()},
	} {
		at := decoded(t, reports.Schema(c.form)).(map[string]any)
		for step := range strings.SplitSeq(c.at, ".") {
			at = at[step].(map[string]any)
		}
		if got, want := fmt.Sprint(at["enum"]), fmt.Sprint(c.want); got != want {
			t.Errorf("%s at %s: %s, want %s", c.form, c.at, got, want)
		}
	}
	if reports.Schema("waarborg.nothing/v1") != nil || reports.Schema("results") != nil || reports.Schema("waarborg.../schema/results-v1") != nil {
		t.Error("there is a schema of nothing")
	}
}

func kinds() []inventory.Kind {
	return []inventory.Kind{inventory.KindDatastore, inventory.KindDataset, inventory.KindGrant, inventory.KindSignIn, inventory.KindRepository, inventory.KindDeployment,
		inventory.KindEndpoint, inventory.KindNetwork, inventory.KindFlow, inventory.KindSupplier, inventory.KindProcessing, inventory.KindService,
		inventory.KindSecretStore, inventory.KindCryptoKey}
}
