package dpa

import (
	"errors"
	"reflect"
	"slices"

	"waarborg/internal/assess"
)

// errCoverage says that rows are not a coverage that the rules' states allow.
var errCoverage = errors.New("the states of the clauses do not follow from what proves them")

// CheckCoverage tells whether rows that somebody hands over are a coverage under these states of the rules: every clause with
// its own words, what the rules and workflows prove, and the state that follows from the proofs. That documents and
// attestations are there, and that a customer does not take an application, is the word of whoever made the rows; see
// [CoverageNotTakenBy]. nil means they are.
func CheckCoverage(rows []CoverageRow, rules []assess.ClauseState, lang string) error {
	clauses, err := Clauses()
	if err != nil {
		return err
	}
	want, err := Coverage(CoverageInput{Clauses: clauses, Rules: rules, Language: lang})
	if err != nil {
		return err
	}
	if len(rows) != len(want) {
		return errCoverage
	}
	clauses = inOrder(clauses) // as the rows
	if !checkTaken(rows, applications(clauses)) {
		return errCoverage
	}
	states := map[string]assess.ClauseState{}
	for _, s := range rules {
		states[s.Clause] = s
	}
	for i, row := range rows {
		w := want[i]
		follows := row.State == CoverageNotTaken || row.State == coverageState(clauses[i], states, row.Proofs)
		if !follows || !reflect.DeepEqual(seen(row), seen(w)) || row.Gap != "" && row.Gap != w.Gap {
			return errCoverage
		}
		row.State, row.Proofs, row.Gap, w.State, w.Proofs, w.Gap = "", nil, "", "", nil, ""
		if !slices.Equal(row.GDPR, w.GDPR) {
			return errCoverage
		}
		row.GDPR, w.GDPR = nil, nil
		if !reflect.DeepEqual(row, w) {
			return errCoverage
		}
	}
	return nil
}

// CheckCoverageOfOthers tells whether rows of another version of Waarborg, whose clauses can be others or have other words, are
// a coverage under these states of the rules: every clause of the states has one row, what rules prove is what the states
// say, and no clause stands better than its rules let it. nil means they are.
func CheckCoverageOfOthers(rows []CoverageRow, rules []assess.ClauseState) error {
	left := map[string]assess.ClauseState{}
	for _, s := range rules {
		left[s.Clause] = s
	}
	seen := map[string]bool{}
	for _, row := range rows {
		if seen[row.Clause] {
			return errCoverage
		}
		seen[row.Clause] = true
		s := left[row.Clause]
		delete(left, row.Clause)
		proved := slices.DeleteFunc(slices.Clone(row.Proofs), func(p Proof) bool { return p.Type != "rule" })
		failing := slices.ContainsFunc(row.Proofs, func(p Proof) bool { return p.State == CoverageNotMet })
		if !slices.Equal(proved, ruleProofs(s)) || (failing || s.Status == assess.Fail) && row.State != CoverageNotMet && row.State != CoverageCustomer {
			return errCoverage
		}
		green := row.State == CoverageMet || row.State == CoveragePartly || row.State == CoverageAttested
		if green && s.Count.Unknown+s.Count.Waived > 0 || row.State == CoverageMet && len(row.Proofs) == 0 {
			return errCoverage
		}
	}
	if len(rows) == 0 || len(left) > 0 {
		return errCoverage
	}
	return nil
}

// seen is what rules and workflows prove.
func seen(row CoverageRow) []Proof {
	return slices.DeleteFunc(slices.Clone(row.Proofs), func(p Proof) bool { return p.Type != "rule" && p.Type != "workflow" })
}
