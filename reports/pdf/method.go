package pdf

import "waarborg/reports"

// method tells how the report was made and what it does not show.
func (p *report) method() {
	for _, m := range reports.Method(p.lang, p.d.Customer != nil) {
		p.caption(m.Head, p.opens(column, body, m.Text))
		p.para(left, column, body, m.Text)
	}
}

// glossary says the words of the report in plain language.
func (p *report) glossary() {
	p.y += 2
	for _, g := range reports.Glossary(p.lang) {
		const label = 160.0
		lines := p.lines(body, column-label, g.Text)
		p.need(float64(len(lines)) * body.lead)
		p.text(left, p.y+body.baseline(), bodyBold, p.fit(bodyBold, label-8, g.Head))
		p.write(left+label, body, lines)
		p.y += 3
	}
}
