package dpa

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waarborg/internal/assess"
	"waarborg/policies"
)

var update = flag.Bool("update", false, "write the table of terms in docs/workspace.md anew")

// TestTermTable holds the table of terms in docs/workspace.md to the catalogue.
func TestTermTable(t *testing.T) {
	file := filepath.Join("..", "docs", "workspace.md")
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(page), "<!-- terms: ")
	comment, rest, ok2 := strings.Cut(rest, "-->\n")
	table, after, ok3 := strings.Cut(rest, "<!-- /terms -->")
	if !ok || !ok2 || !ok3 {
		t.Fatalf("%s has no place for the table of terms", file)
	}
	want := termTable(t)
	if *update {
		if err := os.WriteFile(file, []byte(before+"<!-- terms: "+comment+"-->\n"+want+"<!-- /terms -->"+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if table != want {
		t.Errorf("the table of terms in %s is not what the catalogue says; run: go test ./dpa -run TermTable -update", file)
	}
}

func termTable(t *testing.T) string {
	t.Helper()
	terms, err := Terms()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("\n| path | what | value | stricter |\n|---|---|---|---|\n")
	for _, s := range terms {
		path := s.Path
		if path == "retention.*.*.days" {
			path = "retention.<application>.<class>.days"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", path, s.EN, valueText(s), stricterText(s))
	}
	if list := unread(t, terms); len(list) > 0 {
		fmt.Fprintf(&b, "\nNo rule reads these terms yet, so nothing is held to them: %s.\n", strings.Join(list, ", "))
	}
	b.WriteString("\n")
	return b.String()
}

func valueText(s TermSpec) string {
	switch s.Type {
	case "int":
		return fmt.Sprintf("%d to %d %s", s.Min, s.Max, s.Unit)
	case "enum":
		return "`" + strings.Join(s.Values, "`, `") + "`"
	case "list":
		return "list of countries"
	}
	return "true or false"
}

func stricterText(s TermSpec) string {
	switch s.Stricter {
	case "order":
		return "later in the list"
	case "subset":
		return "fewer entries"
	}
	return s.Stricter
}

// unread lists the terms that no rule names.
func unread(t *testing.T, terms TermCatalogue) []string {
	t.Helper()
	p, err := assess.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	read := func(path string) bool {
		for _, r := range p.Rules {
			for _, n := range r.Terms {
				if path == n.Path || strings.HasPrefix(path, n.Path+".") {
					return true
				}
			}
		}
		return false
	}
	var out []string
	for _, s := range terms {
		if !read(s.Path) {
			out = append(out, "`"+s.Path+"`")
		}
	}
	return out
}
