package terraform

import (
	"bytes"
	"encoding/json/jsontext"
	"strings"
)

// headParser notes what of each element of resource_changes, or of a module of a state, is needed to find it again. One
// goroutine uses it.
type headParser struct {
	x       *index
	modules map[string]string // each address of a module instance once
	state   bool              // elements are those of a state or of planned_values
	top     []member
	inner   []member
	values  []member
	actions [][]byte
	secret  decoder
}

// noted is what became of one element.
type noted struct {
	entries [2]entry
	count   int    // entries used
	skipped string // why it is not judged, if it is not: data, delete, no-op, no mapping
	typ     string // a type without a mapping that is there after apply
	changed bool   // the deploy makes or changes it
}

func newHeadParser(x *index, state bool) *headParser {
	return &headParser{x: x, state: state, modules: map[string]string{}}
}

// element notes one element of the file; ok is false if it does not have the form of one.
func (p *headParser) element(raw []byte, at int64, out *noted) (ok bool) {
	*out = noted{}
	if !jsontext.Value(raw).IsValid() {
		return false
	}
	if p.top, ok = members(raw, p.top[:0]); !ok {
		return false
	}
	var h headText
	var mode, typ, deposed, previous []byte
	var change, index []byte
	for _, m := range p.top {
		var into *[]byte
		switch string(m.name) {
		case "address":
			into = &h.address
		case "module_address":
			into = &h.module
		case "mode":
			into = &mode
		case "type":
			into = &typ
		case "name":
			into = &h.name
		case "deposed", "deposed_key":
			into = &deposed
		case "previous_address":
			into = &previous
		case "index":
			index = m.value
			continue
		case "change":
			change = m.value
			continue
		default:
			continue
		}
		if *into, ok = textBytes(m.value); !ok {
			return false
		}
	}
	h.key = instanceKey(index)
	no, wanted := p.x.typeNo[string(typ)]
	e := entry{record: record{at: at, size: uint32(len(raw)), typ: no}}
	if p.state {
		return p.present(&h, e, mode, typ, deposed, wanted, out)
	}
	return p.change(&h, e, change, mode, typ, deposed, previous, wanted, out)
}

// present notes an element of a state or of planned_values.
func (p *headParser) present(h *headText, e entry, mode, typ, deposed []byte, wanted bool, out *noted) bool {
	switch {
	case string(mode) == "data":
		out.skipped = "data"
		return true
	case len(deposed) > 0:
		out.skipped = "delete"
		return true
	case !wanted:
		out.typ, out.changed, out.skipped = string(typ), true, "no mapping"
		return true
	}
	step := make([]byte, 0, len(typ)+len(h.name)+len(h.key)+1)
	step = append(append(append(append(step, typ...), '.'), h.name...), h.key...)
	if module, ok := bytes.CutSuffix(h.address, step); ok && len(module) > 1 {
		h.module = module[:len(module)-1]
	}
	e.does = present
	return p.note(h, e, string(typ), find(p.top, "values"), find(p.top, "sensitive_values"), out)
}

// change notes an element of resource_changes. With `forget` the object that was there goes on existing, beside a new one
// or alone, and also if it is a deposed one.
func (p *headParser) change(h *headText, e entry, change, mode, typ, deposed, previous []byte, wanted bool, out *noted) (ok bool) {
	p.inner = p.inner[:0]
	if !isNull(change) {
		if p.inner, ok = members(change, p.inner); !ok {
			return false
		}
	}
	p.actions = p.actions[:0]
	if raw := find(p.inner, "actions"); !isNull(raw) {
		if p.actions, ok = elements(raw, p.actions); !ok {
			return false
		}
	}
	did, forgotten := deed(p.actions)
	moved := len(previous) > 0 && !bytes.Equal(previous, h.address)
	switch {
	case did == stays && !isNull(find(p.inner, "importing")), did == updates && !isNull(find(p.inner, "importing")):
		did = imports
	case moved && (did == stays || did == creates):
		did = moves
	}
	if len(deposed) > 0 {
		did = drops
	}
	switch {
	case string(mode) == "data":
		out.skipped = "data"
		return true
	case did == drops && !forgotten:
		out.skipped = "delete"
		if !wanted || len(deposed) > 0 {
			return true
		}
	case !wanted:
		out.typ, out.changed = string(typ), did != stays
		out.skipped = "no mapping"
		if did == stays {
			out.skipped = "no-op"
		}
		return true
	case did == stays:
		out.skipped = "no-op"
	}
	if len(h.address) == 0 || bytes.IndexByte(h.address, '~') >= 0 && !plainSteps(string(h.address)) {
		return false
	}
	if moved {
		e.flags |= isMoved
	}
	for _, a := range p.actions {
		if string(a) == `"create"` {
			e.flags |= isCreated
		}
	}
	managed := did != drops
	e.does = did
	if managed && !p.note(h, e, string(typ), find(p.inner, "after"), find(p.inner, "after_sensitive"), out) {
		return false
	}
	if managed && !forgotten {
		return true
	}
	// Without module, name and key: what the configuration refers to is not this one.
	former := headText{address: h.address}
	e.flags = e.flags&^(isCreated|isMoved) | isFormer
	if forgotten {
		e.does = forgets
		if managed || len(deposed) > 0 {
			e.flags |= isSecond
		}
	}
	before := find(p.inner, "before")
	if e.does == drops && !isNull(before) && before[0] != '{' {
		return true
	}
	return p.note(&former, e, string(typ), before, find(p.inner, "before_sensitive"), out)
}

// note makes an entry of an element with values.
func (p *headParser) note(h *headText, e entry, typ string, values, sensitive []byte, out *noted) (ok bool) {
	p.values = p.values[:0]
	if !isNull(values) {
		if p.values, ok = members(values, p.values); !ok {
			return false
		}
	}
	if len(h.address) == 0 {
		return false
	}
	e.flags &^= isAttached
	if attached[typ] {
		e.flags |= isAttached
	}
	p.secret.clear()
	secret := p.secret.marks(sensitive)
	for _, m := range p.values {
		var into *[]byte
		switch string(m.name) {
		case "id":
			into = &h.id
		case "name":
			into = &h.resourceName
		case "role_definition_resource_id":
			into = &h.otherID
		case "create_mode":
			if s, _ := textBytes(m.value); copied[typ] && len(s) > 0 && string(s) != "Default" {
				e.flags |= isAttached
			}
			continue
		default:
			continue
		}
		if _, whole := secret.marked(string(m.name)); !whole {
			*into, _ = textBytes(m.value)
		}
	}
	// What goes is not there after apply, so nothing finds it; only what it was joined to, and its address, are looked for.
	if e.does != drops {
		p.x.hashes(&e, typ, h)
		if e.local != 0 {
			e.module = p.intern(h.module)
		}
	}
	out.entries[out.count] = e
	out.count++
	return true
}

func (p *headParser) intern(module []byte) string {
	if len(module) == 0 {
		return ""
	}
	if s, ok := p.modules[string(module)]; ok {
		return s
	}
	s := string(module)
	if len(p.modules) < maxWords {
		p.modules[s] = s
	}
	return s
}

// deed says what actions do. An action that is not known counts as a change: it is better to judge a resource too many.
func deed(actions [][]byte) (d does, forgotten bool) {
	var creating, deleting, other, none bool
	for _, a := range actions {
		switch string(a) {
		case `"create"`:
			creating = true
		case `"delete"`:
			deleting = true
		case `"forget"`:
			forgotten = true
		case `"no-op"`:
			none = true
		case `"read"`:
			deleting = deleting || len(actions) == 1
		default:
			other = true
		}
	}
	switch {
	case creating && deleting:
		return replaces, forgotten
	case creating:
		return creates, forgotten
	case other, len(actions) == 0:
		return updates, forgotten
	case none:
		return stays, forgotten
	}
	return drops, forgotten
}

// plainSteps tells whether the names in an address, apart from instance keys, are free of the mark that ids end in.
func plainSteps(address string) bool {
	for _, s := range splitAddress(address) {
		if name, _ := splitKey(s); strings.Contains(name, "~") {
			return false
		}
	}
	return true
}

// textBytes is a string value as bytes, nil for null; ok is false if it is none.
func textBytes(raw []byte) (s []byte, ok bool) {
	if len(raw) >= 2 && raw[0] == '"' {
		if bytes.IndexByte(raw, '\\') < 0 {
			return raw[1 : len(raw)-1], true
		}
		return []byte(unquote(raw)), true
	}
	return nil, isNull(raw)
}

// instanceKey writes an index as an address does: [0] or ["a"].
func instanceKey(index []byte) []byte {
	if len(index) == 0 || index[0] != '"' && index[0] != '-' && (index[0] < '0' || index[0] > '9') {
		return nil
	}
	out := make([]byte, 0, len(index)+2)
	return append(append(append(out, '['), index...), ']')
}
