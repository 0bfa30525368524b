package dpa_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waarborg/dpa"
	"waarborg/internal/assess"
)

// book is an agreement with the four applications of the catalogue, and one customer that takes some of them.
func bookOf(taken ...string) dpa.Book {
	var g dpa.Agreement
	for _, id := range []string{"social", "customers", "housing", "portals"} {
		g.Applications = append(g.Applications, dpa.Application{ID: id})
	}
	return dpa.Book{Agreements: []dpa.Agreement{g}, Customers: []dpa.Customer{{ID: "linde", Applications: taken}}}
}

func coverageOf(t *testing.T, book dpa.Book, rules ...assess.ClauseState) []dpa.CoverageRow {
	t.Helper()
	clauses, err := dpa.Clauses()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := dpa.Coverage(dpa.CoverageInput{Clauses: clauses, Rules: rules, Book: book, Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestClausesStandInTheOrderOfTheAgreement(t *testing.T) {
	var ids []string
	for _, r := range coverageOf(t, dpa.Book{}) {
		ids = append(ids, r.Clause)
	}
	for _, want := range []string{"VWO-1.9 VWO-1.10 VWO-1.11 VWO-2.1 VWO-2.1.1", "VWO-2.5 VWO-2.5.a VWO-2.5.b VWO-3.1", "BC-3 AV-2.5 AV-2.6 AV-3.5 AV-5.1", "AV-6.2 AV-6.4 AV-6.5 AV-6.6 AV-6.7 AV-7.3.4 AV-7.11 AV-9.2",
		"AV-18.2 AV-18.2.1 AV-18.2.2 AV-18.2.3 AV-18.3", "BB-0 BB-FYS-1", "BB-LOG-7 BB-LOG-8a BB-LOG-8b BB-LOG-8c BB-DAT-1", "BA-5.1.subjects BA-5.1.basic BA-5.1.contact BA-5.1.other BA-5.1.opt BA-5.2.subjects"} {
		if !strings.Contains(strings.Join(ids, " ")+" ", want+" ") {
			t.Errorf("not in this order: %s\nbut: %v", want, ids)
		}
	}
	clauses, err := dpa.Clauses()
	if err != nil {
		t.Fatal(err)
	}
	var catalogue []string
	for _, c := range clauses {
		catalogue = append(catalogue, c.ID)
	}
	general := func(id string) bool { return strings.HasPrefix(id, "AV-") }
	if got, want := slices.DeleteFunc(slices.Clone(ids), general), slices.DeleteFunc(catalogue, general); !slices.Equal(got, want) {
		t.Errorf("apart from the general terms the order is not the catalogue's:\n%v\n%v", got, want)
	}
}

// TestClausesOfApplications holds the sections of Annex A to the example's agreement, which names the section of each application.
func TestClausesOfApplications(t *testing.T) {
	raw, err := os.ReadFile("../examples/embrace/agreements/embrace-2024.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := []string{"social", "customers", "housing", "portals"}
	found := regexp.MustCompile(`(?s)  - id: (social|customers|housing|portals)\n.*?clause: (BA-5\.\d)\.basic`).FindAllStringSubmatch(string(raw), -1)
	if len(found) != len(all) {
		t.Fatalf("the example has %d applications", len(found))
	}
	for _, f := range found {
		taken := slices.DeleteFunc(slices.Clone(all), func(id string) bool { return id == f[1] })
		rows := coverageOf(t, bookOf(taken...))
		for _, r := range rows {
			want := r.Clause == "BA-1."+f[1] || strings.HasPrefix(r.Clause, f[2]+".")
			if want != (r.State == dpa.CoverageNotTaken) {
				t.Errorf("without %s, %s is %s", f[1], r.Clause, r.State)
			}
		}
		if not, err := dpa.CoverageNotTakenBy(rows); err != nil || !slices.Equal(not, []string{f[1]}) {
			t.Errorf("without %s: %v, %v", f[1], not, err)
		}
	}
}

func TestWhatIsNotTakenMustHangTogether(t *testing.T) {
	failing := state("BA-5.2.basic", assess.Fail, true)
	rules := []assess.ClauseState{failing}
	for _, taken := range [][]string{{"social", "portals"}, {"customers"}, {"social", "customers", "housing", "portals"}} {
		if err := dpa.CheckCoverage(coverageOf(t, bookOf(taken...), rules...), rules, "en"); err != nil {
			t.Errorf("%v: %v", taken, err)
		}
	}
	if got, err := dpa.CoverageNotTakenBy(coverageOf(t, dpa.Book{Agreements: bookOf().Agreements})); err != nil || got != nil {
		t.Errorf("without any customer, %v are not taken (%v)", got, err)
	}
	for what, spoil := range map[string]func(r *dpa.CoverageRow){
		"a clause of every application": func(r *dpa.CoverageRow) { set(r, r.Clause == "VWO-3.1") },
		"one clause of an application":  func(r *dpa.CoverageRow) { set(r, r.Clause == "BA-5.2.basic") },
		"every application": func(r *dpa.CoverageRow) {
			set(r, strings.HasPrefix(r.Clause, "BA-1.") || strings.HasPrefix(r.Clause, "BA-5.") && r.Clause != "BA-5.0")
		},
	} {
		rows := coverageOf(t, bookOf("social", "customers", "housing", "portals"), rules...)
		for i := range rows {
			spoil(&rows[i])
		}
		if dpa.CheckCoverage(rows, rules, "en") == nil {
			t.Errorf("%s is taken to be of no application taken", what)
		}
	}
}

func set(r *dpa.CoverageRow, not bool) {
	if not {
		r.State = dpa.CoverageNotTaken
	}
}
