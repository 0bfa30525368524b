package dpa

import (
	"maps"

	"waarborg/internal/say"
)

// Standard is the id of no customer: the terms that hold where nobody agreed anything else.
const Standard = ""

// StandardTerms returns what the newest standard agreement says on a day, with all its applications: the measure for what
// serves no customer in particular.
func (b Book) StandardTerms(day Date) (InForce, error) {
	var newest Agreement
	for _, a := range b.Agreements {
		if a.InForce <= day && a.InForce > newest.InForce {
			newest = a
		}
	}
	if newest.ID == "" {
		return InForce{}, &say.Error{Msg: say.Both("no agreement is in force on %s",
			"op %s is geen overeenkomst van kracht", day), Hint: seeAgreements()}
	}
	c := Customer{ID: Standard, Agreement: newest.ID, Contract: Contract{Start: newest.InForce}}
	for _, app := range newest.Applications {
		c.Applications = append(c.Applications, app.ID)
	}
	b.Customers = []Customer{c}
	return b.TermsInForce(Standard, day)
}

// ForRules is the tree as rules see it: the register of sub-processors apart from the terms about them, so that a rule
// about a notice period does not depend on every row of the register.
func (f InForce) ForRules() map[string]any {
	tree := maps.Clone(f.Tree)
	register := map[string]any{}
	terms := map[string]any{}
	sub, _ := tree["subprocessors"].(map[string]any)
	for k, v := range sub {
		if row, entry := v.(map[string]any); entry {
			if f.Customer != Standard {
				// Objections of other customers are not this customer's business; all of them are judged by the standard terms.
				row = maps.Clone(row)
				row["open_objections"] = f.objections[k]
			}
			register[k] = row
		} else {
			terms[k] = v
		}
	}
	tree["register"], tree["subprocessors"] = register, terms
	return tree
}
