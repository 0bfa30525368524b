package file

import (
	"reflect"
	"strings"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/strictyaml"
)

// reporter takes what is wrong with a fact of a mapping, at a key of it.
type reporter = func(key string, what, hint say.Text)

// wants reports a step that gives another type than the fact's.
func (s shape) wants(step string, t reflect.Type, report reporter) {
	if reflect.TypeOf(s.zero) != t {
		report(step, say.Both("the fact is %s, which `%s` does not give",
			"het feit is %s, en dat geeft `%s` niet", s.describe(), step), say.Text{})
	}
}

// takeable reports facts that no single value can be taken for as it is.
func (s shape) takeable(report reporter) {
	switch s.zero.(type) {
	case inventory.Location:
		report("", say.Both("a place needs `region`, `map` or `const`", "een plaats vraagt `region`, `map` of `const`"),
			say.Both("write {pointer: /location, region: azure}", "schrijf {pointer: /location, region: azure}"))
	case []inventory.Copy, []inventory.Sink:
		report("", say.Both("places of copies and logs cannot be mapped", "plaatsen van kopieën en logs kan een mapping niet aanwijzen"),
			say.Both("write {const: []} where there are none, or leave the fact out: it is then unknown",
				"schrijf {const: []} waar er geen zijn, of laat het feit weg: het is dan onbekend"))
	}
}

// describe says what the fact is, for people.
func (s shape) describe() say.Text {
	switch s.zero.(type) {
	case bool:
		return say.Both("true or false", "true of false")
	case int:
		return say.Both("a whole number", "een heel getal")
	case inventory.Location:
		return say.Both("a place", "een plaats")
	case []inventory.Copy, []inventory.Sink:
		return say.Both("an empty list, the only one that can be written here", "een lege lijst, de enige die hier kan staan")
	case []string:
		return say.Both("a list of %s", "een lijst van %s", s.describeText())
	}
	return s.describeText()
}

func (s shape) describeText() say.Text {
	set, closed := words[s.key()]
	switch {
	case s.person():
		return say.Both("a principal", "een principal")
	case closed:
		return say.Both("one of %s", "een van %s", strings.Join(set, ", "))
	case s.moment() == day:
		return say.Both("a date", "een datum")
	case s.moment() == instant:
		return say.Both("a time", "een tijdstip")
	case countries[s.key()]:
		return say.Both("a country code", "een landcode")
	}
	return say.Both("an id of small letters, digits and . _ -", "een id van kleine letters, cijfers en . _ -")
}

func (s shape) hint(v any) say.Text {
	if t, ok := v.(string); ok {
		return strictyaml.Suggest(t, words[s.key()])
	}
	if _, ok := s.zero.(inventory.Location); ok {
		return say.Both("write {country: NL} or {provider: azure, region: westeurope}",
			"schrijf {country: NL} of {provider: azure, region: westeurope}")
	}
	return say.Text{}
}
