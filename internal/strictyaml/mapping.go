package strictyaml

import (
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"waarborg/internal/say"
)

// mappingOf returns the entries of a mapping, which the library represents in two ways.
func mappingOf(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// entry is one key of a mapping that was found well formed and not double.
type entry struct {
	key   string
	at    position
	value ast.Node
}

// entries reads the keys of a mapping; it reports keys that are not plain text and double keys.
func (d *decoder) entries(values []*ast.MappingValueNode, path string) []entry {
	var out []entry
	first := map[string]position{}
	for _, e := range values {
		at := start(e.Key)
		if _, merge := e.Key.(*ast.MergeKeyNode); merge {
			d.report(at, path, say.Both("merge keys (<<) are not allowed", "velden samenvoegen (<<) mag niet"),
				say.Both("write the keys out", "schrijf de velden uit"))
			continue
		}
		key, ok := keyText(e.Key)
		if !ok || len(key) > maxKey || strings.ContainsFunc(key, unprintable) || strings.Contains(key, "\n") {
			d.report(at, path, say.Both("a key must be plain text on one line", "de naam van een veld moet gewone tekst op één regel zijn"),
				say.Both("write `key: value`", "schrijf `veld: waarde`"))
			continue
		}
		if one, double := first[key]; double {
			d.report(at, join(path, key), say.Both("this key is there twice", "dit veld staat er twee keer"),
				say.Both("the first is on line %d; keep one", "het eerste staat op regel %d; houd er één over", one.line))
			continue
		}
		first[key] = at
		out = append(out, entry{key, at, e.Value})
	}
	return out
}

// mapping decodes the entries of a mapping into a struct.
func (d *decoder) mapping(values []*ast.MappingValueNode, at position, v reflect.Value, path string) {
	fields := fieldsOf(v.Type())
	entries := d.entries(values, path)
	present := map[string]bool{}
	var unions []func()
	for _, e := range entries {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == e.key })
		if i < 0 {
			d.unknownKey(e, fields, path)
			continue
		}
		f := fields[i]
		present[f.name] = present[f.name] || !isNull(e.value)
		full := join(path, f.name)
		if f.union != "" {
			unions = append(unions, func() { d.union(e, f, v, fields, full) })
			continue
		}
		d.member(e, v.FieldByIndex(f.index), full, f.rules)
	}
	for _, decode := range unions { // after the fields that choose their types
		decode()
	}
	for _, f := range fields {
		if f.rules.required && !present[f.name] {
			d.report(at, path, say.Both("the key %s is missing", "het veld %s ontbreekt", f.name), f.hint)
		}
	}
}

// member decodes the value of a key. A container is placed at its key, a scalar at its value.
func (d *decoder) member(e entry, v reflect.Value, path string, r rules) {
	if !d.doc.Has(path) {
		if _, scalar := e.value.(ast.ScalarNode); !scalar {
			d.doc.positions[path] = e.at
		}
	}
	d.value(e.value, v, path, r)
}

func (d *decoder) unknownKey(e entry, fields []field, path string) {
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
	}
	full := join(path, e.key)
	p := d.doc.at(e.at.line, e.at.column, full, on(full,
		say.Both("this key is not known here", "dit veld is hier niet bekend")), Suggest(e.key, names))
	// A misspelt key may be that of a secret: its value is not shown.
	head, tail, found := strings.Cut(p.Excerpt, e.key)
	if _, marker, ok := strings.Cut(tail, "\n"); found && ok {
		p.Excerpt = head + e.key + ": " + mask + "\n" + marker
	}
	d.problems = append(d.problems, p)
}

// union decodes a field whose type another field names.
func (d *decoder) union(e entry, f field, parent reflect.Value, fields []field, path string) {
	i := slices.IndexFunc(fields, func(other field) bool { return other.name == f.union })
	kind := parent.FieldByIndex(fields[i].index).String()
	u, ok := parent.Addr().Interface().(Union)
	if !ok || kind == "" {
		return // the missing or wrong kind is reported where it stands
	}
	variant := u.Variant(kind)
	if variant == nil {
		return
	}
	target := reflect.ValueOf(variant)
	d.member(e, target.Elem(), path, f.rules)
	parent.FieldByIndex(f.index).Set(target)
}

// keys decodes into a map with text keys.
func (d *decoder) keys(values []*ast.MappingValueNode, v reflect.Value, path string, r rules) {
	v.Set(reflect.MakeMap(v.Type()))
	for _, e := range d.entries(values, path) {
		element := reflect.New(v.Type().Elem()).Elem()
		full := join(path, e.key)
		if isNull(e.value) && !takesNull(v.Type().Elem()) {
			d.report(e.at, full, empty(), say.Both("write a value or remove the key", "vul een waarde in of haal het veld weg"))
			continue
		}
		d.member(e, element, full, rules{own: r.element})
		v.SetMapIndex(reflect.ValueOf(e.key).Convert(v.Type().Key()), element)
	}
}

func keyText(k ast.MapKeyNode) (string, bool) {
	switch k := k.(type) {
	case *ast.StringNode:
		return k.Value, true
	case ast.ScalarNode:
		return k.GetToken().Value, true
	}
	return "", false
}
