package dpa

import "slices"

// DutyRow is a duty that the GDPR lays on the processor itself, and how the clauses stand that carry it.
type DutyRow struct {
	Duty      string        `json:"duty"` // G-28.3.a
	GDPR      string        `json:"gdpr"` // articles, with commas between
	Text      string        `json:"text"`
	Condition string        `json:"condition,omitempty"` // when it applies; empty for always
	State     CoverageState `json:"state"`
	Clauses   []DutyClause  `json:"clauses"` // that carry it and bind the processor, in the order of the agreement; may be empty
}

// DutyClause is a clause that carries a duty.
type DutyClause struct {
	Clause string        `json:"clause"`
	State  CoverageState `json:"state"`
}

// DutyCoverage accounts for every duty, in the order given. A duty stands as the worst of the clauses that carry it, and is
// unproven where none does. rows are a coverage; those that bind the customer alone, or nobody, carry nothing.
//
// It says no more than the clauses do: whether they cover all that the article asks is not judged.
func DutyCoverage(duties []Duty, rows []CoverageRow, lang string) []DutyRow {
	out := make([]DutyRow, 0, len(duties))
	for _, d := range duties {
		x := DutyRow{Duty: d.ID, GDPR: d.GDPR, Text: Text{EN: d.EN, NL: d.NL}.In(lang), Condition: Text{EN: d.Condition, NL: d.ConditionNL}.In(lang),
			State: CoverageUnproven, Clauses: []DutyClause{}}
		for _, r := range rows {
			if r.State.binds() && slices.ContainsFunc(d.Agreement, func(ref string) bool { return Glob(ref).Match(r.Clause) }) {
				x.Clauses = append(x.Clauses, DutyClause{r.Clause, r.State})
			}
		}
		if len(x.Clauses) > 0 {
			x.State = x.Worst()[0].State
		}
		out = append(out, x)
	}
	return out
}

// Worst are the clauses that decide the state of the duty.
func (d DutyRow) Worst() []DutyClause {
	for _, s := range CoverageStates() {
		if slices.ContainsFunc(d.Clauses, func(c DutyClause) bool { return c.State == s }) {
			return slices.DeleteFunc(slices.Clone(d.Clauses), func(c DutyClause) bool { return c.State != s })
		}
	}
	return nil
}

// DutyCount counts duties by state.
func DutyCount(rows []DutyRow) map[CoverageState]int {
	out := map[CoverageState]int{}
	for _, r := range rows {
		out[r.State]++
	}
	return out
}

// binds tells whether a clause of this state binds the processor.
func (s CoverageState) binds() bool {
	states := CoverageStates()
	at := slices.Index(states, s)
	return at >= 0 && at < slices.Index(states, CoverageCustomer)
}
