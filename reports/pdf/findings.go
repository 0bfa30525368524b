package pdf

import (
	"fmt"
	"slices"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/reports"
)

func (p *report) findings() {
	any := false
	for _, a := range p.areas {
		any = any || len(a.findings)+len(a.passed) > 0
	}
	if !any {
		p.para(left, column, body, p.pick("There are no findings: no rule gave an outcome.", "Er zijn geen bevindingen: geen regel gaf een uitkomst."))
		return
	}
	p.para(left, column, bodyGrey, p.pick("By area: what is not met, what a person must decide, what is waived, and then what is met. What could not be evaluated for lack of facts is in part ",
		"Per onderwerp: wat niet voldaan is, wat een persoon moet beslissen, wat geaccepteerd is, en daarna wat voldaan is. Wat bij gebrek aan feiten niet kon worden beoordeeld, staat in deel ")+fmt.Sprintf("%d.", partUnevaluated))
	for _, a := range p.areas {
		if len(a.findings)+len(a.passed) == 0 {
			continue
		}
		keep := small.lead + 4
		if len(a.findings) > 0 {
			keep += p.findingOpens(a.findings[0])
		} else {
			cols, rows := p.passedTable(a.passed)
			keep += captionHeight(1) + p.tableOpens(cols, rows)
		}
		p.heading(reports.AreaText(a.id, p.lang), "area "+a.id, keep)
		c, theirs := p.r.Summary.Areas[a.id], ""
		if c.Customer > 0 {
			theirs = number(c.Customer, p.lang) + " " + p.pick("for the customer", "voor de klant")
		}
		p.para(left, column, smallGrey, join(" · ", count(p.words, c.Fail, assess.Fail), count(p.words, c.Unknown, assess.Unknown),
			count(p.words, c.Waived, assess.Waived), count(p.words, c.Pass, assess.Pass), theirs))
		p.y += 4
		for _, g := range a.findings {
			p.finding(g)
		}
		p.passed(a.passed)
	}
}

// Where findings stand, below their marks.
const (
	findingLeft  = left + 18
	findingWidth = column - 18
)

// findingOpens is the height of a finding's head with the first of its messages, in points, which stay together.
func (p *report) findingOpens(g reports.Group) float64 {
	head := len(p.lines(bodyBold, findingWidth-76, name(g.Rule.Title)))
	h := 7 + float64(head)*bodyBold.lead + float64(len(p.metaLines(g)))*small.lead + 2
	if messages := g.ByMessage(); len(messages) > 0 {
		h += p.messageOpens(messages[0], p.who(messages[0]))
	}
	return h
}

// metaLines are what stands behind the state of a finding: how grave, of how many objects, and about which clauses.
func (p *report) metaLines(g reports.Group) []string {
	r, duty := g.Rule, ""
	if r.Duty != "" {
		duty = p.pick("the customer's own duty", "plicht van de klant zelf")
	}
	return p.lines(smallGrey, findingWidth-p.width(smallBold, reports.StatusText(r.Status, p.lang))-p.width(smallGrey, "  "),
		"  ·  "+join("  ·  ", reports.SeverityText(r.Severity, p.lang), p.objects(objectsIn(g)), p.clauseList(r.Clauses), p.articles(r.GDPR), duty))
}

// finding draws one rule's results of one status.
func (p *report) finding(g reports.Group) {
	const x, w = findingLeft, findingWidth
	r := g.Rule
	m := statusMarks[r.Status]
	if r.Duty != "" {
		m = markCustomer
	}
	head := p.lines(bodyBold, w-76, name(r.Title))
	p.need(p.findingOpens(g))
	p.gap(7)
	p.place(r.Rule)
	p.draw(m, left+5, p.y+7, 8.6)
	p.rightText(right, p.y+body.baseline(), bodyBold.in(grey), r.Rule)
	for _, l := range head {
		p.line(x, bodyBold, l)
	}
	state := reports.StatusText(r.Status, p.lang)
	p.text(x, p.y+small.baseline(), smallBold.in(m.ink()), state)
	indent := p.width(smallBold, state)
	for i, l := range p.metaLines(g) {
		if i == 0 {
			l = "  " + l
		} else {
			p.need(small.lead)
		}
		p.text(x+indent, p.y+small.baseline(), smallGrey, l)
		p.y += small.lead
	}
	p.y += 2
	for _, msg := range g.ByMessage() {
		p.message(x, w, msg)
	}
	if r.Remediation != "" && r.Status != assess.Waived {
		label := p.pick("What to do: ", "Wat te doen: ")
		p.para(x, w, small.in(accent), label+r.Remediation)
	}
	p.y += 5
}

// who names the customers of a message where others have another outcome.
func (p *report) who(m reports.Message) string {
	who := ""
	if p.d.Customer == nil && p.served.Differs(m.Resources[0], m.Customers) {
		who = " [" + join(", ", m.Customers...) + "]"
	}
	if m.Accepted {
		who += p.pick(" (accepted internally)", " (intern geaccepteerd)")
	}
	return who
}

// messageOpens is how much of a message stays together, in points.
func (p *report) messageOpens(m reports.Message, who string) float64 {
	long := 0
	for _, text := range []string{p.told(m.Message), p.question(m)} {
		if text != "" {
			long += len(p.lines(body, findingWidth, text+who))
		}
	}
	return float64(min(long, 8))*body.lead + 2*narrow.lead
}

// question says what a person must decide, if anything.
func (p *report) question(m reports.Message) string {
	if m.Question == "" {
		return ""
	}
	return p.pick("A person must decide: ", "Een persoon moet beslissen: ") + p.told(m.Question)
}

// told is a sentence of the results as pages have it: with dates as people write them.
func (p *report) told(text string) string { return reports.DatesIn(text, p.lang) }

// message draws what is wrong once, and then each object of which it is so.
func (p *report) message(x, w float64, m reports.Message) {
	who := p.who(m)
	facts := make([]string, len(m.Resources))
	same := true
	for i, r := range m.Resources {
		facts[i] = p.seen(r)
		same = same && facts[i] == facts[0]
	}
	p.need(p.messageOpens(m, who))
	if m.Message != "" {
		p.para(x, w, body, reports.Sentence(p.told(m.Message))+who)
	}
	if m.Question != "" {
		p.para(x, w, body, p.question(m)+who)
	}
	if same && facts[0] != "" {
		p.para(x, w, narrowLow, facts[0])
	}
	rows := make([]string, len(m.Resources))
	for i, r := range m.Resources {
		rows[i] = p.object(r)
		if !same && facts[i] != "" {
			rows[i] += "  ·  " + facts[i]
		}
	}
	p.list(x, w, rows)
	p.y += 3
}

// seen tells what was found and what was agreed, as the rule saw it. Values that miss the same limit are told together.
func (p *report) seen(r assess.Result) string {
	var list []reports.Fact
	for _, f := range append(r.Findings[:len(r.Findings):len(r.Findings)], r.Questions...) {
		x := p.values.Fact(f)
		i := slices.IndexFunc(list, func(o reports.Fact) bool { return o.Key == x.Key && o.Limit == x.Limit })
		if i < 0 {
			list = append(list, x)
			continue
		}
		list[i].Value = join(", ", list[i].Value, x.Value)
	}
	parts := make([]string, len(list))
	for i, x := range list {
		parts[i] = p.values.Text(x)
	}
	return join("; ", parts...)
}

// object names an object, and where it was read.
func (p *report) object(r assess.Result) string {
	text := name(r.Resource)
	if r.Kind == inventory.KindGrant && r.Name != "" {
		text += "  (" + name(r.Name) + ")"
	}
	if r.Source != nil {
		text += "  –  " + name(r.Source.File)
		if r.Source.Line > 0 {
			text += fmt.Sprintf(":%d", r.Source.Line)
		}
	}
	if r.Waiver != "" {
		text += p.pick("  –  waiver ", "  –  acceptatie ") + name(reports.WaiverOf(r, p.lang))
	}
	return text
}

// list writes rows in two columns where all fit, else in one. Long rows wrap.
func (p *report) list(x, w float64, rows []string) {
	half := (w - 16) / 2
	two := len(rows) > 3
	for _, r := range rows {
		if two = two && p.width(narrow, r) <= half-8; !two {
			break
		}
	}
	step := 1
	if two {
		step = 2
	}
	for i := 0; i < len(rows); i += step {
		p.need(narrow.lead)
		p.dash(x)
		if two {
			if i+1 < len(rows) {
				p.dash(x + half + 16)
				p.text(x+half+24, p.y+narrow.baseline(), narrow, rows[i+1])
			}
			p.line(x+8, narrow, rows[i])
			continue
		}
		p.para(x+8, w-8, narrow, rows[i])
	}
}

// dash draws the sign before a row.
func (p *report) dash(x float64) { p.text(x, p.y+narrow.baseline(), narrowLow, "–") }

// passed lists the rules of an area that are met.
func (p *report) passed(list []reports.Group) {
	if len(list) == 0 {
		return
	}
	cols, rows := p.passedTable(list)
	p.captioned(p.pick("Met", "Voldaan"), cols, rows)
}

func (p *report) passedTable(list []reports.Group) ([]col, [][]cell) {
	rows := make([][]cell, len(list))
	for i, g := range list {
		rows[i] = []cell{{text: g.Rule.Rule, st: smallBold, mark: markPass}, {text: g.Rule.Title}, {text: p.clauseList(g.Rule.Clauses), st: narrowLow},
			{text: number(objectsIn(g), p.lang)}}
	}
	return []col{{p.pick("rule", "regel"), 0.16, false}, {p.pick("what", "wat"), 0.50, false}, {p.pick("clauses", "bepalingen"), 0.22, false},
		{p.pick("resources", "objecten"), 0.12, true}}, rows
}
