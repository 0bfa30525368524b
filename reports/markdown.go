package reports

import (
	"bufio"
	"io"
	"strings"

	"waarborg/internal/assess"
)

// Markdown writes results as a page for a wiki or a merge request.
func Markdown(w io.Writer, title string, r assess.Results) error {
	m := table{bufio.NewWriter(w), wordsIn(r.Language), TableOptions{}, ServedBy(r)}
	m.line("# %s\n", markdownSafe(title))
	m.line("%s %s · %s %s\n", m.pick("Assessed", "Beoordeeld"), m.time(r.At), m.pick("collected", "verzameld"), m.time(r.Evidence.CollectedAt))
	m.line("**%s** · %s\n", m.state[r.Summary.Status], m.counts(r.Summary.Results))
	for _, area := range assess.Areas {
		c, ok := r.Summary.Areas[area]
		if !ok {
			continue
		}
		m.line("## %s\n\n%s\n", m.words.area[area], m.counts(c))
		gs := Groups(r.Results, area, false)
		if len(gs) == 0 {
			continue
		}
		m.line("| | %s | %s | %s | %s |", m.pick("rule", "regel"), m.pick("clauses", "bepalingen"), m.pick("resource", "object"), m.pick("what", "wat"))
		m.line("|---|---|---|---|---|")
		for _, g := range gs {
			m.rows(g)
		}
		m.line("")
	}
	for _, s := range r.Sources {
		if s.Status != "complete" {
			m.line("- %s **%s** (%s) %s", m.pick("source", "bron"), markdownSafe(s.ID), markdownSafe(m.sourceStatus(s.Status)), markdownSafe(s.Message))
		}
	}
	return m.Flush()
}

func (t table) rows(g Group) {
	for _, r := range g.Results {
		what := strings.TrimPrefix(r.Message+"; "+r.Question, "; ")
		what = DatesIn(strings.TrimSuffix(what, "; "), t.lang)
		if t.served.Differs(r, r.Customers) {
			what += " [" + strings.Join(r.Customers, ", ") + "]"
		}
		if r.Waiver != "" {
			what += t.pick(" (waiver ", " (acceptatie ") + t.waiverOf(r) + ")"
		}
		if r.Accepted {
			what += t.pick(" (accepted internally)", " (intern geaccepteerd)")
		}
		t.line("| %s %s | %s %s | %s | %s | %s |", marks[r.Status], t.state[r.Status], r.Rule, markdownSafe(r.Title),
			strings.Join(r.Clauses, ", "), markdownSafe(r.Resource), markdownSafe(what))
	}
}
