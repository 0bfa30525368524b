package pdf

import (
	"fmt"
	"strings"

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
		p.heading(reports.AreaText(a.id, p.lang), "area "+a.id, 140)
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

// finding draws one rule's results of one status.
func (p *report) finding(g reports.Group) {
	const x, w = left + 18, column - 18
	r := g.Rule
	m := statusMarks[r.Status]
	if r.Duty != "" {
		m = markCustomer
	}
	head := p.lines(bodyBold, w-76, name(r.Title))
	messages := g.ByMessage()
	first := 0
	if len(messages) > 0 {
		first = min(4, len(p.lines(body, w, messages[0].Message+messages[0].Question)))
	}
	p.need(float64(len(head)+first)*body.lead + 3*small.lead + 12)
	p.gap(7)
	p.place(r.Rule)
	p.draw(m, left+5, p.y+7, 8.6)
	p.rightText(right, p.y+body.baseline(), bodyBold.in(grey), r.Rule)
	for _, l := range head {
		p.line(x, bodyBold, l)
	}
	duty := ""
	if r.Duty != "" {
		duty = p.pick("the customer's own duty", "plicht van de klant zelf")
	}
	state := reports.StatusText(r.Status, p.lang)
	p.text(x, p.y+small.baseline(), smallBold.in(m.ink()), state)
	indent := p.width(smallBold, state)
	for i, l := range p.lines(smallGrey, w-indent, "  ·  "+join("  ·  ", reports.SeverityText(r.Severity, p.lang), p.objects(objectsIn(g)), join(", ", r.Clauses...), p.articles(r.GDPR), duty)) {
		if i == 0 {
			l = "  " + l
		} else {
			p.need(small.lead)
		}
		p.text(x+indent, p.y+small.baseline(), smallGrey, l)
		p.y += small.lead
	}
	p.y += 2
	for _, msg := range messages {
		p.message(x, w, msg)
	}
	if r.Remediation != "" && r.Status != assess.Waived {
		label := p.pick("What to do: ", "Wat te doen: ")
		p.para(x, w, small.in(accent), label+r.Remediation)
	}
	p.y += 5
}

// message draws what is wrong once, and then each object of which it is so.
func (p *report) message(x, w float64, m reports.Message) {
	who := ""
	if p.d.Customer == nil && p.served.Differs(m.Resources[0], m.Customers) {
		who = " [" + join(", ", m.Customers...) + "]"
	}
	if m.Accepted {
		who += p.pick(" (accepted internally)", " (intern geaccepteerd)")
	}
	facts := make([]string, len(m.Resources))
	same := true
	for i, r := range m.Resources {
		facts[i] = p.seen(r)
		same = same && facts[i] == facts[0]
	}
	long := len(p.lines(body, w, m.Message+who)) + len(p.lines(body, w, m.Question+who))
	p.need(float64(min(long, 8))*body.lead + 2*narrow.lead)
	if m.Message != "" {
		p.para(x, w, body, sentence(m.Message)+who)
	}
	if m.Question != "" {
		p.para(x, w, body, p.pick("A person must decide: ", "Een persoon moet beslissen: ")+m.Question+who)
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

// sentence begins a message with a capital, as a text of its own has it.
func sentence(s string) string {
	if s != "" && s[0] >= 'a' && s[0] <= 'z' {
		return strings.ToUpper(s[:1]) + s[1:]
	}
	return s
}

// seen tells what was found and what was agreed, as the rule saw it. Values that miss the same limit are told together.
func (p *report) seen(r assess.Result) string {
	type limit struct{ path, agreed string }
	var order []limit
	values := map[limit][]string{}
	for _, f := range append(r.Findings[:len(r.Findings):len(r.Findings)], r.Questions...) {
		l := limit{f.Path, p.plain(f.Limit)}
		if _, ok := values[l]; !ok {
			order = append(order, l)
		}
		values[l] = append(values[l], p.plain(f.Value))
	}
	var parts []string
	for _, l := range order {
		text := join(": ", l.path, join(", ", values[l]...))
		if l.agreed != "" {
			text += p.pick(" (agreed: ", " (afgesproken: ") + l.agreed + ")"
		}
		parts = append(parts, text)
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
	p.caption(p.pick("Met", "Voldaan"), tableRoom)
	rows := make([][]cell, len(list))
	for i, g := range list {
		rows[i] = []cell{{text: g.Rule.Rule, st: smallBold, mark: markPass}, {text: g.Rule.Title}, {text: join(", ", g.Rule.Clauses...), st: narrowLow},
			{text: number(objectsIn(g), p.lang)}}
	}
	p.table([]col{{p.pick("rule", "regel"), 0.16, false}, {p.pick("what", "wat"), 0.50, false}, {p.pick("clauses", "bepalingen"), 0.22, false},
		{p.pick("resources", "objecten"), 0.12, true}}, rows)
}
