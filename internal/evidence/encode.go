package evidence

import (
	"bytes"
	"compress/gzip"
	"encoding/json/v2"
	"io"

	"waarborg/internal/say"
	"waarborg/internal/strictjson"
)

// Limits of reading an assessment. A field of zero means the default.
type Limits struct {
	Bytes     int64 // of JSON, unpacked; 256 MiB by default
	Depth     int   // nested objects and arrays; 64 by default
	Resources int   // in a list of resources or of hashes that prove them; 1,000,000 by default
	Elements  int   // in any other list or object; 100,000 by default
	Ratio     int64 // how many times larger than packed, once past 1 MiB; 200 by default
}

// How many bytes of JSON an object and a value take at least, on average, once it is past 1 MiB.
const (
	bytesPerObject = 24
	bytesPerValue  = 4
)

func (l Limits) orDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 256 << 20
	}
	if l.Depth <= 0 {
		l.Depth = 64
	}
	if l.Resources <= 0 {
		l.Resources = 1_000_000
	}
	if l.Elements <= 0 {
		l.Elements = 100_000
	}
	if l.Ratio <= 0 {
		l.Ratio = 200
	}
	return l
}

// Encode returns the assessment as canonical JSON (RFC 8785): the same assessment gives the same bytes.
func (a Assessment) Encode() ([]byte, error) {
	raw, err := strictjson.Canonical(a)
	if err != nil {
		return nil, broken(err, say.Both("it cannot be encoded", "het is niet te coderen"))
	}
	return raw, nil
}

// EncodePacked returns Encode's bytes in gzip, without name and time.
func (a Assessment) EncodePacked() ([]byte, error) {
	raw, err := a.Encode()
	if err != nil {
		return nil, err
	}
	out := pack(raw, gzip.DefaultCompression)
	l := Limits{}.orDefaults()
	if plain, packed := int64(len(raw)), int64(len(out)); plain > l.Bytes || plain > 1<<20 && plain > packed*l.Ratio {
		return nil, broken(nil, say.Both("with %d bytes it is too large to be read again",
			"met %d bytes is het te groot om weer te lezen", plain))
	}
	if err := l.count(raw); err != nil {
		return nil, err
	}
	return out, nil
}

// pack writes gzip without a name or a time, so that the same bytes give the same bytes.
func pack(raw []byte, level int) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, level)
	if err != nil {
		panic(err) // a level that does not exist
	}
	w.Write(raw) // into memory, which does not fail
	w.Close()
	return out.Bytes()
}

// count refuses JSON that takes far more memory once it is read than as text: lists and objects of too many elements, and too
// many of next to nothing. It takes none itself. What is no JSON is left for the parser to refuse.
func (l Limits) count(raw []byte) error {
	type list struct{ have, most int }
	var open []list
	objects, values, text := 0, 0, false
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case text:
		case c == '{', c == '[':
			if len(open) >= l.Depth {
				return broken(nil, say.Both("it nests deeper than %d", "het is dieper genest dan %d", l.Depth))
			}
			most := l.Elements
			if bytes.HasSuffix(raw[:i], []byte(`"resources":`)) || bytes.HasSuffix(raw[:i], []byte(`"proof":`)) {
				most = l.Resources
			}
			open = append(open, list{1, most})
			values++
			if c == '{' {
				objects++
			}
		case (c == '}' || c == ']') && len(open) > 0:
			open = open[:len(open)-1]
		case c == ',' && len(open) > 0:
			values++
			top := &open[len(open)-1]
			if top.have++; top.have > top.most {
				return broken(nil, say.Both("it has a list of more than %d", "er staat een lijst van meer dan %d in", top.most))
			}
		}
	}
	if len(raw) > 1<<20 && (objects > len(raw)/bytesPerObject || values > len(raw)/bytesPerValue) {
		return broken(nil, say.Both("it has %d values in %d bytes, which is no evidence",
			"er staan %d waarden in %d bytes, en dat is geen bewijs", values, len(raw)))
	}
	return nil
}

// Decode reads an assessment from canonical JSON. Any other form of the same data is an error, as is a key that this
// version does not know. Decode says nothing of proofs and seal; that is Check. The error is ErrBroken.
func Decode(raw []byte, limits Limits) (Assessment, error) {
	limits = limits.orDefaults()
	if int64(len(raw)) > limits.Bytes {
		return Assessment{}, broken(nil, say.Both("it is larger than %d bytes", "het is groter dan %d bytes", limits.Bytes))
	}
	if err := limits.count(raw); err != nil {
		return Assessment{}, err
	}
	if _, err := strictjson.Read(bytes.NewReader(raw), "the evidence", strictjson.Limits{Size: limits.Bytes, Depth: limits.Depth}); err != nil {
		return Assessment{}, broken(err, say.Both("it cannot be read as JSON within the limits",
			"het is niet te lezen als JSON binnen de grenzen"))
	}
	var a Assessment
	if err := json.Unmarshal(raw, &a, json.RejectUnknownMembers(true)); err != nil {
		return Assessment{}, broken(err, say.Both("it was changed, or made by a newer Waarborg",
			"het is gewijzigd, of gemaakt met een nieuwere Waarborg"))
	}
	// Time, base64, numbers and empty fields have several forms of one value; only one belongs there.
	a.At = a.At.UTC()
	for i := range a.Waivers {
		a.Waivers[i].Expires = a.Waivers[i].Expires.UTC()
	}
	if form, err := strictjson.Canonical(a); err != nil || !bytes.Equal(form, raw) {
		return Assessment{}, broken(err, say.Both("it is not in the form that Waarborg writes",
			"het heeft niet de vorm die Waarborg schrijft"))
	}
	if a.Schema != Schema {
		return Assessment{}, broken(nil, say.Both("its form is not one that this version knows",
			"de vorm is er geen die deze versie kent"))
	}
	taken := make(map[int]bool, len(a.Resources))
	for _, e := range a.Resources {
		if e.Index < 0 || e.Index >= a.Header.Leaves || taken[e.Index] {
			return Assessment{}, broken(nil, say.Both("its resources are not in their places", "de objecten staan niet op hun plaats"))
		}
		taken[e.Index] = true
	}
	return a, nil
}

// DecodePacked reads an assessment from gzip. It stops at what unpacks to too much before reading the rest.
func DecodePacked(packed []byte, limits Limits) (Assessment, error) {
	limits = limits.orDefaults()
	raw, err := unpack(packed, min(limits.Bytes, max(1<<20, int64(len(packed))*limits.Ratio)))
	if err != nil {
		return Assessment{}, err
	}
	return Decode(raw, limits)
}

// unpack takes out what pack put in, at most so many bytes. Gzip in any other form is ErrBroken.
func unpack(packed []byte, most int64) ([]byte, error) {
	r := bytes.NewReader(packed)
	zip, err := gzip.NewReader(r)
	if err != nil {
		return nil, broken(err, say.Both("it is not gzip", "het is geen gzip"))
	}
	zip.Multistream(false)
	if zip.Name != "" || zip.Comment != "" || len(zip.Extra) > 0 || !zip.ModTime.IsZero() {
		return nil, broken(nil, say.Both("its gzip header was rewritten", "de gzip-kop is herschreven"))
	}
	raw, err := io.ReadAll(io.LimitReader(zip, most+1))
	switch {
	case err != nil:
		return nil, broken(err, say.Both("it is cut off or damaged", "het is afgebroken of beschadigd"))
	case int64(len(raw)) > most:
		return nil, broken(nil, say.Both("it unpacks to more than %d bytes", "het pakt uit tot meer dan %d bytes", most))
	case r.Len() > 0:
		return nil, broken(nil, say.Both("something follows its end", "er volgt nog iets na het einde"))
	}
	return raw, nil
}
