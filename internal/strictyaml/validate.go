package strictyaml

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"
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
	hint  string
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
			union: f.Tag.Get("union"), hint: f.Tag.Get("hint")})
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
		d.report(at, path, "must not be empty", "")
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
		d.report(at, path, shown+what, hint)
	}
}

// words says what a validation asks for.
func words(tag, param string, v reflect.Value) (what, hint string) {
	unit := ""
	switch v.Kind() {
	case reflect.String:
		unit = " characters"
	case reflect.Slice, reflect.Map:
		unit = " entries"
	}
	switch tag {
	case "min", "gte":
		if unit != "" && param == "1" {
			return "must not be empty", ""
		}
		return "must be at least " + param + unit, ""
	case "max", "lte":
		return "must be at most " + param + unit, ""
	case "oneof":
		options := strings.Fields(param)
		return "is not one of the values that are allowed", Suggest(v.String(), options)
	case "id":
		return "is not an id", "use lower-case letters, digits and hyphens, such as havenstede-2"
	case "name":
		return "is not a name that can be used here", "use lower-case letters, digits and underscores, such as tenant_file"
	case "word":
		return "is not a name that can be used here", "use lower-case letters, digits, hyphens and underscores"
	case "iso3166_1_alpha2":
		return "is not a country code", "use the two capital letters of ISO 3166-1, such as NL"
	case "sha256":
		return "is not a SHA-256 digest", "write its 64 hexadecimal digits in lower case"
	case "unique":
		return "has an entry twice", "keep one"
	case "http_url":
		return "is not an http or https address", ""
	}
	return "is not allowed here", "see the guide for what this key takes"
}
