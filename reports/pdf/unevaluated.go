package pdf

import (
	"cmp"
	"maps"
	"slices"

	"waarborg/internal/assess"
	"waarborg/reports"
)

// mostReasons is how many reasons a rule has told apart; above it, reasons are told without their details.
const mostReasons = 8

func (p *report) unevaluated() {
	p.para(left, column, bodyGrey, p.pick("Unknown is never counted as met. For each rule: which facts were missing, why, and for which resources.",
		"Onbekend telt nooit als voldaan. Per regel: welke feiten ontbraken, waarom, en bij welke objecten."))
	any := p.sources()
	for _, a := range p.areas {
		if len(a.unread) == 0 {
			continue
		}
		any = true
		p.heading(reports.AreaText(a.id, p.lang), "unread "+a.id, p.unreadOpens(a.unread[0]))
		for _, g := range a.unread {
			p.unread(g)
		}
	}
	any = p.notLooked() || any
	if !any {
		p.y += 6
		p.para(left, column, body, p.pick("Everything could be evaluated.", "Alles kon worden beoordeeld."))
	}
}

// sources lists the sources that could not be read, or not in full.
func (p *report) sources() bool {
	var rows [][]cell
	for _, s := range p.r.Sources {
		if s.Status == "complete" {
			continue
		}
		text := cmp.Or(s.Message, p.pick("some facts could not be read", "sommige feiten konden niet worden gelezen"))
		rows = append(rows, []cell{{text: name(s.ID), st: smallBold, mark: markUnknown}, {text: reports.SourceText(s.Status, p.lang)}, {text: join("; ", text, s.Hint)}})
	}
	if len(rows) == 0 {
		return false
	}
	cols := []col{{p.pick("source", "bron"), 0.22, false}, {p.pick("state", "stand"), 0.16, false}, {p.pick("what went wrong", "wat er misging"), 0.62, false}}
	p.heading(p.pick("Sources that were not read in full", "Bronnen die niet volledig zijn gelezen"), "sources", p.tableOpens(cols, rows))
	p.table(cols, rows)
	return true
}

// unreadMeta is what stands below the title of a rule that could not be evaluated.
func (p *report) unreadMeta(g reports.Group) string {
	return join("  ·  ", reports.SeverityText(g.Rule.Severity, p.lang), p.objects(objectsIn(g)), p.clauseList(g.Rule.Clauses))
}

// unreadOpens is the height of the head of such a rule with the first reason, in points, which stay together.
func (p *report) unreadOpens(g reports.Group) float64 {
	const w = findingWidth
	h := 6 + float64(len(p.lines(bodyBold, w-76, name(g.Rule.Title))))*bodyBold.lead + float64(len(p.lines(smallGrey, w, p.unreadMeta(g))))*small.lead
	if list := p.reasons(g); len(list) > 0 {
		h += p.opens(w, small, list[0])
	}
	return h + narrowLow.lead
}

// unread draws a rule that could not be evaluated for some objects.
func (p *report) unread(g reports.Group) {
	const x, w = findingLeft, findingWidth
	r := g.Rule
	p.need(p.unreadOpens(g))
	p.gap(6)
	p.place(r.Rule)
	p.draw(markUnknown, left+5, p.y+7, 8)
	p.rightText(right, p.y+body.baseline(), bodyBold.in(grey), r.Rule)
	for _, l := range p.lines(bodyBold, w-76, name(r.Title)) {
		p.line(x, bodyBold, l)
	}
	p.para(x, w, smallGrey, p.unreadMeta(g))
	for _, reason := range p.reasons(g) {
		p.para(x, w, small, reason)
	}
	var names []string
	seen := map[string]bool{}
	for _, res := range g.Results {
		if !seen[res.Resource] {
			seen[res.Resource] = true
			names = append(names, name(res.Resource))
		}
	}
	p.flow(x, w, narrowLow, names)
	p.y += 3
}

// reasons tells why facts were missing, each reason once with the number of its objects, most first.
func (p *report) reasons(g reports.Group) []string {
	objects := map[string]map[string]bool{}
	count := func(detail bool) {
		for _, r := range g.Results {
			for _, u := range r.Unknown {
				if !detail {
					u.Reason.Detail = ""
				}
				text := u.Explain(p.lang)
				if objects[text] == nil {
					objects[text] = map[string]bool{}
				}
				objects[text][r.Resource] = true
			}
		}
	}
	if count(true); len(objects) > mostReasons {
		clear(objects)
		count(false)
	}
	list := slices.SortedFunc(maps.Keys(objects), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(objects[b]), len(objects[a])), cmp.Compare(a, b))
	})
	for i, text := range list {
		list[i] = number(len(objects[text]), p.lang) + " × " + text
	}
	return list
}

// flow writes names one behind the other, as many lines as it takes.
func (s *sheet) flow(x, w float64, st style, names []string) {
	line, width := "", 0.0
	separator := s.width(st, ", ")
	put := func() {
		s.need(st.lead)
		s.line(x, st, line)
		line, width = "", 0
	}
	for i, n := range names {
		if i < len(names)-1 {
			n += ","
		}
		wide := s.width(st, n)
		if line != "" && width+separator+wide > w {
			put()
		}
		if wide > w {
			s.para(x, w, st, n)
			continue
		}
		if line != "" {
			line, width = line+" ", width+separator
		}
		line, width = line+n, width+wide
	}
	if line != "" {
		put()
	}
}

// notLooked lists the rules that met no object, with the clauses that rest on them.
func (p *report) notLooked() bool {
	if len(p.r.Summary.NotLooked) == 0 {
		return false
	}
	p.heading(p.pick("Rules that met no resource", "Regels die geen object troffen"), "not looked", 3*body.lead)
	p.para(left, column, body, p.pick("Nobody looked at what these rules speak of, because no source gave anything of that kind. They prove nothing.",
		"Niemand keek naar waar deze regels over gaan, omdat geen bron iets van die soort gaf. Zij bewijzen niets."))
	p.y += 3
	clauses := map[string][]string{}
	for _, c := range p.r.Clauses {
		for _, rule := range c.Rules {
			clauses[rule] = append(clauses[rule], c.Clause)
		}
	}
	rows := make([][]cell, len(p.r.Summary.NotLooked))
	for i, rule := range p.r.Summary.NotLooked {
		rows[i] = []cell{{text: rule, st: smallBold, mark: markUnknown}, {text: p.clauseList(clauses[rule])}}
	}
	p.table([]col{{p.pick("rule", "regel"), 0.25, false}, {p.pick("clauses", "bepalingen"), 0.75, false}}, rows)
	return true
}

// waiverMark is the mark of a waiver: only one in effect has that of a waived finding.
func waiverMark(s assess.WaiverState) mark {
	if s == assess.WaiverUsed {
		return markWaived
	}
	return markUnproven
}
