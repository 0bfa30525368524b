package pades

import (
	"encoding/hex"
	"fmt"
	"math"
	"strings"

	"waarborg/internal/say"
)

// Field is where the first page shows the signature: a few lines, such as who and when, in Helvetica. Positions and sizes are
// in points (1/72 inch) from the page's lower left corner. A field of no width or height is not shown. Characters outside
// WinAnsi (Western European) become question marks; lines that do not fit are set smaller, then cut.
type Field struct {
	Lines      []string
	X, Y, W, H float64
}

// Limits of a field. Font sizes are in hundredths of a point.
const (
	maxLines    = 8
	maxFontSize = 900
	minFontSize = 500
	margin      = 200     // hundredths of a point
	maxPosition = 1440000 // 200 inch, PDF's own limit, in hundredths of a point
)

// look is a field as it is drawn. All numbers are in hundredths of a point.
type look struct {
	x, y, w, h int
	size       int // of the font
	lines      [][]byte
}

func (f Field) layout() (look, error) {
	var l look
	for _, p := range []struct {
		from float64
		to   *int
	}{{f.X, &l.x}, {f.Y, &l.y}, {f.W, &l.w}, {f.H, &l.h}} {
		if !(p.from >= 0 && p.from <= maxPosition/100) {
			return look{}, &say.Error{Msg: say.Both("the field of the signature lies outside the page",
				"het vak van de handtekening ligt buiten de pagina"),
				Hint: say.Both("give its place in points from the lower left corner",
					"geef de plaats in punten vanaf de linkeronderhoek")}
		}
		*p.to = int(math.Round(p.from * 100))
	}
	l.size = maxFontSize
	if l.w == 0 || l.h == 0 {
		return l, nil
	}
	for _, line := range f.Lines[:min(len(f.Lines), maxLines)] {
		l.lines = append(l.lines, winAnsi(clean(line)))
	}
	if len(l.lines) == 0 {
		return l, nil
	}
	room := max(l.w-2*margin, 0)
	l.size = min(l.size, max(l.h-2*margin, 0)*100/120/len(l.lines))
	for _, line := range l.lines {
		if w := width(line, 1000); w > 0 {
			l.size = min(l.size, room*1000/w)
		}
	}
	l.size = max(l.size, minFontSize)
	if fit := max(l.h-2*margin, 0) / l.leading(); fit < len(l.lines) {
		l.lines = l.lines[:fit]
	}
	for i, line := range l.lines {
		l.lines[i] = cut(line, l.size, room)
	}
	return l, nil
}

func (l look) leading() int { return l.size * 120 / 100 }

// width of a line in a font size, both in the same unit.
func width(line []byte, size int) int {
	sum := 0
	for _, c := range line {
		sum += helvetica[c-' ']
	}
	return sum * size / 1000
}

const ellipsis = 0x85

func cut(line []byte, size, room int) []byte {
	if width(line, size) <= room {
		return line
	}
	for n := len(line) - 1; n >= 0; n-- {
		if short := append(line[:n:n], ellipsis); width(short, size) <= room {
			return short
		}
	}
	return nil
}

// draw returns the field as a stream of drawing operators.
func (l look) draw() string {
	var b strings.Builder
	fmt.Fprintf(&b, "q\nBT\n0 g\n/Helv %s Tf\n", hundredths(l.size))
	// The block of lines stands in the middle; a line's foot is a fifth of its height above its lower edge.
	top := (l.h + len(l.lines)*l.leading()) / 2
	for i, line := range l.lines {
		if i == 0 {
			fmt.Fprintf(&b, "%s %s Td\n", hundredths(margin), hundredths(max(top-l.leading()*4/5, 0)))
		} else {
			fmt.Fprintf(&b, "0 -%s Td\n", hundredths(l.leading()))
		}
		fmt.Fprintf(&b, "<%s> Tj\n", hex.EncodeToString(line))
	}
	b.WriteString("ET\nQ")
	return b.String()
}

// readLook reads back what draw and the field's rectangle say. What it misses or misreads shows when it is drawn again.
func readLook(rect []value, drawn string) look {
	l := look{size: maxFontSize}
	if len(rect) == 4 {
		x, y, right, top := inHundredths(rect[0]), inHundredths(rect[1]), inHundredths(rect[2]), inHundredths(rect[3])
		l.x, l.y, l.w, l.h = x, y, max(right-x, 0), max(top-y, 0)
	}
	for row := range strings.Lines(drawn) {
		row = strings.TrimSuffix(row, "\n")
		if s, ok := strings.CutPrefix(row, "/Helv "); ok {
			l.size = inHundredths(value{raw: []byte(strings.TrimSuffix(s, " Tf"))})
		}
		if s, ok := strings.CutSuffix(row, "> Tj"); ok && len(l.lines) < maxLines {
			line, _ := hex.DecodeString(strings.TrimPrefix(s, "<"))
			l.lines = append(l.lines, line)
		}
	}
	return l
}

func inHundredths(v value) int {
	n := 0
	for _, c := range v.raw {
		if c >= '0' && c <= '9' && n <= maxPosition {
			n = n*10 + int(c-'0')
		}
	}
	return n
}
