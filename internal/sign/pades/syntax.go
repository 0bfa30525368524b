package pades

import (
	"bytes"
	"strconv"

	"waarborg/internal/say"
)

// kind says what a value of PDF is.
type kind byte

const (
	null kind = iota
	boolean
	number
	name
	text
	ref
	array
	dict
)

// value is one PDF value, with its bytes as they lie in the file.
type value struct {
	kind  kind
	raw   []byte
	text  string   // of a name, without its slash; of a text, what it stands for
	n     int      // of a number that is whole; of a ref, the object's number
	whole bool     // of a number
	keys  []string // of a dict, in the order of the file
	items []value  // of an array, and of a dict by keys
}

// get returns the value of a dict's key, and whether it is there.
func (v value) get(key string) (value, bool) {
	for i, k := range v.keys {
		if k == key {
			return v.items[i], true
		}
	}
	return value{}, false
}

// scanner reads the part of PDF's syntax that is written here: no comments, no escapes in names, no octal escapes. Every
// other thing is an error, so that nothing can be read in two ways.
type scanner struct {
	b []byte
	i int
}

// maxDepth bounds values within values.
const maxDepth = 16

var errEnd = because(say.Both("it ends in the middle of a value", "het houdt midden in een waarde op"))

func (s *scanner) fail(what say.Text) error {
	return because(say.Both("%s at byte %d", "%s bij byte %d", what, s.i))
}

func (s *scanner) skipSpace() {
	for s.i < len(s.b) && (s.b[s.i] == ' ' || s.b[s.i] == '\n') {
		s.i++
	}
}

// literal passes over exactly these bytes.
func (s *scanner) literal(want string) bool {
	if !bytes.HasPrefix(s.b[s.i:], []byte(want)) {
		return false
	}
	s.i += len(want)
	return true
}

// digits reads a whole number of at most 10 digits.
func (s *scanner) digits() (int, bool) {
	start := s.i
	for s.i < len(s.b) && s.b[s.i] >= '0' && s.b[s.i] <= '9' {
		s.i++
	}
	if s.i == start || s.i-start > 10 {
		return 0, false
	}
	n, err := strconv.Atoi(string(s.b[start:s.i]))
	return n, err == nil
}

func (s *scanner) value(depth int) (value, error) {
	s.skipSpace()
	if s.i >= len(s.b) {
		return value{}, errEnd
	}
	if depth > maxDepth {
		return value{}, s.fail(say.Both("values are nested too deeply", "waarden zijn te diep genest"))
	}
	start := s.i
	v, err := s.bare(depth)
	v.raw = s.b[start:s.i]
	return v, err
}

func (s *scanner) bare(depth int) (value, error) {
	switch c := s.b[s.i]; {
	case s.literal("<<"):
		return s.dict(depth)
	case c == '<':
		return s.hex()
	case c == '(':
		return s.string()
	case c == '/':
		n, err := s.name()
		return value{kind: name, text: n}, err
	case c == '[':
		return s.array(depth)
	case c == '+' || c == '-' || c == '.' || c >= '0' && c <= '9':
		return s.number()
	case s.literal("true"), s.literal("false"):
		return value{kind: boolean}, nil
	case s.literal("null"):
		return value{kind: null}, nil
	}
	return value{}, s.fail(say.Both("there is something that is no value", "er staat iets wat geen waarde is"))
}

func (s *scanner) dict(depth int) (value, error) {
	v := value{kind: dict}
	for {
		s.skipSpace()
		if s.literal(">>") {
			return v, nil
		}
		if s.i >= len(s.b) {
			return v, errEnd
		}
		key, err := s.name()
		if err != nil {
			return v, err
		}
		if _, twice := v.get(key); twice {
			return v, s.fail(say.Both("a key is there twice", "een naam staat er twee keer"))
		}
		item, err := s.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.keys, v.items = append(v.keys, key), append(v.items, item)
	}
}

func (s *scanner) array(depth int) (value, error) {
	v := value{kind: array}
	s.i++
	for {
		s.skipSpace()
		if s.literal("]") {
			return v, nil
		}
		item, err := s.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.items = append(v.items, item)
	}
}

func (s *scanner) name() (string, error) {
	if !s.literal("/") {
		return "", s.fail(say.Both("a key is missing", "een naam ontbreekt"))
	}
	start := s.i
	for s.i < len(s.b) && nameByte(s.b[s.i]) {
		s.i++
	}
	if s.i == start || s.i-start > 127 {
		return "", s.fail(say.Both("a name has no length, or too much", "een naam heeft geen lengte, of te veel"))
	}
	return string(s.b[start:s.i]), nil
}

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_' || c == '+' || c == ','
}

// number reads a number, or a reference: two whole numbers and an R.
func (s *scanner) number() (value, error) {
	start := s.i
	if c := s.b[s.i]; c == '+' || c == '-' {
		s.i++
	}
	point, digits := false, 0
	for ; s.i < len(s.b); s.i++ {
		if c := s.b[s.i]; c == '.' && !point {
			point = true
		} else if c >= '0' && c <= '9' {
			digits++
		} else {
			break
		}
	}
	if digits == 0 || digits > 20 {
		return value{}, s.fail(say.Both("a number has no digits, or too many", "een getal heeft geen cijfers, of te veel"))
	}
	n, err := strconv.Atoi(string(s.b[start:s.i]))
	v := value{kind: number, n: n, whole: !point && err == nil}
	if v.whole && n > 0 && s.literal(" 0 R") {
		v.kind = ref
	}
	return v, nil
}

// string reads a text in brackets. Brackets, backslashes and ends of line in it are escaped, other things are not.
func (s *scanner) string() (value, error) {
	var out []byte
	for s.i++; s.i < len(s.b); s.i++ {
		switch c := s.b[s.i]; c {
		case ')':
			s.i++
			return value{kind: text, text: string(out)}, nil
		case '(', '\r':
			return value{}, s.fail(say.Both("a text has a character that should be escaped",
				"een tekst heeft een teken dat een escape moet hebben"))
		case '\\':
			s.i++
			if s.i == len(s.b) {
				return value{}, errEnd
			}
			switch c := s.b[s.i]; c {
			case '(', ')', '\\':
				out = append(out, c)
			case 'r':
				out = append(out, '\r')
			default:
				return value{}, s.fail(say.Both("a text has an escape that is not used here",
					"een tekst heeft een escape die hier niet wordt gebruikt"))
			}
		default:
			out = append(out, c)
		}
	}
	return value{}, errEnd
}

// hex reads a text in lower-case hexadecimal.
func (s *scanner) hex() (value, error) {
	s.i++
	start := s.i
	for s.i < len(s.b) && lowerHex(s.b[s.i]) >= 0 {
		s.i++
	}
	digits := s.b[start:s.i]
	if !s.literal(">") || len(digits)%2 != 0 {
		return value{}, s.fail(say.Both("a text is not in lower-case hexadecimal",
			"een tekst staat er niet in hexadecimaal met kleine letters"))
	}
	out := make([]byte, len(digits)/2)
	for i := range out {
		out[i] = byte(lowerHex(digits[2*i])<<4 | lowerHex(digits[2*i+1]))
	}
	return value{kind: text, text: string(out)}, nil
}

func lowerHex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}
