package pdf

import (
	"fmt"
	"math"
	"slices"
)

// entry is a line of the table of contents.
type entry struct {
	level int
	title string
	page  int
	link  int
}

// link is the number of an anchor for links to it.
func (s *sheet) link(anchor string) int {
	n, ok := s.links[anchor]
	if !ok {
		n = s.f.AddLink()
		s.links[anchor] = n
	}
	return n
}

// anchor makes links of that name lead here.
func (s *sheet) anchor(anchor string) int {
	n := s.link(anchor)
	s.f.SetLink(n, math.Max(0, s.y-6), s.f.PageNo())
	return n
}

// bookmark enters the outline of the file and the table of contents.
func (s *sheet) bookmark(level int, text, anchor string) {
	text = s.field(text)
	n := s.anchor(anchor)
	s.f.Bookmark(text, level, math.Max(0, s.y-6))
	s.entries = append(s.entries, entry{level, text, s.f.PageNo(), n})
}

// section begins a part of the report, on a page of its own where fresh or where little room is left: keep is the height of
// what must stand below its title.
func (s *sheet) section(number int, text string, fresh bool, keep float64) {
	if fresh && s.y > top {
		s.page()
	}
	label := fmt.Sprintf("%d  %s", number, text)
	title := 20 + float64(len(s.lines(title1, column, label)))*title1.lead
	s.need(max(150, 30+title+keep))
	s.gap(30)
	s.bookmark(0, label, fmt.Sprintf("section %d", number))
	s.title(label)
}

// title writes the title of a part.
func (s *sheet) title(text string) {
	s.setFill(accent)
	s.f.Rect(left, s.y+1, 26, 2.2, "F")
	s.y += 12
	s.write(left, title1, s.lines(title1, column, text))
	s.y += 8
}

// heading begins a piece of a part, and keeps room for what follows it: keep is the height of what must stand below it.
func (s *sheet) heading(text, anchor string, keep float64) {
	lines := s.lines(title2, column, name(text))
	s.need(12 + float64(len(lines))*title2.lead + 4 + keep)
	s.gap(12)
	s.bookmark(1, text, anchor)
	s.write(left, title2, lines)
	s.y += 4
}

// caption writes a small heading in capitals, and keeps room for what follows it.
func (s *sheet) caption(text string, keep float64) {
	lines := s.captionLines(capitals(name(text)))
	s.need(captionHeight(len(lines)) + keep)
	s.gap(8)
	s.write(left, caption.in(accent), lines)
	s.y += 3
}

func captionHeight(lines int) float64 { return 8 + float64(lines)*caption.lead + 3 }

// captionLines breaks the text of a caption. Breaking knows nothing of the room between letters, so it is given less.
func (s *sheet) captionLines(text string) []string {
	for w := column; ; w *= 0.9 {
		lines := s.lines(caption, w, text)
		if w < column/4 || !slices.ContainsFunc(lines, func(l string) bool { return s.width(caption, l) > column }) {
			return lines
		}
	}
}

// tableOfContents fills a page that was left for it with the entries so far; where there are too many, with the parts alone.
func (s *sheet) tableOfContents(text string) {
	s.y = top
	s.title(text)
	s.y += 2
	const most = 34
	for _, e := range s.entries {
		if len(s.entries) > most && e.level > 0 {
			continue
		}
		st, x := bodyBold, left
		if e.level == 0 {
			s.y += 5
		} else {
			st, x = body, left+16
		}
		s.f.Link(left, s.y, column, st.lead, e.link)
		text, page, y := s.fit(st, right-x-40, e.title), fmt.Sprint(e.page), s.y+st.baseline()
		s.text(x, y, st, text)
		s.rightText(right, y, st, page)
		s.setStroke(light, 0.7)
		s.f.SetDashPattern([]float64{0.7, 3}, 0)
		s.f.Line(x+s.width(st, text)+6, y-1, right-s.width(st, page)-6, y-1)
		s.f.SetDashPattern(nil, 0)
		s.y += st.lead
	}
}

// running writes what runs along the pages from one on, when all are drawn: whose they are, of when, and their numbers.
func (s *sheet) running(from int, head, day, foot string) {
	pages := s.f.PageCount()
	head = s.fit(smallGrey, column-120, head)
	for n := from; n <= pages; n++ {
		s.back(n)
		s.text(left, 42, smallGrey, head)
		s.rightText(right, 42, smallGrey, day)
		s.rule(left, right, 50, light)
		s.text(left, pageHeight-34, smallGrey, foot)
		s.rightText(right, pageHeight-34, smallGrey, fmt.Sprintf("%d / %d", n, pages))
	}
}
