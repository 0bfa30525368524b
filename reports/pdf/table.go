package pdf

import "slices"

// col is a column of a table.
type col struct {
	title string
	share float64 // of the width, all together 1
	right bool    // numbers end at the right
}

// cell is one field of a table. Texts wrap; a mark stands before the first line.
type cell struct {
	text string
	st   style // zero: small
	mark mark
	link int // to an anchor; 0: none
}

const (
	cellGap  = 10.0 // between columns
	rowGap   = 5.0  // between rows, with a line in the middle
	together = 16   // lines: a longer row may break
)

// table draws rows under a head that is repeated on each page. A row stays together where it is not very long.
func (s *sheet) table(cols []col, rows [][]cell) {
	if len(rows) == 0 {
		return
	}
	s.need(s.tableOpens(cols, rows))
	s.tableHead(cols)
	for _, row := range rows {
		s.tableRow(cols, row)
	}
	s.y += 6
}

// tableHead draws the head of a table; without titles just a line.
func (s *sheet) tableHead(cols []col) {
	if !slices.ContainsFunc(cols, func(c col) bool { return c.title != "" }) {
		s.rule(left, right, s.y+2, light)
		s.y += 4.5
		return
	}
	x := left
	for _, c := range cols {
		w := column * c.share
		if c.right {
			s.rightText(x+w-cellGap, s.y+caption.baseline(), caption, capitals(c.title))
		} else {
			s.text(x, s.y+caption.baseline(), caption, s.fit(caption, w-cellGap+4, capitals(c.title)))
		}
		x += w
	}
	s.y += caption.lead + 2
	s.rule(left, right, s.y, grey)
	s.y += 3
}

func (s *sheet) tableRow(cols []col, row []cell) {
	lines, most, lead := s.rowLines(cols, row)
	keep := most
	if most > together {
		keep = 2
	}
	if s.y+float64(keep)*lead+rowGap > bottom {
		s.page()
		s.tableHead(cols)
	}
	for n := range most {
		if s.y+lead > bottom {
			s.page()
			s.tableHead(cols)
		}
		x := left
		for i, c := range row {
			w := column * cols[i].share
			s.cellLine(c, lines[i], n, x, w, cols[i].right)
			x += w
		}
		s.y += lead
	}
	s.y += rowGap / 2
	s.rule(left, right, s.y, light)
	s.y += rowGap / 2
}

// rowLines breaks the texts of a row: the lines of each cell, of the longest, and their height.
func (s *sheet) rowLines(cols []col, row []cell) (lines [][]string, most int, lead float64) {
	lines, most = make([][]string, len(row)), 1
	for i := range row {
		if row[i].st.size == 0 {
			row[i].st = small
		}
		w := column*cols[i].share - cellGap
		if row[i].mark != noMark {
			w -= 12
		}
		lines[i] = s.lines(row[i].st, w, row[i].text)
		most, lead = max(most, len(lines[i])), max(lead, row[i].st.lead)
	}
	return lines, most, lead
}

// tableOpens is the height of a table's head with its first row, in points: what a heading above it keeps room for.
func (s *sheet) tableOpens(cols []col, rows [][]cell) float64 {
	if len(rows) == 0 {
		return 0
	}
	_, most, lead := s.rowLines(cols, rows[0])
	if most > together {
		most = 2
	}
	return caption.lead + 5 + float64(most)*lead + rowGap
}

// captioned draws a table under a small heading.
func (s *sheet) captioned(title string, cols []col, rows [][]cell) {
	s.caption(title, s.tableOpens(cols, rows))
	s.table(cols, rows)
}

// tableHeight is what a table with its head takes on one page, in points.
func (s *sheet) tableHeight(cols []col, rows [][]cell) float64 {
	h := caption.lead + 5
	for _, row := range rows {
		_, most, lead := s.rowLines(cols, row)
		h += float64(most)*lead + rowGap
	}
	return h
}

// cellLine draws the n-th line of a cell, if it has one.
func (s *sheet) cellLine(c cell, lines []string, n int, x, w float64, end bool) {
	if n >= len(lines) {
		return
	}
	if c.link > 0 {
		s.f.Link(x, s.y, w-cellGap, c.st.lead, c.link)
	}
	if end {
		s.rightText(x+w-cellGap, s.y+c.st.baseline(), c.st, lines[n])
		return
	}
	if c.mark != noMark {
		if n == 0 {
			s.draw(c.mark, x+4, s.y+c.st.lead/2, 7)
		}
		x += 12
	}
	s.text(x, s.y+c.st.baseline(), c.st, lines[n])
}
