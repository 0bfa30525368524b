package file

import (
	"reflect"
	"regexp"
	"strings"
	"time"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// shape is what the value of a fact must look like.
type shape struct {
	kind, path string
	zero       any      // a value of its type
	absence    say.Text // what it means that the fact is not there; zero: it always is
}

// shapeOf is the shape of the fact at a path; ok is false if there is none.
func shapeOf(a inventory.Attributes, path string) (s shape, ok bool) {
	s = shape{kind: string(a.Kind()), path: path}
	s.zero, ok = inventory.Element(a, path)
	s.absence, _ = inventory.MayBeAbsent(a, path)
	return s, ok
}

func (s shape) key() string    { return s.kind + " " + s.path }
func (s shape) moment() moment { return moments[s.key()] }
func (s shape) person() bool   { return people[s.key()] }

var (
	slug    = regexp.MustCompile(`^[a-z0-9._-]{1,64}$`)
	country = regexp.MustCompile(`^[A-Z]{2}$`)
	// Every region of every provider is called after a point of the compass; other words are no region.
	region = regexp.MustCompile(`^[a-z0-9-]{0,30}(north|south|east|west|central)[a-z0-9-]{0,20}$`)
)

// result is what was read of a fact; bad is the code of why it is unknown.
type result struct {
	value  any
	absent bool
	bad    string
	null   bool // the export has null there, which the mapping says nothing of
}

// means is what reading a fact needs besides the item.
type means struct {
	names *inventory.Pseudonyms
	now   time.Time // that ages are counted back from
}

// read reads the fact from an item.
func (f Fact) read(item any, s shape, by means) result {
	if f.Const.Given {
		return s.result(f.Const.Value)
	}
	v, found := f.Pointer.find(item)
	if f.Exists != nil {
		return result{value: (found && v != nil) == *f.Exists}
	}
	if !found {
		return result{bad: inventory.NotReported}
	}
	for _, a := range f.Absent {
		if same(a.Value, v) {
			return result{absent: true}
		}
	}
	if _, mapped := f.Map[asText(nil)]; v == nil && !mapped {
		return result{bad: inventory.NotReported, null: true}
	}
	out, ok := f.step(v, s, by)
	if !ok {
		return result{bad: inventory.Malformed}
	}
	return out
}

func (f Fact) step(v any, s shape, by means) (result, bool) {
	switch {
	case f.Map != nil:
		return f.translate(v, s)
	case f.Equals.Given:
		return result{value: same(v, f.Equals.Value)}, scalar(v)
	case f.Count:
		switch v := v.(type) {
		case []any:
			return result{value: len(v)}, true
		case map[string]any:
			return result{value: len(v)}, true
		}
		return result{}, false
	case f.Region != "":
		text, ok := v.(string)
		text = strings.ToLower(strings.ReplaceAll(text, " ", ""))
		return result{value: inventory.Location{Provider: f.Region, Region: text}}, ok && region.MatchString(text)
	case f.Ago != "":
		t, ok := since(v, f.Ago, by.now)
		if !ok {
			return result{}, false
		}
		t, ok = s.moment().parse(t)
		return result{value: t}, ok
	case f.Unit != nil:
		n, ok := f.Unit.convert(v, s)
		return result{value: n}, ok
	case s.person():
		return pseudonyms(v, s, by.names)
	}
	out, ok := s.value(v)
	return result{value: out}, ok
}

// translate looks the value up as text.
func (f Fact) translate(v any, s shape) (result, bool) {
	if !scalar(v) {
		return result{}, false
	}
	to, ok := f.Map[asText(v)]
	if !ok {
		to, ok = f.Map["*"]
	}
	if !ok {
		return result{}, false
	}
	return s.result(to.Value), true
}

// result makes a result of a constant of the mapping.
func (s shape) result(constant any) result {
	if constant == nil {
		return result{absent: true}
	}
	v, ok := s.constant(constant)
	if !ok {
		return result{bad: inventory.Malformed}
	}
	return result{value: v}
}

// constant takes what a mapping says itself. A principal it can only call public.
func (s shape) constant(v any) (any, bool) {
	if s.person() {
		return v, s.key() == "grant principal" && v == "public"
	}
	switch s.zero.(type) {
	case inventory.Location:
		return place(v)
	case []inventory.Copy, []inventory.Sink:
		list, ok := v.([]any)
		return reflect.Zero(reflect.TypeOf(s.zero)).Interface(), ok && len(list) == 0
	}
	return s.value(v)
}

// place reads {country: NL} or {provider: azure, region: westeurope}.
func place(v any) (any, bool) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, false
	}
	text := func(key string) string { s, _ := m[key].(string); return s }
	l := inventory.Location{Provider: text("provider"), Region: text("region"), Country: text("country")}
	switch {
	case len(m) == 1 && country.MatchString(l.Country):
		return l, true
	case len(m) == 2 && slug.MatchString(l.Provider) && region.MatchString(l.Region):
		return l, true
	}
	return nil, false
}
