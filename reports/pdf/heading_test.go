package pdf_test

import (
	"encoding/json/v2"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waarborg/internal/assess"
	"waarborg/reports"
)

// lastLines are the last lines of the pages above their feet, from the first part on.
func lastLines(t *testing.T, raw []byte) []string {
	t.Helper()
	const foot = 841.89 - 64 + 4
	var out []string
	for _, page := range boxes(t, raw)[2:] {
		page = slices.DeleteFunc(page, func(w word) bool { return w.YMax > foot })
		last := slices.MaxFunc(page, func(a, b word) int { return int(a.YMax - b.YMax) })
		line := slices.DeleteFunc(page, func(w word) bool { return w.YMax < last.YMax-4 })
		slices.SortFunc(line, func(a, b word) int { return int(a.XMin - b.XMin) })
		var words []string
		for _, w := range line {
			words = append(words, w.Text)
		}
		out = append(out, strings.Join(words, " "))
	}
	return out
}

// bookmarks are the titles of the outline: parts of the report, and the headings in them.
func bookmarks(t *testing.T, raw []byte) map[string]bool {
	t.Helper()
	type outline struct {
		Title string    `json:"title"`
		Kids  []outline `json:"kids"`
	}
	var info struct {
		Outlines []outline `json:"outlines"`
	}
	if err := json.Unmarshal([]byte(tool(t, raw, "qpdf", "--json=2", "--json-key=outlines", "FILE")), &info, json.DefaultOptionsV2()); err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, o := range info.Outlines {
		for _, k := range append(o.Kids, o) {
			out[strings.Join(strings.Fields(k.Title), " ")] = true
		}
	}
	return out
}

// headOfFinding is the line below the title of a finding: its state, how grave it is, and of how many objects.
var headOfFinding = regexp.MustCompile(`^((niet voldaan|onbekend|geaccepteerd|not met|unknown|waived) · )?(kritiek|hoog|middel|laag|critical|high|medium|low) · `)

// alone tells whether a line is a heading, or the head of a table or of a finding: what may not stand last on a page.
func alone(line string, titles map[string]bool) bool {
	capitals := line == strings.ToUpper(line) && line != strings.ToLower(line) && !strings.ContainsAny(line, "0123456789") &&
		!slices.Contains([]string{"EEA", "EER", "(US)", "(GB)"}, line) // in cells of a table
	return titles[line] || capitals || strings.Contains(line, "Heading of ") || headOfFinding.MatchString(line)
}

// TestAHeadingIsNeverLastOnAPage draws reports in which everything begins at many different heights.
func TestAHeadingIsNeverLastOnAPage(t *testing.T) {
	const offsets = 26 // two lines apart, over all of a page
	pages := 0
	for k := 0; k < 2*offsets; k += 2 {
		lang, customer := []string{"nl", "en"}[k/2%2], k%8 < 4
		d, r := shifted(lang, customer, k)
		raw := render(t, d, r, files(&d))
		titles := bookmarks(t, raw)
		if len(titles) < 20 {
			t.Fatalf("%d bookmarks", len(titles))
		}
		for i, line := range lastLines(t, raw) {
			pages++
			if alone(line, titles) {
				t.Errorf("offset %d: %q is the last line of page %d", k, line, i+3)
			}
		}
	}
	if pages < 10*offsets {
		t.Errorf("only %d pages were looked at", pages)
	}
}

// shifted is a report with many headings, each part of which begins with k lines more.
func shifted(lang string, customer bool, k int) (reports.Document, assess.Results) {
	d, r := document(lang, customer), results(lang, customer)
	line := strings.Repeat("woord ", 9)
	rows := slices.Clone(d.Coverage)
	rows[0].Text = strings.Repeat(line, k)
	for i := range 24 {
		row := d.Coverage[i%8] // those with a row of their own
		row.Part, row.Text = fmt.Sprintf("bijlage_%d", i), strings.Repeat(line, i%5+1)
		rows = append(rows, row)
	}
	d.Coverage = rows
	for i := range d.Attestations {
		d.Attestations[i].Statement = strings.Repeat(line, k%7+1)
	}
	var list []assess.Result
	for i, area := range assess.Areas {
		for n, x := range slices.Concat(r.Results, r.Results[:3]) {
			x.Area, x.Rule, x.Title = area, fmt.Sprintf("%s-%d", x.Rule, n), fmt.Sprintf("Heading of %s %d", x.Rule, n)
			if x.Status == assess.Pass {
				x.Title = "Row of a table"
			}
			if len(x.Unknown) > 0 && i == 0 { // of the part on what could not be evaluated
				for m := range k {
					x.Resource = fmt.Sprintf("%s-%02d", strings.Repeat("long", 20), m)
					list = append(list, x)
				}
			}
			if n == 0 && i == 0 {
				x.Message = strings.Repeat(line, 2*k)
			} else if n%3 == 1 && x.Message != "" {
				x.Message = strings.Repeat(line, n/2+1)
			}
			list = append(list, x)
		}
		c := assess.Count{Fail: 6, Unknown: 2, Waived: 1, Pass: 2}
		r.Summary.Areas[area] = c
	}
	r.Results = list
	if d.Since != nil {
		d.Since.Changes.New = slices.Repeat(d.Since.Changes.New, k+1)
	}
	for i := range r.Waivers {
		r.Waivers[i].Reason = strings.Repeat(line, k%11+1)
	}
	return d, r
}

func TestAHeadingOfARecordIsNeverLastOnAPage(t *testing.T) {
	pages := 0
	for k := range 26 {
		r := processing([]string{"nl", "en"}[k%2], k%4 < 2)
		r.Controllers[0].PostalAddress = strings.Repeat("woord ", 18*k)
		r.SubProcessors = slices.Repeat(r.SubProcessors, 1+k%5)
		r.Promises = slices.Repeat(r.Promises, 1+k)
		raw := drawn(t, r)
		titles := bookmarks(t, raw)
		for i, line := range lastLines(t, raw) {
			pages++
			if alone(line, titles) {
				t.Errorf("offset %d: %q is the last line of page %d", k, line, i+3)
			}
		}
	}
	if pages < 3*26 {
		t.Errorf("only %d pages were looked at", pages)
	}
}
