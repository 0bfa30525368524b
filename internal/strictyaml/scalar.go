package strictyaml

import (
	"reflect"
	"regexp"
	"strconv"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"waarborg/internal/say"
)

// decimal is the only notation of whole numbers that is read: in others (010, 0x1F, 1_000) readers and parsers differ.
var decimal = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

// scalar decodes into a text, whole number or truth value.
func (d *decoder) scalar(n ast.Node, at position, v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.String:
		if s, is := stringOf(n); is {
			v.SetString(s)
			return
		}
		d.wrongType(n, at, v, path, wantText)
	case reflect.Bool:
		if b, is := n.(*ast.BoolNode); is {
			v.SetBool(b.Value)
			return
		}
		d.wrongType(n, at, v, path, wantTruth)
	case reflect.Int, reflect.Int64:
		i, is := n.(*ast.IntegerNode)
		if !is {
			d.wrongType(n, at, v, path, wantWhole)
			return
		}
		if x, ok := d.integer(i, at, path); ok {
			v.SetInt(x)
		}
	default:
		d.report(at, path, say.Both("this key cannot be read", "dit veld kan niet worden gelezen"),
			say.Both("report this as a fault of the program", "meld dit als een fout van het programma"))
	}
}

func (d *decoder) integer(n *ast.IntegerNode, at position, path string) (int64, bool) {
	text := n.Token.Value
	if !decimal.MatchString(text) {
		d.report(at, path, say.Both("%s is not a plain decimal number", "%s is geen gewoon decimaal getal", quote(text)),
			say.Both("write it with digits alone, without leading zeros", "schrijf alleen cijfers, zonder nullen ervoor"))
		return 0, false
	}
	x, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		d.report(at, path, tooLarge(quote(text)), say.Text{})
		return 0, false
	}
	return x, true
}

// untyped decodes into any: text, whole numbers, numbers, truth values, and lists and mappings of them.
func (d *decoder) untyped(n ast.Node, at position, path string) (any, bool) {
	if s, is := stringOf(n); is {
		return s, true
	}
	switch n := n.(type) {
	case *ast.BoolNode:
		return n.Value, true
	case *ast.IntegerNode:
		x, ok := d.integer(n, at, path)
		return int(x), ok
	case *ast.FloatNode:
		return n.Value, true
	case *ast.SequenceNode:
		var out []any
		d.list(n, at, reflect.ValueOf(&out).Elem(), path, rules{})
		return out, true
	case *ast.MappingNode, *ast.MappingValueNode:
		entries, _ := mappingOf(n)
		out := map[string]any{}
		d.keys(entries, reflect.ValueOf(&out).Elem(), path, rules{})
		return out, true
	}
	d.wrongType(n, at, reflect.ValueOf(""), path, wantValue)
	return nil, false
}

func stringOf(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	return "", false
}

// textOf returns any scalar as it is written.
func textOf(n ast.Node) (string, bool) {
	if s, is := stringOf(n); is {
		return s, true
	}
	if s, is := n.(ast.ScalarNode); is && s.GetToken() != nil {
		return s.GetToken().Value, true
	}
	return "", false
}

func tooLarge(number string) say.Text {
	return say.Both("%s is too large a number", "%s is een te groot getal", number)
}

// wanted is what a value should have been.
type wanted int

const (
	wantValue wanted = iota
	wantText
	wantTruth
	wantWhole
	wantList
	wantKeys
)

// not says that something is not what is wanted.
func (w wanted) not(what say.Text) say.Text {
	switch w {
	case wantText:
		return say.Both("%s is not text", "%s is geen tekst", what)
	case wantTruth:
		return say.Both("%s is not true or false", "%s is niet true of false", what)
	case wantWhole:
		return say.Both("%s is not a whole number", "%s is geen geheel getal", what)
	case wantList:
		return say.Both("%s is not a list", "%s is geen lijst", what)
	case wantKeys:
		return say.Both("%s is not keys with values", "%s is geen groep velden met waarden", what)
	}
	return say.Both("%s is not a value", "%s is geen waarde", what)
}

// wrongType reports that a value is of another type than is wanted.
func (d *decoder) wrongType(n ast.Node, at position, v reflect.Value, path string, want wanted) {
	what := describe(n)
	if isSecret(v.Type()) {
		what = this()
	}
	var hint say.Text
	text, _ := textOf(n)
	_, number := n.(*ast.IntegerNode)
	if _, float := n.(*ast.FloatNode); float {
		number = true
	}
	_, truth := n.(*ast.BoolNode)
	switch {
	case want == wantText && (number || truth):
		hint = say.Both(`put it in quotes: "%s"`, `zet het tussen aanhalingstekens: "%s"`, text)
		if isSecret(v.Type()) {
			hint = say.Both("put it in quotes", "zet het tussen aanhalingstekens")
		}
	case want == wantTruth && (text == "yes" || text == "on"):
		hint = say.Both("write true", "schrijf true")
	case want == wantTruth && (text == "no" || text == "off"):
		hint = say.Both("write false", "schrijf false")
	case want == wantWhole && decimal.MatchString(text):
		if n.GetToken().Type == token.StringType { // not quoted, and yet text to the parser
			d.report(at, path, tooLarge(text), say.Text{})
			return
		}
		hint = say.Both("leave out the quotes", "laat de aanhalingstekens weg")
	case want == wantList && v.Kind() == reflect.Slice:
		hint = say.Both("write [a, b], or one entry a line, each after a dash",
			"schrijf [a, b], of zet elke waarde op een eigen regel achter een streepje")
	}
	d.report(at, path, want.not(what), hint)
}

// describe names a value in a text.
func describe(n ast.Node) say.Text {
	switch n.(type) {
	case *ast.SequenceNode:
		return say.Both("a list", "een lijst")
	case *ast.MappingNode, *ast.MappingValueNode:
		return say.Both("a set of keys", "een groep velden")
	}
	if s, is := stringOf(n); is {
		return say.Same(quote(s))
	}
	if s, ok := textOf(n); ok { // a number or truth value
		return say.Same(s)
	}
	return this()
}

func this() say.Text { return say.Both("this", "dit") }
