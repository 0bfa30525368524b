package terraform

import (
	"bytes"
	"encoding/json/jsontext"
	"strconv"
)

// Functions of this file walk JSON that jsontext has found valid before. Of text that is not valid they return
// nothing, and never read beyond its end.

// member is one member of an object. A name with an escape is unescaped.
type member struct{ name, value []byte }

// members appends the members of an object. ok is false if raw is something else.
func members(raw []byte, into []member) (out []member, ok bool) {
	if len(raw) == 0 || raw[0] != '{' {
		return into, false
	}
	for i := 1; ; {
		i = skipBlanks(raw, i)
		if i < len(raw) && raw[i] == ',' {
			i = skipBlanks(raw, i+1)
		}
		if i >= len(raw) || raw[i] != '"' {
			return into, i < len(raw) && raw[i] == '}'
		}
		end := stringEnd(raw, i)
		if end < 0 {
			return into, false
		}
		name := raw[i+1 : end-1]
		if bytes.IndexByte(name, '\\') >= 0 {
			name = []byte(unquote(raw[i:end]))
		}
		i = skipBlanks(raw, end)
		if i >= len(raw) || raw[i] != ':' {
			return into, false
		}
		i = skipBlanks(raw, i+1)
		if end = valueEnd(raw, i); end < 0 {
			return into, false
		}
		into = append(into, member{name, raw[i:end]})
		i = end
	}
}

// elements appends the elements of an array. ok is false if raw is something else.
func elements(raw []byte, into [][]byte) (out [][]byte, ok bool) {
	if len(raw) == 0 || raw[0] != '[' {
		return into, false
	}
	for i := 1; ; {
		i = skipBlanks(raw, i)
		if i < len(raw) && raw[i] == ',' {
			i = skipBlanks(raw, i+1)
		}
		if i >= len(raw) || raw[i] == ']' {
			return into, i < len(raw)
		}
		end := valueEnd(raw, i)
		if end < 0 {
			return into, false
		}
		into = append(into, raw[i:end])
		i = end
	}
}

// find returns the value of a member; nil if it is not there.
func find(list []member, name string) []byte {
	for _, m := range list {
		if len(m.name) == len(name) && string(m.name) == name {
			return m.value
		}
	}
	return nil
}

func skipBlanks(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// stringEnd returns the place after the string that starts at i; -1 if it does not end.
func stringEnd(b []byte, i int) int {
	for at := i + 1; ; {
		j := bytes.IndexByte(b[at:], '"')
		if j < 0 {
			return -1
		}
		at += j + 1
		k := at - 2
		for b[k] == '\\' {
			k--
		}
		if (at-2-k)%2 == 0 {
			return at
		}
	}
}

// valueEnd returns the place after the value that starts at i; -1 if it does not end.
func valueEnd(b []byte, i int) int {
	if i >= len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		return stringEnd(b, i)
	case '{', '[':
		for depth := 0; i < len(b); {
			switch b[i] {
			case '"':
				if i = stringEnd(b, i); i < 0 {
					return -1
				}
				continue
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
			i++
		}
		return -1
	}
	start := i
	for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] != ']' && b[i] > ' ' {
		i++
	}
	if i == start {
		return -1
	}
	return i
}

// text returns a string value; ok is false if it is none. Null and nothing are the empty string.
func text(raw []byte) (s string, ok bool) {
	switch {
	case len(raw) == 0 || raw[0] == 'n':
		return "", true
	case raw[0] != '"':
		return "", false
	}
	return unquote(raw), true
}

func unquote(raw []byte) string {
	if len(raw) >= 2 && bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	out, err := jsontext.AppendUnquote(nil, raw)
	if err != nil {
		return ""
	}
	return string(out)
}

func isTrue(raw []byte) bool { return len(raw) > 0 && raw[0] == 't' }
func isNull(raw []byte) bool { return len(raw) == 0 || raw[0] == 'n' }

// composite stands for a list or an object where a single value is read; noNumber for a number that cannot be held.
type (
	composite struct{}
	noNumber  struct{}
)

// decoder decodes what is read of one resource. It keeps the strings that come often, so that they are made once, and uses
// the room for members of one resource again for the next. One goroutine uses it.
type decoder struct {
	words map[string]any
	room  []member
	items [][]byte
}

// Limits of what a decoder keeps: texts that come often are short, and in a hostile file there is no end to them.
const (
	maxWord  = 40
	maxWords = 4096
	maxRoom  = 4096
)

// clear ends the use of everything that was split since it was clear.
func (d *decoder) clear() {
	if cap(d.room) > maxRoom || cap(d.items) > maxRoom {
		d.room, d.items = nil, nil
	}
	d.room, d.items = d.room[:0], d.items[:0]
}

// split returns the members of an object.
func (d *decoder) split(raw []byte) (list []member, ok bool) {
	start := len(d.room)
	d.room, ok = members(raw, d.room)
	return d.room[start:len(d.room):len(d.room)], ok
}

// list returns the elements of an array.
func (d *decoder) list(raw []byte) (list [][]byte, ok bool) {
	start := len(d.items)
	d.items, ok = elements(raw, d.items)
	return d.items[start:len(d.items):len(d.items)], ok
}

func (d *decoder) marks(raw []byte) marks {
	if isTrue(raw) {
		return marks{all: true}
	}
	list, _ := d.split(raw)
	return marks{members: list}
}

// single decodes a value that is no list or object.
func (d *decoder) single(raw []byte) any {
	switch {
	case isNull(raw):
		return nil
	case raw[0] == 't':
		return true
	case raw[0] == 'f':
		return false
	case raw[0] == '{' || raw[0] == '[':
		return composite{}
	case raw[0] == '"':
		if v, ok := d.words[string(raw)]; ok {
			return v
		}
		var v any = unquote(raw)
		if len(raw) <= maxWord && len(d.words) < maxWords {
			if d.words == nil {
				d.words = map[string]any{}
			}
			d.words[string(raw)] = v
		}
		return v
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		return noNumber{}
	}
	return f
}
