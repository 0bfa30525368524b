package strictyaml

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"

	"waarborg/internal/say"
)

// rules are the parts of a `validate` tag: what holds for the value itself, and after `dive` for each of its elements.
// `required` means that the key is there with a value; a 0 or false is a value.
type rules struct {
	required bool
	own      string
	element  string
}

// field is a struct field that can be set from YAML.
type field struct {
	name  string
	index []int
	typ   reflect.Type
	rules rules
	union string
	hint  say.Text // for when it is missing, from the tags `hint` and `hint_nl`
}

// fieldsOf lists the fields of a struct that have a `yaml` tag.
func fieldsOf(t reflect.Type) []field {
	var out []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name == "" || name == "-" {
			continue
		}
		out = append(out, field{name: name, index: f.Index, typ: f.Type, rules: rulesOf(f.Tag.Get("validate")),
			union: f.Tag.Get("union"), hint: say.Text{EN: f.Tag.Get("hint"), NL: f.Tag.Get("hint_nl")}})
	}
	return out
}

func rulesOf(tag string) rules {
	own, element, _ := strings.Cut(","+tag+",", ",dive,")
	r := rules{element: strings.Trim(element, ",")}
	var rest []string
	for part := range strings.SplitSeq(own, ",") {
		switch part {
		case "":
		case "required":
			r.required = true
		default:
			rest = append(rest, part)
		}
	}
	r.own = strings.Join(rest, ",")
	return r
}

// check runs the validator over one value and puts what it says into plain words.
func (d *decoder) check(at position, v reflect.Value, path string, r rules) {
	if r.required && v.Kind() == reflect.String && strings.TrimSpace(v.String()) == "" {
		d.report(at, path, notEmpty(), say.Text{})
		return
	}
	if r.own == "" {
		return
	}
	err := d.validate.Var(v.Interface(), r.own)
	var failed validator.ValidationErrors
	if !errors.As(err, &failed) {
		return
	}
	shown := ""
	if !isSecret(v.Type()) && (v.Kind() == reflect.String || v.Kind() == reflect.Int) {
		shown = fmt.Sprint(v.Interface())
		if v.Kind() == reflect.String {
			shown = quote(shown)
		}
		shown += " "
	}
	for _, f := range failed {
		what, hint := words(f.Tag(), f.Param(), v)
		d.report(at, path, say.Both("%s%s", "%s%s", shown, what), hint)
	}
}

// words says what a validation asks for.
func words(tag, param string, v reflect.Value) (what, hint say.Text) {
	switch tag {
	case "min", "gte":
		least := amount(param, v)
		if param == "1" && least != say.Same("1") {
			return notEmpty(), hint
		}
		return say.Both("must be at least %s", "moet minstens %s zijn", least), hint
	case "max", "lte":
		return say.Both("must be at most %s", "mag hoogstens %s zijn", amount(param, v)), hint
	case "oneof":
		return say.Both("is not one of the values that are allowed", "is geen waarde die hier mag"), Suggest(v.String(), strings.Fields(param))
	case "id":
		return say.Both("is not an id", "is geen id"),
			say.Both("use lower-case letters, digits and hyphens, such as havenstede-2",
				"gebruik kleine letters, cijfers en koppeltekens, zoals havenstede-2")
	case "name":
		return notAName(), say.Both("use lower-case letters, digits and underscores, such as tenant_file",
			"gebruik kleine letters, cijfers en liggende streepjes, zoals tenant_file")
	case "word":
		return notAName(), say.Both("use lower-case letters, digits, hyphens and underscores",
			"gebruik kleine letters, cijfers, koppeltekens en liggende streepjes")
	case "iso3166_1_alpha2":
		return say.Both("is not a country code", "is geen landcode"),
			say.Both("use the two capital letters of ISO 3166-1, such as NL", "gebruik de twee hoofdletters van ISO 3166-1, zoals NL")
	case "sha256":
		return say.Both("is not a SHA-256 digest", "is geen SHA-256-waarde"),
			say.Both("write its 64 hexadecimal digits in lower case", "schrijf de 64 hexadecimale tekens in kleine letters")
	case "unique":
		return say.Both("has an entry twice", "heeft een waarde twee keer"), say.Both("keep one", "houd er één over")
	case "http_url":
		return say.Both("is not an http or https address", "is geen http- of https-adres"), hint
	}
	return say.Both("is not allowed here", "mag hier niet"),
		say.Both("see the guide for what this key takes", "zie de handleiding voor wat er in dit veld mag")
}

// amount is a limit with what it counts.
func amount(limit string, v reflect.Value) say.Text {
	switch v.Kind() {
	case reflect.String:
		return say.Both("%s characters", "%s tekens lang", limit)
	case reflect.Slice, reflect.Map:
		return say.Both("%s entries", "%s waarden lang", limit)
	}
	return say.Same(limit)
}

func notEmpty() say.Text { return say.Both("must not be empty", "mag niet leeg zijn") }

func notAName() say.Text {
	return say.Both("is not a name that can be used here", "is geen naam die hier mag")
}
