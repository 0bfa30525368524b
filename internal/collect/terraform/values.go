package terraform

import (
	"math"
	"net/netip"
	"regexp"
	"strings"
	"time"

	"waarborg/internal/inventory"
)

// object is the values of a resource or of a block in it, beside Terraform's marks of what is known only after apply
// and of what is sensitive: trees of the same shape with `true` at the marked places. Nothing is decoded before it is read.
type object struct {
	values    []member
	unknown   marks
	sensitive marks
	unmarked  bool // of planned_values: what is unknown is left out there, so a missing value may be anything
	in        *decoder
}

// marks is one level of a tree of marks.
type marks struct {
	members []member
	all     bool // everything is marked
}

// marked looks up the mark of an attribute. whole is true if all of the attribute is marked.
func (t marks) marked(name string) (sub []byte, whole bool) {
	if t.all {
		return nil, true
	}
	sub = find(t.members, name)
	return sub, isTrue(sub)
}

// reading is one attribute as the file has it.
type reading struct {
	value any              // nil if absent or not readable
	why   inventory.Reason // why it is not readable; Code is empty if it is, or if it is absent
}

func (r reading) absent() bool { return r.value == nil && r.why.Code == "" }

// text returns the value if it is a string that is not empty.
func (r reading) text() string {
	s, _ := r.value.(string)
	return s
}

// read returns the first of the named attributes that is there; several names are one attribute's names in different
// versions of the provider.
func (o object) read(names ...string) reading {
	raw, why := o.raw(names...)
	if raw == nil {
		return reading{why: why}
	}
	return reading{value: o.in.single(raw)}
}

// raw is read before decoding: nil if the attribute is absent or not readable.
func (o object) raw(names ...string) ([]byte, inventory.Reason) {
	for _, name := range names {
		if _, whole := o.sensitive.marked(name); whole {
			return nil, inventory.Reason{Code: inventory.Sensitive, Detail: name}
		}
		if _, whole := o.unknown.marked(name); whole {
			return nil, inventory.Reason{Code: inventory.AfterApply, Detail: name}
		}
		if v := find(o.values, name); !isNull(v) {
			return v, inventory.Reason{}
		}
	}
	if o.unmarked {
		return nil, inventory.Reason{Code: inventory.AfterApply, Detail: names[0]}
	}
	return nil, inventory.Reason{}
}

// listed tells whether the file names the attribute at all, be it as null.
func (o object) listed(name string) bool { return find(o.values, name) != nil }

// fact reads an attribute and gives it a meaning. An absent attribute stays unset: what the provider or Azure fills in
// is not guessed. convert returns the code of a reason if the value has the wrong type, or a word nobody knows.
func fact[T any](o object, convert func(any) (T, string), names ...string) inventory.Fact[T] {
	r := o.read(names...)
	if r.why.Code != "" {
		return inventory.Unknown[T](r.why.Code, r.why.Detail)
	}
	if r.absent() {
		return inventory.Fact[T]{}
	}
	v, bad := convert(r.value)
	if bad != "" {
		return inventory.Unknown[T](bad, names[0])
	}
	return inventory.Known(v)
}

// list reads an attribute that is a list, with the marks of its elements.
func (o object) list(name string) (items, unknown, sensitive [][]byte, listed bool, why inventory.Reason) {
	raw, why := o.raw(name)
	if raw == nil {
		return nil, nil, nil, false, why
	}
	items, ok := o.in.list(raw)
	if !ok {
		return nil, nil, nil, false, inventory.Reason{Code: inventory.Malformed, Detail: name}
	}
	mark, _ := o.unknown.marked(name)
	unknown, _ = o.in.list(mark)
	mark, _ = o.sensitive.marked(name)
	sensitive, _ = o.in.list(mark)
	return items, unknown, sensitive, true, inventory.Reason{}
}

// blocks reads a list of nested blocks. listed is false if the attribute is absent; an empty list that is listed says
// that there is no such block.
func (o object) blocks(name string) (list []object, listed bool, why inventory.Reason) {
	items, unknown, sensitive, listed, why := o.list(name)
	if !listed {
		return nil, false, why
	}
	for i, item := range items {
		values, ok := o.in.split(item)
		if !ok {
			if isTrue(element(unknown, i)) {
				return nil, false, inventory.Reason{Code: inventory.AfterApply, Detail: name}
			}
			return nil, false, inventory.Reason{Code: inventory.Malformed, Detail: name}
		}
		list = append(list, object{values: values, unknown: o.in.marks(element(unknown, i)), sensitive: o.in.marks(element(sensitive, i)),
			unmarked: o.unmarked, in: o.in})
	}
	// Marks for more blocks than there are values: some blocks are known only after apply.
	if len(unknown) > len(items) {
		return nil, false, inventory.Reason{Code: inventory.AfterApply, Detail: name}
	}
	return list, true, inventory.Reason{}
}

func element(list [][]byte, i int) []byte {
	if i < len(list) {
		return list[i]
	}
	return nil
}

// block reads a block that occurs at most once. found is false where it is absent or not readable.
func (o object) block(name string) (b object, found, listed bool, why inventory.Reason) {
	list, listed, why := o.blocks(name)
	if len(list) == 0 {
		return object{}, false, listed, why
	}
	return list[0], true, listed, why
}

// strings reads a list of strings. listed is false if the attribute is absent; why says what of the list is not readable.
func (o object) strings(name string) (list []string, listed bool, why inventory.Reason) {
	items, unknown, sensitive, listed, why := o.list(name)
	if !listed {
		return nil, false, why
	}
	if len(unknown) > len(items) {
		why = inventory.Reason{Code: inventory.AfterApply, Detail: name}
	}
	for i, item := range items {
		switch {
		case isTrue(element(sensitive, i)):
			why = inventory.Reason{Code: inventory.Sensitive, Detail: name}
		case isTrue(element(unknown, i)):
			why = inventory.Reason{Code: inventory.AfterApply, Detail: name}
		case item[0] != '"':
			why = inventory.Reason{Code: inventory.Malformed, Detail: name}
		default:
			s, _ := o.in.single(item).(string)
			list = append(list, s)
		}
	}
	return list, true, why
}

// object reads an attribute that is an object, such as tags.
func (o object) object(name string) (object, inventory.Reason) {
	raw, why := o.raw(name)
	values, _ := o.in.split(raw)
	unknown, _ := o.unknown.marked(name)
	sensitive, _ := o.sensitive.marked(name)
	return object{values: values, unknown: o.in.marks(unknown), sensitive: o.in.marks(sensitive), in: o.in}, why
}

func asBool(v any) (bool, string) {
	b, ok := v.(bool)
	if !ok {
		return false, inventory.Malformed
	}
	return b, ""
}

func asNot(v any) (bool, string) {
	b, bad := asBool(v)
	return !b, bad
}

// asCount reads a whole number that is not negative.
func asCount(v any) (int, string) {
	f, ok := v.(float64)
	if !ok || f != math.Trunc(f) || f < 0 || f > math.MaxInt32 {
		return 0, inventory.Malformed
	}
	return int(f), ""
}

// oneOf reads a word of a closed list, in any case. A word that is not in it is unknown, and never carried over.
func oneOf[T any](words map[string]T) func(any) (T, string) {
	return func(v any) (T, string) {
		s, ok := v.(string)
		if !ok {
			return *new(T), inventory.Malformed
		}
		t, ok := words[strings.ToLower(s)]
		if !ok {
			return *new(T), inventory.Unsupported
		}
		return t, ""
	}
}

// Azure writes regions as "West Europe" or "westeurope". Only this form is carried over; any other text could be
// anything.
// It is letters, with at most one digit among the last.
func isRegion(s string) bool {
	digit := -1
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9' && digit < 0:
			digit = i
		case c < 'a' || c > 'z':
			return false
		}
	}
	if digit < 0 {
		return len(s) >= 2 && len(s) <= 32
	}
	return digit >= 2 && digit <= 24 && len(s)-digit-1 <= 8
}

func asLocation(v any) (inventory.Location, string) {
	s, ok := v.(string)
	s = strings.ToLower(strings.ReplaceAll(s, " ", ""))
	if !ok || !isRegion(s) {
		return inventory.Location{}, inventory.Malformed
	}
	return inventory.Location{Provider: "azure", Region: s}, ""
}

func asDate(v any) (string, string) {
	s, ok := v.(string)
	t, err := time.Parse(time.RFC3339, s)
	if !ok || err != nil {
		return "", inventory.Malformed
	}
	return t.UTC().Format(time.RFC3339), ""
}

var (
	durationForm = regexp.MustCompile(`^P(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?(?:T[0-9HMS]{1,12})?$`)
	daysOfUnits  = [4]int{365, 30, 7, 1}
)

// asDays reads an ISO 8601 duration in whole days, a year as 365 and a month as 30; hours and less are dropped.
func asDays(v any) (int, string) {
	s, ok := v.(string)
	parts := durationForm.FindStringSubmatch(s)
	if !ok || parts == nil || len(s) < 3 {
		return 0, inventory.Malformed
	}
	days := 0
	for i, unit := range daysOfUnits {
		n := 0
		for _, c := range parts[i+1] {
			n = n*10 + int(c-'0')
		}
		days += n * unit
	}
	return days, ""
}

// asRange reads an IP address or CIDR range.
func asRange(s string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p.Masked(), true
	}
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

// rangesBetween returns the CIDR ranges that cover the IPv4 addresses from first to last.
func rangesBetween(first, last string) ([]netip.Prefix, bool) {
	a, errA := netip.ParseAddr(first)
	b, errB := netip.ParseAddr(last)
	if errA != nil || errB != nil || !a.Is4() || !b.Is4() || b.Less(a) {
		return nil, false
	}
	var out []netip.Prefix
	for {
		bits := 32
		for bits > 0 {
			wider := netip.PrefixFrom(a, bits-1)
			if wider.Masked().Addr() != a || b.Less(lastOf(wider)) {
				break
			}
			bits--
		}
		p := netip.PrefixFrom(a, bits)
		out = append(out, p)
		end := lastOf(p)
		if !end.Less(b) {
			return out, true
		}
		a = end.Next()
	}
}

// lastOf is the last address of an IPv4 range.
func lastOf(p netip.Prefix) netip.Addr {
	b := p.Addr().As4()
	for i := p.Bits(); i < 32; i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	return netip.AddrFrom4(b)
}
