package pades

import (
	"bytes"
	"fmt"

	"waarborg/internal/say"
)

// object is one numbered object of a file.
type object struct {
	value  value
	stream []byte // nil: it has none
}

// body is the objects of a base, by number; 0 is unused.
type body struct {
	objects    []object
	root, info int
	xref       int // where its table starts
}

// minObject is how many bytes an object takes at least, with its line in the table; it bounds the numbers of objects.
const minObject = 20

// readBody reads a whole base: header, objects one after the other, table, trailer, and nothing between or after them.
func readBody(b []byte) (*body, error) {
	s := &scanner{b: b}
	if !s.literal("%PDF-1.") || s.i+2 > len(b) || b[s.i] < '3' || b[s.i] > '7' || b[s.i+1] != '\n' {
		return nil, because(say.Both("its head is not that of a PDF 1.3 to 1.7", "het begin is niet dat van een PDF 1.3 tot en met 1.7"))
	}
	s.i += 2
	out := &body{}
	var where []int // of each object; 0 for one that is not there, since the head is
	for !s.literal("xref\n0 ") {
		at := s.i
		n, o, err := s.object()
		if err != nil {
			return nil, err
		}
		for len(out.objects) <= n {
			out.objects, where = append(out.objects, object{}), append(where, 0)
		}
		if where[n] != 0 {
			return nil, because(say.Both("object %d is there twice", "object %d komt twee keer voor", n))
		}
		out.objects[n], where[n] = o, at
	}
	out.xref = s.i - len("xref\n0 ")
	count, ok := s.digits()
	if !ok || count != len(out.objects) || !s.literal("\n0000000000 65535 f \n") {
		return nil, because(say.Both("its table of objects is not whole", "de tabel van objecten is niet volledig"))
	}
	for n := 1; n < count; n++ {
		if where[n] == 0 || !s.literal(fmt.Sprintf("%010d 00000 n \n", where[n])) {
			return nil, because(say.Both("its table of objects is wrong about object %d",
				"de tabel van objecten klopt niet voor object %d", n))
		}
	}
	if !s.literal("trailer\n") {
		return nil, because(say.Both("its trailer is missing", "de trailer ontbreekt"))
	}
	trailer, err := s.value(0)
	if err != nil {
		return nil, err
	}
	size, _ := trailer.get("Size")
	root, _ := trailer.get("Root")
	info, _ := trailer.get("Info")
	if trailer.kind != dict || len(trailer.keys) != 3 || !size.whole || size.n != count || root.kind != ref || info.kind != ref {
		return nil, because(say.Both("its trailer has other entries than Size, Root and Info",
			"de trailer bevat meer of anders dan Size, Root en Info"))
	}
	out.root, out.info = root.n, info.n
	if !s.literal(fmt.Sprintf("\nstartxref\n%d\n%%%%EOF\n", out.xref)) || s.i != len(b) {
		return nil, because(say.Both("it does not end where it says", "het einde is niet waar het volgens het bestand is"))
	}
	return out, nil
}

// object reads "7 0 obj" to "endobj", both with their ends of line.
func (s *scanner) object() (int, object, error) {
	n, ok := s.digits()
	if !ok || n == 0 || n > len(s.b)/minObject || !s.literal(" 0 obj\n") {
		return 0, object{}, s.fail(say.Both("an object should start, and does not,", "een object moet beginnen, en doet dat niet,"))
	}
	v, err := s.value(0)
	if err != nil {
		return 0, object{}, err
	}
	o := object{value: v}
	s.skipSpace()
	if s.literal("stream\n") {
		length, _ := v.get("Length")
		if v.kind != dict || length.kind != number || !length.whole || length.n < 0 || length.n > len(s.b)-s.i {
			return 0, object{}, s.fail(say.Both("a stream has no length, or a wrong one,",
				"een stream heeft geen lengte, of een verkeerde,"))
		}
		o.stream = s.b[s.i : s.i+length.n : s.i+length.n]
		s.i += length.n
		if !s.literal("\nendstream\n") {
			return 0, object{}, s.fail(say.Both("a stream does not end where it says", "een stream eindigt niet waar die het zegt"))
		}
	}
	if !s.literal("endobj\n") {
		return 0, object{}, s.fail(say.Both("an object does not end where it should,", "een object eindigt niet waar het moet,"))
	}
	return n, o, nil
}

// object returns the one with a number, and whether there is one.
func (b *body) object(n int) (object, bool) {
	if n < 1 || n >= len(b.objects) {
		return object{}, false
	}
	return b.objects[n], true
}

// sourceOf returns the bytes that a dict's values have in the file, one after the other.
func sourceOf(v value, replaced map[string]string) []byte {
	var out bytes.Buffer
	out.WriteString("<<")
	for i, key := range v.keys {
		raw := v.items[i].raw
		if r, ok := replaced[key]; ok {
			raw = []byte(r)
		}
		fmt.Fprintf(&out, "/%s %s\n", key, raw)
	}
	return out.Bytes()
}
