package pdf

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/jung-kurt/gofpdf"
)

// The page, in points: A4 with its margins.
const (
	pageWidth  = 595.28
	pageHeight = 841.89
	left       = 62.0
	right      = pageWidth - 62.0
	column     = right - left
	top        = 76.0
	bottom     = pageHeight - 64.0
)

// ink is a colour.
type ink struct{ r, g, b int }

var (
	black  = ink{31, 36, 41}
	grey   = ink{96, 105, 114}
	light  = ink{214, 219, 223}
	accent = ink{14, 84, 106}
	white  = ink{255, 255, 255}
	red    = ink{176, 40, 46}
	amber  = ink{160, 98, 0}
	violet = ink{92, 84, 158}
	green  = ink{33, 115, 77}
	faint  = ink{238, 240, 242} // of a watermark, which lies under the text
)

// style is how text looks.
type style struct {
	font    font
	size    float64 // points
	lead    float64 // height of a line
	ink     ink
	spacing float64 // between letters, for small headings in capitals
}

var (
	body      = style{regular, 9.5, 13.6, black, 0}
	bodyBold  = style{bold, 9.5, 13.6, black, 0}
	bodyGrey  = style{regular, 9.5, 13.6, grey, 0}
	small     = style{regular, 8.2, 11.2, black, 0}
	smallBold = style{bold, 8.2, 11.2, black, 0}
	smallGrey = style{regular, 8.2, 11.2, grey, 0}
	narrow    = style{condensed, 8, 10.6, black, 0}
	narrowLow = style{condensed, 8, 10.6, grey, 0}
	digits    = style{condensed, 7.4, 11.2, black, 0} // 64 hex digits in little room
	caption   = style{bold, 6.8, 10, grey, 0.5}
	title1    = style{bold, 18, 23, black, 0}
	title2    = style{bold, 12, 16, accent, 0}
)

// in gives a style in another ink.
func (st style) in(c ink) style { st.ink = c; return st }

// sheet draws pages from top to bottom. Everything that it draws as text goes through clean.
type sheet struct {
	f         *gofpdf.Fpdf
	faces     [fonts]*face
	loaded    [fonts]bool
	y         float64 // where the next thing goes, from the top of the page
	now       style   // font and size in use on this page
	fill      ink     // colour in use on this page
	stroke    ink
	watermark string // one word in plain letters, on each page
	entries   []entry
	links     map[string]int // of anchors, by name
}

// metadata is what the file says of itself.
type metadata struct{ title, subject, author, creator string }

func newSheet(at time.Time, m metadata) (*sheet, error) {
	s := &sheet{f: gofpdf.New("P", "pt", "A4", ""), links: map[string]int{}, fill: ink{-1, 0, 0}}
	for i, ttf := range [fonts][]byte{regularTTF, boldTTF, condensedTTF} {
		f, err := readFace(ttf)
		if err != nil {
			return nil, err
		}
		s.faces[i] = f
	}
	f := s.f
	f.SetCatalogSort(true)
	f.SetCreationDate(at.UTC())
	f.SetModificationDate(at.UTC())
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(left, top, pageWidth-right)
	f.SetProducer("Waarborg", true)
	f.SetTitle(s.field(m.title), true)
	f.SetSubject(s.field(m.subject), true)
	f.SetAuthor(s.field(m.author), true)
	f.SetCreator(s.field(m.creator), true)
	return s, nil
}

// page begins a new page.
func (s *sheet) page() {
	s.f.AddPage()
	s.now, s.fill, s.stroke = style{}, ink{-1, 0, 0}, ink{-1, 0, 0}
	s.f.SetLineWidth(0.5)
	s.y = top
	if s.watermark != "" {
		s.drawWatermark()
	}
}

// drawWatermark writes a word across the page, below everything else.
func (s *sheet) drawWatermark() {
	st := style{bold, 120, 120, faint, 0}
	w := s.width(st, s.watermark)
	s.f.TransformBegin()
	s.f.TransformRotate(52, pageWidth/2, pageHeight/2)
	s.f.RawWriteStr("/Span <</ActualText (" + s.watermark + ")>> BDC") // else readers take its letters apart
	s.text((pageWidth-w)/2, pageHeight/2+40, st, s.watermark)
	s.f.RawWriteStr("EMC")
	s.f.TransformEnd()
	s.now, s.fill = style{}, ink{-1, 0, 0} // what was set inside does not hold outside
}

// back goes to a page that was drawn before, to add to it.
func (s *sheet) back(page int) {
	s.f.SetPage(page)
	s.now, s.fill, s.stroke = style{}, ink{-1, 0, 0}, ink{-1, 0, 0}
	s.f.SetLineWidth(0.5)
}

// need begins a new page if less than h is left on this one.
func (s *sheet) need(h float64) {
	if s.y+min(h, bottom-top) > bottom {
		s.page()
	}
}

// gap leaves room, but not at the top of a page.
func (s *sheet) gap(h float64) {
	if s.y > top {
		s.y += h
	}
}

func (s *sheet) setFill(c ink) {
	if s.fill != c {
		s.f.SetFillColor(c.r, c.g, c.b)
		s.f.SetTextColor(c.r, c.g, c.b) // the same, so that gofpdf need not wrap each text in colours of its own
		s.fill = c
	}
}

func (s *sheet) setStroke(c ink, width float64) {
	if s.stroke != c {
		s.f.SetDrawColor(c.r, c.g, c.b)
		s.stroke = c
	}
	if s.f.GetLineWidth() != width {
		s.f.SetLineWidth(width)
	}
}

// text writes one line with its baseline at y.
func (s *sheet) text(x, y float64, st style, t string) {
	if t == "" {
		return
	}
	t = clean(s.faces[st.font], t)
	if s.now.font != st.font || s.now.size != st.size {
		n := faceNames[st.font]
		s.loadFont(st.font)
		s.f.SetFont(n[0], n[1], st.size)
		s.now = st
	}
	s.setFill(st.ink)
	if st.spacing > 0 {
		s.f.RawWriteStr(fmt.Sprintf("%.2f Tc", st.spacing))
	}
	s.f.Text(x, y, t)
	if st.spacing > 0 {
		s.f.RawWriteStr("0 Tc")
	}
}

// loadFont gives gofpdf a font when it is first used, since each costs time and place. It is a copy of the file's bytes:
// gofpdf pads a table with zeros where it lies, and two documents may be drawn at once.
func (s *sheet) loadFont(f font) {
	if s.loaded[f] {
		return
	}
	s.loaded[f] = true
	n := faceNames[f]
	s.f.AddUTF8FontFromBytes(n[0], n[1], bytes.Clone([fonts][]byte{regularTTF, boldTTF, condensedTTF}[f]))
}

// width is how wide a text is.
func (s *sheet) width(st style, t string) float64 {
	f := s.faces[st.font]
	w := float64(measure(f, clean(f, t))) * st.size / 1000
	if st.spacing > 0 {
		w += st.spacing * float64(len([]rune(t)))
	}
	return w
}

// lines breaks a text so that it fits a width.
func (s *sheet) lines(st style, w float64, t string) []string {
	f := s.faces[st.font]
	return wrap(f, clean(f, cut(t, longestText)), int(w*1000/st.size))
}

// fit shortens a text to one line of a width.
func (s *sheet) fit(st style, w float64, t string) string {
	f := s.faces[st.font]
	return fit(f, clean(f, name(t)), int(w*1000/st.size))
}

// baseline is how far below the top of a line its letters stand.
func (st style) baseline() float64 { return (st.lead-st.size)/2 + st.size*0.82 }

// line writes one line at the current height, in a column, and goes below it.
func (s *sheet) line(x float64, st style, t string) {
	s.text(x, s.y+st.baseline(), st, t)
	s.y += st.lead
}

// para writes a text in a column, over pages where it must, and never one line alone at the foot or the top of a page.
func (s *sheet) para(x, w float64, st style, t string) {
	s.write(x, st, s.lines(st, w, t))
}

func (s *sheet) write(x float64, st style, lines []string) {
	for i, l := range lines {
		keep := 1
		if i == 0 {
			keep = opening(len(lines))
		} else if i == len(lines)-2 {
			keep = 2
		}
		s.need(float64(keep) * st.lead)
		s.line(x, st, l)
	}
}

// opening is how many of a text's lines stay together at its beginning.
func opening(lines int) int {
	if lines == 3 {
		return 3
	}
	return min(2, lines)
}

// opens is the height of the first lines of a text, in points: what a heading above it keeps room for.
func (s *sheet) opens(w float64, st style, t string) float64 {
	return float64(opening(len(s.lines(st, w, t)))) * st.lead
}

// rightText writes one line that ends at x.
func (s *sheet) rightText(x, y float64, st style, t string) { s.text(x-s.width(st, t), y, st, t) }

// rule draws a thin line over the whole column.
func (s *sheet) rule(x1, x2, y float64, c ink) {
	s.setStroke(c, 0.5)
	s.f.Line(x1, y, x2, y)
}

// field is a name as the file's own fields may have it: gofpdf reads past the end of what is not UTF-8.
func (s *sheet) field(text string) string { return clean(s.faces[regular], name(text)) }

// finish writes the file.
func (s *sheet) finish(w io.Writer, files []Attachment) error {
	list := make([]gofpdf.Attachment, len(files))
	for i, f := range files {
		list[i] = gofpdf.Attachment{Content: f.Content, Filename: s.field(f.Name), Description: s.field(f.Description)}
	}
	s.f.SetAttachments(list)
	var b bytes.Buffer
	if err := s.f.Output(&b); err != nil {
		return fmt.Errorf("the pages cannot be drawn: %w", err)
	}
	raw := b.Bytes()
	if err := mendDestinations(raw, 2*len(files)); err != nil {
		return err
	}
	_, err := w.Write(raw)
	return err
}
