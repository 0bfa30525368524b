package pdf_test

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/testtool"
	"waarborg/reports"
	"waarborg/reports/pdf"
)

var update = flag.Bool("update", false, "write the golden files anew; read them afterwards")

// tool runs a reader of PDF on a file and returns what it prints.
func tool(t *testing.T, raw []byte, name string, args ...string) string {
	t.Helper()
	program := testtool.Path(t, name)
	file := filepath.Join(t.TempDir(), "file.pdf")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// text is the text layer, as it stands on the pages.
func text(t *testing.T, raw []byte) string {
	t.Helper()
	return tool(t, raw, "pdftotext", "-layout", "FILE", "-")
}

// flat is the text layer in one line, so that a sentence is found where it wraps.
func flat(t *testing.T, raw []byte) string {
	t.Helper()
	return strings.Join(strings.Fields(tool(t, raw, "pdftotext", "FILE", "-")), " ")
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != got {
		t.Errorf("%s differs (%v); run with -update and read it:\n%s", file, err, got)
	}
}

func TestTextOfThePages(t *testing.T) {
	for _, c := range []struct {
		name, lang string
		customer   bool
	}{{"customer_draft_nl.txt", "nl", true}, {"customer_draft_en.txt", "en", true}, {"whole_nl.txt", "nl", false}, {"whole_en.txt", "en", false}} {
		got := text(t, sample(t, c.lang, c.customer))
		golden(t, c.name, got)
		for _, bad := range []string{"\uFFFD", "compliant", "gecertificeerd", "certified", "%!"} {
			if strings.Contains(got, bad) {
				t.Errorf("%s has %q", c.name, bad)
			}
		}
	}
}

func TestTextOfALetter(t *testing.T) {
	for _, lang := range []string{"nl", "en"} {
		var b bytes.Buffer
		if err := pdf.Notice(&b, letter(lang)); err != nil {
			t.Fatal(err)
		}
		golden(t, "letter_"+lang+".txt", text(t, b.Bytes()))
		if n := pages(t, b.Bytes()); n != 1 {
			t.Errorf("a letter of three paragraphs takes %d pages", n)
		}
	}
}

func TestALongLetterIsNumbered(t *testing.T) {
	l := letter("nl")
	for range 60 {
		l.Paragraphs = append(l.Paragraphs, l.Paragraphs[1])
	}
	l.Draft = true
	var b bytes.Buffer
	if err := pdf.Notice(&b, l); err != nil {
		t.Fatal(err)
	}
	n := pages(t, b.Bytes())
	got := strings.Join(strings.Fields(text(t, b.Bytes())), "")
	if n < 3 || !strings.Contains(got, fmt.Sprintf("1/%d", n)) || !strings.Contains(got, fmt.Sprintf("%d/%d", n, n)) {
		t.Errorf("%d pages are not numbered:\n%s", n, got)
	}
	watermarked(t, b.Bytes(), n, "CONCEPT")
}

func pages(t *testing.T, raw []byte) int {
	t.Helper()
	var n int
	for line := range strings.Lines(tool(t, raw, "pdfinfo", "FILE")) {
		if rest, ok := strings.CutPrefix(line, "Pages:"); ok {
			if _, err := fmt.Sscan(rest, &n); err != nil {
				t.Fatal(err)
			}
		}
	}
	return n
}

func TestTheFileIsSound(t *testing.T) {
	d := document("nl", true)
	list := files(&d)
	raw := render(t, d, results("nl", true), list)
	if out := tool(t, raw, "qpdf", "--check", "FILE"); !strings.Contains(out, "No syntax or stream encoding errors") {
		t.Errorf("qpdf finds fault:\n%s", out)
	}
	info := tool(t, raw, "pdfinfo", "-isodates", "FILE")
	for _, want := range []string{"Beoordelingsrapport – Verwerker B.V. – Stichting De Linde – 23 november 2026", "Author:          Verwerker B.V.", "Creator:         Waarborg 0.4.0",
		"CreationDate:    2026-11-23T12:00:00", "Page size:       595.28 x 841.89 pts (A4)"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo lacks %q:\n%s", want, info)
		}
	}
	if strings.Contains(info, "Keywords") {
		t.Error("the file has keywords")
	}
	for i, f := range list {
		if got := tool(t, raw, "qpdf", fmt.Sprintf("--show-attachment=Attachement%d", i+1), "FILE"); got != string(f.Content) {
			t.Errorf("attachment %s has other content", f.Name)
		}
	}
}

func TestADraftSaysSoOnEveryPage(t *testing.T) {
	for lang, word := range map[string]string{"nl": "CONCEPT", "en": "DRAFT"} {
		d, r := document(lang, true), results(lang, true)
		raw := render(t, d, r, nil)
		watermarked(t, raw, pages(t, raw), word)
		if got := flat(t, raw); !strings.Contains(got, tr(lang, "another who releases it", "een ander die het vrijgeeft")) {
			t.Errorf("%s: the cover does not say who must release it", lang)
		}
		d.Release.Released = &reports.Step{Role: "Security officer", At: at, Key: "ed25519:YW5kZXI="}
		if got := text(t, render(t, d, r, nil)); strings.Contains(got, word) || !strings.Contains(got, "Security officer, 23") {
			t.Errorf("%s: a released report says %s, or not who released it", lang, word)
		}
	}
}

func watermarked(t *testing.T, raw []byte, n int, word string) {
	t.Helper()
	for page := range n {
		p := fmt.Sprint(page + 1)
		if got := tool(t, raw, "pdftotext", "-f", p, "-l", p, "FILE", "-"); !slices.Contains(strings.Fields(got), word) {
			t.Errorf("page %s does not say %s:\n%s", p, word, got)
		}
	}
}

// shuffled makes maps anew in another order.
func shuffled[K comparable, V any](m map[K]V) map[K]V {
	type pair struct {
		k K
		v V
	}
	var list []pair
	for k, v := range m {
		list = append(list, pair{k, v})
	}
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	out := map[K]V{}
	for _, p := range list {
		out[p.k] = p.v
	}
	return out
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	for _, customer := range []bool{true, false} {
		first := sample(t, "nl", customer)
		for range 20 {
			d, r := document("nl", customer), results("nl", customer)
			list := files(&d)
			d.Files, r.Summary.Areas = shuffled(d.Files), shuffled(r.Summary.Areas)
			if !bytes.Equal(first, render(t, d, r, list)) {
				t.Fatal("the same report gives other bytes")
			}
		}
	}
	var a, b bytes.Buffer
	if pdf.Notice(&a, letter("nl")) != nil || pdf.Notice(&b, letter("nl")) != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same letter gives other bytes")
	}
}

func TestAnotherResultGivesOtherBytes(t *testing.T) {
	d, r := document("nl", true), results("nl", true)
	r.Results[0].Resource += "x"
	if bytes.Equal(sample(t, "nl", true), render(t, d, r, files(&d))) {
		t.Error("an object with another name gives the same pages")
	}
}

func TestAnAttachmentMustBeTheOneNamed(t *testing.T) {
	d := document("nl", true)
	list := files(&d)
	list[1].Content = append(list[1].Content, ' ')
	err := pdf.Render(&bytes.Buffer{}, d, results("nl", true), list)
	if err == nil || !strings.Contains(err.Error(), "results.json") {
		t.Errorf("a changed attachment is taken: %v", err)
	}
}

func TestReportsWithLittleInThem(t *testing.T) {
	empty := assess.Results{At: at, Language: "nl", Summary: assess.Summary{Status: assess.Unknown}}
	one := results("nl", true)
	one.Results = one.Results[:1]
	one.Summary = assess.Summary{Status: assess.Fail, Resources: 1, Rules: 1, Results: assess.Count{Fail: 1}, Areas: map[string]assess.Count{"transfers": {Fail: 1}}}
	met := one
	met.Results = results("nl", true).Results[8:9]
	met.Sources, met.Summary = nil, assess.Summary{Status: assess.Pass, Resources: 1, Rules: 1, Results: assess.Count{Pass: 1}, Areas: map[string]assess.Count{"security": {Pass: 1}}}
	unknown := one
	unknown.Results = results("nl", true).Results[6:7]
	unknown.Summary = assess.Summary{Status: assess.Unknown, Resources: 1, Rules: 1, Results: assess.Count{Unknown: 1}, Areas: map[string]assess.Count{"retention": {Unknown: 1}}}
	for _, c := range []struct {
		name string
		d    reports.Document
		r    assess.Results
		want []string
	}{
		{"nothing at all", reports.Document{Language: "nl"}, empty, []string{"Er kon niets worden beoordeeld.", "Er zijn geen bevindingen", "Dit rapport noemt geen bepalingen."}},
		{"one result", document("nl", true), one, []string{"Van 1 uitkomst: 1 niet voldaan, 0 onbekend", "Niet aan alle afspraken is voldaan."}},
		{"all met", document("nl", true), met, []string{"Aan alles wat is bekeken, is voldaan.", "Er is niets gevonden dat niet voldoet.", "Alles kon worden beoordeeld."}},
		{"nothing evaluated", document("nl", true), unknown, []string{"niet alles is bewezen", "de bron meldt het niet"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := render(t, c.d, c.r, nil)
			got := flat(t, raw)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("lacks %q:\n%s", want, got)
				}
			}
			tool(t, raw, "qpdf", "--check", "FILE")
			inPlace(t, raw)
		})
	}
}

func TestEveryFindingIsListed(t *testing.T) {
	r := many(600)
	for i := range r.Results {
		r.Results[i].Resource = fmt.Sprintf("object-%d-end", i)
	}
	raw := render(t, document("nl", true), r, nil)
	words := map[string]bool{}
	for _, w := range strings.Fields(text(t, raw)) {
		words[w] = true
	}
	for i := range r.Results {
		if !words[fmt.Sprintf("object-%d-end", i)] {
			t.Errorf("object %d is not in the report", i)
		}
	}
}

func TestACustomersReportNamesNobodyElse(t *testing.T) {
	d, r := document("nl", true), results("nl", true)
	for i := range r.Results {
		r.Results[i].Customers = []string{"linde", "the-other"} // must not be shown, even where a slice went wrong
	}
	r.Waivers = []assess.WaiverUse{{ID: "of-the-other", Rule: "SEC-010", State: assess.WaiverUsed}}
	raw := render(t, d, r, nil)
	if got := text(t, raw) + tool(t, raw, "pdfinfo", "FILE"); strings.Contains(got, "the-other") {
		t.Error("another customer is named")
	}
}

func TestCoverageStatesAllHaveAMark(t *testing.T) {
	d := document("en", false)
	got := flat(t, render(t, d, results("en", false), nil))
	for _, s := range dpa.CoverageStates() {
		if !strings.Contains(got, s.Text().EN) {
			t.Errorf("state %s is not in the report", s)
		}
	}
	if n := len(slices.Collect(maps.Keys(dpa.CoverageCount(d.Coverage, "")))); n != len(dpa.CoverageStates()) {
		t.Errorf("the sample has %d states", n)
	}
}
