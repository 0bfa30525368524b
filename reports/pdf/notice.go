package pdf

import (
	"fmt"
	"io"
	"time"
)

// Letter is a formal letter, such as a notice to a customer.
type Letter struct {
	Language   string    // nl or en
	Version    string    // of Waarborg, which draws it
	Sender     []string  // name and address, line by line
	Addressee  []string  // the same
	Place      string    // may be empty
	At         time.Time // its date, which is the file's date too
	Subject    string
	Reference  string // may be empty
	Paragraphs []string
	Closing    string   // "Met vriendelijke groet,"
	Signatory  []string // role and organisation, line by line
	Draft      bool     // DRAFT across each page
}

// Notice draws a letter, on one page where it fits and with numbered pages where it does not. The same letter gives the
// same bytes. It has one font, since loading a font is most of what drawing a page costs.
func Notice(w io.Writer, l Letter) error {
	author := ""
	if len(l.Sender) > 0 {
		author = name(l.Sender[0])
	}
	s, err := newSheet(l.At, metadata{title: name(l.Subject), subject: name(l.Subject), author: author, creator: "Waarborg " + name(l.Version)})
	if err != nil {
		return err
	}
	words := words{l.Language}
	if l.Draft {
		s.watermark = words.pick("DRAFT", "CONCEPT")
	}
	s.page()
	s.letterHead(l)
	s.y = max(s.y, 300)
	const label = 80.0
	pair := func(what, text string) {
		if text != "" {
			s.text(left, s.y+body.baseline(), bodyGrey, what)
			s.para(left+label, column-label, body, text)
		}
	}
	pair(words.pick("Date", "Datum"), join(", ", name(l.Place), words.date(l.At)))
	pair(words.pick("Reference", "Kenmerk"), name(l.Reference))
	s.text(left, s.y+body.baseline(), bodyGrey, words.pick("Subject", "Onderwerp"))
	s.para(left+label, column-label, body.in(accent), name(l.Subject))
	s.y += 20
	text := style{regular, 10, 14.6, black, 0}
	for _, p := range l.Paragraphs {
		s.para(left, column, text, p)
		s.y += 7
	}
	s.need(float64(2+len(l.Signatory)) * text.lead)
	s.y += 7
	s.para(left, column, text, l.Closing)
	s.y += 22
	for _, line := range l.Signatory {
		s.para(left, column, text, name(line))
	}
	if pages := s.f.PageCount(); pages > 1 {
		for n := 1; n <= pages; n++ {
			s.back(n)
			s.rightText(right, pageHeight-34, smallGrey, fmt.Sprintf("%d / %d", n, pages))
		}
	}
	return s.finish(w, nil)
}

// letterHead draws who writes to whom.
func (s *sheet) letterHead(l Letter) {
	s.setFill(accent)
	s.f.Rect(left, 56, 40, 3, "F")
	s.y = 68
	for i, line := range l.Sender {
		st := smallGrey
		if i == 0 {
			st = style{regular, 14, 19, black, 0}
		}
		s.para(left, column, st, name(line))
	}
	s.y = max(s.y+20, 160)
	for _, line := range l.Addressee {
		s.para(left, column/2, body, name(line))
	}
	s.y += 24
}
