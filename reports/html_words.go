package reports

import (
	"fmt"
	"time"

	"waarborg/dpa"
	"waarborg/internal/assess"
)

// date shows a day such as 2026-11-23 as people write it; anything else stays as it is.
func (w words) date(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return terminalSafe(s)
	}
	return DateText(t, w.lang)
}

// overall says the state of an assessment, and its numbers.
func (w words) overall(s assess.Summary) string {
	sentence, numbers := Verdict(s, w.lang)
	return sentence + " " + numbers
}

// SourceText says for people how the reading of a source went, in Dutch or English.
func SourceText(status, lang string) string { return wordsIn(lang).sourceStatus(status) }

func (w words) sourceStatus(s string) string {
	switch s {
	case "complete":
		return w.pick("read in full", "volledig gelezen")
	case "partial":
		return w.pick("read in part", "deels gelezen")
	case "failed":
		return w.pick("could not be read", "kon niet worden gelezen")
	default:
		return terminalSafe(s)
	}
}

func (w words) waiver(u assess.WaiverUse) string {
	text := safeText(WaiverText(u, w.lang))
	if u.State == assess.WaiverUsed {
		return fmt.Sprintf(w.pick("%s; covers %d outcomes", "%s; dekt %d uitkomsten"), text, u.Matched)
	}
	return w.pick("no effect: ", "geen werking: ") + text
}

func (w words) holder(id string) string {
	switch id {
	case "processor":
		return w.pick("processor", "verwerker")
	case "controller":
		return w.pick("customer", "klant")
	default:
		return w.pick("both", "beide")
	}
}

func (w words) partName(id string) string {
	switch id {
	case "verwerkersovereenkomst":
		return w.pick("Data processing agreement", "Verwerkersovereenkomst")
	case "bijlage_a":
		return w.pick("Annex A", "Bijlage A")
	case "bijlage_b":
		return w.pick("Annex B", "Bijlage B")
	case "bijlage_c":
		return w.pick("Annex C", "Bijlage C")
	case "algemene_voorwaarden":
		return w.pick("General terms", "Algemene voorwaarden")
	default:
		return terminalSafe(id)
	}
}

func (w words) proofType(kind string) string {
	switch kind {
	case "workflow":
		return w.pick("workflow", "werkstroom")
	case "attestation":
		return w.pick("attestation", "verklaring")
	case "document":
		return w.pick("document", "document")
	default:
		return w.pick("rule", "regel")
	}
}

// CoverageText counts clauses by how they stand.
func (p page) CoverageText() string { return coverageCounts(table{words: p.words}, p.Doc.Coverage) }

// Overall is the state of the assessment in one sentence.
func (p page) Overall() string { return p.overall(p.Results.Summary) }

// ChangesText tells in a few sentences what changed.
func (p page) ChangesText() string { return ChangesText(*p.Doc.Since, p.lang) }

// PartName names a part of the agreement.
func (p page) PartName(id string) string { return p.partName(id) }

// ProofType names what kind of thing proves a clause.
func (p page) ProofType(kind string) string { return p.proofType(kind) }

// ProofName is what a proof is called: see [ProofName].
func (p page) ProofName(kind, id string) string { return ProofName(kind, id, p.lang) }

// RowState says how a clause stands, and whether that is on the processor's own word.
func (p page) RowState(row dpa.CoverageRow) string { return p.listed.State(row) }

// NotTaken tells how many clauses are about applications that are not taken.
func (p page) NotTaken() string { return p.listed.NotTaken() }

// Ends are the two ends of the trend.
func (p page) Ends() [2]string {
	from, to := SpanText(p.Trend.Points[0].At, p.Trend.Points[len(p.Trend.Points)-1].At, p.lang)
	return [2]string{from, to}
}

// ClauseState says how a clause, or what proves it, stands.
func (p page) ClauseState(s dpa.CoverageState) string { return s.Text().In(p.lang) }

// ClauseMark is the mark of a state.
func (p page) ClauseMark(s dpa.CoverageState) string { return coverageMarks[s] }

// Lang is the language of the page, nl or en.
func (p page) Lang() string {
	if p.lang == "nl" {
		return "nl"
	}
	return "en"
}

// Method says how the assessment works and what it does not show, a paragraph each.
func (p page) Method() []Passage { return Method(p.lang, p.Doc.Customer != nil) }

// Glossary explains the words of the report.
func (p page) Glossary() []Passage { return Glossary(p.lang) }
