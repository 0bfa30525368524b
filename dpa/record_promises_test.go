package dpa

import (
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func promised(r ProcessingRecord) (out []string) {
	for _, p := range r.Promises {
		out = append(out, fmt.Sprintf("%s|%s|%s|%s", p.ID, p.What, p.Source, p.Agreement))
	}
	return out
}

// training and rooms are measures of a text of somebody's own.
var (
	training = Measure{ID: "training", EN: "Staff are trained.", NL: "Medewerkers krijgen training.", Source: Source{Document: "Annex 2", Clause: "4.1"}}
	rooms    = Measure{ID: "rooms", EN: "Rooms are locked.", NL: "Ruimten zijn op slot.", Source: Source{Document: "Annex 2", Date: "2025-07-01"}}
)

// The clause catalogue speaks for the agreement of its own text.
func TestPromisesOfTheCatalogue(t *testing.T) {
	in := recordInput(t)
	got := promised(recordOf(t, in))
	if len(got) < 15 || len(got) > 63 {
		t.Errorf("%d organisational measures", len(got))
	}
	clauses, err := Clauses()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range clauses {
		want := fmt.Sprintf("%s|%s|Annex B %s, 2024-01-01|", c.ID, c.EN, c.ID)
		if is := c.Part == "bijlage_b" && c.Kind != PolicyCheck && c.DutyHolder != "controller" && !strings.HasSuffix(c.ID, "-0"); slices.Contains(got, want) != is {
			t.Errorf("%s: promised is %v, want %v", c.ID, !is, is)
		}
	}
	in.Language = "nl"
	if got := promised(recordOf(t, in)); !strings.Contains(got[0], "|Bijlage B BB-") {
		t.Errorf("in Dutch: %s", got[0])
	}
}

// Another text promises what the workspace says of it, from the day on which that holds, and nothing of the catalogue.
func TestPromisesOfAnotherText(t *testing.T) {
	in := recordInput(t)
	a := &in.Book.Agreements[0]
	a.Text, a.Measures = "", []Measure{training, rooms}
	for _, customer := range []string{"", "north"} {
		in.Customer = customer
		for _, c := range []struct {
			day  Date
			want []string
		}{
			{"2026-11-23", []string{"training|Staff are trained.|Annex 2 4.1, 2024-01-01|", "rooms|Rooms are locked.|Annex 2, 2025-07-01|"}},
			{"2025-06-30", []string{"training|Staff are trained.|Annex 2 4.1, 2024-01-01|"}},
		} {
			in.Day = c.day
			if r := recordOf(t, in); !slices.Equal(promised(r), c.want) || len(r.Missing) > 0 {
				t.Errorf("%s %s: %q, %+v", customer, c.day, promised(r), r.Missing)
			}
		}
	}
	in.Day, in.Language = "2026-11-23", "nl"
	if r := recordOf(t, in); r.Promises[1].What != "Ruimten zijn op slot." {
		t.Errorf("in Dutch: %+v", r.Promises)
	}
	// A list of which nothing holds yet says as little as none.
	in.Day, a.Measures = "2025-06-30", []Measure{rooms}
	for _, customer := range []string{"", "north"} {
		in.Customer = customer
		want := MissingEntry{Path: "promises.std", What: "de organisatorische maatregelen (32(1)) van: Overeenkomst", Why: "AVG 30(2)(d)",
			Where: "agreements/std.yaml: organisational_measures"}
		if r := recordOf(t, in); len(r.Promises) > 0 || !slices.Equal(r.Missing, []MissingEntry{want}) {
			t.Errorf("%q: %q, %+v", customer, promised(r), r.Missing)
		}
	}
}

// Each agreement in use promises its own, and a customer's record has those of its own agreement alone.
func TestPromisesOfTwoAgreements(t *testing.T) {
	in := recordInput(t)
	first := in.Book.Agreements[0]
	first.Text, first.Measures = "", []Measure{training}
	second, unused := first, first
	second.ID, second.Title, second.Measures = "new", Text{EN: "New agreement", NL: "Nieuwe overeenkomst"}, []Measure{rooms}
	unused.ID, unused.Measures = "later", []Measure{{ID: "nobody", EN: "nobody", NL: "niemand", Source: Source{Document: "Draft"}}}
	in.Book.Agreements = []Agreement{first, second, unused}
	in.Book.Customers[1].Agreement = "new"
	const trained, locked = "training|Staff are trained.|Annex 2 4.1, 2024-01-01|", "rooms|Rooms are locked.|Annex 2, 2025-07-01|"
	r := recordOf(t, in)
	if !slices.Equal(promised(r), []string{trained + "Agreement", locked + "New agreement"}) || len(r.Missing) > 0 {
		t.Errorf("whole: %q, %+v", promised(r), r.Missing)
	}
	if text := fmt.Sprint(r.Sections()); !strings.Contains(text, "Staff are trained. (Agreement)") || !strings.Contains(text, "Annex 2, 2025-07-01") {
		t.Errorf("the pages lack the agreement or the source: %s", text)
	}
	for customer, want := range map[string][2]string{"north": {trained, "locked"}, "south": {locked, "trained"}} {
		in.Customer = customer
		r := recordOf(t, in)
		raw, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if text := string(raw) + fmt.Sprint(r.Sections()); !slices.Equal(promised(r), []string{want[0]}) || strings.Contains(text, want[1]) {
			t.Errorf("%s: %q, or it holds what another agreement promises", customer, promised(r))
		}
	}
	// One has the catalogue's text, the other says nothing: what is promised to one is not what the other misses.
	in.Customer = ""
	in.Book.Agreements[0].Text, in.Book.Agreements[0].Measures, in.Book.Agreements[1].Measures = CatalogueText, nil, nil
	r = recordOf(t, in)
	if !slices.Equal(lacking(r), []string{"promises.new GDPR 30(2)(d)"}) || len(r.Promises) < 15 ||
		slices.ContainsFunc(r.Promises, func(p RecordPromise) bool { return p.Agreement != "Agreement" }) {
		t.Errorf("%q, %+v", promised(r), r.Missing)
	}
}
