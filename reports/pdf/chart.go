package pdf

import (
	"waarborg/internal/assess"
	"waarborg/reports"

	"github.com/jung-kurt/gofpdf"
)

// bar is one line of a chart: how many outcomes there are of each status.
type bar struct {
	label  string
	counts [4]int
	link   int
}

// barStatuses is the order in which a bar shows its parts, which is that of counts.
var barStatuses = [4]assess.Status{assess.Fail, assess.Unknown, assess.Waived, assess.Pass}

func countsOf(c assess.Count) [4]int { return [4]int{c.Fail, c.Unknown, c.Waived, c.Pass} }

const barRow = 19.0

// barsHeight is what bars take with what stands above and below them, in points.
func barsHeight(n int) float64 { return 32 + barRow*float64(n) }

// bars draws a stacked bar for each area, all of one length, and the numbers beside it. Parts differ in pattern: not met is
// solid, unknown hatched, waived dotted, met pale.
func (s *sheet) bars(w words, list []bar) {
	const labels, barWidth, height, row = 86.0, 218.0, 9.0, barRow
	numbers := left + labels + barWidth + 14
	each := (right - numbers) / 4
	s.need(barsHeight(len(list)))
	for i, st := range barStatuses {
		s.draw(statusMarks[st], numbers+float64(i+1)*each-6, s.y+3, 7.4)
	}
	s.y += 14
	for _, b := range list {
		s.need(row)
		s.text(left, s.y+9, small, s.fit(small, labels-6, b.label))
		total := b.counts[0] + b.counts[1] + b.counts[2] + b.counts[3]
		x := left + labels
		for i, n := range b.counts {
			if n > 0 {
				part := barWidth * float64(n) / float64(total)
				s.part(barStatuses[i], x, s.y+1.5, part, height)
				x += part
			}
			st := small
			if n == 0 {
				st = smallGrey
			}
			s.rightText(numbers+float64(i+1)*each-2, s.y+9, st, number(n, w.lang))
		}
		if total == 0 {
			s.text(x, s.y+9, smallGrey, w.pick("not applicable", "niet van toepassing"))
		}
		if b.link > 0 {
			s.f.Link(left, s.y, column, row-4, b.link)
		}
		s.y += row
	}
	s.y += 2
	x := left + labels
	for _, st := range barStatuses {
		s.part(st, x, s.y+1, 12, 7)
		text := reports.StatusText(st, w.lang)
		s.text(x+16, s.y+7.4, smallGrey, text)
		x += 16 + s.width(smallGrey, text) + 16
	}
	s.y += 16
}

// part draws one part of a bar.
func (s *sheet) part(st assess.Status, x, y, width, height float64) {
	c := statusMarks[st].ink()
	switch st {
	case assess.Fail:
		s.setFill(c)
		s.f.Rect(x, y, width, height, "F")
		return
	case assess.Unknown:
		s.f.ClipRect(x, y, width, height, false)
		s.setStroke(c, 1)
		for d := 0.0; d < width+height; d += 3.2 {
			s.f.Line(x+d, y, x+d-height, y+height)
		}
	case assess.Waived:
		s.f.ClipRect(x, y, width, height, false)
		s.setFill(c)
		for dx := 1.5; dx < width+1; dx += 3 {
			for dy := 1.5; dy < height; dy += 3 {
				s.f.Rect(x+dx-0.6, y+dy-0.6, 1.2, 1.2, "F")
			}
		}
	default:
		s.setFill(ink{200, 226, 212})
		s.f.Rect(x, y, width, height, "F")
		s.setStroke(c, 0.5)
		s.f.Rect(x, y, width, height, "D")
		return
	}
	s.f.ClipEnd()
	s.fill, s.stroke = ink{-1, 0, 0}, ink{-1, 0, 0} // what was set inside does not hold outside
	s.f.SetLineWidth(0.5)
	s.setStroke(c, 0.5)
	s.f.Rect(x, y, width, height, "D")
}

// trendHeight is what a trend takes, in points.
const trendHeight = 132.0

// trend draws how many outcomes were not met and how many were unknown, assessment by assessment.
func (s *sheet) trend(w words, points []reports.Point) {
	const height, labels = 92.0, 104.0
	s.need(trendHeight)
	most := 1
	for _, p := range points {
		most = max(most, p.Count.Fail, p.Count.Unknown)
	}
	x1, x2 := left+26, right-labels
	first, last := points[0].At, points[len(points)-1].At
	span := last.Sub(first).Seconds()
	xAt := func(i int) float64 {
		if span <= 0 {
			return x1 + (x2-x1)*float64(i)/float64(len(points)-1)
		}
		return x1 + (x2-x1)*min(1, max(0, points[i].At.Sub(first).Seconds()/span))
	}
	foot := s.y + height
	yAt := func(n int) float64 { return foot - (height-8)*float64(n)/float64(most) }
	for _, n := range []int{0, most} {
		s.rule(x1, x2, yAt(n), light)
		s.rightText(x1-6, yAt(n)+2.6, smallGrey, number(n, w.lang))
	}
	series := []struct {
		status assess.Status
		of     func(assess.Count) int
		dash   []float64
	}{
		{assess.Fail, func(c assess.Count) int { return c.Fail }, nil},
		{assess.Unknown, func(c assess.Count) int { return c.Unknown }, []float64{3, 2}},
	}
	ends := []float64{yAt(series[0].of(points[len(points)-1].Count)), yAt(series[1].of(points[len(points)-1].Count))}
	if gap := ends[1] - ends[0]; gap >= 0 && gap < 11 { // labels must not lie on each other
		ends[0], ends[1] = ends[0]-(11-gap)/2, ends[1]+(11-gap)/2
	} else if gap < 0 && gap > -11 {
		ends[0], ends[1] = ends[0]+(11+gap)/2, ends[1]-(11+gap)/2
	}
	for k, line := range series {
		m := statusMarks[line.status]
		var path []gofpdf.PointType
		for i, p := range points {
			path = append(path, gofpdf.PointType{X: xAt(i), Y: yAt(line.of(p.Count))})
		}
		s.f.SetDashPattern(line.dash, 0)
		s.strokes(m.ink(), 1.3, path...)
		s.f.SetDashPattern(nil, 0)
		marks := path
		if len(marks) > 24 {
			marks = []gofpdf.PointType{path[0], path[len(path)-1]}
		}
		for _, p := range marks {
			s.draw(m, p.X, p.Y, 5.4)
		}
		text := number(line.of(points[len(points)-1].Count), w.lang) + " " + reports.StatusText(line.status, w.lang)
		s.text(x2+10, ends[k]+2.8, small.in(m.ink()), text)
	}
	s.y = foot + 4
	from, to := reports.SpanText(first, last, w.lang)
	s.text(x1, s.y+8, smallGrey, from)
	s.rightText(x2, s.y+8, smallGrey, to)
	s.y += 20
}
