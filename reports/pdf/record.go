package pdf

import (
	"io"
	"math"
	"slices"
	"strings"

	"waarborg/dpa"
	"waarborg/reports"
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
	s.page() // of the contents, which are known in the end
	s.y = bottom
	for i, x := range reports.RecordSections(r) {
		s.section(i+1, x.Title, i == 0, s.recordOpens(x))
		for _, t := range x.Text {
			s.para(left, column, body, t)
			s.y += 4
		}
		s.recordTables(x.Tables)
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
	state, mark := w.pick("All required fields are filled in.", "Alle verplichte velden zijn ingevuld."), markPass
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
	s.signaturePlace(w, w.pick("The signature covers every byte of this file, with the record itself as data, which is attached. Check it before you rely on it: waarborg verify FILE --trust KEY.",
		"De handtekening dekt elke byte van dit bestand, ook het register zelf als gegevens, dat is bijgevoegd. Controleer haar voor u erop vertrouwt: waarborg verify BESTAND --trust SLEUTEL."))
	s.bookmark(0, title, "cover")
	s.entries = s.entries[:0] // the contents do not list the cover
}

// recordOpens is the height of what stands first under the title of a section, in points.
func (s *sheet) recordOpens(x dpa.Section) float64 {
	if len(x.Text) > 0 {
		return s.opens(column, body, x.Text[0])
	}
	if len(x.Tables) == 0 {
		return 0
	}
	t := recordTable{x.Tables[0], s.columnsFor(x.Tables, x.Tables[0])}
	keep := s.tableKeep(t)
	if t.Title != "" {
		keep += captionHeight(len(s.captionLines(capitals(name(t.Title)))))
	}
	return keep
}

// recordTable is a table of a section, with its columns.
type recordTable struct {
	dpa.SectionTable
	cols []col
}

func (t recordTable) rows() [][]cell {
	rows := make([][]cell, len(t.Rows))
	for i, r := range t.Rows {
		for j, text := range r {
			c := cell{text: text}
			if j == 0 && len(t.Columns) == 0 {
				c.st = smallGrey
			}
			rows[i] = append(rows[i], c)
		}
	}
	return rows
}

// tableKeep is how much of a table stands together, in points: all of one that is not long.
func (s *sheet) tableKeep(t recordTable) float64 {
	const whole = 260.0 // points
	rows := t.rows()
	if h := s.tableHeight(t.cols, rows); h <= whole {
		return h
	}
	return s.tableOpens(t.cols, rows)
}

// columnsFor are the columns of a table: those of the same heads have the same widths, so that they stand in line.
func (s *sheet) columnsFor(list []dpa.SectionTable, t dpa.SectionTable) []col {
	return s.recordColumns(t.Columns, slices.DeleteFunc(slices.Clone(list), func(x dpa.SectionTable) bool { return !slices.Equal(x.Columns, t.Columns) }))
}

// recordTables draws the tables of a section.
func (s *sheet) recordTables(list []dpa.SectionTable) {
	cols := map[string][]col{}
	for _, x := range list {
		key := strings.Join(x.Columns, "\x00")
		if cols[key] == nil {
			cols[key] = s.columnsFor(list, x)
		}
		t := recordTable{x, cols[key]}
		if keep := s.tableKeep(t); t.Title != "" {
			s.caption(t.Title, keep)
		} else {
			s.need(keep)
		}
		s.table(t.cols, t.rows())
	}
}

// recordColumns gives each column the room that nine in ten of its texts need, and lets the widest give way where that is too
// much. Words are kept whole as far as there is room. Without heads rows are names and what they are.
func (s *sheet) recordColumns(heads []string, list []dpa.SectionTable) []col {
	if len(heads) == 0 {
		return []col{{share: 0.34}, {share: 0.66}}
	}
	const least = 40.0
	widths, words, mins := make([]int, len(heads)), make([]int, len(heads)), make([]int, len(heads))
	points := func(w float64) int { return int(min(w, column)+cellGap) + 1 }
	for j, h := range heads {
		words[j] = points(s.width(caption, capitals(h)))
		mins[j] = max(least, words[j]) // a head stays whole
		var texts []int
		for _, t := range list {
			for _, r := range t.Rows {
				text := cut(r[j], longestText)
				texts = append(texts, points(s.width(small, text)))
				for _, w := range strings.Fields(text) {
					words[j] = max(words[j], points(s.width(small, w)))
				}
			}
		}
		slices.Sort(texts)
		widths[j] = words[j]
		if len(texts) > 0 {
			widths[j] = max(words[j], texts[len(texts)*9/10])
		}
	}
	for _, least := range [][]int{words, mins} {
		reports.Shrink(widths, least, int(math.Floor(column)))
	}
	all := 0
	for _, w := range widths {
		all += w
	}
	cols := make([]col, len(heads))
	for j, h := range heads {
		cols[j] = col{title: h, share: float64(widths[j]) / float64(all)}
	}
	return cols
}
