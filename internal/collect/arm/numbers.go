package arm

import (
	"encoding/json/jsontext"
	jsonv2 "encoding/json/v2"
	"maps"
	"math"
	"strings"
)

// closedFunctions are those that need all they are given.
func closedFunctions() map[string]function {
	out := map[string]function{
		"equals": equals, "not": not,
		"less": compare(func(c int) bool { return c < 0 }), "lessorequals": compare(func(c int) bool { return c <= 0 }),
		"greater": compare(func(c int) bool { return c > 0 }), "greaterorequals": compare(func(c int) bool { return c >= 0 }),
		"add":   arithmetic(func(a, b float64) (float64, bool) { return a + b, true }),
		"sub":   arithmetic(func(a, b float64) (float64, bool) { return a - b, true }),
		"mul":   arithmetic(func(a, b float64) (float64, bool) { return a * b, true }),
		"div":   arithmetic(func(a, b float64) (float64, bool) { return math.Trunc(a / b), b != 0 }),
		"mod":   arithmetic(func(a, b float64) (float64, bool) { return math.Mod(a, b), b != 0 }),
		"min":   extreme(func(a, b float64) bool { return a < b }),
		"max":   extreme(func(a, b float64) bool { return a > b }),
		"take":  part(func(n, size int) (int, int) { return 0, min(n, size) }),
		"skip":  part(func(n, size int) (int, int) { return min(n, size), size }),
		"range": numbers, "intersection": intersection, "float": toFloat,
	}
	maps.Copy(out, textFunctions())
	return out
}

// decodeText reads JSON that stands in a text of the template.
func decodeText(s string) (any, error) {
	var v any
	if err := jsonv2.Unmarshal([]byte(s), &v, jsontext.AllowDuplicateNames(false)); err != nil {
		return nil, err
	}
	return unmarked(v), nil
}

// equals tells text apart by case, as Azure does; values that are deep are compared by how they are written.
func equals(f frame, args []any) (any, bool) {
	if len(args) != 2 {
		return nil, false
	}
	var a, b strings.Builder
	f.program.write(&a, args[0], 0)
	f.program.write(&b, args[1], 0)
	return a.String() == b.String(), true
}

func not(_ frame, args []any) (any, bool) {
	if len(args) != 1 {
		return nil, false
	}
	b, ok := args[0].(bool)
	return !b, ok
}

func compare(holds func(int) bool) function {
	return func(_ frame, args []any) (any, bool) {
		if len(args) != 2 {
			return nil, false
		}
		if a, ok := args[0].(float64); ok {
			b, ok := args[1].(float64)
			switch {
			case a < b:
				return holds(-1), ok
			case a > b:
				return holds(1), ok
			}
			return holds(0), ok
		}
		a, okA := args[0].(string)
		b, okB := args[1].(string)
		return holds(strings.Compare(a, b)), okA && okB
	}
}

func arithmetic(fn func(a, b float64) (float64, bool)) function {
	return func(_ frame, args []any) (any, bool) {
		if len(args) != 2 {
			return nil, false
		}
		a, okA := args[0].(float64)
		b, okB := args[1].(float64)
		v, ok := fn(a, b)
		return v, okA && okB && ok && math.Abs(v) < 1<<53
	}
}

func extreme(better func(a, b float64) bool) function {
	return func(_ frame, args []any) (any, bool) {
		if len(args) == 1 {
			args, _ = args[0].([]any)
		}
		if len(args) == 0 {
			return nil, false
		}
		best, ok := args[0].(float64)
		for _, a := range args {
			n, isNumber := a.(float64)
			if ok = ok && isNumber; ok && better(n, best) {
				best = n
			}
		}
		return best, ok
	}
}

// part takes a part of text or a list.
func part(bounds func(n, size int) (int, int)) function {
	return func(_ frame, args []any) (any, bool) {
		if len(args) != 2 {
			return nil, false
		}
		f, ok := args[1].(float64)
		n := int(max(0, min(f, maxText)))
		switch t := args[0].(type) {
		case string:
			runes := []rune(t)
			from, to := bounds(n, len(runes))
			return string(runes[from:to]), ok
		case []any:
			from, to := bounds(n, len(t))
			return t[from:to:to], ok
		}
		return nil, false
	}
}

func numbers(f frame, args []any) (any, bool) {
	if len(args) != 2 {
		return nil, false
	}
	start, okStart := args[0].(float64)
	n, okN := args[1].(float64)
	if !okStart || !okN || n < 0 || n > 10_000 || !f.program.charge(int(n)) {
		return nil, false
	}
	out := make([]any, int(n))
	for i := range out {
		out[i] = start + float64(i)
	}
	return out, true
}

func toFloat(_ frame, args []any) (any, bool) {
	if len(args) == 1 {
		if n, ok := args[0].(float64); ok {
			return n, true
		}
	}
	return after{}, true
}

func intersection(f frame, args []any) (any, bool) {
	if len(args) < 2 {
		return nil, false
	}
	// Of lists alone; the members that objects have in common are rarely asked for.
	keep, ok := args[0].([]any)
	if !ok {
		return after{}, true
	}
	for _, a := range args[1:] {
		list, ok := a.([]any)
		if !ok {
			return nil, false
		}
		have := map[string]bool{}
		for _, v := range list {
			have[f.written(v)] = true
		}
		var both []any
		for _, v := range keep {
			if have[f.written(v)] {
				both = append(both, v)
			}
		}
		keep = both
	}
	return append([]any{}, keep...), true
}

// written is the text that values are told apart by.
func (f frame) written(v any) string {
	var b strings.Builder
	f.program.write(&b, v, 0)
	return b.String()
}
