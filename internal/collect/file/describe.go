package file

import (
	"reflect"
	"strings"

	"waarborg/internal/inventory"
	"waarborg/internal/strictyaml"
)

// wants reports a step that gives another type than the fact's.
func (s shape) wants(step string, t reflect.Type, report func(key, what, hint string)) {
	if reflect.TypeOf(s.zero) != t {
		report(step, "the fact is "+s.describe()+", which `"+step+"` does not give", "")
	}
}

// takeable reports facts that no single value can be taken for as it is.
func (s shape) takeable(report func(key, what, hint string)) {
	switch s.zero.(type) {
	case inventory.Location:
		report("", "a place needs `region`, `map` or `const`", "write {pointer: /location, region: azure}")
	case []inventory.Copy, []inventory.Sink:
		report("", "places of copies and logs cannot be mapped", "write {const: []} where there are none, or leave the fact out: it is then unknown")
	}
}

// describe says what the fact is, for people.
func (s shape) describe() string {
	switch s.zero.(type) {
	case bool:
		return "true or false"
	case int:
		return "a whole number"
	case inventory.Location:
		return "a place"
	case []inventory.Copy, []inventory.Sink:
		return "an empty list, the only one that can be written here"
	case []string:
		return "a list of " + s.describeText()
	}
	return s.describeText()
}

func (s shape) describeText() string {
	set, closed := words[s.key()]
	switch {
	case s.person():
		return "a principal"
	case closed:
		return "one of " + strings.Join(set, ", ")
	case s.moment() == day:
		return "a date"
	case s.moment() == instant:
		return "a time"
	case countries[s.key()]:
		return "a country code"
	}
	return "an id of small letters, digits and . _ -"
}

func (s shape) hint(v any) string {
	if t, ok := v.(string); ok {
		return strictyaml.Suggest(t, words[s.key()])
	}
	if _, ok := s.zero.(inventory.Location); ok {
		return "write {country: NL} or {provider: azure, region: westeurope}"
	}
	return ""
}
