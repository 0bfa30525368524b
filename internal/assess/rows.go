package assess

import (
	"encoding/json/v2"
	"slices"

	"waarborg/internal/inventory"
)

// aboutKey is a rule, and the sub-processor that a resource is or is hosted by.
type aboutKey struct {
	rule  *Rule
	party string
}

// clausesOf are the clauses that a rule's outcome for the resource at hand speaks of: those of the rule, without the rows of
// other sub-processors than the resource's own. Where whose it is is not known, or the rule does not name its row, all count:
// an outcome never falls away.
func (b *builder) clausesOf(r *Rule) []string {
	own, known := b.view.Rows[b.party]
	if !known || !slices.Contains(r.Clauses, own) {
		return r.Clauses
	}
	key := aboutKey{r, b.party}
	if list, done := b.about[key]; done {
		return list
	}
	list := slices.DeleteFunc(slices.Clone(r.Clauses), func(clause string) bool { return clause != own && b.view.row(clause) })
	if b.about == nil {
		b.about = map[aboutKey][]string{}
	}
	b.about[key] = list
	return list
}

// row tells whether a clause is a sub-processor's row.
func (v View) row(clause string) bool {
	for _, c := range v.Rows {
		if c == clause {
			return true
		}
	}
	return false
}

// party is the sub-processor that a resource is, or is hosted by, by its id in the register; empty where facts do not say.
func party(r inventory.Resource) string {
	var facts struct {
		Provider string `json:"provider"`
		Register string `json:"register_id"`
	}
	switch r.Kind {
	case inventory.KindDatastore, inventory.KindProcessing, inventory.KindSupplier:
		if json.Unmarshal(r.Attributes, &facts) != nil {
			return ""
		}
	}
	return facts.Provider + facts.Register // a kind has one of them
}
