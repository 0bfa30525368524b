package pdf

import (
	"waarborg/reports"
)

// agreed draws the waivers and attestations, also those without effect.
func (p *report) agreed() {
	title, text := p.pick("Waivers", "Acceptaties"), ""
	switch {
	case p.d.Customer != nil:
		text = p.pick("A finding is shown as waived only where the customer agreed to it; the waiver stands with the finding. What the processor accepted without the customer counts as not met, with the words \"accepted internally\".",
			"Een bevinding staat alleen als geaccepteerd vermeld als de klant ermee instemde; de acceptatie staat bij de bevinding. Wat de verwerker zonder de klant accepteerde, telt als niet voldaan, met de woorden ‘intern geaccepteerd’.")
	case len(p.r.Waivers) == 0:
		text = p.pick("There are no waivers.", "Er zijn geen acceptaties.")
	default:
		cols, rows := p.waiverTable()
		p.captioned(title, cols, rows)
	}
	if text != "" {
		p.caption(title, p.opens(column, body, text))
		p.para(left, column, body, text)
	}
	keep := body.lead
	if len(p.d.Attestations) > 0 {
		keep = p.attestationOpens(p.d.Attestations[0])
	}
	p.caption(p.pick("Attestations", "Verklaringen"), keep)
	if len(p.d.Attestations) == 0 {
		p.para(left, column, body, p.pick("There are no attestations.", "Er zijn geen verklaringen."))
		return
	}
	for _, a := range p.d.Attestations {
		p.attestation(a)
	}
}

// agreedOpens is the height of what stands first under the part's title, in points.
func (p *report) agreedOpens() float64 {
	if p.d.Customer != nil || len(p.r.Waivers) == 0 {
		return captionHeight(1) + 3*body.lead
	}
	return captionHeight(1) + p.tableOpens(p.waiverTable())
}

func (p *report) waiverTable() ([]col, [][]cell) {
	rows := make([][]cell, len(p.r.Waivers))
	for i, u := range p.r.Waivers {
		rows[i] = []cell{{text: name(u.ID), st: smallBold, mark: waiverMark(u.State)}, {text: u.Rule, link: p.ruleLink(u.Rule)},
			{text: reports.Sentence(reports.WaiverText(u, p.lang)) + ". " + reports.Sentence(u.Reason)},
			{text: p.day(u.Expires), st: narrow}, {text: number(u.Matched, p.lang)}}
	}
	return []col{{p.pick("waiver", "acceptatie"), 0.17, false}, {p.pick("rule", "regel"), 0.11, false}, {p.pick("state and reason", "stand en reden"), 0.50, false},
		{p.pick("last day", "laatste dag"), 0.13, false}, {p.pick("resources", "objecten"), 0.09, true}}, rows
}

// attestationOpens is how much of an attestation stays together, in points.
func (p *report) attestationOpens(a reports.Attestation) float64 {
	return 5 + bodyBold.lead + p.opens(findingWidth, body, a.Statement) + small.lead
}

func (p *report) attestation(a reports.Attestation) {
	const x, w = findingLeft, findingWidth
	m := markUnproven
	if a.Proves {
		m = markAttested
	}
	p.need(p.attestationOpens(a))
	p.gap(5)
	p.draw(m, left+5, p.y+7, 8.4)
	p.text(x, p.y+body.baseline(), bodyBold, p.fit(bodyBold, w-180, a.ID))
	p.rightText(right, p.y+body.baseline(), small.in(m.ink()), p.fit(small, 170, a.State))
	p.y += body.lead
	p.para(x, w, body, a.Statement)
	p.para(x, w, smallGrey, join("  ·  ", name(a.Role), p.pick("signed on ", "ondertekend op ")+p.date(a.MadeAt), p.pick("holds until ", "geldt tot en met ")+p.day(a.ValidUntil),
		p.clauseList(a.Clauses)))
	p.para(x, w, narrowLow, p.pick("evidence: ", "bewijs: ")+name(a.File)+", SHA-256 "+name(a.SHA256))
	p.y += 3
}
