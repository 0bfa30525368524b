package strictyaml

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"waarborg/internal/say"
)

// decoder walks the tree and the Go type side by side, so that it knows the place of every value it judges.
type decoder struct {
	doc      *Document
	validate *validator.Validate
	anchors  map[string]ast.Node
	problems []Problem
	nodes    int // values seen, aliases followed: a bound on what nested aliases can expand to
	aliases  int // aliases being followed now
}

func (d *decoder) root(body ast.Node, v reflect.Value) {
	if body == nil { // nothing but comments: the same as no keys
		d.mapping(nil, position{1, 1}, v, "")
		return
	}
	d.value(body, v, "", rules{})
}

func (d *decoder) report(at position, path string, what, hint say.Text) {
	d.problems = append(d.problems, d.doc.at(at.line, at.column, path, on(path, what), hint))
}

// on says of what is wrong where it is.
func on(path string, what say.Text) say.Text {
	if path == "" {
		return what
	}
	return say.Both("%s: %s", "%s: %s", path, what)
}

// start is the place where a node begins.
func start(n ast.Node) position {
	switch n := n.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 && !n.IsFlowStyle {
			return start(n.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return start(n.Key)
	case *ast.AnchorNode:
		return place(n.Start)
	}
	return place(n.GetToken())
}

func place(t *token.Token) position {
	if t == nil || t.Position == nil {
		return position{1, 1}
	}
	return position{t.Position.Line, t.Position.Column}
}

// value decodes n into v. It returns whether that went without a problem.
func (d *decoder) value(n ast.Node, v reflect.Value, path string, r rules) bool {
	at := start(n)
	if _, known := d.doc.positions[path]; !known {
		d.doc.positions[path] = at
	}
	n, ok := d.resolve(n, at, path)
	if !ok {
		return false
	}
	if alias, is := n.(*ast.AliasNode); is {
		return d.alias(alias, at, v, path, r)
	}
	if text, is := stringOf(n); is && strings.ContainsFunc(text, unprintable) {
		d.report(at, path, say.Both("has a character that cannot be printed", "heeft een teken dat niet te tonen is"),
			say.Both("remove the escape sequence", "haal de escape-reeks weg"))
		return false
	}
	if a, is := v.Addr().Interface().(*Any); is {
		return d.any(n, at, a, path)
	}
	if isNull(n) {
		return true // the same as a missing key: the zero value, which `required` refuses
	}
	before := len(d.problems)
	d.dispatch(n, at, v, path, r)
	if len(d.problems) > before {
		return false
	}
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	d.check(at, v, path, r)
	if c, is := v.Addr().Interface().(Checker); is && len(d.problems) == before {
		d.ask(c, path)
	}
	return len(d.problems) == before
}

// ask lets a struct check itself and places what it reports.
func (d *decoder) ask(c Checker, path string) {
	c.Check(func(rel string, what, hint say.Text) {
		full := path
		switch {
		case path == "" || strings.HasPrefix(rel, "["):
			full += rel
		case rel != "":
			full += "." + rel
		}
		line, column := d.doc.Position(full)
		d.report(position{line, column}, full, what, hint)
	})
}

// resolve looks through anchors and refuses tags. An alias is returned as it is.
func (d *decoder) resolve(n ast.Node, at position, path string) (ast.Node, bool) {
	d.nodes++
	if d.nodes == maxNodes {
		d.report(at, path,
			say.Both("the file's aliases (*) expand to too many values", "de aliassen (*) van het bestand leveren te veel waarden op"), writeOut())
	}
	if d.nodes >= maxNodes {
		return nil, false
	}
	switch t := n.(type) {
	case *ast.AnchorNode:
		d.anchors[t.Name.GetToken().Value] = t.Value
		return d.resolve(t.Value, at, path)
	case *ast.TagNode:
		d.report(at, path, say.Both("tags such as %s are not allowed", "tags zoals %s mogen niet", t.Start.Value),
			say.Both("put the value in quotes if it is text", "zet de waarde tussen aanhalingstekens als het tekst is"))
		return nil, false
	case nil:
		d.report(at, path, empty(), say.Text{})
		return nil, false
	}
	return n, true
}

func (d *decoder) alias(n *ast.AliasNode, at position, v reflect.Value, path string, r rules) bool {
	name := n.Value.GetToken().Value
	target, ok := d.anchors[name]
	if !ok {
		d.report(at, path, say.Both("there is no anchor &%s above this alias", "boven deze alias staat geen anker &%s", name), valueOut())
		return false
	}
	if d.aliases++; d.aliases > MaxDepth {
		d.report(at, path, say.Both("the alias *%s refers to itself", "de alias *%s verwijst naar zichzelf", name), valueOut())
		d.aliases--
		return false
	}
	defer func() { d.aliases-- }()
	return d.value(target, v, path, r)
}

// dispatch decodes by the Go type.
func (d *decoder) dispatch(n ast.Node, at position, v reflect.Value, path string, r rules) {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		d.dispatch(n, at, v.Elem(), path, r)
		return
	}
	_, scalar := n.(ast.ScalarNode)
	if u, is := v.Addr().Interface().(encoding.TextUnmarshaler); is && (scalar || v.Kind() != reflect.Slice) {
		d.text(n, at, u, v, path)
		return
	}
	switch v.Kind() {
	case reflect.Struct, reflect.Map:
		entries, is := mappingOf(n)
		if !is {
			d.wrongType(n, at, v, path, wantKeys)
			return
		}
		if v.Kind() == reflect.Map {
			d.keys(entries, v, path, r)
			return
		}
		d.mapping(entries, at, v, path)
	case reflect.Slice:
		d.list(n, at, v, path, r)
	case reflect.Interface:
		if x, ok := d.untyped(n, at, path); ok {
			v.Set(reflect.ValueOf(x))
		}
	default:
		d.scalar(n, at, v, path)
	}
}

// text decodes into a type that reads itself from text.
func (d *decoder) text(n ast.Node, at position, u encoding.TextUnmarshaler, v reflect.Value, path string) {
	s, ok := textOf(n)
	if !ok {
		d.wrongType(n, at, v, path, wantText)
		return
	}
	err := u.UnmarshalText([]byte(s))
	if err == nil {
		return
	}
	m := &Mismatch{What: say.Both("cannot be read here", "kan hier niet worden gelezen")}
	errors.As(err, &m)
	what := m.What
	if !isSecret(v.Type()) {
		what = say.Both("%s %s", "%s %s", quote(s), what)
	}
	d.report(at, path, what, m.Hint)
}

func (d *decoder) list(n ast.Node, at position, v reflect.Value, path string, r rules) {
	seq, is := n.(*ast.SequenceNode)
	if !is {
		d.wrongType(n, at, v, path, wantList)
		return
	}
	out := reflect.MakeSlice(v.Type(), len(seq.Values), len(seq.Values))
	for i, item := range seq.Values {
		full := fmt.Sprintf("%s[%d]", path, i)
		if item == nil || isNull(item) && !takesNull(v.Type().Elem()) {
			if i < len(seq.Entries) && seq.Entries[i] != nil {
				at = place(seq.Entries[i].Start)
			}
			d.report(at, full, empty(), say.Both("write a value or remove the dash", "vul een waarde in of haal het streepje weg"))
			continue
		}
		d.value(item, out.Index(i), full, rules{own: r.element})
	}
	v.Set(out)
}

func empty() say.Text    { return say.Both("is empty", "is leeg") }
func valueOut() say.Text { return say.Both("write the value out", "schrijf de waarde uit") }
func writeOut() say.Text { return say.Both("write the values out", "schrijf de waarden uit") }

func isNull(n ast.Node) bool {
	_, null := n.(*ast.NullNode)
	return null || n == nil
}
