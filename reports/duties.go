package reports

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"

	"waarborg/dpa"
)

// DutiesTable writes for every duty of a processor under the GDPR which clauses carry it, and how they stand.
func DutiesTable(w io.Writer, rows []dpa.DutyRow, h CoverageHead, o TableOptions, lang string) error {
	o.Width = cmp.Or(o.Width, 120)
	t := table{bufio.NewWriter(w), wordsIn(lang), o, nil}
	t.line("%s", coverageWhen(t.words, h.At))
	t.text("", "", h.Notice, "")
	t.text("", "", dutiesNotice(t.words), "2")
	t.line("")
	for _, d := range rows {
		code := coverageColors[d.State]
		t.line("%s", t.paint(code, fmt.Sprintf("  %s %-18s %s", coverageMarks[d.State], d.GDPR, d.State.Text().In(lang))))
		t.text("      ", "      ", dutyText(d), "")
		t.text("      ", "      ", dutyClauses(t.words, d), "2")
	}
	t.line("\n%s", dutyCounts(t, rows))
	return t.Flush()
}

// DutiesMarkdown writes the same as a table.
func DutiesMarkdown(w io.Writer, rows []dpa.DutyRow, h CoverageHead, lang string) error {
	m := table{bufio.NewWriter(w), wordsIn(lang), TableOptions{}, nil}
	m.line("# %s\n\n%s\n", m.pick("Duties of the processor under the GDPR", "Plichten van de verwerker onder de AVG"), coverageWhen(m.words, h.At))
	m.notice(h.Notice)
	m.line("%s\n\n%s", dutiesNotice(m.words), dutyCounts(m, rows))
	m.line("\n| %s | %s | %s | %s |\n|---|---|---|---|", m.pick("article", "artikel"), m.pick("what it asks", "wat het vraagt"), m.pick("state", "stand"),
		m.pick("clauses", "bepalingen"))
	for _, d := range rows {
		m.line("| %s | %s | %s %s | %s |", d.GDPR, markdownSafe(dutyText(d)), coverageMarks[d.State], d.State.Text().In(lang), markdownSafe(dutyClauses(m.words, d)))
	}
	return m.Flush()
}

func dutiesNotice(w words) string {
	return w.pick("A duty stands as the worst of the clauses that carry it. Whether those clauses cover all that the law asks is not judged here.",
		"Een plicht staat er zo voor als de slechtste van de bepalingen die haar dragen. Of die bepalingen alles dekken wat de wet vraagt, is hier niet beoordeeld.")
}

func dutyText(d dpa.DutyRow) string {
	if d.Condition == "" {
		return d.Text
	}
	return strings.TrimSuffix(d.Text, ".") + " (" + d.Condition + ")."
}

const (
	fewClauses = 6 // a duty names so many clauses, each with its own state
	mostWorst  = 8 // of more clauses it names so many that decide its state
)

// dutyClauses names the clauses that carry a duty: all of a few, else those that decide.
func dutyClauses(w words, d dpa.DutyRow) string {
	var parts []string
	switch {
	case len(d.Clauses) == 0:
		return w.pick("no clause carries it", "geen bepaling dekt deze plicht")
	case len(d.Clauses) <= fewClauses:
		for _, c := range d.Clauses {
			parts = append(parts, coverageMarks[c.State]+" "+c.Clause)
		}
		return strings.Join(parts, ", ")
	}
	worst := d.Worst()
	for i, c := range worst {
		if i == mostWorst {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, c.Clause)
	}
	return fmt.Sprintf(w.pick("%d clauses, of which %s: %d (%s)", "%d bepalingen, waarvan %s: %d (%s)"), len(d.Clauses), d.State.Text().In(w.lang), len(worst),
		strings.Join(parts, ", "))
}

func dutyCounts(t table, rows []dpa.DutyRow) string {
	return fmt.Sprintf(t.pick("%d duties: ", "%d plichten: "), len(rows)) + stateCounts(t, dpa.DutyCount(rows))
}

func stateCounts(t table, count map[dpa.CoverageState]int) string {
	var parts []string
	for _, s := range dpa.CoverageStates() {
		if count[s] > 0 {
			parts = append(parts, t.paint(coverageColors[s], fmt.Sprintf("%d %s", count[s], s.Text().In(t.lang))))
		}
	}
	return strings.Join(parts, " · ")
}
