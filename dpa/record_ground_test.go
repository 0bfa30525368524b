package dpa

import (
	"fmt"
	"testing"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/policies"
)

// The record says of a ground what the rule on suppliers says (TRF-008), for every country with a decision and some
// without, and every way in which the register can speak of one.
func TestGroundsAreThoseOfTheRules(t *testing.T) {
	rules, err := assess.Load(policies.FS, inventory.KindSupplier)
	if err != nil {
		t.Fatal(err)
	}
	reference := testReference(t)
	const day = Date("2026-11-23")
	past, future := Date("2026-11-22"), Date("2027-01-01")
	variants := []SubProcessor{{}, {Ground: "none"}, {Ground: "adequacy"}, {Ground: "adequacy", GroundUntil: past}, {Ground: "adequacy", GroundUntil: future}, {Ground: "scc"},
		{Ground: "scc", TIA: past}, {Ground: "scc", TIA: day, GroundUntil: day}, {Ground: "scc", TIA: future}, {Ground: "scc", TIA: past, GroundUntil: past},
		{Ground: "bcr", TIA: past, GroundUntil: future}, {Ground: "bcr", GroundUntil: future}}
	countries := []string{"NL", "IN", "AU", "GI", "XX"}
	for code := range reference.decisions {
		if len(code) == 2 {
			countries = append(countries, code)
		}
	}
	book := testBook(t)
	book.SubProcessors = nil
	want := map[string]string{}
	var resources []inventory.Resource
	for i, v := range variants {
		for _, country := range countries {
			v.ID = fmt.Sprintf("s%d-%s", i, country)
			book.SubProcessors = append(book.SubProcessors, v)
			r, err := inventory.Draft{ID: "register/" + v.ID, Attributes: &inventory.Supplier{Register: inventory.Known(v.ID), PersonalData: inventory.Known(true),
				DataCategories: inventory.Known([]string{}), Countries: inventory.Known([]string{country}), AccessCountries: inventory.Known([]string{})}}.Encode()
			if err != nil {
				t.Fatal(err)
			}
			resources = append(resources, r)
			p := reference.country(country, "en")
			switch {
			case p.eea:
				want[r.ID] = GroundOK
			case !p.known:
				want[r.ID] = GroundUnknown
			default:
				want[r.ID], _, _ = reference.ground(country, &v, day)
			}
		}
	}
	standard, err := book.StandardTerms(day)
	if err != nil {
		t.Fatal(err)
	}
	judged, _, err := rules.Assess(t.Context(), assess.Input{Resources: resources, Now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		Customers: []assess.Customer{{ID: assess.Standard, Terms: standard.ForRules()}}})
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]int{}
	for i, list := range judged {
		for _, j := range list {
			if j.Rule.ID != "TRF-008" {
				continue
			}
			got := ruleGround(j.Verdict)
			states[got]++
			if got != want[resources[i].ID] {
				t.Errorf("%s: the rule says %s, the record %s", resources[i].ID, got, want[resources[i].ID])
			}
		}
	}
	for _, s := range []string{GroundOK, GroundExpired, GroundNoTIA, GroundPartial, GroundNone, GroundUnknown} {
		if states[s] == 0 {
			t.Errorf("nothing was %s: %v", s, states)
		}
	}
	// No decision of the table has ended by then, so that one is looked at later.
	if state, _, _ := reference.ground("GB", nil, "2031-12-27"); state != GroundOK {
		t.Errorf("on the last day of the decision: %s", state)
	}
	if state, _, _ := reference.ground("GB", nil, "2031-12-28"); state != GroundEnded {
		t.Errorf("a day later: %s", state)
	}
}

// ruleGround is what a verdict of the rule means in a record.
func ruleGround(v *assess.Verdict) string {
	switch {
	case v.Status == assess.Pass:
		return GroundOK
	case v.Status == assess.Fail && len(v.Findings) == 1:
		return map[string]string{"expired": GroundExpired, "no_tia": GroundNoTIA, "ended": GroundEnded, "": GroundNone}[v.Findings[0].Code]
	case v.Status == assess.Unknown && len(v.Questions) == 1:
		return map[string]string{"partial_decision": GroundPartial, "unclear_territory": GroundUnknown, "no_region": GroundUnknown}[v.Questions[0].Code]
	}
	return fmt.Sprintf("%+v", v)
}
