package reports_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"waarborg/internal/assess"
	"waarborg/reports"
)

func markdown(t *testing.T, d reports.Document, r assess.Results) string {
	t.Helper()
	var b bytes.Buffer
	if err := reports.MarkdownReport(&b, d, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestMarkdownReport(t *testing.T) {
	golden(t, "report_nl.md", []byte(markdown(t, sampleDocument("nl"), sampleResults("nl"))))
	golden(t, "report_customer_en.md", []byte(markdown(t, draftDocument("en"), sampleResults("en"))))
}

func TestMarkdownReportLeavesResultsAsTheyAre(t *testing.T) {
	r, same := sampleResults("en"), sampleResults("en")
	for i := range r.Results {
		r.Results[i].Rule, same.Results[i].Rule = "A_B", "A_B"
		r.Results[i].Clauses, same.Results[i].Clauses = []string{"a_b"}, []string{"a_b"}
	}
	markdown(t, sampleDocument("en"), r)
	var a, b bytes.Buffer
	if err := reports.JSON(&a, r); err != nil {
		t.Fatal(err)
	}
	if err := reports.JSON(&b, same); err != nil {
		t.Fatal(err)
	}
	if a.String() != b.String() {
		t.Error("writing a report changed the results")
	}
}

// Every table keeps its columns and nothing of Markdown or HTML comes from a name.
func TestMarkdownReportOfHostileNames(t *testing.T) {
	link := regexp.MustCompile(`[^\\]\]\(`)
	bar := regexp.MustCompile(`(^|[^\\])\|`)
	for _, name := range append([]string{"a|b|c", "\\|", "# head", "> quote", "[x](javascript:alert(1))", "<!-- x", "a\n\n## b", "| x |"}, hostileHTML...) {
		d, r := hostileReport(name)
		for i := range d.Coverage {
			d.Coverage[i].Part = "bijlage_a" // one table
		}
		md := markdown(t, d, r)
		for _, bad := range []string{"<script", "<img", "<!--", "![x]", "@everyone", "`code`", "\n::error", "\x1b", "\u202e", "\u200b", "\n## b"} {
			if strings.Contains(md, bad) {
				t.Errorf("%q survives in Markdown of %.40q", bad, name)
			}
		}
		if link.MatchString(md) {
			t.Errorf("%.40q makes a link: %s", name, link.FindString(md))
		}
		columns := 0
		for line := range strings.Lines(md) {
			n := len(bar.FindAllString(line, -1))
			switch {
			case !strings.HasPrefix(line, "|"):
				columns = 0
			case columns == 0:
				columns = n
			case n != columns && !strings.HasPrefix(line, "|---"):
				t.Errorf("%.40q: a row of %d bars in a table of %d: %.200q", name, n, columns, line)
			}
		}
	}
}
