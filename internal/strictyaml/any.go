package strictyaml

import (
	"reflect"

	"github.com/goccy/go-yaml/ast"
)

// Any is any value, null included: text, whole numbers (int), other numbers (float64), truth values, nil, and []any and
// map[string]any of them. As the type of a whole file it reads YAML of unknown form with the limits of this package.
type Any struct {
	Value any
	Given bool // it is there, if only as null
}

func (d *decoder) any(n ast.Node, at position, into *Any, path string) bool {
	before := len(d.problems)
	into.Given = true
	switch n.(type) {
	case *ast.NullNode:
	case *ast.SequenceNode:
		var list []Any
		d.list(n, at, reflect.ValueOf(&list).Elem(), path, rules{})
		out := make([]any, len(list))
		for i, x := range list {
			out[i] = x.Value
		}
		into.Value = out
	case *ast.MappingNode, *ast.MappingValueNode:
		var keys map[string]Any
		entries, _ := mappingOf(n)
		d.keys(entries, reflect.ValueOf(&keys).Elem(), path, rules{})
		out := make(map[string]any, len(keys))
		for k, x := range keys {
			out[k] = x.Value
		}
		into.Value = out
	default:
		into.Value, _ = d.untyped(n, at, path)
	}
	return len(d.problems) == before
}

func takesNull(t reflect.Type) bool { return t == reflect.TypeFor[Any]() }
