package strictyaml

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
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
		d.wrongType(n, at, v, path, "text")
	case reflect.Bool:
		if b, is := n.(*ast.BoolNode); is {
			v.SetBool(b.Value)
			return
		}
		d.wrongType(n, at, v, path, "true or false")
	case reflect.Int, reflect.Int64:
		i, is := n.(*ast.IntegerNode)
		if !is {
			d.wrongType(n, at, v, path, "a whole number")
			return
		}
		if x, ok := d.integer(i, at, path); ok {
			v.SetInt(x)
		}
	default:
		d.report(at, path, "this key cannot be read", "report this as a fault of the program")
	}
}

func (d *decoder) integer(n *ast.IntegerNode, at position, path string) (int64, bool) {
	text := n.Token.Value
	if !decimal.MatchString(text) {
		d.report(at, path, quote(text)+" is not a plain decimal number", "write it with digits alone, without leading zeros")
		return 0, false
	}
	x, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		d.report(at, path, quote(text)+" is too large a number", "")
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
	d.wrongType(n, at, reflect.ValueOf(""), path, "a value")
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

// wrongType reports that a value is of another type than is wanted.
func (d *decoder) wrongType(n ast.Node, at position, v reflect.Value, path, want string) {
	what := describe(n)
	if isSecret(v.Type()) {
		what = "this"
	}
	hint := ""
	text, _ := textOf(n)
	_, number := n.(*ast.IntegerNode)
	if _, float := n.(*ast.FloatNode); float {
		number = true
	}
	_, truth := n.(*ast.BoolNode)
	switch {
	case want == "text" && (number || truth):
		hint = fmt.Sprintf(`put it in quotes: "%s"`, text)
		if isSecret(v.Type()) {
			hint = "put it in quotes"
		}
	case want == "true or false" && (text == "yes" || text == "on"):
		hint = "write true"
	case want == "true or false" && (text == "no" || text == "off"):
		hint = "write false"
	case want == "a whole number" && decimal.MatchString(text):
		if n.GetToken().Type == token.StringType { // not quoted, and yet text to the parser
			d.report(at, path, text+" is too large a number", "")
			return
		}
		hint = "leave out the quotes"
	case want == "a list" && v.Kind() == reflect.Slice:
		hint = "write [a, b], or one entry a line, each after a dash"
	}
	d.report(at, path, what+" is not "+want, hint)
}

// describe names a value in a text.
func describe(n ast.Node) string {
	switch n.(type) {
	case *ast.SequenceNode:
		return "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a set of keys"
	}
	if s, is := stringOf(n); is {
		return quote(s)
	}
	if s, ok := textOf(n); ok { // a number or truth value
		return s
	}
	return "this"
}
