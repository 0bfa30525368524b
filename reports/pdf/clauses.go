package pdf

import (
	"strings"

	"waarborg/dpa"
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
	p.para(left, column, bodyGrey, p.pick("Every clause of the agreement, in its order, with its state and all that proves it. What a system shows outweighs what a person says.",
		"Elke bepaling van de overeenkomst, in haar volgorde, met haar stand en alles wat haar bewijst. Wat een systeem laat zien, weegt zwaarder dan wat een persoon zegt."))
	last := ""
	for i, c := range p.d.Coverage {
		if i == 0 || c.Part != last {
			p.heading(p.partName(c.Part), "part "+c.Part, 60)
			last = c.Part
		}
		p.clause(c)
	}
}

// The columns of a clause.
const (
	clauseText  = left + 100
	clauseState = right - 84
	clauseWidth = clauseState - clauseText - 14
)

func (p *report) clause(c dpa.CoverageRow) {
	m := coverageMarks[c.State]
	text := p.lines(body, clauseWidth, c.Text)
	state := p.lines(small, right-clauseState, c.State.Text().In(p.lang))
	duty := map[string]string{"processor": p.pick("duty of the processor", "plicht van de verwerker"), "both": p.pick("duty of both parties", "plicht van beide partijen"),
		"controller": p.pick("duty of the customer", "plicht van de klant")}[c.DutyHolder]
	keep := float64(min(len(text), 8))*body.lead + 2*small.lead
	p.need(keep)
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
		text := name(f.ID)
		switch f.Type {
		case "workflow":
			text = p.pick("workflow ", "werkstroom ") + text
		case "attestation":
			text = p.pick("attestation ", "verklaring ") + text
		}
		if f.Note != "" {
			text += " (" + f.Note + ")"
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
