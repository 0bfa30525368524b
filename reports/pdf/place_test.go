package pdf_test

import (
	"encoding/json/v2"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/reports"
	"waarborg/reports/pdf"
)

// word is a word on a page with its box, in points from the upper left corner.
type word struct {
	XMin float64 `xml:"xMin,attr"`
	YMin float64 `xml:"yMin,attr"`
	XMax float64 `xml:"xMax,attr"`
	YMax float64 `xml:"yMax,attr"`
	Text string  `xml:",chardata"`
}

func boxes(t *testing.T, raw []byte) [][]word {
	t.Helper()
	var doc struct {
		Pages []struct {
			Words []word `xml:"word"`
		} `xml:"body>doc>page"`
	}
	out := tool(t, raw, "pdftotext", "-bbox", "FILE", "-")
	if i := strings.Index(out, "<body>"); i > 0 {
		out = "<html>" + out[i:] // the head repeats the title
	}
	if err := xml.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	pages := make([][]word, len(doc.Pages))
	for i, p := range doc.Pages {
		pages[i] = slices.DeleteFunc(p.Words, func(w word) bool { return w.Text == "CONCEPT" || w.Text == "DRAFT" })
	}
	return pages
}

// inPlace checks that all words lie within the margins, none over another, and none where the signature goes.
func inPlace(t *testing.T, raw []byte) {
	t.Helper()
	const left, right, foot = 62, 595.28 - 62, 841.89 - 28
	box := pdf.SignatureBox()
	for n, page := range boxes(t, raw) {
		for i, w := range page {
			if w.XMin < left-1 || w.XMax > right+1 || w.YMin < 28 || w.YMax > foot {
				t.Errorf("page %d: %q lies outside the margins: %.0f to %.0f, %.0f to %.0f", n+1, w.Text, w.XMin, w.XMax, w.YMin, w.YMax)
			}
			if top := 841.89 - box.Y - box.Height; n == 0 && w.XMin < box.X+box.Width && w.XMax > box.X && w.YMin < top+box.Height && w.YMax > top {
				t.Errorf("%q lies where the signature goes", w.Text)
			}
			for _, o := range page[i+1:] {
				wide, high := min(w.XMax, o.XMax)-max(w.XMin, o.XMin), min(w.YMax, o.YMax)-max(w.YMin, o.YMin)
				if wide > 1 && high > 0.4*min(w.YMax-w.YMin, o.YMax-o.YMin) {
					t.Errorf("page %d: %q lies over %q", n+1, w.Text, o.Text)
				}
			}
		}
	}
}

func TestNothingLiesOverAnything(t *testing.T) {
	for _, lang := range []string{"nl", "en"} {
		for _, customer := range []bool{true, false} {
			inPlace(t, sample(t, lang, customer))
		}
	}
}

// hostile are names that an attacker, or an unlucky colleague, could give things.
var hostile = map[string]string{
	"escape sequence": "\x1b[31mred\x1b[0m", "line break": "a\nb\r\nc\td", "operators of PDF": ") Tj ET Q BT (owned) Tj endstream endobj", "backslash": `\\\) \(`,
	"reordered": "\u202egnp.exe\u2066x", "hidden": "a\u200bb\u00adc\ufeffd\u2060e", "not UTF-8": "\xff\xfe\xed\xa0\x80", "cut UTF-8": "abc\xe2", "not in the font": "漢字 Ελ Кир 😀",
	"one long word": strings.Repeat("W", 10_000), "long path": strings.Repeat("module.very_long_name/", 400), "many words": strings.Repeat("woord ", 150),
	"narrow": strings.Repeat("i", 500), "spaces": strings.Repeat(" ", 400) + "x", "nothing": "", "combining": strings.Repeat("e\u0301", 200), "private": "\ue000\U000F0000\u0378",
}

func TestHostileNamesAreHarmless(t *testing.T) {
	for what, s := range hostile {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			for _, customer := range []bool{false, true} {
				if customer && what != "many words" && what != "nothing" {
					continue // the whole report has nearly all of a customer's
				}
				d, r := spoiled(s, customer)
				list := files(&d)
				list[0].Name, list[0].Description = s, s
				raw := render(t, d, r, list)
				if out := tool(t, raw, "qpdf", "--check", "FILE"); !strings.Contains(out, "No syntax or stream encoding errors") {
					t.Errorf("qpdf finds fault:\n%s", out)
				}
				got := text(t, raw)
				for _, bad := range []string{"\x1b", "\u202e", "\u2066", "\u200b", "\u00ad", "\ufeff", "\u2060", "漢"} {
					if strings.Contains(got, bad) {
						t.Errorf("%q survives", bad)
					}
				}
				if (what == "not in the font" || what == "hidden" || what == "reordered") && !strings.Contains(got, "\uFFFD") {
					t.Error("what was replaced is not seen")
				}
				if what != "spaces" { // a word of spaces has a box of its own
					inPlace(t, raw)
				}
			}
		})
	}
}

// spoiled puts a text wherever a report shows one from outside.
func spoiled(s string, customer bool) (reports.Document, assess.Results) {
	d, r := document("nl", customer), results("nl", customer)
	d.Processor.Name, d.Processor.Register = s, s
	if d.Customer != nil {
		d.Customer.Name, d.Release.Prepared.Role, d.Release.Prepared.Key, d.Release.Digest = s, s, s, s
	}
	d.Agreements = slices.Repeat([]reports.Agreement{{Title: s, Version: s, InForce: s, Contract: s, Start: s}}, 5)
	d.Applications, d.Version = []string{s, s, s}, s
	for i := range d.Attestations {
		a := &d.Attestations[i]
		a.ID, a.Statement, a.Role, a.File, a.SHA256, a.State, a.ValidUntil, a.Clauses = s, s, s, s, s, s, s, []string{s, s}
	}
	for i := range d.Coverage {
		c := &d.Coverage[i]
		c.Clause, c.Text, c.Gap, c.GDPR = s, s, s, []string{s}
		if i > 3 {
			c.Part = s
		}
		for k := range c.Proofs {
			c.Proofs[k].Note = s
			if k%2 == 1 {
				c.Proofs[k].ID = s
			}
		}
	}
	for i := range r.Results {
		x := &r.Results[i]
		x.Resource, x.Name, x.Title, x.Message, x.Remediation, x.Waiver, x.Clauses, x.GDPR = s, s, s, s, s, s, []string{s}, []string{s}
		x.Kind, x.Source = inventory.KindGrant, &assess.SourceRef{File: s, Line: 3}
		if x.Question != "" {
			x.Question = s
		}
		for k := range x.Unknown {
			x.Unknown[k].Path, x.Unknown[k].Reason.Detail = s, s
		}
	}
	for i := range r.Sources {
		r.Sources[i].ID, r.Sources[i].Message, r.Sources[i].Hint = s, s, s
	}
	for i := range r.Waivers {
		w := &r.Waivers[i]
		w.ID, w.Rule, w.Owner, w.Reason, w.Why, w.Expires = s, s, s, s, s, s
	}
	if d.Since != nil {
		c := &d.Since.Changes.New[0]
		c.Rule, c.Resource, c.Title, c.Message = s, s, s, s
	}
	r.Summary.NotLooked = []string{s}
	r.Evidence = assess.Evidence{CollectedAt: at, Root: s, SealedBy: s, Rules: s, Workspace: s}
	return d, r
}

// TestLinksLeadToTheirPages reads the destinations back: with attachments gofpdf itself gets all of them wrong.
func TestLinksLeadToTheirPages(t *testing.T) {
	d := document("nl", true)
	r := many(400) // enough for page numbers of two digits
	raw := render(t, d, r, files(&d))
	var info struct {
		Pages []struct {
			Object string `json:"object"`
		} `json:"pages"`
		Outlines []struct {
			Title string `json:"title"`
			Page  int    `json:"destpageposfrom1"`
			Kids  []struct {
				Title string `json:"title"`
				Page  int    `json:"destpageposfrom1"`
			} `json:"kids"`
		} `json:"outlines"`
		QPDF []map[string]any `json:"qpdf"`
	}
	out := tool(t, raw, "qpdf", "--json=2", "--json-key=pages", "--json-key=outlines", "--json-key=qpdf", "FILE")
	if err := json.Unmarshal([]byte(out), &info, json.DefaultOptionsV2()); err != nil {
		t.Fatal(err)
	}
	number := map[string]int{}
	for i, p := range info.Pages {
		number[p.Object] = i + 1
	}
	if len(info.Pages) < 10 || len(info.Outlines) != 9 {
		t.Fatalf("%d pages, %d bookmarks", len(info.Pages), len(info.Outlines))
	}
	on := func(page int, text string) {
		t.Helper()
		p := fmt.Sprint(page)
		got := strings.Join(strings.Fields(tool(t, raw, "pdftotext", "-f", p, "-l", p, "FILE", "-")), " ")
		if !strings.Contains(got, strings.Join(strings.Fields(text), " ")) {
			t.Errorf("%q is not on page %d", text, page)
		}
	}
	children := 0
	for _, o := range info.Outlines {
		on(o.Page, o.Title)
		for _, k := range o.Kids {
			children++
			on(k.Page, k.Title)
		}
	}
	links := 0
	for name, object := range info.QPDF[1] {
		value, _ := object.(map[string]any)
		dict, _ := value["value"].(map[string]any)
		if dict["/Type"] != "/Page" {
			continue
		}
		annots, _ := dict["/Annots"].([]any)
		for _, a := range annots {
			links++
			dest := a.(map[string]any)["/Dest"].([]any)
			if number[dest[0].(string)] < 3 { // the cover and the contents are no place to link to
				t.Errorf("a link on %s leads to %v, which is no page of a part", name, dest[0])
			}
		}
	}
	if children < 8 || links < 20 {
		t.Errorf("%d bookmarks below the parts, %d links", children, links)
	}
}

func TestTheSignatureGoesOnTheFirstPage(t *testing.T) {
	b := pdf.SignatureBox()
	if b.X < 0 || b.Y < 0 || b.X+b.Width > 595 || b.Y+b.Height > 841 || b.Width < 150 || b.Height < 40 {
		t.Errorf("%+v is no place for a signature on A4", b)
	}
	for lang, label := range map[string]string{"nl": "HANDTEKENING", "en": "SIGNATURE"} {
		i := slices.IndexFunc(boxes(t, sample(t, lang, true))[0], func(w word) bool { return w.Text == label })
		if i < 0 {
			t.Fatalf("%s: the place is not named", lang)
		}
		w := boxes(t, sample(t, lang, true))[0][i]
		if above := 841.89 - b.Y - b.Height - w.YMax; above < 0 || above > 12 || w.XMin < b.X-1 || w.XMin > b.X+5 {
			t.Errorf("%s: its name stands at %.0f, %.0f, not above the box", lang, w.XMin, w.YMax)
		}
	}
}
