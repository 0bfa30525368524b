package pdf

import (
	"io"

	"waarborg/dpa"
)

// Record draws a record of processing activities (GDPR 30(2)). Its pages are a function of the record and the
// attachments. The first page leaves room for a signature at SignatureBox.
func Record(w io.Writer, r dpa.ProcessingRecord, files []Attachment) error {
	words := words{r.Language}
	at := r.Day.Time().UTC()
	title := words.pick("Record of processing activities", "Register van verwerkingsactiviteiten")
	day := words.date(at)
	s, err := newSheet(at, metadata{title: name(r.Title()) + " – " + day, subject: words.pick("GDPR article 30(2)", "AVG artikel 30 lid 2"),
		author: name(r.Processor.Name), creator: "Waarborg " + name(r.Version)})
	if err != nil {
		return err
	}
	who := r.Processor.Name
	if r.Customer != "" && len(r.Controllers) == 1 {
		who = r.Controllers[0].Name
	}
	s.recordCover(words, r, title, who, day)
	s.page() // of the contents
	for i, x := range r.Sections() {
		s.section(i+1, x.Title, i == 0)
		for _, t := range x.Text {
			s.para(left, column, body, t)
			s.y += 4
		}
		for _, t := range x.Tables {
			if t.Title != "" {
				s.caption(t.Title, tableRoom)
			}
			s.recordTable(words, t)
		}
	}
	s.back(2)
	s.tableOfContents(words.pick("Contents", "Inhoud"))
	s.running(2, name(r.Processor.Name), day, title)
	return s.finish(w, files)
}

func (s *sheet) recordCover(w words, r dpa.ProcessingRecord, title, who, day string) {
	s.page()
	s.y = 96
	s.text(left, s.y, style{bold, 8.5, 12, accent, 1.4}, capitals(w.pick("GDPR article 30(2)", "AVG artikel 30 lid 2")))
	s.y += 14
	s.para(left, column, style{bold, 27, 33, black, 0}, title)
	s.y += 4
	s.block(left, column, style{regular, 15, 20, grey, 0}, 2, who)
	s.y += 22
	s.setFill(accent)
	s.f.Rect(left, s.y, 40, 3, "F")
	s.y += 26
	state, mark := w.pick("Nothing that the law asks for is missing.", "Er ontbreekt niets van wat de wet vraagt."), markPass
	if n := len(r.Missing); n > 0 {
		state, mark = w.pick("Not complete: what is missing stands at the end.", "Niet volledig: wat ontbreekt, staat aan het eind."), markUnknown
	}
	for _, row := range [][2]string{{w.pick("Processor", "Verwerker"), r.Processor.Name}, {w.pick("On behalf of", "Namens"), r.Behalf()}, {w.pick("State of", "Stand van"), day}} {
		const label = 132.0
		s.text(left, s.y+body.baseline(), bodyGrey, row[0])
		s.block(left+label, column-label, body, 4, row[1])
		s.y += 3
	}
	s.y += 14
	s.marked(left, mark, body, state)
	s.signaturePlace(w, w.pick("The signature covers every byte of this file, with the record as data that is attached.", "De handtekening dekt elke byte van dit bestand, met het register als gegevens, dat is bijgevoegd."))
	s.bookmark(0, title, "cover")
	s.entries = s.entries[:0] // the contents do not list the cover
}

// recordTable draws a table of a section. Without heads its rows are names and what they are.
func (s *sheet) recordTable(w words, t dpa.SectionTable) {
	cols := []col{{share: 0.34}, {share: 0.66}}
	if len(t.Columns) > 0 {
		cols = nil
		for i, c := range t.Columns {
			cols = append(cols, col{title: c, share: shares(t)[i]})
		}
	} else {
		cols[0].title, cols[1].title = w.pick("what", "wat"), w.pick("value", "waarde")
	}
	rows := make([][]cell, len(t.Rows))
	for i, r := range t.Rows {
		for _, c := range r {
			rows[i] = append(rows[i], cell{text: c})
		}
	}
	s.table(cols, rows)
}

// shares gives each column of a table its part of the width, by how much is in it: no column is very narrow.
func shares(t dpa.SectionTable) []float64 {
	weight, all := make([]float64, len(t.Columns)), 0.0
	for i, c := range t.Columns {
		most := len(c)
		for _, r := range t.Rows {
			if i < len(r) {
				most = max(most, len(r[i]))
			}
		}
		weight[i] = float64(min(max(most, 12), 48))
		all += weight[i]
	}
	for i := range weight {
		weight[i] /= all
	}
	return weight
}
