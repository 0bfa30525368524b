package collect_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// said is a call of say.Say or say.Same, or a literal of say.Text, in the source of a collector.
type said struct {
	at   string
	what string // Both, Same or Text
	args []ast.Expr
}

// texts are all places where a collector, or the command that sets it up, says something.
func texts(t *testing.T) (out []said) {
	t.Helper()
	files := []string{filepath.Join("..", "..", "cmd", "waarborg", "sources.go")}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	for _, name := range files {
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if what := ofSay(n.Fun); what == "Both" || what == "Same" {
					out = append(out, said{set.Position(n.Pos()).String(), what, n.Args})
				}
			case *ast.CompositeLit:
				if ofSay(n.Type) == "Text" {
					out = append(out, said{set.Position(n.Pos()).String(), "Text", n.Elts})
				}
			}
			return true
		})
	}
	return out
}

func ofSay(e ast.Expr) string {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	if pkg, ok := sel.X.(*ast.Ident); !ok || pkg.Name != "say" {
		return ""
	}
	return sel.Sel.Name
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

var (
	verb   = regexp.MustCompile(`%(?:\[\d+\])?([a-z%])`)
	quoted = regexp.MustCompile("`[^`]*`")
	// english are words that Dutch does not have.
	english = regexp.MustCompile(`(?i)\b(the|and|not|its|could|make|check|while|with|source|from)\b`)
	dutch   = regexp.MustCompile(`(?i)\b(de|het|een|niet|geen|niets|kon|maak|controleer|bij|bron|voor)\b`)
)

// verbs lists what a format takes, each once.
func verbs(format string) (out []string) {
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestEveryTextIsSaidTwice holds all that collectors say of what could not be read to Dutch and English, whether or not a
// test brings it about. The types see to it that nothing is said as plain text.
func TestEveryTextIsSaidTwice(t *testing.T) {
	count := 0
	for _, x := range texts(t) {
		switch x.what {
		case "Text":
			if len(x.args) != 0 && len(x.args) != 2 {
				t.Errorf("%s: a text in one language", x.at)
			}
		case "Same":
			if s, ok := literal(x.args[0]); ok && strings.ContainsAny(s, " ") {
				t.Errorf("%s: %q has words: say it in both languages", x.at, s)
			}
		case "Both":
			count++
			en, ok := literal(x.args[0])
			nl, ok2 := literal(x.args[1])
			if !ok || !ok2 {
				t.Errorf("%s: not two formats that a reader of the source can compare", x.at)
				continue
			}
			if strings.TrimSpace(en) == "" || strings.TrimSpace(nl) == "" || en == nl && strings.ContainsFunc(verb.ReplaceAllString(en, ""), unicode.IsLetter) {
				t.Errorf("%s: %q and %q are not two languages", x.at, en, nl)
			}
			if !strings.Contains(nl, "%[1]s") && !slices.Equal(verbs(en), verbs(nl)) {
				t.Errorf("%s: %q and %q do not show the same", x.at, en, nl)
			}
			if w := english.FindString(quoted.ReplaceAllString(nl, "")); w != "" {
				t.Errorf("%s: %q has the English word %q", x.at, nl, w)
			}
			if w := dutch.FindString(quoted.ReplaceAllString(en, "")); w != "" {
				t.Errorf("%s: %q has the Dutch word %q", x.at, en, w)
			}
		}
	}
	if count < 120 {
		t.Errorf("only %d texts were found: the test has stopped seeing them", count)
	}
}
