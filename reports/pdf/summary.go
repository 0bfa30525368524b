package pdf

import (
	"cmp"
	"fmt"
	"slices"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/reports"
)

// mostNotable is how many findings the summary names.
const mostNotable = 5

func (p *report) summary() {
	p.keyNumbers()
	p.notable()
	if p.total() > 0 {
		var list []bar
		for _, a := range p.areas {
			if c, ok := p.r.Summary.Areas[a.id]; ok {
				b := bar{label: reports.AreaText(a.id, p.lang), counts: countsOf(c)}
				if len(a.findings)+len(a.passed) > 0 {
					b.link = p.link("area " + a.id)
				}
				list = append(list, b)
			}
		}
		p.caption(p.pick("Outcomes by area", "Uitkomsten per onderwerp"), barsHeight(len(list)))
		p.bars(p.words, list)
	}
	p.clauseCounts()
	if len(p.d.Trend) >= 2 {
		p.caption(p.pick("Assessment by assessment", "Beoordeling na beoordeling"), 4+trendHeight)
		p.y += 4
		p.trend(p.words, p.d.Trend)
	}
	p.since()
}

// keyNumbers sets the four numbers that matter beside each other.
func (p *report) keyNumbers() {
	head, rest := reports.Verdict(p.r.Summary, p.lang)
	p.para(left, column, body, head+" "+rest)
	p.y += 8
	p.need(60)
	counts := countsOf(p.r.Summary.Results)
	big := style{bold, 22, 28, black, 0}
	each := column / 4
	for i, st := range barStatuses {
		x := left + float64(i)*each
		m := statusMarks[st]
		p.text(x, p.y+24, big.in(m.ink()), number(counts[i], p.lang))
		p.draw(m, x+4, p.y+38.5, 8)
		p.text(x+13, p.y+41.4, small, reports.StatusText(st, p.lang))
	}
	p.y += 52
	rules := p.of(p.r.Summary.Rules, "rule", "rules", "regel", "regels")
	text := p.objects(p.r.Summary.Resources) + " · " + rules
	if n := len(p.r.Summary.NotLooked); n > 0 {
		text += " · " + p.of(n, "rule met no resource, so nobody looked", "rules met no resource, so nobody looked", "regel trof geen object, dus niemand keek", "regels troffen geen object, dus niemand keek")
	}
	p.para(left, column, smallGrey, text)
}

// notable names the worst findings.
func (p *report) notable() {
	p.caption(p.pick("What stands out", "Wat opvalt"), 2*bodyBold.lead+small.lead)
	var list []reports.Group
	for _, a := range p.areas {
		for _, g := range a.findings {
			if g.Rule.Status == assess.Fail && g.Rule.Duty == "" {
				list = append(list, g)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b reports.Group) int {
		return cmp.Or(cmp.Compare(a.Rule.Severity.Rank(), b.Rule.Severity.Rank()), cmp.Compare(len(b.Results), len(a.Results)))
	})
	if len(list) == 0 {
		text := p.pick("Nothing was found that is not met.", "Er is niets gevonden dat niet voldoet.")
		if p.total() == 0 {
			text = p.pick("Nothing was assessed, so nothing can stand out.", "Er is niets beoordeeld, dus er kan niets opvallen.")
		}
		p.para(left, column, body, text)
		return
	}
	more := max(0, len(list)-mostNotable)
	for _, g := range list[:len(list)-more] {
		r := g.Rule
		lines := p.lines(bodyBold, column-96, p.pick("Not met: ", "Niet voldaan: ")+name(r.Title))
		p.need(float64(len(lines))*bodyBold.lead + small.lead)
		p.f.Link(left, p.y, column, float64(len(lines))*bodyBold.lead+small.lead, p.ruleLink(r.Rule))
		p.draw(markFail, left+5, p.y+7, 8)
		p.rightText(right, p.y+bodyBold.baseline(), small.in(red), reports.SeverityText(r.Severity, p.lang))
		for _, l := range lines {
			p.line(left+18, bodyBold, l)
		}
		p.para(left+18, column-96, smallGrey, join(" · ", r.Rule, p.objects(objectsIn(g)), name(p.clauseList(r.Clauses))))
		p.y += 4
	}
	if more > 0 {
		p.need(bodyGrey.lead)
		p.f.Link(left, p.y, column, bodyGrey.lead, p.link(fmt.Sprintf("section %d", partFindings)))
		p.para(left+18, column-18, bodyGrey, p.of(more, "more rule is", "more rules are", "andere regel is", "andere regels zijn")+
			p.pick(" not met; see Findings.", " niet voldaan; zie Bevindingen."))
	}
}

// objectsIn counts the objects of a group: one may be judged apart for several customers.
func objectsIn(g reports.Group) int {
	seen := map[string]bool{}
	for _, r := range g.Results {
		seen[r.Resource] = true
	}
	return len(seen)
}

// clauseCounts tells how many clauses are in each state.
func (p *report) clauseCounts() {
	if len(p.d.Coverage) == 0 {
		return
	}
	p.caption(p.pick("Clauses", "Bepalingen"), 40)
	counts := dpa.CoverageCount(p.d.Coverage, "")
	x := left
	p.need(small.lead + 4)
	for _, st := range dpa.CoverageStates() {
		if counts[st] == 0 {
			continue
		}
		text := number(counts[st], p.lang) + " " + st.Text().In(p.lang)
		w := p.width(small, text) + 30
		if x+w-16 > right {
			x = left
			p.y += small.lead + 4
			p.need(small.lead + 4)
		}
		p.draw(coverageMarks[st], x+4, p.y+6, 7.4)
		p.text(x+12, p.y+small.baseline(), small, text)
		x += w
	}
	p.y += small.lead + 4
}

// since tells what changed since an earlier assessment.
func (p *report) since() {
	if p.d.Since == nil {
		return
	}
	p.heading(p.pick("What changed", "Wat er is veranderd"), "since", 60)
	p.para(left, column, body, reports.ChangesText(*p.d.Since, p.lang))
	for _, k := range reports.ChangeKinds(p.d.Since.Changes, p.lang) {
		rows := make([][]cell, len(k.List))
		for i, ch := range k.List {
			title := ch.Title
			if ch.Duty != "" {
				title += p.pick(" (the customer's own duty)", " (plicht van de klant zelf)")
			}
			rows[i] = []cell{{text: ch.Rule, st: smallBold, link: p.ruleLink(ch.Rule)}, {text: join(": ", title, p.told(ch.Message))},
				{text: name(ch.Resource), st: narrow}, p.stateCell(ch.Was), p.stateCell(ch.Is)}
		}
		p.captioned(fmt.Sprintf("%s (%d)", k.Title, len(k.List)), []col{{p.pick("rule", "regel"), 0.12, false}, {p.pick("what", "wat"), 0.34, false}, {p.pick("resource", "object"), 0.26, false},
			{p.pick("was", "was"), 0.14, false}, {p.pick("is", "is"), 0.14, false}}, rows)
	}
}

func (p *report) stateCell(s assess.Status) cell {
	if s == "" {
		return cell{text: p.pick("not judged", "niet beoordeeld"), st: narrowLow}
	}
	return cell{text: reports.StatusText(s, p.lang), st: narrow, mark: statusMarks[s]}
}
