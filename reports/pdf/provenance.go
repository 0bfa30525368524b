package pdf

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"waarborg/reports"
)

// provenance tells from what the report was made, and how anyone can check it.
func (p *report) provenance() {
	e := p.r.Evidence
	seal := p.pick("not sealed", "niet verzegeld")
	if e.SealedBy != "" {
		seal = name(e.SealedBy)
	}
	customer := ""
	if p.d.Customer != nil {
		customer = partyText(p.words, *p.d.Customer)
	}
	p.pairs(body, [][2]string{
		{p.pick("Processor", "Verwerker"), partyText(p.words, p.d.Processor)},
		{p.pick("Customer", "Klant"), customer},
		{p.pick("Applications", "Toepassingen"), join(", ", p.d.Applications...)},
		{p.pick("Version of Waarborg", "Versie van Waarborg"), cmp.Or(p.d.Version, p.r.Version)},
		{p.pick("Assessed", "Beoordeeld"), reports.TimeText(p.r.At, p.lang)},
		{p.pick("Evidence collected", "Bewijs verzameld"), reports.TimeText(e.CollectedAt, p.lang)},
	})
	p.pairs(digits, [][2]string{
		{p.pick("Fingerprint of the rules", "Vingerafdruk van de regels"), e.Rules},
		{p.pick("Fingerprint of the workspace", "Vingerafdruk van de werkmap"), e.Workspace},
		{p.pick("Fingerprint of the evidence", "Vingerafdruk van het bewijs"), e.Root},
		{p.pick("Sealed by key", "Verzegeld met sleutel"), seal},
	})
	if r := p.d.Release; r != nil {
		rows := [][2]string{{p.pick("Fingerprint to release", "Vingerafdruk voor vrijgave"), r.Digest}}
		for i, st := range []*reports.Step{r.Prepared, r.Released} {
			if st != nil {
				rows = append(rows, [2]string{p.steps()[i][0], join(", ", name(st.Role), reports.TimeText(st.At, p.lang), name(st.Key))})
			}
		}
		p.pairs(digits, rows)
	}
	if len(p.d.Agreements) > 0 {
		p.caption(p.pick("Agreements", "Overeenkomsten"), 40)
		for _, a := range p.d.Agreements {
			p.para(left, column, body, agreementText(p.words, a))
		}
	}
	p.allSources()
	p.attached()
	p.verify()
}

// pairs writes labels with values; empty values are left out.
func (p *report) pairs(st style, list [][2]string) {
	const label = 172.0
	for _, l := range list {
		if l[1] == "" {
			continue
		}
		p.need(max(body.lead, p.opens(column-label, st, l[1])))
		p.text(left, p.y+body.baseline(), bodyGrey, p.fit(bodyGrey, label-8, l[0]))
		p.y += body.baseline() - st.baseline()
		p.para(left+label, column-label, st, l[1])
		p.y += max(0, body.lead-st.lead-body.baseline()+st.baseline())
	}
}

func (p *report) allSources() {
	if len(p.r.Sources) == 0 {
		return
	}
	rows := make([][]cell, len(p.r.Sources))
	for i, s := range p.r.Sources {
		m := markPass
		if s.Status != "complete" {
			m = markUnknown
		}
		rows[i] = []cell{{text: name(s.ID), mark: m}, {text: reports.SourceText(s.Status, p.lang)}}
	}
	p.captioned(p.pick("Sources", "Bronnen"), []col{{p.pick("source", "bron"), 0.6, false}, {p.pick("state", "stand"), 0.4, false}}, rows)
}

// attached lists the files inside this one. Those that the document names and that are not there are told too.
func (p *report) attached() {
	var rows [][]cell
	there := map[string]bool{}
	for _, f := range p.files {
		there[f.Name] = true
		rows = append(rows, []cell{{text: name(f.Name), st: smallBold}, {text: name(f.Description)}, {text: number(len(f.Content), p.lang)}, {text: digest(f.Content), st: digits}})
	}
	for _, n := range slices.Sorted(maps.Keys(p.d.Files)) {
		if !there[n] {
			rows = append(rows, []cell{{text: name(n), st: smallBold}, {text: p.pick("not attached", "niet bijgevoegd")},
				{text: number(int(p.d.Files[n].Size), p.lang)}, {text: name(p.d.Files[n].SHA256), st: digits}})
		}
	}
	if len(rows) == 0 {
		return
	}
	p.captioned(p.pick("Files inside this one", "Bestanden in dit bestand"), []col{{p.pick("file", "bestand"), 0.19, false}, {p.pick("holds", "bevat"), 0.17, false}, {p.pick("bytes", "bytes"), 0.12, true}, {"SHA-256", 0.52, false}}, rows)
}

func (p *report) verify() {
	p.caption(p.pick("How to check this file", "Hoe u dit bestand controleert"), 60)
	steps := []string{
		p.pick("With Waarborg, which looks at the signature, the attachments and the pages: waarborg verify FILE --trust KEY. Get the key from the processor by another way than this file.",
			"Met Waarborg, dat naar de handtekening, de bijlagen en de pagina's kijkt: waarborg verify BESTAND --trust SLEUTEL. Krijg de sleutel van de verwerker langs een andere weg dan dit bestand."),
		p.pick("With --replay it makes the outcomes again from the evidence, draws these pages again, and compares.",
			"Met --replay maakt het de uitkomsten opnieuw uit het bewijs, tekent het deze pagina's opnieuw, en vergelijkt het."),
		p.pick("With any reader of PDF, or pdfsig FILE, for the signature alone. A reader may call a signature valid although something was added later, and it does not know whom you trust.",
			"Met elke PDF-lezer, of met pdfsig BESTAND, alleen voor de handtekening. Een lezer kan een handtekening geldig noemen terwijl er later iets is toegevoegd, en weet niet wie u vertrouwt."),
	}
	for i, s := range steps {
		lines := p.lines(body, column-18, s)
		p.need(float64(min(3, len(lines))) * body.lead)
		p.text(left, p.y+body.baseline(), bodyGrey, fmt.Sprint(i+1))
		p.write(left+18, body, lines)
		p.y += 3
	}
}
