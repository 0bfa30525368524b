package pdf

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"waarborg/internal/assess"
	"waarborg/reports"
)

// Attachment is a file inside a PDF.
type Attachment struct {
	Name        string // without folders
	Description string // one line in the language of the report
	Content     []byte
}

// Box is a place on a page, in points from its lower left corner.
type Box struct{ X, Y, Width, Height float64 }

// SignatureBox is where the first page of a report leaves room for a visible signature.
func SignatureBox() Box {
	return Box{X: left, Y: pageHeight - boxTop - boxHeight, Width: boxWidth, Height: boxHeight}
}

const (
	boxTop    = 688.0 // points from the top of the page
	boxWidth  = 250.0
	boxHeight = 78.0
)

// report is one report while it is drawn.
type report struct {
	*sheet
	words
	d         reports.Document
	r         assess.Results
	files     []Attachment
	areas     []area
	served    reports.Served
	clausesOf reports.Clauses
	values    reports.Values
	found     map[string]bool // rules that have a finding to link to
	open      map[string]bool // rules that could not be evaluated
	placed    map[string]bool // rules that links have their place of already: the worst of their findings
}

// area is what was found in one area.
type area struct {
	id                       string
	findings, unread, passed []reports.Group
}

// Render draws a report. Its pages are a function of the document, the results and the attachments; its language is the
// document's. An attachment that the document names with another digest is an error.
func Render(w io.Writer, d reports.Document, r assess.Results, files []Attachment) error {
	for _, f := range files {
		if known, ok := d.Files[f.Name]; ok && (known.SHA256 != digest(f.Content) || known.Size != int64(len(f.Content))) {
			return fmt.Errorf("attachment %s is not the one that the report names; make the report again", f.Name)
		}
	}
	p := &report{words: words{d.Language}, d: d, r: r, files: files, served: reports.ServedBy(r), clausesOf: reports.ClausesOf(d, r),
		values: reports.NewValues(d.Language)}
	s, err := newSheet(r.At, p.metadata())
	if err != nil {
		return err
	}
	p.sheet = s
	if d.Draft() {
		s.watermark = p.pick("DRAFT", "CONCEPT")
	}
	p.gather()
	p.cover()
	s.page() // of the contents, which are known in the end
	s.y = bottom
	for i, part := range p.parts() {
		s.section(i+1, part.title, part.fresh, part.opens)
		part.draw()
	}
	p.contents()
	p.headers()
	return s.finish(w, files)
}

// part is a numbered part of the report.
type part struct {
	title string
	fresh bool    // begins on a new page
	opens float64 // height of what must stand below its title, in points; most parts begin with a line or two
	draw  func()
}

func (p *report) parts() []part {
	return []part{
		{p.pick("Summary", "Samenvatting"), true, 0, p.summary},
		{p.pick("Clause by clause", "Bepaling voor bepaling"), true, 0, p.clauses},
		{p.pick("Findings", "Bevindingen"), true, 0, p.findings},
		{p.pick("What could not be evaluated", "Wat niet kon worden beoordeeld"), true, 0, p.unevaluated},
		{p.pick("Waivers and attestations", "Acceptaties en verklaringen"), false, p.agreedOpens(), p.agreed},
		{p.pick("How this was made, and what it does not show", "Hoe dit tot stand kwam, en wat het niet toont"), false, captionHeight(1) + 3*body.lead, p.method},
		{p.pick("Provenance", "Herkomst"), false, 0, p.provenance},
		{p.pick("Words in this report", "Woorden in dit rapport"), false, 0, p.glossary},
	}
}

// The numbers of parts that others refer to.
const (
	partFindings    = 3
	partUnevaluated = 4
)

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// gather sorts results into what was found, what could not be read and what is met.
func (p *report) gather() {
	p.found, p.open, p.placed = map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, id := range assess.Areas {
		a := area{id: id}
		for _, g := range reports.Groups(p.r.Results, id, true) {
			switch {
			case g.Rule.Status == assess.Pass:
				a.passed = append(a.passed, g)
			case g.Unread():
				a.unread = append(a.unread, g)
				p.open[g.Rule.Rule] = true
			default:
				a.findings = append(a.findings, g)
				p.found[g.Rule.Rule] = true
			}
		}
		p.areas = append(p.areas, a)
	}
}

func (p *report) kind() string { return p.pick("Assessment report", "Beoordelingsrapport") }

func (p *report) metadata() metadata {
	m := metadata{title: p.kind() + " – " + cut(p.d.Processor.Name, 100), author: name(p.d.Processor.Name), creator: "Waarborg " + name(p.d.Version),
		subject: p.pick("What was met of the data processing agreement on ", "Aan welke afspraken was voldaan op ") + p.date(p.r.At)}
	if p.d.Customer != nil {
		m.title += " – " + cut(p.d.Customer.Name, 100)
	}
	m.title += " – " + p.date(p.r.At)
	return m
}

// ruleLink is the number of the anchor at a rule's findings, or at what could not be evaluated; 0 where there is neither.
func (p *report) ruleLink(rule string) int {
	if !p.found[rule] && !p.open[rule] {
		return 0
	}
	return p.link("rule " + rule)
}

// place makes links to a rule lead here, if it is the first of the rule's findings.
func (p *report) place(rule string) {
	if !p.placed[rule] {
		p.placed[rule] = true
		p.anchor("rule " + rule)
	}
}

// headers writes what runs along all pages but the cover.
func (p *report) headers() {
	of := name(p.d.Processor.Name)
	if p.d.Customer != nil {
		of += "  ·  " + name(p.d.Customer.Name)
	}
	foot := p.kind()
	if p.d.Draft() {
		foot += "  ·  " + p.pick("DRAFT, not released", "CONCEPT, niet vrijgegeven")
	}
	p.running(2, of, p.date(p.r.At), foot)
}

// contents fills the second page: what stands where, and what the marks mean.
func (p *report) contents() {
	p.back(2)
	p.tableOfContents(p.pick("Contents", "Inhoud"))
	p.legend()
}

// legend tells what the marks mean, at the foot of the contents.
func (p *report) legend() {
	list := []struct {
		m    mark
		what string
	}{
		{markFail, p.pick("not met: a system shows that the agreement is not kept", "niet voldaan: een systeem laat zien dat de afspraak niet wordt nagekomen")},
		{markUnknown, p.pick("unknown: it could not be evaluated, so nothing is proved", "onbekend: het kon niet worden beoordeeld, dus er is niets bewezen")},
		{markUnproven, p.pick("not proved by anything", "nergens mee bewezen")},
		{markPartly, p.pick("met as far as seen: some rules met nothing to look at", "voldaan, voor zover gezien: sommige regels troffen niets om te bekijken")},
		{markWaived, p.pick("waived: not met, and let stand until a set day", "geaccepteerd: niet voldaan, en tot een vaste dag zo gelaten")},
		{markAttested, p.pick("attested: a person signed that it is so, and says on what evidence", "verklaard: een persoon ondertekende dat het zo is, en zegt op grond waarvan")},
		{markPass, p.pick("met: the systems showed it when they were read, or, where it says so, the processor itself recorded it",
			"voldaan: de systemen lieten het zien toen ze werden gelezen, of, waar dat staat, de verwerker gaf het zelf op")},
		{markCustomer, p.pick("the customer's own duty, never a failure of the processor", "plicht van de klant zelf, nooit een tekortkoming van de verwerker")},
	}
	p.y = max(p.y+24, bottom-float64(len(list))*14-24)
	p.line(left, caption, capitals(p.pick("What the marks mean", "Wat de tekens betekenen")))
	p.y += 4
	for _, l := range list {
		p.draw(l.m, left+5, p.y+7, 8)
		p.text(left+18, p.y+9.8, small, p.fit(small, column-18, l.what))
		p.y += 14
	}
}
