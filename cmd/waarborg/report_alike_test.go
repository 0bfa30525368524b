package main

import (
	"encoding/json/v2"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waarborg/internal/verify"
)

// TestReportsDoNotTellOfOthersAtAll makes the reports of the same customer in two worlds that are alike but for the others:
// how many there are, whose sources fail, who agreed to the same waiver. But for digests, signatures and places in the
// tree, all that the customer gets is the same. So no number in it is a number of
// others, or can be made into one.
func TestReportsDoNotTellOfOthersAtAll(t *testing.T) {
	if underRace {
		t.Skip("one thing after another, for minutes: it runs without the race detector")
	}
	r := pdfReaders(t)
	few := newReportWorld(t, 7, 1, "")
	many := newReportWorld(t, 9, 3, filepath.Join(few.dir, ".waarborg", "keys"))
	for i, lang := range map[int]string{0: "nl", 1: "en"} {
		one, two := few.gets(t, r, i, lang), many.gets(t, r, i, lang)
		for form, text := range one {
			if len(text) < 200 || !strings.Contains(text, tag(i)) {
				t.Errorf("%s, %s: too little to compare: %q", tag(i), form, text)
			}
			alike(t, tag(i)+", "+form, unplaced(text), unplaced(two[form]))
		}
	}
}

// gets is what a customer is given, as text by form.
func (w reportWorld) gets(t *testing.T, r readers, i int, lang string) map[string]string {
	t.Helper()
	file, out := filepath.Join(t.TempDir(), "r.pdf"), map[string]string{}
	since := w.earlier(t, i, lang)
	for _, format := range []string{"html", "md", "csv", "json"} {
		out[format] = w.must(t, exitMet, "report", "--customer", tag(i), "--since", since, "--format", format, "--lang", lang)
	}
	w.must(t, exitMet, "report", "--customer", tag(i), "--since", since, "--lang", lang, "-o", file)
	out["pages"] = r.pages(t, file)
	for name, text := range r.all(t, file, 3) {
		if strings.HasSuffix(name, ".json") {
			out[name] = strings.ReplaceAll(text, "},{", "},\n{")
		}
		if name == verify.EvidenceFile {
			out[name] = withoutTree(t, text)
		}
	}
	for _, format := range []string{"table", "md", "json"} {
		out["record "+format] = w.must(t, exitUnknown, "record", "--customer", tag(i), "--format", format, "--lang", lang)
	}
	out["verify"] = strings.ReplaceAll(w.must(t, exitUnknown, "verify", file, "--replay", "--lang", lang, "--format", "json"), w.dir, "WORKSPACE")
	return out
}

// withoutTree leaves out of evidence what proves its place in the tree: the number of hashes follows from that of the leaves,
// which is a power of two.
func withoutTree(t *testing.T, text string) string {
	t.Helper()
	var e map[string]any
	if err := json.Unmarshal([]byte(text[strings.Index(text, "{"):]), &e); err != nil {
		t.Fatal(err)
	}
	delete(e, "proof")
	delete(e["header"].(map[string]any), "leaves")
	raw, err := json.Marshal(e, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(raw), "},{", "},\n{")
}

// What differs between any two snapshots: digests, salts and signatures, the size of files with them in it, and the places
// of resources.
var places = []struct {
	form *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`[0-9a-f]{16,}…?`), "HEX"},
	{regexp.MustCompile(`[0-9A-Za-z+/]{60,}={0,2}`), "BASE64"},
	{regexp.MustCompile(`shared(\\?/[a-z_\\]+\\?/)\d+`), "shared${1}N"},
	{regexp.MustCompile(`"(index|size)":\s?\d+`), `"$1":N`},
	{regexp.MustCompile(`"resources":\[[\d,]+\]`), `"resources":[N]`},
	{regexp.MustCompile(`(\d+) (of the|van de) \d+ (resources|objecten)`), "$1 $2 N $3"},
	{regexp.MustCompile(`data-label="bytes">\d+`), `data-label="bytes">N`},
	{regexp.MustCompile(`HEX, \d+ bytes`), "HEX, N bytes"},
	{regexp.MustCompile(`[ \t]+`), " "},
	{regexp.MustCompile(`(evidence\.json\.gz [a-z ]*)[\d.,]+ HEX`), "${1}N HEX"},
}

// unplaced gives the lines of a text, sorted, without what differs anyway.
func unplaced(text string) []string {
	for _, p := range places {
		text = p.form.ReplaceAllString(text, p.to)
	}
	lines := strings.Split(text, "\n")
	slices.Sort(lines) // by an alias a resource may come before another or after it
	return lines
}

// alike tells the lines that one has and the other has not.
func alike(t *testing.T, what string, one, two []string) {
	t.Helper()
	only := func(a, b []string) string {
		left := slices.Clone(b)
		text := ""
		for _, line := range a {
			if i := slices.Index(left, line); i >= 0 {
				left = slices.Delete(left, i, i+1)
			} else if len(text) < 2000 {
				text += fmt.Sprintf("\n\t%.300s", line)
			}
		}
		return text
	}
	if a, b := only(one, two), only(two, one); a+b != "" {
		t.Errorf("%s: tells of others. Only with few others:%s\nonly with many:%s", what, a, b)
	}
}
