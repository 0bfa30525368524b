package inventory

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"waarborg/internal/say"
)

// The errors of setting a fact by its path.
var (
	ErrNoFact    = errors.New("there is no such fact")
	ErrWrongType = errors.New("the value is not of the fact's type")
)

// settable is what setting by path sees of a *Fact of any type.
type settable interface {
	element() any
	setKnown(v any) bool
	setAbsent()
	replaceReason(Reason)
}

func (f *Fact[T]) setKnown(v any) bool {
	t, ok := v.(T)
	if ok {
		*f = Known(t)
	}
	return ok
}

func (f *Fact[T]) setAbsent()             { *f = Absent[T]() }
func (f *Fact[T]) replaceReason(r Reason) { *f = Unknown[T](r.Code, r.Detail) }

// Element returns a zero value of the type of the fact at a path of Paths; ok is false if there is none.
func Element(a Attributes, path string) (zero any, ok bool) {
	f, err := factAt(a, path)
	if err != nil {
		return nil, false
	}
	return f.element(), true
}

// SetKnown makes the fact at a path of Paths known. The value is of the fact's own type or of one that decoded JSON has
// for it: whole numbers of any type for a number, and a list of any for a list of text. The error is ErrNoFact or
// ErrWrongType, with the path; it never quotes the value.
func SetKnown(a Attributes, path string, value any) error {
	f, err := factAt(a, path)
	if err != nil {
		return err
	}
	if converted, ok := convert(value, f.element()); ok && f.setKnown(converted) {
		return nil
	}
	return fmt.Errorf("%s of %s: %w", path, a.Kind(), ErrWrongType)
}

// absentTag is the struct tag that says what the absence of a fact means.
const absentTag = "absent"

// MayBeAbsent tells whether the fact at a path of Paths can be read and not be there, and what that means, such as
// "never expires". Where it cannot, Encode makes an absent fact unknown.
func MayBeAbsent(a Attributes, path string) (meaning say.Text, ok bool) {
	t := reflect.TypeOf(a).Elem()
	tag := ""
	for step := range strings.SplitSeq(path, ".") {
		next, found := reflect.StructField{}, false
		for i := 0; t.Kind() == reflect.Struct && i < t.NumField() && !found; i++ {
			next, found = t.Field(i), jsonName(t.Field(i)) == step
		}
		if !found {
			return say.Text{}, false
		}
		tag, t = next.Tag.Get(absentTag), next.Type
	}
	return say.Text{EN: tag, NL: absenceNL[tag]}, tag != ""
}

// SetAbsent makes the fact at a path absent. The error is ErrNoFact. See MayBeAbsent.
func SetAbsent(a Attributes, path string) error {
	f, err := factAt(a, path)
	if err != nil {
		return err
	}
	f.setAbsent()
	return nil
}

// SetReason makes the fact at a path unknown for a reason, whatever it was before. The error is ErrNoFact.
func SetReason(a Attributes, path string, r Reason) error {
	f, err := factAt(a, path)
	if err != nil {
		return err
	}
	f.replaceReason(r)
	return nil
}

func factAt(a Attributes, path string) (settable, error) {
	v := reflect.ValueOf(a).Elem()
	for step := range strings.SplitSeq(path, ".") {
		next, found := reflect.Value{}, false
		if _, fact := v.Addr().Interface().(settable); !fact {
			for i := range v.NumField() {
				if jsonName(v.Type().Field(i)) == step {
					next, found = v.Field(i), true
				}
			}
		}
		if !found {
			return nil, fmt.Errorf("%q of %s: %w", path, a.Kind(), ErrNoFact)
		}
		v = next
	}
	if f, ok := v.Addr().Interface().(settable); ok {
		return f, nil
	}
	return nil, fmt.Errorf("%q of %s: %w", path, a.Kind(), ErrNoFact)
}

// convert brings a value to the type of zero where that loses nothing.
func convert(value, zero any) (any, bool) {
	switch zero.(type) {
	case int:
		return whole(value)
	case []string:
		list, ok := value.([]any)
		if !ok {
			return value, true
		}
		out := make([]string, 0, len(list))
		for _, x := range list {
			s, ok := x.(string)
			if !ok {
				return nil, false
			}
			out = append(out, s)
		}
		return out, true
	}
	return value, true
}

func whole(value any) (any, bool) {
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Int, reflect.Int64, reflect.Int32:
		return int(v.Int()), int64(int(v.Int())) == v.Int()
	case reflect.Float64:
		n := int(v.Float())
		return n, float64(n) == v.Float() && n > -1<<53 && n < 1<<53
	case reflect.String:
		// A number that a decoder left as text, such as json.Number; text itself is no number.
		if v.Type() == reflect.TypeFor[string]() {
			return nil, false
		}
		n, err := strconv.Atoi(v.String())
		return n, err == nil
	}
	return nil, false
}
