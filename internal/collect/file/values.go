package file

import (
	"math/big"
	"net/netip"
	"slices"
	"strings"
	"time"

	"waarborg/internal/inventory"
)

// value takes a value of the export as it is, if it has the type and form of the fact.
func (s shape) value(v any) (any, bool) {
	switch s.zero.(type) {
	case bool:
		b, ok := v.(bool)
		return b, ok
	case int:
		n, ok := number(v)
		if !ok || !n.IsInt() {
			return nil, false
		}
		return inRange(n.Num())
	case string:
		t, ok := v.(string)
		if !ok {
			return nil, false
		}
		return s.text(t)
	case []string:
		return s.texts(v)
	}
	return nil, false
}

func (s shape) texts(v any) (any, bool) {
	list, ok := v.([]any)
	if !ok {
		return nil, false
	}
	out := make([]string, 0, len(list))
	for _, x := range list {
		t, ok := x.(string)
		if !ok {
			return nil, false
		}
		if t, ok = s.text(t); !ok {
			return nil, false
		}
		out = append(out, t)
	}
	if !ordered[s.key()] {
		slices.Sort(out)
		out = slices.Compact(out)
	}
	return out, true
}

// text takes only what cannot be free text: a word of the fact's own, a date, a country, a range, or an id.
func (s shape) text(t string) (string, bool) {
	set, closed := words[s.key()]
	switch {
	case closed:
		t = strings.ToLower(t)
		return t, slices.Contains(set, t)
	case s.moment() != noMoment:
		return s.moment().parse(t)
	case countries[s.key()]:
		return t, country.MatchString(t)
	case s.key() == "datastore network.allowed_ranges":
		return addresses(t)
	}
	return t, slug.MatchString(t)
}

// addresses reads a CIDR range or one address.
func addresses(t string) (string, bool) {
	if p, err := netip.ParsePrefix(t); err == nil {
		return p.Masked().String(), true
	}
	a, err := netip.ParseAddr(t)
	if err != nil || a.Zone() != "" {
		return "", false
	}
	return netip.PrefixFrom(a, a.BitLen()).String(), true
}

// parse reads a date or time and writes it as the fact wants it, in UTC. Years that stand for "never", such as 1 or
// 9999, are refused.
func (m moment) parse(t string) (string, bool) {
	at, err := time.Parse(time.RFC3339, t)
	if err != nil {
		at, err = time.Parse(time.DateOnly, t)
	}
	at = at.UTC()
	if err != nil || at.Year() < 1970 || at.Year() > 2199 {
		return "", false
	}
	if m == day {
		return at.Format(time.DateOnly), true
	}
	return at.Truncate(time.Second).Format(time.RFC3339), true
}

// since is the time that was so many units ago.
func since(v any, unit string, now time.Time) (string, bool) {
	n, ok := number(v)
	if !ok || n.Sign() < 0 {
		return "", false
	}
	n.Mul(n, big.NewRat(units[unit].size, units["seconds"].size))
	seconds, _ := n.Float64()
	if seconds > 200*365*86_400 { // more than a duration can hold, and no age of anything
		return "", false
	}
	return now.Add(-time.Duration(seconds * float64(time.Second))).UTC().Format(time.RFC3339), true
}

func pseudonyms(v any, s shape, names *inventory.Pseudonyms) (result, bool) {
	token := func(v any) (string, bool) {
		t, ok := v.(string)
		if !ok || strings.TrimSpace(t) == "" {
			return "", false
		}
		return names.Token(t), true
	}
	if _, one := s.zero.(string); one {
		t, ok := token(v)
		return result{value: t}, ok
	}
	list, ok := v.([]any)
	out := make([]string, 0, len(list))
	for _, x := range list {
		t, isText := token(x)
		ok = ok && isText
		out = append(out, t)
	}
	return result{value: out}, ok
}
