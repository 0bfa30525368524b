package reports

import (
	"bufio"
	"cmp"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"waarborg/dpa"
)

// RecordTable writes a record of processing for a person at a terminal.
func RecordTable(w io.Writer, r dpa.ProcessingRecord, o TableOptions) error {
	o.Width = cmp.Or(max(o.Width, 0), 110)
	t := table{Writer: bufio.NewWriter(w), words: wordsIn(r.Language), TableOptions: o}
	t.text("", "", r.Title(), "1")
	for _, s := range RecordSections(r) {
		t.line("\n%s", t.paint("1", safeText(s.Title)))
		for _, p := range s.Text {
			t.text("  ", "  ", p, "")
		}
		for _, x := range s.Tables {
			if x.Title != "" {
				t.line("")
				t.text("  ", "  ", x.Title, "1")
			}
			t.sectionTable(x)
		}
	}
	return t.Flush()
}

// RecordSections are the sections of a record as pages show them: with dates as people write them.
func RecordSections(r dpa.ProcessingRecord) []dpa.Section {
	list := r.Sections()
	dated := func(texts []string) []string {
		out := make([]string, len(texts))
		for i, s := range texts {
			out[i] = DatesIn(s, r.Language)
		}
		return out
	}
	for i := range list {
		s := &list[i]
		s.Text, s.Tables = dated(s.Text), slices.Clone(s.Tables)
		for j := range s.Tables {
			x := &s.Tables[j]
			x.Title, x.Rows = DatesIn(x.Title, r.Language), slices.Clone(x.Rows)
			for k := range x.Rows {
				x.Rows[k] = dated(x.Rows[k])
			}
		}
	}
	return list
}

// sectionTable writes a table with the words of each cell broken over lines.
func (t table) sectionTable(x dpa.SectionTable) {
	rows := x.Rows
	if len(x.Columns) > 0 {
		rows = slices.Concat([][]string{x.Columns}, rows)
	}
	widths := t.columnWidths(rows)
	for i, row := range rows {
		cells := make([][]string, len(row))
		height := 0
		for j, cell := range row {
			cells[j] = wrapped(safeText(cell), widths[j])
			height = max(height, len(cells[j]))
		}
		for k := range height {
			line := "  "
			for j := range cells {
				part := ""
				if k < len(cells[j]) {
					part = cells[j][k]
				}
				line += "  " + pad(part, widths[j])
			}
			code := ""
			if i == 0 && len(x.Columns) > 0 {
				code = "2"
			}
			t.line("%s", t.paint(code, strings.TrimRight(line, " ")))
		}
	}
}

// columnWidths shares the room between columns: each gets what it needs, and the widest give way where that is too much. Words
// are kept whole as far as there is room.
func (t table) columnWidths(rows [][]string) []int {
	if len(rows) == 0 {
		return nil
	}
	out, words, least := make([]int, len(rows[0])), make([]int, len(rows[0])), make([]int, len(rows[0]))
	for _, row := range rows {
		for j, cell := range row {
			out[j], least[j] = max(out[j], utf8.RuneCountInString(cell)), 10
			for _, word := range strings.Fields(cell) {
				words[j] = max(words[j], utf8.RuneCountInString(word))
			}
		}
	}
	room := t.Width - 2 - 2*len(out)
	Shrink(out, words, room)
	Shrink(out, least, room)
	return out
}

// Shrink takes from the widest column of a table, time and again, until all fit in the room or none is wider than its least. The
// unit is the caller's.
func Shrink(widths, least []int, room int) {
	for sum(widths) > room {
		widest := -1
		for j, n := range widths {
			if n > least[j] && (widest < 0 || n > widths[widest]) {
				widest = j
			}
		}
		if widest < 0 {
			return
		}
		widths[widest]--
	}
}

func sum(list []int) (n int) {
	for _, x := range list {
		n += x
	}
	return n
}

// wrapped breaks a text at blanks into lines of at most width columns; a longer word is broken anywhere.
func wrapped(s string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines, line = append(lines, line), ""
		}
		for line == "" && utf8.RuneCountInString(word) > width {
			runes := []rune(word)
			lines, word = append(lines, string(runes[:width])), string(runes[width:])
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}

// RecordMarkdown writes a record of processing as a page for a wiki or a file.
func RecordMarkdown(w io.Writer, r dpa.ProcessingRecord) error {
	m := table{Writer: bufio.NewWriter(w), words: wordsIn(r.Language)}
	safe := func(s string) string { return markdownSpecial.Replace(safeText(s)) }
	m.line("# %s", safe(r.Title()))
	for _, s := range RecordSections(r) {
		m.line("\n## %s", safe(s.Title))
		for _, p := range s.Text {
			m.line("\n%s", safe(p))
		}
		for _, x := range s.Tables {
			if x.Title != "" {
				m.line("\n### %s", safe(x.Title))
			}
			columns := x.Columns
			if len(columns) == 0 {
				columns = []string{"", ""}
			}
			m.line("\n%s\n|%s", markdownRow(columns, safe), strings.Repeat("---|", len(columns)))
			for _, row := range x.Rows {
				m.line("%s", markdownRow(row, safe))
			}
		}
	}
	return m.Flush()
}

func markdownRow(cells []string, safe func(string) string) string {
	out := "|"
	for _, c := range cells {
		out += " " + safe(c) + " |"
	}
	return out
}
