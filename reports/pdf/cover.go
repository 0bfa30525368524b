package pdf

import (
	"strings"

	"waarborg/internal/assess"
	"waarborg/reports"
)

// cover draws the first page.
func (p *report) cover() {
	p.page()
	p.y = 96
	p.text(left, p.y, style{bold, 8.5, 12, accent, 1.4}, capitals(p.pick("Data processing agreement", "Verwerkersovereenkomst")))
	p.y += 14
	big := style{bold, 31, 37, black, 0}
	p.line(left, big, p.kind())
	p.y += 4
	who := p.d.Processor.Name
	if p.d.Customer != nil {
		who = p.d.Customer.Name
	}
	heading := style{regular, 15, 20, grey, 0}
	p.block(left, column, heading, 2, who)
	p.y += 22
	p.setFill(accent)
	p.f.Rect(left, p.y, 40, 3, "F")
	p.y += 26
	p.facts()
	p.verdict()
	p.release()
	p.signaturePlace(p.words, p.pick("The signature covers every byte of this file, with what is attached. Check it before you rely on it: see Provenance.",
		"De handtekening dekt elke byte van dit bestand, met wat is bijgevoegd. Controleer haar voor u erop vertrouwt: zie Herkomst."))
	p.bookmark(0, p.kind(), "cover")
	p.entries = p.entries[:0] // the contents do not list the cover
}

// block writes at most a number of lines.
func (s *sheet) block(x, w float64, st style, most int, text string) {
	lines := s.lines(st, w, name(text))
	if len(lines) > most {
		lines = lines[:most]
		lines[most-1] = s.fit(st, w, strings.TrimSuffix(lines[most-1], "…")+" …")
	}
	for _, l := range lines {
		s.line(x, st, l)
	}
}

// facts says who, about what and when.
func (p *report) facts() {
	const label = 132.0
	row := func(what, text string, most int) {
		if text == "" {
			return
		}
		p.text(left, p.y+body.baseline(), bodyGrey, what)
		p.block(left+label, column-label, body, most, text)
		p.y += 3
	}
	row(p.pick("Processor", "Verwerker"), partyText(p.words, p.d.Processor), 2)
	if p.d.Customer != nil {
		row(p.pick("Customer", "Klant"), partyText(p.words, *p.d.Customer), 2)
	} else {
		row(p.pick("Customer", "Klant"), p.pick("all customers (for internal use)", "alle klanten (voor intern gebruik)"), 1)
	}
	const mostAgreements = 3
	for i, a := range p.d.Agreements {
		what := ""
		if i == 0 {
			what = p.pick("Agreement", "Overeenkomst")
		}
		if i == mostAgreements {
			row(" ", p.pick("and ", "en nog ")+number(len(p.d.Agreements)-i, p.lang)+p.pick(" more; see Provenance", "; zie Herkomst"), 1)
			break
		}
		row(what, agreementText(p.words, a), 2)
	}
	row(p.pick("Applications", "Toepassingen"), join(", ", p.d.Applications...), 2)
	row(p.pick("Assessed", "Beoordeeld"), reports.TimeText(p.r.At, p.lang), 1)
	row(p.pick("Evidence collected", "Bewijs verzameld"), reports.TimeText(p.r.Evidence.CollectedAt, p.lang), 1)
}

func partyText(w words, p reports.Party) string {
	text := name(p.Name)
	if p.Register != "" {
		text += w.pick(" (trade register ", " (KvK ") + name(p.Register) + ")"
	}
	return text
}

func agreementText(w words, a reports.Agreement) string {
	text := name(a.Title)
	if a.Version != "" {
		text += w.pick(", version ", ", versie ") + name(a.Version)
	}
	if a.InForce != "" {
		text += w.pick(", in force since ", ", geldt sinds ") + w.day(a.InForce)
	}
	if a.Contract != "" {
		text += w.pick("; contract ", "; contract ") + name(a.Contract)
	}
	if a.Start != "" {
		text += w.pick(" from ", " vanaf ") + w.day(a.Start)
	}
	return text
}

// verdict says in one plain sentence how it stands.
func (p *report) verdict() {
	p.y += 14
	p.rule(left, right, p.y, light)
	p.y += 14
	head, rest := reports.Verdict(p.r.Summary, p.lang)
	st := style{bold, 13, 18, p.verdictMark().ink(), 0}
	p.draw(p.verdictMark(), left+7, p.y+9, 13)
	for _, l := range p.lines(st, column-24, head) {
		p.line(left+24, st, l)
	}
	p.y += 2
	p.para(left+24, column-24, body, rest)
	p.y += 12
	p.rule(left, right, p.y, light)
	p.y += 12
}

func (p *report) verdictMark() mark {
	if m, ok := statusMarks[p.r.Summary.Status]; ok && p.total() > 0 {
		return m
	}
	return markUnknown
}

// total is how many outcomes there are that say something.
func (p *report) total() int {
	c := p.r.Summary.Results
	return c.Fail + c.Unknown + c.Waived + c.Pass
}

func count(w words, n int, s assess.Status) string {
	return number(n, w.lang) + " " + reports.StatusText(s, w.lang)
}

// release says how far the report has come.
func (p *report) release() {
	if p.d.Customer == nil {
		return
	}
	if p.d.Draft() {
		p.marked(left, markUnknown, bodyBold.in(amber), p.pick("This is a draft.", "Dit is een concept."))
		p.para(left+24, column-24, body, p.pick("It becomes a report when two enrolled people have signed it: one who prepared it, and another who releases it.",
			"Het wordt een rapport als twee geregistreerde personen het hebben ondertekend: wie het opstelde, en een ander die het vrijgeeft."))
		p.y += 4
	}
	var prepared, released *reports.Step
	if p.d.Release != nil {
		prepared, released = p.d.Release.Prepared, p.d.Release.Released
	}
	const label = 132.0
	step := func(what string, st *reports.Step) {
		p.text(left, p.y+body.baseline(), bodyGrey, what)
		text := p.pick("not yet signed", "nog niet ondertekend")
		if st != nil {
			text = name(st.Role) + ", " + reports.TimeText(st.At, p.lang)
		}
		p.block(left+label, column-label, body, 1, text)
		p.y += 2
	}
	step(p.pick("Prepared by", "Opgesteld door"), prepared)
	step(p.pick("Released by", "Vrijgegeven door"), released)
}

// signaturePlace draws the frame that a visible signature fills, with a text beside it.
func (s *sheet) signaturePlace(w words, beside string) {
	s.text(left, boxTop-7, caption, capitals(w.pick("Signature", "Handtekening")))
	s.setStroke(light, 0.7)
	s.f.Rect(left, boxTop, boxWidth, boxHeight, "D")
	x, y := left+boxWidth+22, s.y
	s.y = boxTop - 2
	s.para(x, right-x, smallGrey, beside)
	s.y = y
}
