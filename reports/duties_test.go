package reports_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"waarborg/dpa"
	"waarborg/reports"
)

// sampleDuties has a duty without clauses, one with a few, and one with many.
func sampleDuties(lang string) []dpa.DutyRow {
	duties := []dpa.Duty{
		{ID: "G-1", GDPR: "28(2)", EN: "Ask before you engage a sub-processor.", NL: "Vraag het voor u een subverwerker inschakelt.", Agreement: []string{"VWO-7.*"}},
		{ID: "G-2", GDPR: "28(3)(c), 32", EN: "Take all the security measures.", NL: "Neem alle beveiligingsmaatregelen.", Agreement: []string{"BB-*"}},
		{ID: "G-3", GDPR: "38", EN: "Involve the officer.", NL: "Betrek de functionaris.", Condition: "if there is one", ConditionNL: "als die er is"}}
	rows := []dpa.CoverageRow{{Clause: "VWO-7.1", State: dpa.CoverageMet}, {Clause: "VWO-7.2", State: dpa.CoverageAttested}, {Clause: "VWO-7.3", State: dpa.CoverageCustomer}}
	for i := range 20 {
		state := dpa.CoverageMet
		if i%2 == 1 {
			state = dpa.CoverageNotMet
		}
		rows = append(rows, dpa.CoverageRow{Clause: "BB-" + string(rune('A'+i)), State: state})
	}
	return dpa.DutyCoverage(duties, rows, lang)
}

func TestDutiesForms(t *testing.T) {
	var text, md bytes.Buffer
	if err := reports.DutiesTable(&text, sampleDuties("en"), reports.CoverageHead{At: "2026-11-23 12:00 UTC", Notice: otherText("en")}, reports.TableOptions{Width: 80}, "en"); err != nil {
		t.Fatal(err)
	}
	golden(t, "duties_en.txt", text.Bytes())
	for line := range strings.Lines(text.String()) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if err := reports.DutiesMarkdown(&md, sampleDuties("nl"), reports.CoverageHead{Notice: otherText("nl")}, "nl"); err != nil {
		t.Fatal(err)
	}
	golden(t, "duties_nl.md", md.Bytes())
}
