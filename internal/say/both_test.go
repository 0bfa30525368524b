package say

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// TestEveryTextIsThereInBothLanguages reads the source of the whole program. The compiler takes a text with half of it
// missing, the same words twice, or a number where a name belongs; a reader of Dutch sees it first.
func TestEveryTextIsThereInBothLanguages(t *testing.T) {
	folders := map[string][]string{}
	err := filepath.WalkDir("../..", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "testdata" || len(d.Name()) > 2 && d.Name()[0] == '.') {
			return fs.SkipDir
		}
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			folders[filepath.Dir(name)] = append(folders[filepath.Dir(name)], name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, dir := range slices.Sorted(maps.Keys(folders)) {
		l := &linguist{fset: token.NewFileSet()}
		for _, name := range folders[dir] {
			file, err := parser.ParseFile(l.fset, name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			l.files = append(l.files, file)
		}
		l.read()
		for _, w := range l.wrong {
			t.Error(strings.TrimPrefix(w, "../../"))
		}
		found += l.found
	}
	if found < 200 {
		t.Errorf("only %d texts were found: the test looks for something that is no longer there", found)
	}
}

// linguist reads the texts of one package.
type linguist struct {
	fset   *token.FileSet
	files  []*ast.File
	consts map[string]ast.Expr
	passes map[string]int // functions that hand two parameters of theirs on as formats: the place of the first
	found  int
	wrong  []string
}

func (l *linguist) read() {
	l.consts, l.passes = map[string]ast.Expr{}, map[string]int{}
	for _, f := range l.files {
		ast.Inspect(f, func(n ast.Node) bool {
			if s, is := n.(*ast.ValueSpec); is && len(s.Values) == len(s.Names) {
				for i, name := range s.Names {
					l.consts[name.Name] = s.Values[i]
				}
			}
			return true
		})
	}
	for before := -1; before != len(l.passes); { // one that hands on to one that hands on
		before = len(l.passes)
		for _, f := range l.files {
			for _, d := range f.Decls {
				if fn, is := d.(*ast.FuncDecl); is && fn.Body != nil {
					l.pass(fn)
				}
			}
		}
	}
	for _, f := range l.files {
		var within *ast.FuncDecl
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				within = n
			case *ast.CallExpr:
				if at, is := l.formats(n); is {
					l.call(n, at, within)
				}
			case *ast.CompositeLit:
				l.literal(n)
			case *ast.Field:
				l.hint(n)
			}
			return true
		})
	}
}

// formats returns at which argument of a call the English format stands.
func (l *linguist) formats(c *ast.CallExpr) (int, bool) {
	name := ""
	switch fun := c.Fun.(type) {
	case *ast.Ident:
		name = fun.Name
	case *ast.SelectorExpr:
		name = fun.Sel.Name
		if x, is := fun.X.(*ast.Ident); is && x.Name == "say" {
			return 0, name == "Both"
		}
	}
	at, is := l.passes[name]
	return at, is && len(c.Args) > at+1
}

// pass notes a function that gives two parameters of its own as formats.
func (l *linguist) pass(fn *ast.FuncDecl) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		if c, is := n.(*ast.CallExpr); is {
			if at, is := l.formats(c); is && len(c.Args) > at+1 {
				en, nl := parameter(fn, c.Args[at]), parameter(fn, c.Args[at+1])
				if en >= 0 && nl == en+1 {
					l.passes[fn.Name.Name] = en
				}
			}
		}
		return true
	})
}

// parameter is the place of a parameter of a function; -1 if the expression is none.
func parameter(fn *ast.FuncDecl, e ast.Expr) int {
	id, is := e.(*ast.Ident)
	if !is || fn == nil {
		return -1
	}
	i := 0
	for _, p := range fn.Type.Params.List {
		for _, name := range p.Names {
			if name.Name == id.Name {
				return i
			}
			i++
		}
	}
	return -1
}

func (l *linguist) call(c *ast.CallExpr, at int, within *ast.FuncDecl) {
	if len(c.Args) < at+2 {
		l.complain(c, "takes two formats")
		return
	}
	if parameter(within, c.Args[at]) >= 0 && parameter(within, c.Args[at+1]) >= 0 {
		return // its callers are looked at
	}
	l.found++
	en, ok1 := l.text(c.Args[at], 0)
	nl, ok2 := l.text(c.Args[at+1], 0)
	if !ok1 || !ok2 {
		l.complain(c, "the formats must be constants: give what differs as an argument")
		return
	}
	l.pair(c, en, nl, false)
	one, two := verbs(en), verbs(nl)
	if !maps.Equal(one, two) {
		l.complain(c, fmt.Sprintf("%q and %q do not show the same arguments: %v and %v", en, nl, one, two))
	}
	if args := len(c.Args) - at - 2; c.Ellipsis == token.NoPos && args != len(one) {
		l.complain(c, fmt.Sprintf("%q has %d arguments", en, args))
	}
}

// literal checks a text that is written out, also as an element of a map or list.
func (l *linguist) literal(c *ast.CompositeLit) {
	element := ast.Expr(nil)
	switch t := c.Type.(type) {
	case *ast.MapType:
		element = t.Value
	case *ast.ArrayType:
		element = t.Elt
	}
	if element != nil && isText(element) {
		for _, e := range c.Elts {
			if kv, is := e.(*ast.KeyValueExpr); is {
				e = kv.Value
			}
			if lit, is := e.(*ast.CompositeLit); is && lit.Type == nil {
				l.parts(lit, true)
			}
		}
	}
	if c.Type != nil && isText(c.Type) {
		l.parts(c, false)
	}
}

// hint checks the hint for a field of a file that is missing, which stands in its tags.
func (l *linguist) hint(f *ast.Field) {
	if f.Tag == nil {
		return
	}
	tag, _ := strconv.Unquote(f.Tag.Value)
	en, has := reflect.StructTag(tag).Lookup("hint")
	nl, hasNL := reflect.StructTag(tag).Lookup("hint_nl")
	if has || hasNL {
		l.found++
		l.pair(f, en, nl, false)
	}
}

func (l *linguist) parts(c *ast.CompositeLit, table bool) {
	if len(c.Elts) == 0 {
		return
	}
	l.found++
	part := map[string]ast.Expr{}
	for i, e := range c.Elts {
		name := [...]string{"EN", "NL"}[i%2]
		if kv, is := e.(*ast.KeyValueExpr); is {
			id, _ := kv.Key.(*ast.Ident)
			name, e = id.Name, kv.Value
		}
		part[name] = e
	}
	if part["EN"] == nil || part["NL"] == nil {
		l.complain(c, "a text has both languages, or is made by Same")
		return
	}
	en, ok1 := l.text(part["EN"], 0)
	nl, ok2 := l.text(part["NL"], 0)
	if ok1 && ok2 {
		l.pair(c, en, nl, table)
	}
}

// pair holds two constants against each other. In a table a name may be the same in both.
func (l *linguist) pair(n ast.Node, en, nl string, table bool) {
	switch {
	case strings.TrimSpace(en) == "" || strings.TrimSpace(nl) == "":
		l.complain(n, fmt.Sprintf("one of %q and %q is empty", en, nl))
	case !table && en == nl && strings.ContainsFunc(verb.ReplaceAllString(en, ""), unicode.IsLetter):
		l.complain(n, fmt.Sprintf("%q is the same in both languages: translate it, or use Same if it is no text", en))
	}
}

// text is the value of a constant that is made of text.
func (l *linguist) text(e ast.Expr, depth int) (string, bool) {
	if depth > 5 { // constants that are made of each other, or a name that hides another
		return "", false
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		v := constant.MakeFromLiteral(e.Value, e.Kind, 0)
		return constant.StringVal(v), e.Kind == token.STRING
	case *ast.BinaryExpr:
		a, ok1 := l.text(e.X, depth)
		b, ok2 := l.text(e.Y, depth)
		return a + b, ok1 && ok2 && e.Op == token.ADD
	case *ast.ParenExpr:
		return l.text(e.X, depth)
	case *ast.Ident:
		if value, there := l.consts[e.Name]; there {
			return l.text(value, depth+1)
		}
	}
	return "", false
}

func (l *linguist) complain(n ast.Node, what string) {
	l.wrong = append(l.wrong, fmt.Sprintf("%s: %s", l.fset.Position(n.Pos()), what))
}

// isText tells whether an expression names the type Text of this package, or of one that calls it so too.
func isText(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "Text"
	case *ast.SelectorExpr:
		return e.Sel.Name == "Text"
	}
	return false
}

var verb = regexp.MustCompile(`%[-+# 0]*[0-9]*(?:\.[0-9]+)?(?:\[([0-9]+)\])?([a-zA-Z%])`)

// verbs lists which arguments a format shows, and how.
func verbs(format string) map[string]bool {
	out := map[string]bool{}
	next := 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[2] == "%" {
			continue
		}
		if m[1] != "" {
			next, _ = strconv.Atoi(m[1])
		}
		out[fmt.Sprintf("%d%s", next, m[2])] = true
		next++
	}
	return out
}

func TestWhatIsWrongWithATextIsFound(t *testing.T) {
	for call, want := range map[string]string{
		`say.Both("a", "b")`:                           "",
		`say.Both("%s of %d", "%[2]d: %[1]s", x, y)`:   "",
		`say.Both("%s, %s", "%s", x, y)`:               "do not show the same",
		`say.Both("%s", "%d", x)`:                      "do not show the same",
		`say.Both("%s of %s", "%[3]s: %[1]s", x, y)`:   "do not show the same",
		`say.Both("100%% of %s", "100%% van %s", x)`:   "",
		`say.Both("of %s", "van %s")`:                  "has 0 arguments",
		`say.Both("of "+word, "van "+word)`:            "",
		`say.Both("of "+x, "van "+x)`:                  "must be constants",
		`say.Both("the file", "")`:                     "is empty",
		`say.Both("the file", "the file")`:             "the same in both",
		`say.Both("%s: %s", "%s: %s", x, y)`:           "",
		`fail("stopped", "stopped")`:                   "the same in both",
		`fail("stopped %s", "gestopt")`:                "do not show the same",
		`outer("hint", "stopped", "stopped")`:          "the same in both",
		`outer("hint", "stopped", "gestopt")`:          "",
		`say.Text{EN: "a", NL: "b"}`:                   "",
		`say.Text{EN: "a"}`:                            "both languages",
		`say.Text{EN: "aa", NL: "aa"}`:                 "the same in both",
		`[]say.Text{{EN: "Peru", NL: "Peru"}}`:         "",
		`map[string]Text{"x": {"aa", ""}}`:             "is empty",
		`map[string]say.Text{"x": {EN: "a", NL: "b"}}`: "",
		"struct{ x int `hint:\"a\"` }{}":               "is empty",
		"struct{ x int `hint:\"a\" hint_nl:\"b\"` }{}": "",
	} {
		source := `package p
const word = "words"
func fail(en, nl string, args ...any) { use(say.Both(en, nl, args...)) }
func outer(hint, en, nl string) { fail(en, nl) }
func f(x, y string) { use(` + call + `) }`
		l := &linguist{fset: token.NewFileSet()}
		file, err := parser.ParseFile(l.fset, "p.go", source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		l.files = []*ast.File{file}
		l.read()
		got := strings.Join(l.wrong, "\n")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", call, got, want)
		}
	}
}
