package dpa_test

import (
	"testing"

	"waarborg/dpa"
)

// TestStandings: what an export of the register says of one customer reaches that customer's terms, and no other's.
func TestStandings(t *testing.T) {
	src := dpa.Source{Document: "D", Clause: "BC-1", Date: "2024-01-01"}
	b := dpa.Book{
		Agreements: []dpa.Agreement{{ID: "std", InForce: "2024-01-01", Applications: []dpa.Application{{ID: "crm"}}}},
		Customers: []dpa.Customer{{ID: "north", Agreement: "std", Applications: []string{"crm"}, Contract: dpa.Contract{Start: "2024-01-01"}},
			{ID: "south", Agreement: "std", Applications: []string{"crm"}, Contract: dpa.Contract{Start: "2024-01-01"}}},
		SubProcessors: []dpa.SubProcessor{{ID: "cloud", Announced: "2024-01-01", Effective: "2024-02-01", OpenObjections: 3, Source: src,
			Regions: map[string][]string{"azure": {"westeurope", "northeurope"}}}, {ID: "mail", Source: src}},
		Standings: []dpa.Standing{{SubProcessor: "cloud", Customer: "north", Announced: "2026-01-01", Effective: "2026-03-01", OpenObjections: 1},
			{SubProcessor: "mail", Customer: "north", Absent: true}},
	}
	row := func(customer, id string) map[string]any {
		t.Helper()
		f, err := b.StandardTerms("2026-11-23")
		if customer != dpa.Standard {
			f, err = b.TermsInForce(customer, "2026-11-23")
		}
		if err != nil {
			t.Fatal(err)
		}
		r, _ := f.ForRules()["register"].(map[string]any)[id].(map[string]any)
		return r
	}
	for _, tt := range []struct {
		customer, effective string
		objections          int
		mail                bool
	}{{"north", "2026-03-01", 1, false}, {"south", "2024-02-01", 0, true}, {dpa.Standard, "2024-02-01", 3, true}} {
		cloud := row(tt.customer, "cloud")
		if cloud["effective"] != tt.effective || cloud["open_objections"] != tt.objections || (row(tt.customer, "mail") != nil) != tt.mail {
			t.Errorf("%q: %v, mail %v", tt.customer, cloud, row(tt.customer, "mail"))
		}
		if got := cloud["regions"].(map[string]any)["azure"].([]string); len(got) != 2 || got[0] != "northeurope" {
			t.Errorf("regions: %v", got)
		}
	}
	if row("south", "mail")["regions"] != nil {
		t.Error("a register without regions names some")
	}
	if got := b.For("south").Standings; len(got) != 0 {
		t.Errorf("south is told of north: %+v", got)
	}
	if got := b.For("north").Standings; len(got) != 2 {
		t.Errorf("north is told %+v of itself", got)
	}
}
