package terraform

import (
	"strconv"

	"waarborg/internal/inventory"
)

// attributes gives the attributes of a resource as the file has them. Nothing is decoded before it is asked for.
type attributes struct {
	element                 []byte
	state, former, unmarked bool
}

// Attribute implements gate.Raw. A step of the path can be a number, of an element of a list. Of a list or object in which
// a part is marked, the reason is returned; what is beside that part has a longer path.
func (a *attributes) Attribute(path []string) (value any, why inventory.Reason, ok bool) {
	if len(path) == 0 {
		return nil, inventory.Reason{}, false
	}
	o, last := object{unmarked: a.unmarked, in: &decoder{}}, len(path)-1
	if top, ok := o.in.split(a.element); !ok || !o.hold(top, a.state, a.former) {
		return nil, inventory.Reason{Code: inventory.Malformed, Detail: path[0]}, true
	}
	reason := func(code string) inventory.Reason { return inventory.Reason{Code: code, Detail: path[0]} }
	value0 := find(o.values, path[0])
	unknown, allUnknown := o.unknown.marked(path[0])
	sensitive, allSensitive := o.sensitive.marked(path[0])
	for i := 0; ; i++ {
		switch {
		case allSensitive || i == last && anyMark(sensitive):
			return nil, reason(inventory.Sensitive), true
		case allUnknown || i == last && anyMark(unknown):
			return nil, reason(inventory.AfterApply), true
		case value0 == nil && o.unmarked:
			return nil, reason(inventory.AfterApply), true
		case value0 == nil:
			return nil, inventory.Reason{}, false
		case i == last:
			value, ok := decode(value0, 0)
			if !ok {
				return nil, reason(inventory.Malformed), true
			}
			return value, inventory.Reason{}, true
		}
		value0 = step(value0, path[i+1])
		unknown, sensitive = step(unknown, path[i+1]), step(sensitive, path[i+1])
		allUnknown, allSensitive = isTrue(unknown), isTrue(sensitive)
	}
}

// step is a member of an object or an element of a list; nil if there is none.
func step(raw []byte, name string) []byte {
	if list, ok := members(raw, nil); ok {
		return find(list, name)
	}
	items, _ := elements(raw, nil)
	i, err := strconv.Atoi(name)
	if err != nil || i < 0 || i >= len(items) || strconv.Itoa(i) != name {
		return nil
	}
	return items[i]
}

// anyMark tells whether a tree of marks marks anything.
func anyMark(raw []byte) bool {
	if list, ok := members(raw, nil); ok {
		for _, m := range list {
			if anyMark(m.value) {
				return true
			}
		}
		return false
	}
	if items, ok := elements(raw, nil); ok {
		for _, item := range items {
			if anyMark(item) {
				return true
			}
		}
		return false
	}
	return isTrue(raw)
}

// decode makes a value as encoding/json does. ok is false for numbers that float64 does not hold.
func decode(raw []byte, level int) (value any, ok bool) {
	if level > depth {
		return nil, false
	}
	if list, isObject := members(raw, nil); isObject {
		out := make(map[string]any, len(list))
		for _, m := range list {
			if out[string(m.name)], ok = decode(m.value, level+1); !ok {
				return nil, false
			}
		}
		return out, true
	}
	if items, isList := elements(raw, nil); isList {
		out := make([]any, len(items))
		for i, item := range items {
			if out[i], ok = decode(item, level+1); !ok {
				return nil, false
			}
		}
		return out, true
	}
	switch v := (&decoder{}).single(raw).(type) {
	case noNumber, composite:
		return nil, false
	default:
		return v, true
	}
}
