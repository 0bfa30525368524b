package gate

import (
	"waarborg/internal/assess"
	"waarborg/internal/inventory"
)

// personal is the fact that decides whether nearly every rule applies.
const personal = "personal_data"

// Undeclared is the rule that nobody said whether a resource holds, or reaches, personal data. Nearly all rules wait for that;
// it is said once rather than by each of them.
func Undeclared() *assess.Rule { return undeclaredRule }

var undeclaredRule = &assess.Rule{ID: "GATE-001", Area: "processings", Kind: inventory.KindDatastore, Severity: assess.High,
	Needs: []string{personal}, GDPR: []string{"28(3)", "30(2)(b)"}, Clauses: []string{"VWO-1.2"},
	Title: assess.Text{EN: "It is known whether what is deployed holds personal data", NL: "Van wat wordt uitgerold is bekend of er persoonsgegevens in staan"},
	Description: assess.Text{EN: "Nearly every promise is about personal data. Of a resource that the data map does not know and that has no tag, " +
		"nobody can say which promises count.",
		NL: "Bijna elke afspraak gaat over persoonsgegevens. Van een object dat niet in de gegevenskaart staat en geen tag heeft, kan niemand zeggen " +
			"welke afspraken gelden."},
	Remediation: assess.Text{EN: "Add the resource to datamap.yaml with what it holds, or with no categories if that is nothing. A tag `data: personal` says " +
		"that it does hold personal data.",
		NL: "Zet het object in datamap.yaml met wat erin staat, of zonder categorieën als dat niets is. Een tag `data: personal` zegt dat er wel " +
			"persoonsgegevens in staan."}}

// undeclared tells whether rules wait because nobody said what a resource holds, and why.
func undeclared(list []assess.Judged) (why assess.UnknownFact, is bool) {
	for _, j := range list {
		if waits(j) {
			for _, u := range j.Unknown {
				if u.Path == personal {
					return u, true
				}
			}
		}
	}
	return why, false
}

// waits tells whether a judgement is unknown for want of that, for another reason than that it is known only after apply.
func waits(j assess.Judged) bool {
	if j.Status != assess.Unknown || len(j.Questions) > 0 {
		return false
	}
	for _, u := range j.Unknown {
		if u.Path == personal && u.Reason.Code != inventory.AfterApply {
			return true
		}
	}
	return false
}
