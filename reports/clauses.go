package reports

import (
	"fmt"
	"slices"
	"strings"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/inventory"
)

// Clauses tells how pages show the clauses of a report: which, in what order, and in what words.
type Clauses struct {
	words
	place    map[string]int  // of each clause that is shown, in the order of the agreement
	hidden   map[string]bool // clauses about applications that are not taken
	without  []string        // these applications
	own      map[string]bool // rules whose met outcomes rest on what the processor itself records
	customer bool
}

// ClausesOf gathers what pages show of the clauses of a report.
func ClausesOf(d Document, r assess.Results) Clauses {
	c := Clauses{words: wordsIn(d.Language), place: map[string]int{}, hidden: map[string]bool{}, own: ownRecord(r.Results), customer: d.Customer != nil}
	for i, row := range d.Coverage {
		if row.State == dpa.CoverageNotTaken {
			c.hidden[row.Clause] = true
			continue
		}
		c.place[row.Clause] = i
	}
	c.without, _ = dpa.CoverageNotTakenBy(d.Coverage) // without the catalogue they are counted and not named
	return c
}

// Shown tells whether a clause has a row of its own. The others are told together: see NotTaken.
func (c Clauses) Shown(row dpa.CoverageRow) bool { return row.State != dpa.CoverageNotTaken }

// List puts clauses in the order of the agreement, without those about applications that are not taken. Clauses that the
// report does not have come last, as they stand.
func (c Clauses) List(ids []string) []string {
	out := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return c.hidden[id] })
	slices.SortStableFunc(out, func(a, b string) int { return c.at(a) - c.at(b) })
	return out
}

func (c Clauses) at(id string) int {
	if n, ok := c.place[id]; ok {
		return n
	}
	return len(c.place) + len(c.hidden)
}

// NotTaken tells in one sentence how many clauses are about applications that are not taken, and empty where none is.
func (c Clauses) NotTaken() string {
	n := len(c.hidden)
	if n == 0 {
		return ""
	}
	text := c.pick("Not applicable: %s about applications that no customer takes", "Niet van toepassing: %s over toepassingen die geen klant afneemt")
	if c.customer {
		text = c.pick("Not applicable to this customer: %s about applications that it does not take", "Niet van toepassing op deze klant: %s over toepassingen die hij niet afneemt")
	}
	text = fmt.Sprintf(text, c.count(n, "1 clause", "%s clauses", "1 bepaling", "%s bepalingen"))
	if len(c.without) > 0 {
		text += " (" + strings.Join(c.without, ", ") + ")"
	}
	return text + "."
}

// State says how a clause stands. Where all that shows it to be met is what the processor itself records, and no system that
// was read, it says so.
func (c Clauses) State(row dpa.CoverageRow) string {
	if (row.State == dpa.CoverageMet || row.State == dpa.CoveragePartly) && c.onRecord(row.Proofs) {
		if row.State == dpa.CoverageMet {
			return c.pick("met, as recorded by the processor itself", "voldaan volgens eigen opgave")
		}
		return c.pick("met as far as seen, as recorded by the processor itself", "voldaan volgens eigen opgave, voor zover gezien")
	}
	return row.State.Text().In(c.lang)
}

func (c Clauses) onRecord(proofs []dpa.Proof) bool {
	met := false
	for _, p := range proofs {
		if p.State != dpa.CoverageMet && p.State != dpa.CoverageAttested {
			continue
		}
		met = true
		if p.Type != "document" && !c.own[p.ID] {
			return false
		}
	}
	return met
}

// ownRecord finds the rules of which every met outcome is about what the workspace alone tells: the register of
// sub-processors, the flows and the processings of the data map.
func ownRecord(results []assess.Result) map[string]bool {
	out := map[string]bool{}
	for _, r := range results {
		if r.Status != assess.Pass {
			continue
		}
		before, seen := out[r.Rule]
		out[r.Rule] = recorded(r) && (before || !seen)
	}
	return out
}

// recorded tells whether a resource was made from the data map. In a customer's view what may serve others too has an alias that
// does not say so, but has these kinds: a file can be mapped to them too, and then the words are too modest, never too bold.
func recorded(r assess.Result) bool {
	if strings.HasPrefix(r.Resource, dpa.MapSource+"/") {
		return true
	}
	return strings.HasPrefix(r.Resource, "shared/") &&
		slices.Contains([]inventory.Kind{inventory.KindSupplier, inventory.KindFlow, inventory.KindProcessing}, r.Kind)
}
