package pdf

import (
	"github.com/jung-kurt/gofpdf"

	"waarborg/dpa"
	"waarborg/internal/assess"
)

// mark is a drawn sign for a state. Each has a form of its own, so that none is told by its colour alone.
type mark uint8

const (
	noMark mark = iota
	markFail
	markUnknown
	markWaived
	markPass
	markPartly
	markAttested
	markUnproven
	markCustomer
)

var statusMarks = map[assess.Status]mark{assess.Fail: markFail, assess.Unknown: markUnknown, assess.Waived: markWaived, assess.Pass: markPass,
	assess.NotApplicable: markCustomer}

var coverageMarks = map[dpa.CoverageState]mark{dpa.CoverageNotMet: markFail, dpa.CoverageUnproven: markUnproven, dpa.CoverageUnknown: markUnknown,
	dpa.CoveragePartly: markPartly, dpa.CoverageWaived: markWaived, dpa.CoverageAttested: markAttested, dpa.CoverageMet: markPass, dpa.CoverageCustomer: markCustomer,
	dpa.CoverageNotTaken: markCustomer}

var markInks = map[mark]ink{markFail: red, markUnknown: amber, markWaived: violet, markPass: green, markPartly: green, markAttested: green,
	markUnproven: grey, markCustomer: grey}

// ink is the colour of a mark, and of words about its state.
func (m mark) ink() ink { return markInks[m] }

// draw draws a mark of a size with its middle at x, y.
func (s *sheet) draw(m mark, x, y, size float64) {
	r, c := size/2, m.ink()
	at := func(dx, dy float64) gofpdf.PointType { return gofpdf.PointType{X: x + dx*r, Y: y + dy*r} }
	switch m {
	case markFail:
		s.setFill(c)
		s.f.Rect(x-r*0.92, y-r*0.92, r*1.84, r*1.84, "F")
		s.strokes(white, size*0.15, at(-0.42, -0.42), at(0.42, 0.42))
		s.strokes(white, size*0.15, at(-0.42, 0.42), at(0.42, -0.42))
	case markUnknown:
		s.setFill(c)
		s.f.Polygon([]gofpdf.PointType{at(0, -1.22), at(1.22, 0), at(0, 1.22), at(-1.22, 0)}, "F")
		s.setStroke(white, size*0.13)
		a, b, d := at(-0.34, -0.28), at(0, -0.62), at(0.34, -0.28)
		s.f.CurveBezierCubic(a.X, a.Y, x-r*0.34, b.Y, x+r*0.34, b.Y, d.X, d.Y, "D")
		s.f.CurveBezierCubic(d.X, d.Y, x+r*0.34, y-r*0.02, x, y-r*0.02, x, y+r*0.26, "D")
		s.setFill(white)
		s.f.Rect(x-size*0.07, y+r*0.46, size*0.14, size*0.13, "F")
	case markWaived:
		s.setStroke(c, size*0.12)
		s.f.Circle(x, y, r*0.9, "D")
		s.f.CurveBezierCubic(x-r*0.5, y+r*0.14, x-r*0.2, y-r*0.6, x+r*0.2, y+r*0.6, x+r*0.5, y-r*0.14, "D")
	case markPass:
		s.setFill(c)
		s.f.Circle(x, y, r, "F")
		s.strokes(white, size*0.15, at(-0.46, 0.04), at(-0.12, 0.40), at(0.48, -0.36))
	case markAttested:
		s.setStroke(c, size*0.12)
		s.f.Circle(x, y, r*0.9, "D")
		s.strokes(c, size*0.13, at(-0.42, 0.04), at(-0.1, 0.36), at(0.42, -0.32))
	case markPartly:
		s.setStroke(c, size*0.12)
		s.setFill(c)
		s.f.Circle(x, y, r*0.9, "D")
		s.f.Arc(x, y, r*0.9, r*0.9, 0, 90, 270, "F")
	case markUnproven:
		s.setStroke(c, size*0.1)
		s.f.Circle(x, y, r*0.9, "D")
	case markCustomer:
		s.setFill(c)
		s.f.Rect(x-r*0.8, y-size*0.07, r*1.6, size*0.14, "F")
	}
}

// strokes draws a line through points.
func (s *sheet) strokes(c ink, width float64, points ...gofpdf.PointType) {
	s.setStroke(c, width)
	s.f.MoveTo(points[0].X, points[0].Y)
	for _, p := range points[1:] {
		s.f.LineTo(p.X, p.Y)
	}
	s.f.DrawPath("D")
}

// marked writes a mark and its words on one line.
func (s *sheet) marked(x float64, m mark, st style, text string) {
	s.draw(m, x+st.size*0.45, s.y+st.lead/2, st.size*0.86)
	s.text(x+st.size*1.3, s.y+st.baseline(), st, text)
	s.y += st.lead
}
