package dpa_test

import (
	"testing"

	"waarborg/dpa"
	"waarborg/internal/assess"
)

func clause(id, kind, holder string) dpa.Clause {
	return dpa.Clause{ID: id, Kind: kind, DutyHolder: holder, EN: "x", NL: "x"}
}

func state(id string, s assess.Status, looked bool) assess.ClauseState {
	c := assess.ClauseState{Clause: id, Status: s, Rules: []string{"SEC-001"}, ByRule: map[string]assess.Status{}}
	if looked {
		c.ByRule["SEC-001"] = s
		switch s {
		case assess.Fail:
			c.Count.Fail = 1
		case assess.Unknown:
			c.Count.Unknown = 1
		case assess.Waived:
			c.Count.Waived = 1
		case assess.Pass:
			c.Count.Pass = 1
		}
	}
	return c
}

// partly is a clause of two rules of which one met nothing.
func partly(id string) assess.ClauseState {
	s := state(id, assess.Pass, true)
	s.Rules = append(s.Rules, "SEC-002")
	return s
}

func attested(id string, s dpa.AttestationState) []dpa.JudgedAttestation {
	return []dpa.JudgedAttestation{{Attestation: dpa.Attestation{Statement: dpa.Statement{ID: "a", Clauses: []string{id}}}, Status: dpa.AttestationStatus{State: s}}}
}

func TestCoverageStates(t *testing.T) {
	const id = "X-1"
	cases := []struct {
		name   string
		clause dpa.Clause
		rules  []assess.ClauseState
		att    []dpa.JudgedAttestation
		want   dpa.CoverageState
	}{
		{"nothing proves it", clause(id, dpa.OrganisationalEvidence, "processor"), nil, nil, dpa.CoverageUnproven},
		{"a rule is met", clause(id, dpa.PolicyCheck, "processor"), []assess.ClauseState{state(id, assess.Pass, true)}, nil, dpa.CoverageMet},
		{"a rule fails, whatever a person says", clause(id, dpa.PolicyCheck, "processor"), []assess.ClauseState{state(id, assess.Fail, true)}, attested(id, dpa.AttestationValid), dpa.CoverageNotMet},
		{"one rule is met, another met nothing", clause(id, dpa.PolicyCheck, "processor"), []assess.ClauseState{partly(id)}, nil, dpa.CoveragePartly},
		{"one rule is met, another met nothing, and a person attests", clause(id, dpa.PolicyCheck, "processor"), []assess.ClauseState{partly(id)}, attested(id, dpa.AttestationValid), dpa.CoverageAttested},
		{"waived, whatever a person says", clause(id, dpa.Workflow, "processor"), []assess.ClauseState{state(id, assess.Waived, true)}, attested(id, dpa.AttestationValid), dpa.CoverageWaived},
		{"a rule saw something it could not judge, whatever a person says", clause(id, dpa.PolicyCheck, "processor"), []assess.ClauseState{state(id, assess.Unknown, true)}, attested(id, dpa.AttestationValid), dpa.CoverageUnknown},
		{"a rule met no resource", clause(id, dpa.PolicyCheck, "processor"), []assess.ClauseState{state(id, assess.Unknown, false)}, nil, dpa.CoverageUnknown},
		{"a rule met no resource, and a person attests", clause(id, dpa.PolicyCheck, "processor"), []assess.ClauseState{state(id, assess.Unknown, false)}, attested(id, dpa.AttestationValid), dpa.CoverageAttested},
		{"waived", clause(id, dpa.PolicyCheck, "processor"), []assess.ClauseState{state(id, assess.Waived, true)}, nil, dpa.CoverageWaived},
		{"a rule alone does not prove a workflow", clause(id, dpa.Workflow, "processor"), []assess.ClauseState{state(id, assess.Pass, true)}, nil, dpa.CoverageUnproven},
		{"attested", clause(id, dpa.Document, "both"), nil, attested(id, dpa.AttestationExpiresSoon), dpa.CoverageAttested},
		{"an expired attestation proves nothing", clause(id, dpa.Document, "both"), nil, attested(id, dpa.AttestationExpired), dpa.CoverageUnproven},
		{"a forged attestation proves nothing", clause(id, dpa.Document, "both"), nil, attested(id, dpa.AttestationBroken), dpa.CoverageUnproven},
		{"the customer's duty is never our failure", clause(id, dpa.PolicyCheck, "controller"), []assess.ClauseState{state(id, assess.Fail, true)}, nil, dpa.CoverageCustomer},
	}
	for _, c := range cases {
		rows, err := dpa.Coverage(dpa.CoverageInput{Clauses: []dpa.Clause{c.clause}, Rules: c.rules, Attestations: c.att, Language: "en"})
		if err != nil {
			t.Fatal(err)
		}
		if rows[0].State != c.want {
			t.Errorf("%s: %s, want %s", c.name, rows[0].State, c.want)
		}
	}
}

func TestEveryClauseIsAccountedFor(t *testing.T) {
	clauses, err := dpa.Clauses()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := dpa.Coverage(dpa.CoverageInput{Clauses: clauses, Language: "nl"})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 184 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, r := range rows {
		if r.State == dpa.CoverageMet || r.State == dpa.CoverageAttested {
			t.Errorf("%s is %s though nothing was looked at", r.Clause, r.State)
		}
		if r.Kind == dpa.Workflow && len(r.Proofs) == 0 {
			t.Errorf("workflow clause %s names no workflow in data/workflows.yaml", r.Clause)
		}
	}
}

func TestCustomerDutiesAreThoseOfTheCatalogue(t *testing.T) {
	clauses, err := dpa.Clauses()
	if err != nil {
		t.Fatal(err)
	}
	got, err := dpa.CustomerDuties()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, c := range clauses {
		if theirs := c.DutyHolder == "controller"; theirs != got[c.ID] {
			t.Errorf("%s: %v, the catalogue says %s", c.ID, got[c.ID], c.DutyHolder)
		} else if theirs {
			n++
		}
	}
	if n == 0 || n != len(got) {
		t.Errorf("%d clauses bind the customer, %d were found", n, len(got))
	}
}
