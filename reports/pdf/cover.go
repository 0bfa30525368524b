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
	p.block(left, column, heading, 3, who)
	p.y += 22
	p.setFill(accent)
	p.f.Rect(left, p.y, 40, 3, "F")
	p.y += 26
	p.facts()
	if text := p.d.CatalogueNotice(); text != "" {
		p.y += noticeGap
		p.noted(text)
	}
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

// What stands beside the labels of the cover begins here.
const (
	coverLabel = 132.0
	coverWidth = column - coverLabel
)

// coverRows says who, about what and when: labels with texts.
func (p *report) coverRows() [][2]string {
	rows := [][2]string{{p.pick("Processor", "Verwerker"), partyText(p.words, p.d.Processor)},
		{p.pick("Customer", "Klant"), p.pick("all customers (for internal use)", "alle klanten (voor intern gebruik)")}}
	if p.d.Customer != nil {
		rows[1][1] = partyText(p.words, *p.d.Customer)
	}
	const mostAgreements = 3
	for i, a := range p.d.Agreements {
		what := ""
		if i == 0 {
			what = p.pick("Agreement", "Overeenkomst")
		}
		if i == mostAgreements {
			rows = append(rows, [2]string{"", p.pick("and ", "en nog ") + number(len(p.d.Agreements)-i, p.lang) + p.pick(" more; see Provenance", "; zie Herkomst")})
			break
		}
		rows = append(rows, [2]string{what, agreementText(p.words, a)})
	}
	if len(p.d.Applications) > 0 {
		rows = append(rows, [2]string{p.pick("Applications", "Toepassingen"), join(", ", p.d.Applications...)})
	}
	return append(rows, [2]string{p.pick("Assessed", "Beoordeeld"), reports.TimeText(p.r.At, p.lang)},
		[2]string{p.pick("Evidence collected", "Bewijs verzameld"), reports.TimeText(p.r.Evidence.CollectedAt, p.lang)})
}

// facts writes the rows of the cover, in full where there is room. Where there is not, the longest texts are cut, and it says
// where they stand in full.
func (p *report) facts() {
	const gap = 3.0
	rows := p.coverRows()
	lines := make([][]string, len(rows))
	most := 1
	for i, r := range rows {
		lines[i] = p.lines(body, coverWidth, r[1])
		most = max(most, len(lines[i]))
	}
	height := func(most int) float64 {
		h := 0.0
		for _, l := range lines {
			h += float64(min(len(l), most))*body.lead + gap
		}
		return h
	}
	room := boxTop - 20 - p.y - p.noticeHeight() - p.verdictHeight() - p.releaseHeight()
	cutAny := height(most) > room
	if cutAny {
		room -= body.lead + gap // for the words that say so
	}
	for most > 1 && height(most) > room {
		most--
	}
	for i, r := range rows {
		p.text(left, p.y+body.baseline(), bodyGrey, r[0])
		if len(lines[i]) > most {
			lines[i] = lines[i][:most]
			lines[i][most-1] = p.fit(body, coverWidth, strings.TrimSuffix(lines[i][most-1], "…")+" …")
		}
		for _, l := range lines[i] {
			p.line(left+coverLabel, body, l)
		}
		p.y += gap
	}
	if cutAny {
		p.line(left+coverLabel, bodyGrey, p.pick("What was cut (…) stands in full in Provenance.", "Wat is afgebroken (…), staat voluit in Herkomst."))
		p.y += gap
	}
}

// What parts the notice of the cover from what is above it, in points.
const noticeGap = 6.0

// noticeHeight is what the notice takes on the cover, in points.
func (p *report) noticeHeight() float64 {
	text := p.d.CatalogueNotice()
	if text == "" {
		return 0
	}
	return noticeGap + float64(len(p.lines(body, column-24, text)))*body.lead
}

// noted writes a text that a reader must not miss, with a mark before it.
func (p *report) noted(text string) {
	p.need(p.opens(column-24, body, text))
	p.draw(markUnknown, left+7, p.y+7, 9)
	p.para(left+24, column-24, body, text)
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
	text = join("; ", text, a.OwnText(w.lang))
	if a.Contract != "" {
		text += w.pick("; contract ", "; contract ") + name(a.Contract)
	}
	if a.Start != "" {
		text += w.pick(" from ", " vanaf ") + w.day(a.Start)
	}
	return text
}

// The style of the sentence that says how it stands.
var verdictStyle = style{bold, 13, 18, black, 0}

// verdictHeight is what the verdict takes, in points.
func (p *report) verdictHeight() float64 {
	head, rest := reports.Verdict(p.r.Summary, p.lang)
	return 54 + float64(len(p.lines(verdictStyle, column-24, head)))*verdictStyle.lead + float64(len(p.lines(body, column-24, rest)))*body.lead
}

// verdict says in one plain sentence how it stands.
func (p *report) verdict() {
	p.y += 14
	p.rule(left, right, p.y, light)
	p.y += 14
	head, rest := reports.Verdict(p.r.Summary, p.lang)
	st := verdictStyle.in(p.verdictMark().ink())
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

// mostRole is how many lines the cover has for who signed; Provenance has it in full.
const mostRole = 2

// draftText tells what a draft waits for.
func (p *report) draftText() string {
	return p.pick("It becomes a report when two enrolled people have signed it: one who prepared it, and another who releases it.",
		"Het wordt een rapport als twee geregistreerde personen het hebben ondertekend: wie het opstelde, en een ander die het vrijgeeft.")
}

// steps are the two signatures of a release: labels with who signed and when.
func (p *report) steps() [2][2]string {
	out := [2][2]string{{p.pick("Prepared by", "Opgesteld door")}, {p.pick("Released by", "Vrijgegeven door")}}
	for i := range out {
		out[i][1] = p.pick("not yet signed", "nog niet ondertekend")
	}
	if r := p.d.Release; r != nil {
		for i, st := range []*reports.Step{r.Prepared, r.Released} {
			if st != nil {
				out[i][1] = name(st.Role) + ", " + reports.TimeText(st.At, p.lang)
			}
		}
	}
	return out
}

// releaseHeight is what release takes, in points.
func (p *report) releaseHeight() float64 {
	if p.d.Customer == nil {
		return 0
	}
	h := 0.0
	if p.d.Draft() {
		h += bodyBold.lead + float64(len(p.lines(body, column-24, p.draftText())))*body.lead + 4
	}
	for _, st := range p.steps() {
		h += float64(min(mostRole, len(p.lines(body, coverWidth, st[1]))))*body.lead + 2
	}
	return h
}

// release says how far the report has come.
func (p *report) release() {
	if p.d.Customer == nil {
		return
	}
	if p.d.Draft() {
		p.marked(left, markUnknown, bodyBold.in(amber), p.pick("This is a draft.", "Dit is een concept."))
		p.para(left+24, column-24, body, p.draftText())
		p.y += 4
	}
	for _, st := range p.steps() {
		p.text(left, p.y+body.baseline(), bodyGrey, st[0])
		p.block(left+coverLabel, coverWidth, body, mostRole, st[1])
		p.y += 2
	}
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
