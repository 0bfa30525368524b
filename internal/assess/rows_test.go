package assess_test

import (
	"slices"
	"testing"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
)

// A fault at one sub-processor is no breach of another's row of the table. Whose it is, facts tell; where they do not, the
// fault counts for all.
func TestAFaultIsOfItsOwnSubProcessor(t *testing.T) {
	p := corpus(t)
	rule := p.Rules[slices.IndexFunc(p.Rules, func(r *assess.Rule) bool { return r.ID == "TRF-001" })]
	if !slices.Equal(rule.Clauses, []string{"BC-1", "BC-2"}) {
		t.Fatalf("the rule has other clauses: %v", rule.Clauses)
	}
	only := p.Rules[slices.IndexFunc(p.Rules, func(r *assess.Rule) bool { return r.ID == "TRF-003" })]
	if !slices.Equal(only.Clauses, []string{"BC-1"}) {
		t.Fatalf("the rule has other clauses: %v", only.Clauses)
	}
	mixed := p.Rules[slices.IndexFunc(p.Rules, func(r *assess.Rule) bool { return r.ID == "SUB-004" })]
	if !slices.Equal(mixed.Clauses, []string{"BC-1", "BC-2", "BA-5.2.financial", "BA-5.3.financial"}) {
		t.Fatalf("the rule has other clauses: %v", mixed.Clauses)
	}
	at := func(provider inventory.Fact[string]) inventory.Attributes {
		return &inventory.Datastore{Provider: provider}
	}
	view := assess.View{Language: "en", Now: now, Rows: map[string]string{"azure": "BC-1", "elastic": "BC-2", "builder": "BC-3"}}
	for name, c := range map[string]struct {
		of   inventory.Attributes
		rule *assess.Rule
		want []string
	}{
		"of the one":                 {at(inventory.Known("azure")), rule, []string{"BC-1"}},
		"of the other":               {at(inventory.Known("elastic")), rule, []string{"BC-2"}},
		"of one without a row":       {at(inventory.Known("stranger")), rule, []string{"BC-1", "BC-2"}},
		"our own":                    {at(inventory.Known("own")), rule, []string{"BC-1", "BC-2"}},
		"nobody knows":               {at(inventory.Unknown[string](inventory.NotReported, "")), rule, []string{"BC-1", "BC-2"}},
		"nothing would be left":      {at(inventory.Known("elastic")), only, []string{"BC-1"}},
		"of another row":             {at(inventory.Known("builder")), rule, []string{"BC-1", "BC-2"}},
		"a supplier in use":          {&inventory.Supplier{Register: inventory.Known("elastic")}, rule, []string{"BC-2"}},
		"one not on the list":        {&inventory.Supplier{Register: inventory.Absent[string]()}, rule, []string{"BC-1", "BC-2"}},
		"a processing at a host":     {&inventory.Processing{Provider: inventory.Known("azure")}, rule, []string{"BC-1"}},
		"with other clauses":         {&inventory.Processing{Provider: inventory.Known("azure")}, mixed, []string{"BA-5.2.financial", "BA-5.3.financial", "BC-1"}},
		"with other clauses, no row": {&inventory.Processing{Provider: inventory.Known("builder")}, mixed, []string{"BA-5.2.financial", "BA-5.3.financial", "BC-1", "BC-2"}},
		"of another kind":            {&inventory.SecretStore{}, rule, []string{"BC-1", "BC-2"}},
	} {
		r := p.Build([]inventory.Resource{resource(t, "cloud/x", c.of, inventory.Scope{})}, [][]assess.Judged{{{Verdict: &assess.Verdict{Rule: c.rule, Status: assess.Fail}}}}, view)
		var failed []string
		for _, s := range r.Clauses {
			if s.Status == assess.Fail {
				failed = append(failed, s.Clause)
			}
		}
		if !slices.Equal(failed, c.want) || len(r.Results) != 1 || !slices.Equal(slices.Sorted(slices.Values(r.Results[0].Clauses)), c.want) || r.Summary.Status != assess.Fail {
			t.Errorf("%s: not met are %v, want %v; %s", name, failed, c.want, r.Summary.Status)
		}
	}
}
