package pades

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"waarborg/internal/say"
)

// update is all that Sign adds to a base, apart from the signature's value. Made from the same base and update, the bytes are
// the same: Verify reads an update and makes it again.
type update struct {
	at                              time.Time
	name, reason, location, contact string // clean; empty is left out
	look                            look
	language                        string
	relations                       []string // of the attachments, in the order of the base
	room                            int      // bytes that the signature's value may have
}

// sigHead starts each signature, and occurs nowhere else in an update: outside text is hexadecimal there.
const sigHead = "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached "

const dateLayout = "D:20060102150405Z"

// Relations that an attachment may have to the document.
const (
	Data   = "Data"   // what the pages show
	Source = "Source" // what they are made from
)

var (
	languageForm = regexp.MustCompile(`^[a-z]{2}(-[A-Z]{2})?$`)
	fileForm     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)
)

// maxRoom bounds a signature's value, in bytes.
const maxRoom = 128 << 10

// check says whether an update can be made.
func (u update) check() error {
	switch {
	case u.at.Year() < 1 || u.at.Year() > 9999 || u.at.Nanosecond() != 0:
		return because(say.Both("its time cannot be written", "het tijdstip is niet te schrijven"))
	case !languageForm.MatchString(u.language):
		return because(say.Both("its language is not of the form nl-NL", "de taal heeft niet de vorm nl-NL"))
	case u.room <= 0 || u.room > maxRoom:
		return because(say.Both("the room for its signature is none, or too much",
			"er is geen ruimte voor de handtekening, of te veel"))
	case u.look.size < minFontSize || u.look.size > maxFontSize:
		return because(say.Both("the font of its field is too small or too large",
			"het lettertype van het vak is te klein of te groot"))
	}
	for _, s := range []string{u.name, u.reason, u.location, u.contact} {
		if clean(s) != s {
			return because(say.Both("a text in its signature has characters that cannot be shown, or is too long",
				"een tekst in de handtekening heeft tekens die niet te tonen zijn, of is te lang"))
		}
	}
	for _, line := range u.look.lines {
		if slices.ContainsFunc(line, func(c byte) bool { return c < ' ' }) {
			return because(say.Both("its field has characters that cannot be shown", "in het vak staan tekens die niet te tonen zijn"))
		}
	}
	return nil
}

// hole is where the signature's value stands in the file, with its angle brackets.
type hole struct{ start, end int }

// write returns what follows the base, with zeros for the signature's value.
func (u update) write(b *base, size int) ([]byte, hole, error) {
	w := &writer{size: size}
	sig, widget, look := len(b.objects), len(b.objects)+1, len(b.objects)+2
	field := u.look

	w.begin(sig)
	fmt.Fprintf(w, "%s/M (%s)", sigHead, u.at.UTC().Format(dateLayout))
	for _, t := range []struct{ key, text string }{
		{"Name", u.name}, {"Reason", u.reason}, {"Location", u.location}, {"ContactInfo", u.contact},
	} {
		if t.text != "" {
			fmt.Fprintf(w, " /%s %s", t.key, utf16Text(t.text))
		}
	}
	w.WriteString(" /ByteRange ")
	ranges := w.Len()
	w.WriteString(byteRange(hole{}, 0) + " /Contents ")
	h := hole{start: w.at()}
	w.WriteString("<" + strings.Repeat("0", 2*u.room) + ">")
	h.end = w.at()
	w.WriteString(">>")
	w.end()

	w.begin(widget)
	fmt.Fprintf(w, "<</Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /V %d 0 R /F 132 /Rect [%s %s %s %s] /P %d 0 R "+
		"/AP <</N %d 0 R>>>>", sig, hundredths(field.x), hundredths(field.y), hundredths(field.x+field.w), hundredths(field.y+field.h),
		b.page, look)
	w.end()

	drawn := field.draw()
	w.begin(look)
	fmt.Fprintf(w, "<</Type /XObject /Subtype /Form /BBox [0 0 %s %s] /Resources <</Font <</Helv <</Type /Font /Subtype /Type1 "+
		"/BaseFont /Helvetica /Encoding /WinAnsiEncoding>>>>>> /Length %d>>\nstream\n%s\nendstream",
		hundredths(field.w), hundredths(field.h), len(drawn), drawn)
	w.end()

	w.begin(b.page)
	page := b.objects[b.page].value
	if annots, ok := page.get("Annots"); ok {
		w.Write(sourceOf(page, map[string]string{"Annots": fmt.Sprintf("%s %d 0 R]", annots.raw[:len(annots.raw)-1], widget)}))
		w.WriteString(">>")
	} else {
		w.Write(sourceOf(page, nil))
		fmt.Fprintf(w, "/Annots [%d 0 R]>>", widget)
	}
	w.end()

	var refs []string
	for i, n := range b.files {
		refs = append(refs, fmt.Sprintf("%d 0 R", n))
		w.begin(n)
		f := b.objects[n].value
		file, _ := f.get("UF")
		w.Write(sourceOf(f, map[string]string{"F": "(" + decoded(file.text) + ")"}))
		fmt.Fprintf(w, "/AFRelationship /%s>>", u.relations[i])
		w.end()
	}

	w.begin(b.root)
	w.Write(sourceOf(b.catalog, nil))
	if len(refs) > 0 {
		fmt.Fprintf(w, "/AF [%s]\n", strings.Join(refs, " "))
	}
	fmt.Fprintf(w, "/AcroForm <</Fields [%d 0 R] /SigFlags 3>>\n/Lang (%s)\n/ViewerPreferences <</DisplayDocTitle true>>\n"+
		"/Version /1.7>>", widget, u.language)
	w.end()

	w.table(b, look+1)
	if w.at() > 9_999_999_999 {
		return nil, hole{}, because(say.Both("the file is too large for a signature", "het bestand is te groot voor een handtekening"))
	}
	copy(w.Bytes()[ranges:], byteRange(h, w.at()))
	return w.Bytes(), h, nil
}

// byteRange says what the signature covers: all of a file but the hole.
func byteRange(h hole, size int) string {
	return fmt.Sprintf("[0 %010d %010d %010d]", h.start, h.end, size-h.end)
}

// writer writes objects after a base of a size and keeps their places.
type writer struct {
	bytes.Buffer
	size    int
	numbers []int
	places  []int
}

func (w *writer) at() int { return w.size + w.Len() }

func (w *writer) begin(n int) {
	w.numbers, w.places = append(w.numbers, n), append(w.places, w.at())
	fmt.Fprintf(w, "%d 0 obj\n", n)
}

func (w *writer) end() { w.WriteString("\nendobj\n") }

// table writes the table of the objects, by number, and the trailer.
func (w *writer) table(b *base, size int) {
	start := w.at()
	w.WriteString("xref\n")
	order := make([]int, len(w.numbers))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return w.numbers[i] - w.numbers[j] })
	for _, i := range order {
		fmt.Fprintf(w, "%d 1\n%010d 00000 n \n", w.numbers[i], w.places[i])
	}
	fmt.Fprintf(w, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n",
		size, b.root, b.info, b.xref, start)
}
