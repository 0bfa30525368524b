package reports

import (
	"fmt"

	"waarborg/internal/assess"
)

// segment is one part of a bar; X and Width are shares of the bar such as "12.50%".
type segment struct {
	Status   assess.Status
	Number   int
	X, Width string
}

// bar divides outcomes, worst first. What is the customer's own duty is not in it.
func bar(c assess.Count) []segment {
	total := c.Fail + c.Unknown + c.Waived + c.Pass
	var out []segment
	before := 0
	for _, s := range []segment{{Status: assess.Fail, Number: c.Fail}, {Status: assess.Unknown, Number: c.Unknown},
		{Status: assess.Waived, Number: c.Waived}, {Status: assess.Pass, Number: c.Pass}} {
		if s.Number == 0 {
			continue
		}
		s.X, s.Width = percent(before, total), percent(s.Number, total)
		before += s.Number
		out = append(out, s)
	}
	return out
}

func percent(n, of int) string { return fmt.Sprintf("%.2f%%", 100*float64(n)/float64(of)) }

// trend is a chart of how many outcomes were not met, and how many unknown, at each assessment.
type trend struct {
	Points []Point
	Most   int // the upper end of the vertical axis
	Lines  []line
}

// line runs through its points; places are shares of the chart.
type line struct {
	Status assess.Status
	Dots   []dot
}

type dot struct{ X, Y, ToX, ToY string } // To is the next dot, empty at the last

// newTrend makes no chart of fewer than two points.
func newTrend(points []Point) *trend {
	if len(points) < 2 {
		return nil
	}
	t := &trend{Points: points, Most: 1}
	for _, p := range points {
		t.Most = max(t.Most, p.Count.Fail, p.Count.Unknown)
	}
	first := points[0].At
	span := points[len(points)-1].At.Sub(first)
	place := func(i, n int) (x, y string) {
		share := float64(i) / float64(len(points)-1) // of the number, where all are of one moment
		if span > 0 {
			share = float64(points[i].At.Sub(first)) / float64(span)
		}
		// A margin keeps the ends of lines within the drawing.
		return fmt.Sprintf("%.2f%%", 2+96*share), fmt.Sprintf("%.2f%%", 94-88*float64(n)/float64(t.Most))
	}
	for _, l := range []struct {
		status assess.Status
		number func(assess.Count) int
	}{{assess.Fail, func(c assess.Count) int { return c.Fail }}, {assess.Unknown, func(c assess.Count) int { return c.Unknown }}} {
		out := line{Status: l.status}
		for i, p := range points {
			var d dot
			d.X, d.Y = place(i, l.number(p.Count))
			if i+1 < len(points) {
				d.ToX, d.ToY = place(i+1, l.number(points[i+1].Count))
			}
			out.Dots = append(out.Dots, d)
		}
		t.Lines = append(t.Lines, out)
	}
	return t
}
