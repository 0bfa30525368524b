package file

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"waarborg/internal/say"
	"waarborg/internal/strictyaml"
)

// convert brings a number to the other unit, exactly: 99.95 percent is 9995 basis points.
func (u Unit) convert(v any, s shape) (int, bool) {
	n, ok := number(v)
	if !ok || n.Sign() < 0 {
		return 0, false
	}
	n.Mul(n, big.NewRat(units[u.From].size, units[u.To].size))
	whole := new(big.Int).Quo(n.Num(), n.Denom()) // rounded down, for n is not negative
	switch {
	case n.IsInt() || worseBelow[s.key()]:
	case worseAbove[s.key()]:
		whole.Add(whole, big.NewInt(1))
	default:
		return 0, false
	}
	return inRange(whole)
}

func (u Unit) check(report reporter) {
	names := slices.Sorted(maps.Keys(units))
	for _, x := range []struct{ key, unit string }{{"unit.from", u.From}, {"unit.to", u.To}} {
		if _, ok := units[x.unit]; !ok {
			report(x.key, say.Both("%q is not a unit", "%q is geen eenheid", x.unit), strictyaml.Suggest(x.unit, names))
			return
		}
	}
	if units[u.From].of != units[u.To].of {
		report("unit", say.Both("%s cannot be converted to %s", "%s is niet om te rekenen naar %s", u.From, u.To), say.Text{})
	}
}

// number reads a number without rounding; one with a large exponent is none, for it would take gigabytes.
func number(v any) (*big.Rat, bool) {
	text := ""
	switch v := v.(type) {
	case json.Number:
		text = v.String()
	case int, float64:
		text = fmt.Sprint(v)
	}
	if text == "" || len(text) > 40 {
		return nil, false
	}
	if _, exponent, ok := strings.Cut(strings.ToLower(text), "e"); ok && len(strings.TrimLeft(exponent, "+-")) > 2 {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// inRange takes the numbers that facts can be: not negative, and of a size that has a meaning.
func inRange(n *big.Int) (int, bool) {
	if n.Sign() < 0 || n.BitLen() > 31 {
		return 0, false
	}
	return int(n.Int64()), true
}

func scalar(v any) bool {
	switch v.(type) {
	case []any, map[string]any:
		return false
	}
	return true
}

// same compares two single values; numbers by what they are worth.
func same(a, b any) bool {
	if !scalar(a) || !scalar(b) {
		return false
	}
	x, okX := number(a)
	y, okY := number(b)
	if okX && okY {
		return x.Cmp(y) == 0
	}
	return okX == okY && a == b
}

// asText writes a single value as `map` names it.
func asText(v any) string {
	if v == nil {
		return "null"
	}
	if n, ok := number(v); ok {
		if n.IsInt() {
			return n.Num().String()
		}
		return strings.TrimRight(n.FloatString(9), "0")
	}
	return fmt.Sprint(v)
}
