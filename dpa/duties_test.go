package dpa

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestDutyCoverage(t *testing.T) {
	duties := []Duty{
		{ID: "one", GDPR: "28(1)", EN: "do it", NL: "doe het", Agreement: []string{"B-2", "A-*"}},
		{ID: "star", Agreement: []string{"B-*"}, Condition: "if used", ConditionNL: "als het wordt gebruikt"},
		{ID: "none"},
		{ID: "theirs", Agreement: []string{"C-1"}},
		{ID: "gone", Agreement: []string{"Z-9"}},
	}
	for _, c := range []struct {
		states string // of A-1 A-2 B-1 B-2, whereas C-1 binds the customer
		want   []string
	}{
		{"met met met met", []string{"one met A-1 A-2 B-2 | A-1 A-2 B-2", "star met B-1 B-2 | B-1 B-2"}},
		{"met unknown not-met met", []string{"one unknown A-1 A-2 B-2 | A-2", "star not-met B-1 B-2 | B-1"}},
		{"unproven unknown attested waived", []string{"one unproven A-1 A-2 B-2 | A-1", "star waived B-1 B-2 | B-2"}},
		{"partly customer partly customer", []string{"one partly A-1 | A-1", "star partly B-1 | B-1"}},
		{"customer customer customer customer", []string{"one unproven  | ", "star unproven  | "}},
	} {
		rows := []CoverageRow{{Clause: "C-1", State: CoverageCustomer}}
		for i, s := range strings.Fields(c.states) {
			rows = append(rows, CoverageRow{Clause: []string{"A-1", "A-2", "B-1", "B-2"}[i], State: CoverageState(s)})
		}
		var got []string
		for _, d := range DutyCoverage(duties, rows, "nl") {
			got = append(got, fmt.Sprintf("%s %s %s | %s", d.Duty, d.State, clauseIDs(d.Clauses), clauseIDs(d.Worst())))
		}
		if want := append(c.want, "none unproven  | ", "theirs unproven  | ", "gone unproven  | "); !slices.Equal(got, want) {
			t.Errorf("%s:\n%q\nwant\n%q", c.states, got, want)
		}
	}
	nl, en := DutyCoverage(duties, nil, "nl"), DutyCoverage(duties, nil, "en")
	if nl[0].Text != "doe het" || en[0].Text != "do it" || nl[1].Condition != "als het wordt gebruikt" || en[1].Condition != "if used" || en[0].GDPR != "28(1)" {
		t.Errorf("%+v, %+v", nl, en)
	}
	if got := DutyCount(nl); len(got) != 1 || got[CoverageUnproven] != len(duties) {
		t.Errorf("counted %v", got)
	}
}

func clauseIDs(list []DutyClause) string {
	var out []string
	for _, c := range list {
		out = append(out, c.Clause)
	}
	return strings.Join(out, " ")
}

// The duties of this program are told in both languages, name articles alone, and those that the agreement mirrors have
// clauses that bind the processor.
func TestDutiesCanBeShown(t *testing.T) {
	duties, err := Duties()
	if err != nil {
		t.Fatal(err)
	}
	clauses, err := Clauses()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := Coverage(CoverageInput{Clauses: clauses, Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	var bare []string
	for i, x := range DutyCoverage(duties, rows, "nl") {
		d := duties[i]
		if d.EN == d.NL || (d.Condition == "") != (d.ConditionNL == "") || len(d.EN) < 30 || len(d.NL) < 30 {
			t.Errorf("%s is not told in both languages: %+v", d.ID, d)
		}
		if strings.Trim(d.GDPR, "0123456789(), abcdefgh") != "" || strings.Contains(d.GDPR, "via") {
			t.Errorf("%s: %q has words of one language", d.ID, d.GDPR)
		}
		if (len(x.Clauses) == 0) != (len(d.Agreement) == 0) {
			t.Errorf("%s: %d clauses that bind the processor, of %v", d.ID, len(x.Clauses), d.Agreement)
		}
		if len(x.Clauses) == 0 {
			bare = append(bare, d.ID)
		}
	}
	if want := []string{"G-30.2.a", "G-30.2.b", "G-30.2.c", "G-30.2.d", "G-30.3", "G-37.7", "G-38", "G-39", "G-47", "G-49"}; !slices.Equal(bare, want) {
		t.Errorf("no clause carries %v, want %v", bare, want)
	}
}
