package pdf

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
	cellGap   = 10.0 // between columns
	tableRoom = 64.0 // that a heading keeps for the head and first rows below it
)

// table draws rows under a head that is repeated on each page. A row stays together where it is not very long.
func (s *sheet) table(cols []col, rows [][]cell) {
	if len(rows) == 0 {
		return
	}
	s.need(tableRoom - 4)
	s.tableHead(cols)
	for _, row := range rows {
		s.tableRow(cols, row)
	}
	s.y += 6
}

func (s *sheet) tableHead(cols []col) {
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
	const together = 16 // lines: a longer row may break
	lines := make([][]string, len(row))
	most, lead := 1, 0.0
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
	keep := most
	if most > together {
		keep = 2
	}
	if s.y+float64(keep)*lead+5 > bottom {
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
	s.y += 2.5
	s.rule(left, right, s.y, light)
	s.y += 2.5
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
