package dpa

import (
	"maps"
	"slices"
	"strings"
)

// applications tells which application a clause of Annex A is about, by the ids of clauses in their order: BA-1.social names
// one, and all of BA-5.n is about the data in the nth. Clauses that are about no application alone are not in it.
func applications(clauses []Clause) map[string]string {
	out := map[string]string{}
	var named []string
	for _, c := range clauses {
		if id, ok := strings.CutPrefix(c.ID, "BA-1."); ok {
			out[c.ID] = id
			named = append(named, id)
		}
	}
	for _, c := range clauses {
		section, _, _ := strings.Cut(strings.TrimPrefix(c.ID, "BA-5."), ".")
		if n := atoi(section); strings.HasPrefix(c.ID, "BA-5.") && n > 0 && n <= len(named) {
			out[c.ID] = named[n-1]
		}
	}
	return out
}

// notTaken are the applications of the agreements that no customer takes. Without customers nothing is known to be.
func (b Book) notTaken() map[string]bool {
	out := map[string]bool{}
	if len(b.Customers) == 0 {
		return out
	}
	for _, a := range b.Agreements {
		for _, app := range a.Applications {
			out[app.ID] = !slices.ContainsFunc(b.Customers, func(c Customer) bool { return slices.Contains(c.Applications, app.ID) })
		}
	}
	return out
}

// CoverageNotTakenBy returns the ids of the applications whose clauses are NotTaken in rows, sorted. Whoever has the rows of
// somebody else checks them with [CheckCoverage] first.
func CoverageNotTakenBy(rows []CoverageRow) ([]string, error) {
	if !slices.ContainsFunc(rows, func(r CoverageRow) bool { return r.State == CoverageNotTaken }) {
		return nil, nil
	}
	clauses, err := Clauses()
	if err != nil {
		return nil, err
	}
	of, found := applications(inOrder(clauses)), map[string]bool{}
	for _, r := range rows {
		if r.State == CoverageNotTaken {
			found[of[r.Clause]] = true
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// checkTaken tells whether rows are NotTaken only where they may be: all clauses of some applications that are not failing, and
// not of all applications.
func checkTaken(rows []CoverageRow, application map[string]string) bool {
	left, not := map[string]bool{}, map[string]bool{}
	for _, r := range rows {
		app := application[r.Clause]
		switch {
		case r.State == CoverageNotTaken && slices.ContainsFunc(r.Proofs, func(p Proof) bool { return p.State == CoverageNotMet }):
			return false
		case r.State == CoverageNotMet: // of an application that is taken, or not
		case r.State != CoverageNotTaken:
			left[app] = true
		case app == "":
			return false
		default:
			not[app] = true
		}
	}
	delete(left, "") // clauses about no application alone
	for app := range not {
		if left[app] {
			return false
		}
	}
	return len(not) == 0 || len(left) > 0
}

// inOrder sorts clauses as an agreement has them: by the numbers in their ids, so that AV-2.5 stands before AV-19.6. Where ids
// have words instead, such as BB-LOG and BB-DAT, these stand in the order in which they first come.
func inOrder(clauses []Clause) []Clause {
	words := map[string]int{}
	keys := map[string][]int{}
	for _, c := range clauses {
		keys[c.ID] = orderKey(c.ID, words)
	}
	out := slices.Clone(clauses)
	slices.SortStableFunc(out, func(a, b Clause) int { return slices.Compare(keys[a.ID], keys[b.ID]) })
	return out
}

// orderKey is where an id stands: for each of its pieces the number that it begins with, and the place of the rest of it.
func orderKey(id string, words map[string]int) []int {
	var key []int
	from := 0
	for i := 0; i <= len(id); i++ {
		if i < len(id) && id[i] != '.' && id[i] != '-' {
			continue
		}
		piece := id[from:i]
		word := strings.TrimLeft(piece, "0123456789")
		place := 0
		if word != "" {
			at := id[:from] + "\x00" + word
			if _, ok := words[at]; !ok {
				words[at] = len(words) + 1
			}
			place = words[at]
		}
		key = append(key, atoi(piece[:len(piece)-len(word)]), place)
		from = i + 1
	}
	return key
}

// atoi reads a short number; anything else is 0.
func atoi(s string) int {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' || n > 1_000_000 {
			return 0
		}
		n = 10*n + int(r-'0')
	}
	return n
}
