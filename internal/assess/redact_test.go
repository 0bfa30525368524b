package assess_test

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"reflect"
	"strings"
	"testing"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/policies"
)

func finding(path, value string) assess.Finding {
	return assess.Finding{Path: path, Value: jsontext.Value(value), Limit: jsontext.Value(`["x"]`)}
}

func TestRedact(t *testing.T) {
	for name, c := range map[string]struct{ in, want []assess.Finding }{
		"nothing":       {nil, nil},
		"no words":      {[]assess.Finding{finding("a", `3`), finding("b", `[]`), finding("c", `null`), {Path: "d"}}, []assess.Finding{finding("a", `3`), finding("b", `[]`), finding("c", `null`), {Path: "d"}}},
		"a word":        {[]assess.Finding{finding("a", `"bob"`)}, []assess.Finding{finding("a", `{"withheld":1}`)}},
		"a list":        {[]assess.Finding{finding("a", `["bob","eve"]`)}, []assess.Finding{finding("a", `{"withheld":2}`)}},
		"deep":          {[]assess.Finding{finding("a", `{"b":[{"c":"bob"}]}`)}, []assess.Finding{finding("a", `{"withheld":1}`)}},
		"several":       {[]assess.Finding{finding("a", `"bob"`), finding("a", `3`), finding("a", `["eve","x"]`), finding("b", `"y"`)}, []assess.Finding{finding("a", `{"withheld":3}`), finding("a", `3`), finding("b", `{"withheld":1}`)}},
		"done already":  {[]assess.Finding{finding("a", `{"withheld":3}`)}, []assess.Finding{finding("a", `{"withheld":3}`)}},
		"not ours":      {[]assess.Finding{finding("a", `{"withheld":3,"who":"bob"}`)}, []assess.Finding{finding("a", `{"withheld":1}`)}},
		"looks like it": {[]assess.Finding{finding("a", `{"withheld":"bob"}`)}, []assess.Finding{finding("a", `{"withheld":1}`)}},
	} {
		before, _ := json.Marshal(c.in)
		got := assess.Redact(c.in)
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if again := assess.Redact(got); !reflect.DeepEqual(again, got) {
			t.Errorf("%s, twice: %s", name, again)
		}
		if after, _ := json.Marshal(c.in); string(after) != string(before) {
			t.Errorf("%s: the findings themselves were changed", name)
		}
	}
}

// TestPrivateValuesStayWithTheirOwner: what a shared store says of others is counted, not told, unless the view may show it.
func TestPrivateValuesStayWithTheirOwner(t *testing.T) {
	p, err := assess.Load(policies.FS, inventory.KindDatastore)
	if err != nil {
		t.Fatal(err)
	}
	d := inventory.Draft{ID: "pg/crm", Attributes: &inventory.Datastore{PersonalData: inventory.Known(true),
		Tenancy: inventory.Tenancy{Isolation: inventory.Known("row_level_security"), Unprotected: inventory.Known([]string{"public.bob", "public.eve"})}}}
	r, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	rs := []inventory.Resource{r}
	judged, _, err := p.Assess(context.Background(), assess.Input{Resources: rs, Customers: []assess.Customer{{}, {ID: "ann"}}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	text := func(v assess.View) string {
		v.Now = now
		out, err := json.Marshal(p.Build(rs, judged, v), json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	for lang, want := range map[string]string{"en": "in these tables: 2 not shown", "nl": "in deze tabellen: 2 niet getoond"} {
		if got := text(assess.View{Customer: "ann", Language: lang}); strings.Contains(got, "bob") || !strings.Contains(got, want) {
			t.Errorf("%s: %s", lang, got)
		}
	}
	// The alias counts what the customer sees, not the others' that come before; and the line of an export counts those.
	other, named := rs[0], rs[0]
	other.ID, other.Scope.Customers = "pg/a", []string{"bob"}
	named.ID, named.Scope.Customers, named.Provenance.File, named.Provenance.Line = "pg/b", []string{"ann"}, "plan.json", 42
	rs = []inventory.Resource{other, rs[0], other, named, rs[0]}
	if judged, _, err = p.Assess(context.Background(), assess.Input{Resources: rs, Customers: []assess.Customer{{}, {ID: "ann"}, {ID: "bob"}}, Now: now}); err != nil {
		t.Fatal(err)
	}
	got := text(assess.View{Customer: "ann"})
	for word, there := range map[string]bool{`"shared/datastore/1"`: true, `"shared/datastore/2"`: true, `"shared/datastore/3"`: false, `"source":{"file":"plan.json"}`: true, `"line"`: false} {
		if strings.Contains(got, word) != there {
			t.Errorf("%s in the view: %v, want %v: %s", word, !there, there, got)
		}
	}
	if got := text(assess.View{}); !strings.Contains(got, `"source":{"file":"plan.json","line":42}`) {
		t.Errorf("the processor has no line: %s", got)
	}
	for name, v := range map[string]assess.View{"the processor's own": {}, "its own store": {Customer: "ann", Private: func(int) bool { return true }}} {
		if got := text(v); !strings.Contains(got, "public.bob") {
			t.Errorf("%s view keeps it back: %s", name, got)
		}
	}
}

func TestNeedsPrivate(t *testing.T) {
	p, err := assess.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	private := map[string]bool{}
	for _, r := range p.Rules {
		if r.NeedsPrivate() {
			private[r.ID] = true
		}
		if r.AppliesByPrivate() {
			t.Errorf("whether %s applies rests on a private fact: then its outcomes can never be replayed by a customer", r.ID)
		}
	}
	for _, id := range []string{"RET-007", "ACC-018", "ACC-015", "SEC-035", "PRC-005", "PRC-009", "PRC-001"} {
		if !private[id] {
			t.Errorf("%s needs no private fact", id)
		}
	}
	if len(private) > 20 {
		t.Errorf("%d rules rest on private facts", len(private))
	}
}
