package assess_test

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/policies"
)

func corpus(t *testing.T) *assess.Policies {
	t.Helper()
	p, err := assess.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var ruleID = regexp.MustCompile(`^(TRF|SUB|PRC|ACC|RET|SEC)-[0-9]{3}$`)

func TestEveryRuleIsWellFormed(t *testing.T) {
	p := corpus(t)
	prefix := map[string]string{"transfers": "TRF", "subprocessors": "SUB", "processings": "PRC", "access": "ACC", "retention": "RET", "security": "SEC"}
	for _, r := range p.Rules {
		if !ruleID.MatchString(r.ID) || !strings.HasPrefix(r.ID, prefix[r.Area]) {
			t.Errorf("%s: id %s does not fit area %s", r.File, r.ID, r.Area)
		}
		name := r.Package[strings.LastIndexByte(r.Package, '.')+1:]
		if want := r.Area + "/" + name + "/" + name + ".rego"; r.File != want {
			t.Errorf("%s: path and package differ, want %s", r.File, want)
		}
		for code, m := range r.Messages {
			for _, text := range []string{m.EN, m.NL} {
				rest := strings.NewReplacer("{value}", "", "{limit}", "", "{path}", "").Replace(text)
				if strings.ContainsAny(rest, "{}") {
					t.Errorf("%s: message %s has an unknown placeholder: %q", r.ID, code, text)
				}
			}
		}
		if r.Title.EN == r.Title.NL {
			t.Errorf("%s: the Dutch title is the English one", r.ID)
		}
	}
	if len(p.Rules) < 45 {
		t.Errorf("%d rules, at least 45 are promised", len(p.Rules))
	}
	for _, id := range []string{"TRF-004", "SUB-001"} {
		i := slices.IndexFunc(p.Rules, func(r *assess.Rule) bool { return r.ID == id })
		if i < 0 || p.Rules[i].Waivable {
			t.Errorf("%s must be there and not waivable", id)
		}
	}
}

func TestExamplesGiveTheirVerdict(t *testing.T) {
	p := corpus(t)
	for _, r := range p.Rules {
		list, err := assess.Examples(policies.FS, r)
		if err != nil {
			t.Error(err)
			continue
		}
		have := map[assess.Status]bool{}
		for _, x := range list {
			have[x.Want] = true
			v, err := p.Try(context.Background(), r, x)
			if err != nil {
				t.Error(err)
				continue
			}
			if v.Status != x.Want {
				t.Errorf("%s (%s), example %q: %s, want %s; findings %v, unknown %v", r.ID, r.File, x.Name, v.Status, x.Want, v.Findings, v.Unknown)
			}
			for _, f := range slices.Concat(v.Findings, v.Questions) {
				code := f.Code
				if code == "" {
					code = "default"
				}
				if _, ok := r.Messages[code]; !ok {
					t.Errorf("%s: there is no message for code %q", r.ID, code)
				}
			}
			if x.NameNL == "" || x.Name == "" {
				t.Errorf("%s: an example lacks its name or its Dutch name", r.ID)
			}
		}
		if !have[assess.Pass] || !have[assess.Unknown] || !have[assess.Fail] && !onlyAsks(list) {
			t.Errorf("%s: examples must show pass, fail and unknown; they show %v", r.ID, slices.Sorted(maps.Keys(have)))
		}
	}
}

// onlyAsks tells whether a rule never fails: its violations are questions for a person.
func onlyAsks(list []assess.Example) bool {
	n := 0
	for _, x := range list {
		if x.Want == assess.Unknown {
			n++
		}
	}
	return n >= 2
}

// TestNothingKnownNeverPasses sets every fact of every rule to unknown, with and without any term.
func TestNothingKnownNeverPasses(t *testing.T) {
	p := corpus(t)
	for _, a := range inventory.Kinds() {
		for _, reason := range []string{inventory.NotReported, inventory.Permission} {
			inventory.SetUnknown(a, inventory.Reason{Code: reason})
			r, err := inventory.Draft{ID: "x", Attributes: a}.Encode()
			if err != nil {
				t.Fatal(err)
			}
			judged, _, err := p.Assess(context.Background(), assess.Input{Resources: []inventory.Resource{r}, Customers: []assess.Customer{{Terms: anyTerms(t, p)}}, Now: now})
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range judged[0] {
				if j.Status != assess.Unknown {
					t.Errorf("%s on a %s of which nothing is known: %s", j.Rule.ID, a.Kind(), j.Status)
				}
			}
		}
	}
}

// TestOneUnknownNeedNeverPasses takes every passing example and hides each need in turn.
func TestOneUnknownNeedNeverPasses(t *testing.T) {
	p := corpus(t)
	for _, r := range p.Rules {
		list, err := assess.Examples(policies.FS, r)
		if err != nil {
			continue // told by TestExamplesGiveTheirVerdict
		}
		for _, x := range list {
			if x.Want != assess.Pass {
				continue
			}
			for _, need := range r.Needs {
				hidden := x
				hidden.Input = without(x.Input, strings.Split(need, "."))
				v, err := p.Try(context.Background(), r, hidden)
				if err != nil {
					t.Error(err)
					continue
				}
				if v.Status == assess.Pass || v.Status == assess.NotApplicable && !slices.Contains(r.Scope, need) {
					t.Errorf("%s, example %q without %s: %s", r.ID, x.Name, need, v.Status)
				}
			}
		}
	}
}

func without(tree map[string]any, path []string) map[string]any {
	out := maps.Clone(tree)
	if len(path) == 1 {
		delete(out, path[0])
		return out
	}
	if sub, ok := out[path[0]].(map[string]any); ok {
		out[path[0]] = without(sub, path[1:])
	}
	return out
}

// anyTerms collects the terms of all examples, so that every term a rule names is there.
func anyTerms(t *testing.T, p *assess.Policies) map[string]any {
	t.Helper()
	out := map[string]any{}
	for _, r := range p.Rules {
		list, err := assess.Examples(policies.FS, r)
		if err != nil {
			continue
		}
		for _, x := range list {
			merge(out, x.Terms)
		}
	}
	return out
}

func merge(into, from map[string]any) {
	for k, v := range from {
		a, okA := into[k].(map[string]any)
		b, okB := v.(map[string]any)
		if okA && okB {
			merge(a, b)
			continue
		}
		if okB {
			c := map[string]any{}
			merge(c, b)
			v = c
		}
		into[k] = v
	}
}

func TestRegoTestsPassAndCoverEveryLine(t *testing.T) {
	results, cov, err := corpus(t).Test(context.Background(), policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) < 100 {
		t.Errorf("only %d Rego tests were found", len(results))
	}
	for _, r := range results {
		if r.Failed {
			t.Errorf("%s.%s failed %s", r.Package, r.Name, r.Message)
		}
	}
	if len(cov.Uncovered) > 0 {
		t.Errorf("no test reaches %d lines: %s", len(cov.Uncovered), strings.Join(cov.Uncovered, " "))
	}
}

// unprovable lists the clauses of kind policy_check that no kind of resource can prove, and why.
var unprovable = map[string]string{
	"BA-5.1.opt": "a choice the customer makes within the application; no source reports the application's own settings",
	"BA-5.2.opt": "likewise",
}

func TestEveryProvableClauseHasARule(t *testing.T) {
	clauses, err := dpa.Clauses()
	if err != nil {
		t.Fatal(err)
	}
	cited := map[string]bool{}
	known := map[string]bool{}
	for _, c := range clauses {
		known[c.ID] = true
	}
	for _, r := range corpus(t).Rules {
		for _, id := range r.Clauses {
			cited[id] = true
			if !known[id] {
				t.Errorf("%s cites clause %s, which does not exist", r.ID, id)
			}
		}
	}
	for _, c := range clauses {
		if c.Kind != dpa.PolicyCheck {
			continue
		}
		why := unprovable[c.ID]
		if !cited[c.ID] && why == "" {
			t.Errorf("%s (%s) has no rule: %s", c.ID, c.DutyHolder, c.EN)
		}
		if cited[c.ID] && why != "" {
			t.Errorf("%s has a rule now; take it off the list", c.ID)
		}
	}
}
