package inventory

import (
	"encoding/binary"
	"reflect"
	"slices"
	"strings"
)

// Projection writes the facts of a kind at some paths as bytes, straight from the struct: resources with the same bytes have
// the same facts there. It costs a hundredth of encoding the resource, so that equal ones need not be encoded to be found.
type Projection struct {
	fields [][]int // index of each fact in the struct, by path
}

// NewProjection makes a projection of the facts at paths, or below them where a path is that of a group of facts.
func NewProjection(a Attributes, paths []string) *Projection {
	p := &Projection{}
	var walk func(t reflect.Type, prefix string, index []int)
	walk = func(t reflect.Type, prefix string, index []int) {
		for i := range t.NumField() {
			f := t.Field(i)
			path, at := prefix+jsonName(f), append(slices.Clone(index), i)
			if !f.Type.Implements(reflect.TypeFor[anyFact]()) {
				walk(f.Type, path+".", at)
				continue
			}
			if slices.ContainsFunc(paths, func(want string) bool { return path == want || strings.HasPrefix(path, want+".") }) {
				p.fields = append(p.fields, at)
			}
		}
	}
	walk(reflect.TypeOf(a).Elem(), "", nil)
	return p
}

// Append adds the facts to buf. a must be of the kind that the projection was made for.
func (p *Projection) Append(buf []byte, a Attributes) []byte {
	v := reflect.ValueOf(a).Elem()
	for _, index := range p.fields {
		buf = v.FieldByIndex(index).Addr().Interface().(interface{ appendTo([]byte) []byte }).appendTo(buf)
	}
	return buf
}

func (f *Fact[T]) appendTo(buf []byte) []byte {
	buf = append(buf, byte(f.state))
	if f.state == stateKnown || f.state == statePartial {
		buf = appendValue(buf, &f.value)
	}
	if f.state == stateUnknown || f.state == statePartial {
		r := f.Reason()
		buf = appendText(appendText(buf, r.Code), r.Detail)
	}
	return buf
}

// appendValue adds the value that v points at. Lengths go in, so that values cannot run into each other.
func appendValue(buf []byte, v any) []byte {
	switch v := v.(type) {
	case *bool:
		if *v {
			return append(buf, 1)
		}
		return append(buf, 0)
	case *int:
		return binary.AppendVarint(buf, int64(*v))
	case *string:
		return appendText(buf, *v)
	case *[]string:
		buf = binary.AppendUvarint(buf, uint64(len(*v)))
		for _, s := range *v {
			buf = appendText(buf, s)
		}
		return buf
	case *Location:
		return v.appendTo(buf)
	case *[]Copy:
		buf = binary.AppendUvarint(buf, uint64(len(*v)))
		for _, c := range *v {
			buf = c.Location.appendTo(appendText(buf, c.Role))
		}
		return buf
	case *[]Sink:
		buf = binary.AppendUvarint(buf, uint64(len(*v)))
		for _, s := range *v {
			buf = s.Location.appendTo(appendText(buf, s.Kind))
		}
		return buf
	default:
		panic("inventory: a fact of a type that projections do not know") // a test makes one of every type
	}
}

func (l Location) appendTo(buf []byte) []byte {
	return appendText(appendText(appendText(buf, l.Provider), l.Region), l.Country)
}

func appendText(buf []byte, s string) []byte {
	return append(binary.AppendUvarint(buf, uint64(len(s))), s...)
}
