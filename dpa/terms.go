package dpa

import (
	"fmt"
	"slices"
	"strings"

	"waarborg/internal/say"
	"waarborg/internal/strictyaml"
)

// TermSpec says what a term at a path may be and which way is stricter.
type TermSpec struct {
	Path     string   `yaml:"path" validate:"required"` // a * stands for one name
	Type     string   `yaml:"type" validate:"required,oneof=int bool enum list"`
	Values   []string `yaml:"values"` // of an enum, the least strict first where stricter is order
	Unit     string   `yaml:"unit"`
	UnitNL   string   `yaml:"unit_nl"`
	Stricter string   `yaml:"stricter" validate:"required,oneof=lower higher true false order subset none"`
	Min      int      `yaml:"min"` // of an int, inclusive
	Max      int      `yaml:"max"`
	EN       string   `yaml:"en" validate:"required"`
	NL       string   `yaml:"nl" validate:"required"`
}

// TermCatalogue lists every term that an agreement can set.
type TermCatalogue []TermSpec

// Terms returns the catalogue of terms. It is read anew at each call: keep it.
func Terms() (TermCatalogue, error) {
	var file struct {
		Terms TermCatalogue `yaml:"terms"`
	}
	err := readData("data/terms.yaml", &file)
	return file.Terms, err
}

// Find returns what a term at the path may be.
func (c TermCatalogue) Find(path string) (TermSpec, bool) {
	for _, s := range c {
		if s.Path == path || strings.Contains(s.Path, "*") && matchesParts(s.Path, path) {
			return s, true
		}
	}
	return TermSpec{}, false
}

func matchesParts(pattern, path string) bool {
	want, have := strings.Split(pattern, "."), strings.Split(path, ".")
	if len(want) != len(have) {
		return false
	}
	for i, w := range want {
		if have[i] == "" || w != "*" && w != have[i] {
			return false
		}
	}
	return true
}

// paths lists the paths of the catalogue, for hints.
func (c TermCatalogue) paths() []string {
	var out []string
	for _, s := range c {
		out = append(out, s.Path)
	}
	return out
}

// Value checks a value as YAML gives it and returns it as rules see it: int, bool, string, or a sorted []string. The
// error is a *strictyaml.Mismatch.
func (s TermSpec) Value(v any) (any, error) {
	switch s.Type {
	case "int":
		n, ok := v.(int)
		if !ok {
			return nil, &strictyaml.Mismatch{What: say.Both("%s is not a whole number of %s", "%s is geen geheel aantal %s", show(v), s.unit())}
		}
		if n < s.Min || n > s.Max {
			return nil, &strictyaml.Mismatch{What: say.Both("%s is not between %d and %d %s",
				"%s ligt niet tussen %d en %d %s", show(v), s.Min, s.Max, s.unit())}
		}
		return n, nil
	case "bool":
		b, ok := v.(bool)
		if !ok {
			return nil, &strictyaml.Mismatch{What: say.Both("%s is not true or false", "%s is niet true of false", show(v))}
		}
		return b, nil
	case "enum":
		text, ok := v.(string)
		if !ok {
			return nil, &strictyaml.Mismatch{What: say.Both("%s is not text", "%s is geen tekst", show(v)),
				Hint: say.Both(`put it in quotes: "%v"`, `zet het tussen aanhalingstekens: "%v"`, v)}
		}
		if !slices.Contains(s.Values, text) {
			return nil, &strictyaml.Mismatch{What: say.Both("%s is not one of %s",
				"%s is niet een van %s", show(v), strings.Join(s.Values, ", ")),
				Hint: strictyaml.Suggest(text, s.Values)}
		}
		return text, nil
	}
	return s.countries(v)
}

func (s TermSpec) countries(v any) (any, error) {
	list, ok := v.([]any)
	if !ok || len(list) == 0 {
		return nil, &strictyaml.Mismatch{What: say.Both("%s is not a list of country codes", "%s is geen lijst van landcodes", show(v)),
			Hint: say.Both("write it as [NL, BE]", "schrijf het als [NL, BE]")}
	}
	var out []string
	for _, x := range list {
		code, _ := x.(string)
		if len(code) != 2 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return nil, &strictyaml.Mismatch{What: say.Both("%s is not a country code of two capital letters",
				"%s is geen landcode van twee hoofdletters", show(x)),
				Hint: say.Both("such as NL", "zoals NL")}
		}
		out = append(out, code)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func (s TermSpec) unit() Text { return Text{EN: s.Unit, NL: s.UnitNL} }

// show writes a value as it stands in YAML.
func show(v any) Text {
	switch v := v.(type) {
	case nil:
		return say.Both("nothing", "niets")
	case string:
		return say.Same(fmt.Sprintf("%.60q", v))
	case []string:
		return say.Same("[" + strings.Join(v, ", ") + "]")
	case []any:
		return say.Both("a list", "een lijst")
	case map[string]any:
		return say.Both("a set of keys", "een groep velden")
	}
	return say.Same(fmt.Sprint(v))
}

// With shows a value with the unit of the term.
func (s TermSpec) With(v any) Text {
	if s.Type == "int" && s.Unit != "" {
		return say.Both("%s %s", "%s %s", show(v), s.unit())
	}
	if text, ok := v.(string); ok {
		return say.Same(text)
	}
	return show(v)
}

// Weaker tells whether value asks less than standard. Both are values that Value returned.
func (s TermSpec) Weaker(value, standard any) bool {
	switch s.Stricter {
	case "lower":
		return value.(int) > standard.(int)
	case "higher":
		return value.(int) < standard.(int)
	case "true":
		return !value.(bool) && standard.(bool)
	case "false":
		return value.(bool) && !standard.(bool)
	case "order":
		return slices.Index(s.Values, value.(string)) < slices.Index(s.Values, standard.(string))
	case "subset":
		return slices.ContainsFunc(value.([]string), func(c string) bool { return !slices.Contains(standard.([]string), c) })
	}
	return false
}
