package assess_test

import (
	"context"
	"encoding/json/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
)

// judgedPair is a policy with one rule and two sign-ins: one fails for everybody, one for customer b alone.
func judgedPair(t *testing.T) (*assess.Policies, []inventory.Resource, [][]assess.Judged) {
	t.Helper()
	p, err := load(t, header+body)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(n int) *inventory.SignIn {
		return &inventory.SignIn{Audience: inventory.Known("staff"), Password: inventory.Password{MinLength: inventory.Known(n)}}
	}
	rs := []inventory.Resource{resource(t, "idp/short", sign(8), inventory.Scope{}), resource(t, "idp/sixteen", sign(16), inventory.Scope{}),
		resource(t, "idp/ours", sign(8), inventory.Scope{Internal: true})}
	customers := []assess.Customer{{Terms: min(16)}, {ID: "alpha", Terms: min(16)}, {ID: "beta", Terms: min(20)}}
	judged, _, err := p.Assess(context.Background(), assess.Input{Resources: rs, Customers: customers, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return p, rs, judged
}

func statuses(r assess.Results) (out []string) {
	for _, x := range r.Results {
		out = append(out, x.Resource+" "+strings.Join(x.Customers, "+")+" "+string(x.Status))
	}
	return out
}

func TestACustomersViewHoldsNothingOfAnother(t *testing.T) {
	p, rs, judged := judgedPair(t)
	all := p.Build(rs, judged, assess.View{Language: "en", Now: now})
	if got := len(all.Results); got != 5 {
		t.Errorf("the whole has %d results: %v", got, statuses(all))
	}
	for _, id := range []string{"alpha", "beta"} {
		r := p.Build(rs, judged, assess.View{Customer: id, Language: "en", Now: now, Waivers: []assess.Waiver{{ID: "w", Rule: "TST-001", Covers: func(string) bool { return true }}}})
		raw, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		other := map[string]string{"alpha": "beta", "beta": "alpha"}[id]
		if strings.Contains(string(raw), other) || strings.Contains(string(raw), "idp/ours") {
			t.Errorf("%s sees %s or what is ours alone: %s", id, other, raw)
		}
		if r.Summary.Resources != 2 || len(r.Results) != 2 || r.Waivers != nil {
			t.Errorf("%s: %+v", id, r.Summary)
		}
	}
	beta := p.Build(rs, judged, assess.View{Customer: "beta", Language: "en", Now: now})
	if want := []string{"shared/sign_in/1 beta fail", "shared/sign_in/2 beta fail"}; !slices.Equal(statuses(beta), want) {
		t.Errorf("beta: %v", statuses(beta))
	}
	nobody := p.Build(rs, judged, assess.View{Customer: "gamma", Language: "en", Now: now})
	if len(nobody.Results) != 0 || nobody.Summary.Status != assess.Unknown {
		t.Errorf("a customer of whom nothing was judged is %s", nobody.Summary.Status)
	}
}

func TestWaivers(t *testing.T) {
	p, rs, judged := judgedPair(t)
	short := func(id string) bool { return id == "idp/short" || id == "idp/ours" }
	never := func(string) bool { return false }
	future := now.AddDate(0, 0, 1)
	cases := []struct {
		name   string
		waiver assess.Waiver
		want   assess.WaiverState
		waived int
	}{
		{"approved", assess.Waiver{Rule: "TST-001", Covers: short, Expires: future, Approved: true}, assess.WaiverUsed, 2},
		{"a name in a file", assess.Waiver{Rule: "TST-001", Covers: short, Expires: future}, assess.WaiverDeclared, 0},
		{"expired this very moment", assess.Waiver{Rule: "TST-001", Covers: short, Expires: now, Approved: true}, assess.WaiverExpired, 0},
		{"covers nothing", assess.Waiver{Rule: "TST-001", Covers: never, Expires: future, Approved: true}, assess.WaiverUnused, 0},
		{"covers only what is met", assess.Waiver{Rule: "TST-001", Covers: func(id string) bool { return id == "none" }, Expires: future, Approved: true}, assess.WaiverUnused, 0},
		{"of a rule that is gone", assess.Waiver{Rule: "TST-999", Covers: short, Expires: future, Approved: true}, assess.WaiverOrphaned, 0},
	}
	for _, c := range cases {
		r := p.Build(rs, judged, assess.View{Language: "en", Now: now, Waivers: []assess.Waiver{c.waiver}})
		if r.Waivers[0].State != c.want {
			t.Errorf("%s: %s, want %s", c.name, r.Waivers[0].State, c.want)
		}
		// The failing pair idp/short × (alpha, beta) and idp/ours; only beta's idp/sixteen stays.
		if c.waived > 0 && (r.Summary.Results.Waived != 3 || r.Summary.Results.Fail != 1) || c.waived == 0 && r.Summary.Results.Waived != 0 {
			t.Errorf("%s: %+v", c.name, r.Summary.Results)
		}
		if r.Summary.Status != assess.Fail {
			t.Errorf("%s: %s", c.name, r.Summary.Status)
		}
	}
}

func TestOurAcceptanceDoesNotBindACustomer(t *testing.T) {
	p, rs, judged := judgedPair(t)
	w := assess.Waiver{ID: "w-1", Rule: "TST-001", Covers: func(string) bool { return true }, Expires: now.Add(time.Hour), Approved: true, Consent: []assess.Consent{{Customer: "alpha", Document: "letter", Date: "2026-01-02"}}}
	alpha := p.Build(rs, judged, assess.View{Customer: "alpha", Language: "en", Now: now, Waivers: []assess.Waiver{w}})
	beta := p.Build(rs, judged, assess.View{Customer: "beta", Language: "en", Now: now, Waivers: []assess.Waiver{w}})
	if alpha.Results[0].Status != assess.Waived {
		t.Errorf("alpha agreed, and sees %s", alpha.Results[0].Status)
	}
	if x := beta.Results[0]; x.Status != assess.Fail || !x.Accepted || x.Waiver != "" {
		t.Errorf("beta did not agree, and sees %+v", x)
	}
}

func TestNonWaivableRules(t *testing.T) {
	p, err := load(t, strings.Replace(header, "#   severity: high\n", "#   severity: high\n#   waivable: false\n", 1)+body)
	if err != nil {
		t.Fatal(err)
	}
	r := resource(t, "a", &inventory.SignIn{Audience: inventory.Known("staff"), Password: inventory.Password{MinLength: inventory.Known(1)}}, inventory.Scope{})
	judged, _, err := p.Assess(context.Background(), assess.Input{Resources: []inventory.Resource{r}, Customers: []assess.Customer{{Terms: min(16)}}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	w := assess.Waiver{Rule: "TST-001", Covers: func(string) bool { return true }, Expires: now.Add(time.Hour), Approved: true}
	out := p.Build([]inventory.Resource{r}, judged, assess.View{Now: now, Waivers: []assess.Waiver{w}})
	if out.Summary.Results.Fail != 1 || out.Waivers[0].State != assess.WaiverNotAllowed {
		t.Errorf("%+v %+v", out.Summary.Results, out.Waivers[0])
	}
}

func TestNothingLookedAtIsNotGreen(t *testing.T) {
	p, err := load(t, header+body)
	if err != nil {
		t.Fatal(err)
	}
	r := p.Build(nil, nil, assess.View{Now: now})
	if r.Summary.Status != assess.Unknown || len(r.Summary.NotLooked) != 1 || r.Clauses[0].Status != assess.Unknown {
		t.Errorf("an empty assessment is %s, clauses %+v", r.Summary.Status, r.Clauses)
	}
}

func TestResultsAreTheSameBytes(t *testing.T) {
	p, rs, _ := judgedPair(t)
	customers := []assess.Customer{{Terms: min(16)}, {ID: "alpha", Terms: min(16)}, {ID: "beta", Terms: min(20)}}
	var first []byte
	for i := range 20 {
		judged, _, err := p.Assess(context.Background(), assess.Input{Resources: rs, Customers: customers, Now: now, Workers: 1 + i%4})
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(p.Build(rs, judged, assess.View{Language: "nl", Now: now}), json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = raw
		}
		if string(raw) != string(first) {
			t.Fatal("two assessments of the same snapshot differ")
		}
	}
}

func TestTheCustomersOwnDutyIsNotOurFailure(t *testing.T) {
	p, rs, judged := judgedPair(t)
	theirs := p.Build(rs, judged, assess.View{Language: "en", Now: now, Theirs: func(c string) bool { return c == "BB-LOG-4" }})
	if theirs.Summary.Results.Fail != 0 || theirs.Summary.Results.Customer == 0 || theirs.Results[0].Duty != "customer" {
		t.Errorf("%+v", theirs.Summary)
	}
	if theirs.Summary.Status == assess.Fail {
		t.Error("a duty of the customer alone fails the processor")
	}
	ours := p.Build(rs, judged, assess.View{Language: "en", Now: now, Theirs: func(string) bool { return false }})
	if ours.Summary.Status != assess.Fail || ours.Results[0].Duty != "" {
		t.Errorf("%+v", ours.Summary)
	}
}

// Engineers name things after customers. So only what serves a customer alone is named to it.
func TestWhatServesMoreIsNotNamed(t *testing.T) {
	p, err := load(t, header+body)
	if err != nil {
		t.Fatal(err)
	}
	sign := &inventory.SignIn{Audience: inventory.Known("staff"), Password: inventory.Password{MinLength: inventory.Known(8)}}
	rs := []inventory.Resource{resource(t, "idp/alpha-owner", sign, inventory.Scope{Customers: []string{"alpha"}}),
		resource(t, "idp/beta-and-alpha", sign, inventory.Scope{Customers: []string{"alpha", "beta"}}),
		resource(t, "idp/beta-portal", sign, inventory.Scope{Applications: []string{"portal"}}), resource(t, "idp/beta-all", sign, inventory.Scope{})}
	for i := range rs {
		rs[i].Name, rs[i].Provenance.File = "Beta", "beta.json"
	}
	rs[0].Name, rs[0].Provenance.File = "Alpha", "alpha.json"
	customers := []assess.Customer{{Terms: min(16)}, {ID: "alpha", Applications: []string{"portal"}, Terms: min(16)}, {ID: "beta", Applications: []string{"portal"}, Terms: min(16)}}
	judged, _, err := p.Assess(t.Context(), assess.Input{Resources: rs, Customers: customers, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(p.Build(rs, judged, assess.View{Customer: "alpha", Language: "en", Now: now}))
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	if strings.Contains(strings.ToLower(text), "beta") {
		t.Errorf("alpha reads of beta: %s", text)
	}
	for _, want := range []string{"idp/alpha-owner", "alpha.json", "shared/sign_in/1", "shared/sign_in/2", "shared/sign_in/3"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing: %s", want, text)
		}
	}
}
