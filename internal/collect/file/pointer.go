package file

import (
	"encoding/json"
	"strconv"
	"strings"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/strictyaml"
)

// Pointer is a JSON Pointer (RFC 6901): the keys and list positions that lead to a value. The empty one is the whole.
type Pointer struct{ steps []string }

const maxPointer = 300

var unescape = strings.NewReplacer("~1", "/", "~0", "~")
var escape = strings.NewReplacer("~", "~0", "/", "~1")

// UnmarshalText reads a pointer such as /properties/siteConfig/minTlsVersion.
func (p *Pointer) UnmarshalText(b []byte) error {
	s := string(b)
	if s == "" {
		*p = Pointer{}
		return nil
	}
	if len(s) > maxPointer {
		return &strictyaml.Mismatch{What: say.Both("is too long for a pointer", "is te lang voor een pointer")}
	}
	if s[0] != '/' {
		return &strictyaml.Mismatch{What: say.Both("is not a JSON Pointer", "is geen JSON Pointer"),
			Hint: say.Both("start it with /, such as /properties/state", "laat hem met / beginnen, zoals /properties/state")}
	}
	for step := range strings.SplitSeq(s[1:], "/") {
		if strings.Contains(strings.NewReplacer("~0", "", "~1", "").Replace(step), "~") {
			return &strictyaml.Mismatch{What: say.Both("is not a JSON Pointer", "is geen JSON Pointer"),
				Hint: say.Both("write ~0 for ~ and ~1 for / in a key", "schrijf ~0 voor ~ en ~1 voor / in een veldnaam")}
		}
		p.steps = append(p.steps, unescape.Replace(step))
	}
	return nil
}

func (p Pointer) String() string {
	var b strings.Builder
	for _, s := range p.steps {
		b.WriteString("/" + escape.Replace(s))
	}
	return b.String()
}

// find follows the pointer. found is false where a step leads nowhere.
func (p Pointer) find(v any) (value any, found bool) {
	for _, step := range p.steps {
		switch in := v.(type) {
		case map[string]any:
			if v, found = in[step]; !found {
				return nil, false
			}
		case []any:
			i, ok := position(step)
			if !ok || i >= len(in) {
				return nil, false
			}
			v = in[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// position reads a step as a place in a list, as RFC 6901 writes it: without leading zeros or a sign.
func position(step string) (int, bool) {
	i, err := strconv.Atoi(step)
	return i, err == nil && i >= 0 && strconv.Itoa(i) == step
}

// Text is a constant or, if it starts with a slash, a pointer to a value of each item.
type Text struct {
	pointer  Pointer
	constant string
}

// UnmarshalText reads either.
func (t *Text) UnmarshalText(b []byte) error {
	if len(b) > 0 && b[0] == '/' {
		return t.pointer.UnmarshalText(b)
	}
	if !idForm.Match(b) {
		return &strictyaml.Mismatch{What: say.Both("is neither a pointer nor an id", "is geen pointer en geen id"),
			Hint: say.Both("start a pointer with /; an id has letters, digits and . _ : -",
				"een pointer begint met /; een id heeft letters, cijfers en . _ : -")}
	}
	t.constant = string(b)
	return nil
}

func (t Text) String() string {
	if t.constant != "" {
		return t.constant
	}
	return t.pointer.String()
}

// read returns text or a whole number as text.
func (t Text) read(item any) (string, bool) {
	if t.constant != "" {
		return t.constant, true
	}
	if len(t.pointer.steps) == 0 {
		return "", false
	}
	v, _ := t.pointer.find(item)
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v), true
	case int:
		return strconv.Itoa(v), true
	case json.Number:
		return v.String(), true
	}
	return "", false
}

// readList returns an id, or the ids of a list, or the code of why there are none.
func (t Text) readList(item any) (ids []string, code string) {
	if s, ok := t.read(item); ok && slug.MatchString(s) {
		return []string{s}, ""
	}
	v, _ := t.pointer.find(item)
	list, ok := v.([]any)
	if v == nil || ok && len(list) == 0 {
		return nil, inventory.NotReported
	}
	for _, x := range list {
		s, isText := x.(string)
		ok = ok && isText && slug.MatchString(s)
		ids = append(ids, s)
	}
	if !ok {
		return nil, inventory.Malformed
	}
	return ids, ""
}

// Texts is one Text or a list of them.
type Texts []Text

// UnmarshalText reads one.
func (t *Texts) UnmarshalText(b []byte) error {
	var one Text
	if err := one.UnmarshalText(b); err != nil {
		return err
	}
	*t = Texts{one}
	return nil
}
