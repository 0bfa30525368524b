package dpa

import (
	"slices"
	"strings"

	"waarborg/internal/say"
)

// Standing is how a sub-processor stands with one customer, where that differs from its row. It comes from an export of the
// register; in a workspace's own register a row is the same for everybody.
type Standing struct {
	SubProcessor, Customer string // ids
	Announced, Effective   Date   // in the place of the row's
	OpenObjections         int    // that hold for this customer
	Absent                 bool   // for this customer it is not on the register
}

// rowFor is a sub-processor as it stands with a customer; false if it is not on the register for it. objections are those that
// the customer itself may know of.
func (b Book) rowFor(s SubProcessor, customer string) (row SubProcessor, objections int, there bool) {
	i := slices.IndexFunc(b.Standings, func(x Standing) bool { return x.SubProcessor == s.ID && x.Customer == customer })
	if i < 0 {
		return s, 0, true
	}
	x := b.Standings[i]
	s.Announced, s.Effective = x.Announced, x.Effective
	return s, x.OpenObjections, !x.Absent
}

// checkRegions asks for names as providers write them, and for a region of each.
func checkRegions(regions map[string][]string, report func(path string, what, hint Text)) {
	for provider, list := range regions {
		if !word(provider) || len(list) == 0 || slices.ContainsFunc(list, func(r string) bool { return !word(r) }) {
			report("regions."+provider, say.Both("a provider and its regions are names in lower-case letters, digits and hyphens",
				"een aanbieder en zijn regio's zijn namen van kleine letters, cijfers en koppeltekens"),
				say.Both("write {azure: [westeurope]}", "schrijf {azure: [westeurope]}"))
		}
	}
}

func word(s string) bool {
	return s != "" && len(s) <= 63 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// regionTable is the regions as rules look them up; null if the register names none.
func regionTable(regions map[string][]string) any {
	if len(regions) == 0 {
		return nil
	}
	out := map[string]any{}
	for provider, list := range regions {
		out[provider] = sorted(list)
	}
	return out
}
