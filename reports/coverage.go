package reports

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"waarborg/dpa"
	"waarborg/internal/assess"
)

var coverageColors = map[dpa.CoverageState]string{dpa.CoverageNotMet: "31;1", dpa.CoverageUnproven: "33", dpa.CoverageUnknown: "33", dpa.CoveragePartly: "33",
	dpa.CoverageWaived: "36", dpa.CoverageAttested: "32", dpa.CoverageMet: "32", dpa.CoverageCustomer: "2", dpa.CoverageNotTaken: "2"}

var coverageMarks = map[dpa.CoverageState]string{dpa.CoverageNotMet: "✗", dpa.CoverageUnproven: "·", dpa.CoverageUnknown: "?", dpa.CoveragePartly: "◐",
	dpa.CoverageWaived: "~", dpa.CoverageAttested: "✓", dpa.CoverageMet: "✓", dpa.CoverageCustomer: "–", dpa.CoverageNotTaken: "–"}

type holder struct{ id, en, nl string }

// holders is the order in which coverage is shown: what binds us first, what binds the customer last.
var holders = []holder{
	{"processor", "Duties of the processor", "Plichten van de verwerker"},
	{"both", "Duties of both parties", "Plichten van beide partijen"},
	{"controller", "Duties of the customer (never a failure of ours)", "Plichten van de klant (nooit een tekortkoming van ons)"},
}

// CoverageHead is what tables of clauses and duties say above their rows.
type CoverageHead struct {
	At      string          // when the check was that the states of rules are of; empty: there was none
	Notice  string          // see BookNotice; may be empty
	Results []assess.Result // of that check: whether what is met is so by systems, or by what the processor itself records
}

// CoverageTable writes for every clause what proves it, by who bears the duty.
func CoverageTable(w io.Writer, rows []dpa.CoverageRow, h CoverageHead, o TableOptions, lang string) error {
	o.Width = cmp.Or(o.Width, 120)
	t := table{bufio.NewWriter(w), wordsIn(lang), o, nil}
	listed := Clauses{words: t.words, own: ownRecord(h.Results)}
	t.line("%s", coverageWhen(t.words, h.At))
	t.text("", "", h.Notice, "")
	for _, h := range holders {
		t.line("\n%s", t.paint("1", t.pick(h.en, h.nl)))
		for _, r := range rows {
			if r.DutyHolder == h.id {
				t.coverageRow(r, listed.State(r))
			}
		}
	}
	t.line("\n%s", coverageCounts(t, rows))
	return t.Flush()
}

// notice writes a paragraph of Markdown, where there is one.
func (t table) notice(text string) {
	if text != "" {
		t.line("%s\n", markdownText(text))
	}
}

func coverageWhen(w words, at string) string {
	if at == "" {
		return w.pick("There was no check yet, so nothing is known of what rules would prove: run `waarborg check`.",
			"Er is nog niet gecontroleerd, dus van wat regels zouden bewijzen is niets bekend: draai `waarborg check`.")
	}
	return w.pick("States of rules are of the check of ", "De stand van regels is van de controle van ") + at
}

func (t table) coverageRow(r dpa.CoverageRow, state string) {
	proofs := proofText(t.words, r)
	head := fmt.Sprintf("  %s %-14s %-23s  ", coverageMarks[r.State], r.Clause, state)
	room := max(20, t.Width-2-utf8.RuneCountInString(head))
	text := r.Text
	if runes := []rune(text); len(runes) > room {
		text = string(runes[:room-1]) + "…"
	}
	t.line("%s%s", t.paint(coverageColors[r.State], head), terminalSafe(text))
	if proofs != "" {
		t.line("      %s", t.paint("2", proofs))
	}
}

// proofText lists what proves a clause, with the state of each thing.
func proofText(w words, r dpa.CoverageRow) string {
	var parts []string
	for _, p := range r.Proofs {
		mark := coverageMarks[p.State]
		kind := map[string]string{"rule": "", "workflow": w.pick("workflow ", "werkstroom "), "attestation": w.pick("attestation ", "verklaring "), "document": ""}[p.Type]
		text := mark + " " + kind + ProofName(p.Type, p.ID, w.lang)
		if p.Note != "" {
			text += " (" + p.Note + ")"
		}
		parts = append(parts, text)
	}
	return terminalSafe(strings.Join(parts, "  "))
}

func coverageCounts(t table, rows []dpa.CoverageRow) string {
	count := dpa.CoverageCount(rows, "")
	var parts []string
	for _, s := range dpa.CoverageStates() {
		if count[s] > 0 {
			parts = append(parts, t.paint(coverageColors[s], fmt.Sprintf("%d %s", count[s], s.Text().In(t.lang))))
		}
	}
	return fmt.Sprintf(t.pick("%d clauses: ", "%d bepalingen: "), len(rows)) + strings.Join(parts, " · ")
}

// CoverageMarkdown writes the same as tables.
func CoverageMarkdown(w io.Writer, rows []dpa.CoverageRow, h CoverageHead, lang string) error {
	m := table{bufio.NewWriter(w), wordsIn(lang), TableOptions{}, nil}
	listed := Clauses{words: m.words, own: ownRecord(h.Results)}
	m.line("# %s\n\n%s\n", m.pick("Coverage of the agreement", "Dekking van de overeenkomst"), coverageWhen(m.words, h.At))
	m.notice(h.Notice)
	m.line("%s", coverageCounts(m, rows))
	for _, h := range holders {
		m.line("\n## %s\n\n| %s | %s | %s | %s |\n|---|---|---|---|", m.pick(h.en, h.nl), m.pick("clause", "bepaling"), m.pick("what", "wat"), m.pick("state", "stand"), m.pick("proof", "bewijs"))
		for _, r := range rows {
			if r.DutyHolder == h.id {
				m.line("| %s | %s | %s %s | %s |", r.Clause, markdownSafe(r.Text), coverageMarks[r.State], listed.State(r), markdownSafe(proofText(m.words, r)))
			}
		}
	}
	return m.Flush()
}
