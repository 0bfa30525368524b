package pades_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jung-kurt/gofpdf"

	"waarborg/internal/sign/cms"
	"waarborg/internal/sign/pades"
	"waarborg/internal/sign/signtest"
	"waarborg/internal/sign/timestamp"
)

var day = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// paper is what a base is made of.
type paper struct {
	pages  int
	font   string // file of a UTF-8 font; empty: Helvetica
	plain  bool   // no links, bookmarks, attachments
	files  []gofpdf.Attachment
	change func(*gofpdf.Fpdf) // before the first page
	draw   func(*gofpdf.Fpdf) // on the last page
}

func (p paper) make(t testing.TB) []byte {
	t.Helper()
	f := gofpdf.New("P", "mm", "A4", "")
	f.SetCreationDate(day)
	f.SetModificationDate(day)
	f.SetCatalogSort(true)
	f.SetTitle("Beoordelingsrapport – één", true)
	f.SetAuthor("Voorbeeld B.V. (test)", true)
	family := "Helvetica"
	if p.font != "" {
		family = "text"
		raw, err := os.ReadFile(p.font)
		if err != nil {
			t.Fatal(err)
		}
		f.AddUTF8FontFromBytes(family, "", raw)
	}
	f.SetAttachments(p.files)
	if p.change != nil {
		p.change(f)
	}
	f.SetFont(family, "", 10)
	var links []int
	for range p.pages {
		links = append(links, f.AddLink())
	}
	for i := range p.pages {
		f.AddPage()
		f.Cell(0, 10, fmt.Sprintf("Bladzijde %d (van %d)", i+1, p.pages))
		f.Ln(12)
		if p.plain {
			continue
		}
		f.SetLink(links[i], 0, -1)
		f.Bookmark(fmt.Sprintf("Deel %d (één)", i), min(i, 1), -1)
		f.CellFormat(50, 8, "verder", "", 1, "L", false, links[(i+1)%p.pages], "")
		f.CellFormat(50, 8, "wet", "", 1, "L", false, 0, "https://eur-lex.europa.eu/eli/reg/2016/679/oj?a=(b)")
		f.SetAlpha(0.5, "Normal")
		f.Rect(20, 60, 100, 20, "DF")
		f.SetAlpha(1, "Normal")
	}
	if p.draw != nil {
		p.draw(f)
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		t.Fatal(err)
	}
	return mend(b.Bytes(), 2*len(p.files))
}

var destination = regexp.MustCompile(`/Dest \[(\d+) 0 R /XYZ `)

// mend lets links lead to pages: gofpdf overlooks that attachments come before them. The file keeps its length.
func mend(raw []byte, ahead int) []byte {
	return destination.ReplaceAllFunc(raw, func(m []byte) []byte {
		var n int
		fmt.Sscanf(string(m), "/Dest [%d", &n)
		return fmt.Appendf(nil, "/Dest [%d 0 R%*s/XYZ ", n+ahead, len(m)-len(fmt.Sprintf("/Dest [%d 0 R/XYZ ", n+ahead)), "")
	})
}

func files() []gofpdf.Attachment {
	return []gofpdf.Attachment{
		{Filename: "report.json", Description: "het verslag, als gegevens", Content: []byte(`{"schema":"waarborg.report/v1"}`)},
		{Filename: "results.json", Description: "uitkomsten (alle)", Content: bytes.Repeat([]byte(`{"verdict":"pass"}`), 3000)},
		{Filename: "evidence.json.gz", Content: []byte{0x1f, 0x8b, 8, 0, 0, 1, 2, 3}},
	}
}

var relations = map[string]string{"report.json": pades.Data, "results.json": pades.Data, "evidence.json.gz": pades.Source}

// report is a base as a report makes it.
func report(t testing.TB, pages int) []byte {
	return paper{pages: pages, files: files(), font: filepath.Join("..", "..", "..", "reports", "pdf", "font", "regular.ttf")}.make(t)
}

func options() pades.Options {
	return pades.Options{At: day.Add(time.Hour), Name: "Voorbeeld B.V.", Reason: "Beoordeling naar de overeenkomst", Location: "Utrecht",
		Contact: "privacy@voorbeeld.test", Language: "nl-NL", Attachments: relations,
		Field: pades.Field{Lines: []string{"Ondertekend door Voorbeeld B.V.", "22 november 2026, 9:00 UTC – sleutel ‘a1b2’"}, X: 60, Y: 80, W: 220, H: 48}}
}

// small are the options of a base without attachments.
func small() pades.Options {
	o := options()
	o.Attachments = nil
	return o
}

func sign(t testing.TB, base []byte, id cms.Identity, o pades.Options) []byte {
	t.Helper()
	out, err := pades.Sign(t.Context(), base, id, o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// stamper asks a real client at a test authority.
func stamper(t testing.TB) cms.Stamp {
	t.Helper()
	a := signtest.NewAuthority(t, signtest.NewCA(t, "Test TSA"), signtest.TimestampTemplate("Test TSA 1"))
	c := &timestamp.Client{URL: a.Serve(t), HTTP: http.DefaultClient, Roots: a.CA.Roots(), Now: time.Now, Rand: rand.Reader}
	return c.Stamp
}

func save(t testing.TB, pdf []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// refused fails the test unless the file is refused for one of the reasons, in words that hold want.
func refused(t *testing.T, pdf []byte, want string, reasons ...error) {
	t.Helper()
	_, err := pades.Verify(pdf, pades.Limits{})
	for _, r := range reasons {
		if errors.Is(err, r) && strings.Contains(err.Error(), want) {
			return
		}
	}
	t.Errorf("want one of %v with %q, got %v", reasons, want, err)
}
