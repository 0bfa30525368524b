package reports_test

import (
	"testing"

	"waarborg/dpa"
	"waarborg/reports"
)

// Every workflow that a clause names has a Dutch name, and a rule of the same name would keep its id.
func TestWorkflowsHaveDutchNames(t *testing.T) {
	clauses, err := dpa.Clauses()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := dpa.Coverage(dpa.CoverageInput{Clauses: clauses, Language: "nl"})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, r := range rows {
		for _, p := range r.Proofs {
			if p.Type != "workflow" {
				continue
			}
			seen++
			if reports.ProofName(p.Type, p.ID, "nl") == p.ID || reports.ProofName(p.Type, p.ID, "en") != p.ID || reports.ProofName("rule", p.ID, "nl") != p.ID {
				t.Errorf("%s is called %q", p.ID, reports.ProofName(p.Type, p.ID, "nl"))
			}
		}
	}
	if seen == 0 {
		t.Error("no clause has a workflow, so nothing is proved")
	}
}
