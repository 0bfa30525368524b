package reports_test

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"waarborg/internal/assess"
	"waarborg/reports"
)

func writeCSV(t testing.TB, r assess.Results) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := reports.CSV(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCSVGolden(t *testing.T) { golden(t, "results_nl.csv", writeCSV(t, sampleResults("nl"))) }

// readCSV reads as any program would, and returns each row by its keys.
func readCSV(t testing.TB, raw []byte) []map[string]string {
	t.Helper()
	text, ok := bytes.CutPrefix(raw, []byte("\xef\xbb\xbf"))
	if !ok {
		t.Fatal("no byte order mark")
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, key := range rows[0] {
			m[key] = reports.CSVText(row[i])
		}
		out = append(out, m)
	}
	return out
}

// starts finds where a spreadsheet would begin a formula, if it parted cells at either sign.
var starts = regexp.MustCompile(`(^|[;,\t\n])[" ]*[=+\-@＝＋－＠]`)

func FuzzCSV(f *testing.F) {
	for _, s := range append([]string{"=1+1", "+31", "-5", "@x", "'=1", "''", "a;=1+1", `a;"=1`, "; ;'+", "\t=1", "\r\n=1", "a\nb", `a"b`, `\u{3D}`, `\\u{A}`, "＝1",
		"\ufeffx", "plain", "", ";'", "\u2028", `\u{110000}`}, hostileHTML...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip("results come from JSON, which has no such strings")
		}
		r := assess.Results{Results: []assess.Result{{Rule: "R", Resource: s, Message: s, Clauses: []string{"A-1", "B-2"},
			Source: &assess.SourceRef{File: s, Line: 3}, Findings: []assess.Finding{{Path: s}}}}}
		raw := writeCSV(t, r)
		rows := readCSV(t, raw)
		if len(rows) != 1 || rows[0]["resource"] != s || rows[0]["message"] != s || rows[0]["source_file"] != s || rows[0]["clauses"] != "A-1, B-2" || rows[0]["source_line"] != "3" {
			t.Fatalf("%q comes back as %q", s, rows)
		}
		if bytes.Count(raw, []byte("\r\n")) != 2 || bytes.Count(raw, []byte("\n")) != 2 {
			t.Errorf("%q makes another row", s)
		}
		cells, err := csv.NewReader(bytes.NewReader(raw[3:])).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cells[1] {
			if at := starts.FindString(strings.ReplaceAll(c, ",", ".")); at != "" {
				t.Errorf("%q leaves a formula at %q", s, at)
			}
		}
	})
}

func TestCSVHasEveryResult(t *testing.T) {
	r := sampleResults("en")
	rows := readCSV(t, writeCSV(t, r))
	if len(rows) != len(r.Results) {
		t.Fatalf("%d rows of %d results", len(rows), len(r.Results))
	}
	for i, row := range rows {
		x := r.Results[i]
		if row["rule"] != x.Rule || row["status"] != string(x.Status) || row["customers"] != strings.Join(x.Customers, ", ") || row["waiver"] != x.Waiver {
			t.Errorf("row %d is %v", i, row)
		}
		if (row["findings"] != "") != (len(x.Findings) > 0) {
			t.Errorf("row %d has findings %q", i, row["findings"])
		}
	}
	if !slices.ContainsFunc(rows, func(m map[string]string) bool { return strings.HasPrefix(m["findings"], `[{"path":"location"`) }) {
		t.Error("no row has a finding as JSON")
	}
}
