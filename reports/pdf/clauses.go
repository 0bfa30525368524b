package pdf

import (
	"strings"

	"waarborg/dpa"
	"waarborg/reports"
)

// partNames are the parts of the agreement as people call them. Others are shown as they are.
var partNames = map[string]dpa.Text{
	"verwerkersovereenkomst": {EN: "Data processing agreement", NL: "Verwerkersovereenkomst"},
	"bijlage_a":              {EN: "Annex A", NL: "Bijlage A"},
	"bijlage_b":              {EN: "Annex B", NL: "Bijlage B"},
	"bijlage_c":              {EN: "Annex C", NL: "Bijlage C"},
	"algemene_voorwaarden":   {EN: "General terms", NL: "Algemene voorwaarden"},
}

func (p *report) partName(id string) string {
	if t, ok := partNames[id]; ok {
		return t.In(p.lang)
	}
	return name(strings.ReplaceAll(id, "_", " "))
}

func (p *report) clauses() {
	if len(p.d.Coverage) == 0 {
		p.para(left, column, body, p.pick("This report lists no clauses.", "Dit rapport noemt geen bepalingen."))
		return
	}
	if text := p.d.CatalogueNotice(); text != "" {
		p.noted(text)
		p.y += 6
	}
	p.para(left, column, bodyGrey, p.pick("Every clause, in order, with its state and all that proves it. What a system shows outweighs what a person says.",
		"Elke bepaling, op volgorde, met haar stand en alles wat haar bewijst. Wat een systeem laat zien, weegt zwaarder dan wat een persoon zegt."))
	if text := p.clausesOf.NotTaken(); text != "" {
		p.y += 6
		p.need(2 * body.lead)
		p.draw(markCustomer, left+5, p.y+7, 8.4)
		p.para(left+16, column-16, body, text)
	}
	last, first := "", true
	for _, c := range p.d.Coverage {
		if !p.clausesOf.Shown(c) {
			continue
		}
		if first || c.Part != last {
			p.heading(p.partName(c.Part), "part "+c.Part, p.clauseOpens(c))
			last, first = c.Part, false
		}
		p.clause(c)
	}
}

// clauseOpens is how much of a clause stays together, in points.
func (p *report) clauseOpens(c dpa.CoverageRow) float64 {
	return float64(min(len(p.lines(body, clauseWidth, c.Text)), 8))*body.lead + 2*small.lead
}

// clauseList puts clauses in the order of the agreement, beside each other.
func (p *report) clauseList(ids []string) string { return join(", ", p.clausesOf.List(ids)...) }

// The columns of a clause.
const (
	clauseText  = left + 100
	clauseState = right - 84
	clauseWidth = clauseState - clauseText - 14
)

func (p *report) clause(c dpa.CoverageRow) {
	m := coverageMarks[c.State]
	text := p.lines(body, clauseWidth, c.Text)
	state := p.lines(small, right-clauseState, p.clausesOf.State(c))
	duty := map[string]string{"processor": p.pick("duty of the processor", "plicht van de verwerker"), "both": p.pick("duty of both parties", "plicht van beide partijen"),
		"controller": p.pick("duty of the customer", "plicht van de klant")}[c.DutyHolder]
	p.need(max(p.clauseOpens(c), float64(len(state))*small.lead))
	p.draw(m, left+5, p.y+7, 8.4)
	id, room := bodyBold, clauseText-left-22
	if p.width(id, name(c.Clause)) > room {
		id = narrow
	}
	p.text(left+16, p.y+body.baseline(), id, p.fit(id, room, c.Clause))
	for i, l := range state {
		p.text(clauseState, p.y+body.baseline()+float64(i)*small.lead, small.in(m.ink()), l)
	}
	under := p.y + float64(len(state))*small.lead
	page := p.f.PageNo()
	p.write(clauseText, body, text)
	p.para(clauseText, clauseWidth, smallGrey, join(" · ", duty, p.articles(c.GDPR)))
	p.proofs(c.Proofs)
	if p.d.Customer == nil && c.Gap != "" {
		p.para(clauseText, clauseWidth, smallGrey, p.pick("Not clear in the agreement: ", "Niet duidelijk in de overeenkomst: ")+c.Gap)
	}
	if p.f.PageNo() == page {
		p.y = max(p.y, under)
	}
	p.y += 4
	if p.y < bottom-20 {
		p.rule(clauseText, right, p.y, light)
	}
	p.y += 5
}

// proofs writes what proves a clause, one behind the other, each with its mark and, where there is something to read, a link.
func (p *report) proofs(list []dpa.Proof) {
	if len(list) == 0 {
		return
	}
	x := clauseText
	for _, f := range list {
		text := name(reports.ProofName(f.Type, f.ID, p.lang))
		switch f.Type {
		case "workflow":
			text = p.pick("workflow ", "werkstroom ") + text
		case "attestation":
			text = p.pick("attestation ", "verklaring ") + text
		}
		if f.Note != "" {
			text += " (" + p.told(f.Note) + ")"
		}
		link, st := 0, small
		if f.Type == "rule" {
			if link = p.ruleLink(f.ID); link > 0 {
				st = small.in(accent)
			}
		}
		w := p.width(st, text) + 11
		if x > clauseText && x+w > clauseText+clauseWidth {
			x = clauseText
			p.y += small.lead
		}
		p.need(small.lead)
		if lines := p.lines(st, clauseWidth-11, text); len(lines) > 1 { // longer than a line
			p.draw(coverageMarks[f.State], x+3.6, p.y+5.8, 6.4)
			p.write(x+11, st, lines)
			continue
		}
		p.draw(coverageMarks[f.State], x+3.6, p.y+5.8, 6.4)
		p.text(x+11, p.y+st.baseline(), st, text)
		if link > 0 {
			p.f.Link(x, p.y, w, st.lead, link)
		}
		x += w + 12
	}
	if x > clauseText {
		p.y += small.lead
	}
}
