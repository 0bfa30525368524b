package gate

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/internal/redact"
)

// rawSize is how long, in bytes of JSON, an attribute may be that a rule asks for; a longer one is unknown.
const rawSize = 1 << 20

// RawTypes lists the types, in the words of an input's format (terraform, arm or kubernetes), that rules ask for as they are: a
// reader makes subjects of these also where it knows nothing else to tell of them. Sorted.
func RawTypes(sets []Rules, format string) (types []string) {
	for _, set := range sets {
		for _, kind := range set.Policies.RawKinds() {
			if typ, ok := strings.CutPrefix(string(kind), format+"."); ok {
				types = append(types, typ)
			}
		}
	}
	slices.Sort(types)
	return slices.Compact(types)
}

// raw judges the resource itself by the rules that ask for it. format is the input's, such as terraform-plan.
func (set Rules) raw(ctx context.Context, format string, s *Subject, add func([]assess.Judged, error) error) error {
	format, _, _ = strings.Cut(format, "-")
	kind, paths := set.Policies.RawOf(format, s.Type)
	if len(paths) == 0 {
		return nil
	}
	r := inventory.Resource{ID: s.Draft.ID, Kind: kind, Name: s.Draft.Name, Scope: s.Draft.Scope, Provenance: s.Draft.Provenance}
	tree := map[string]any{}
	for _, path := range paths {
		value, why, ok := attribute(s.Raw, path)
		if why.Code != "" {
			if r.Unknown == nil {
				r.Unknown = map[string]inventory.Reason{}
			}
			r.Unknown[strings.Join(path, ".")] = why
		}
		if ok && (value != nil || why.Code == "") {
			place(tree, path, value)
		}
	}
	raw, err := json.Marshal(tree, json.Deterministic(true))
	r.Attributes = raw
	if err == nil {
		err = r.Attributes.Canonicalize()
	}
	if err != nil {
		return fmt.Errorf("gate: attributes of %s cannot be encoded: %w", s.Address, err)
	}
	return add(set.Judge.Resource(ctx, r))
}

// attribute gives an attribute in plain data, with texts that look like a credential struck out. With a reason, the value is what
// is known of it, if anything. ok is false if the resource has no such attribute.
func attribute(from Raw, path []string) (value any, why inventory.Reason, ok bool) {
	value, why, ok = from.Attribute(path)
	if !ok {
		return nil, beneath(from, path), false
	}
	if value == nil {
		return nil, why, true
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, inventory.Reason{Code: inventory.Malformed, Detail: path[len(path)-1]}, true
	}
	if len(raw) > rawSize {
		return nil, inventory.Reason{Code: inventory.Unsupported, Detail: "size"}, true
	}
	value = nil
	if err := json.Unmarshal(raw, &value, jsontext.AllowDuplicateNames(false)); err != nil {
		return nil, inventory.Reason{Code: inventory.Malformed, Detail: path[len(path)-1]}, true
	}
	if slices.ContainsFunc(path, secretName) && holdsText(value) {
		return nil, inventory.Reason{Code: inventory.Sensitive, Detail: path[len(path)-1]}, true
	}
	return strike(value), why, true
}

// beneath says why nothing is known at a path, where that is not because it is absent: what lies above it is known only later, or
// is a list, whose elements have no names. A rule must ask for the list as a whole.
func beneath(from Raw, path []string) inventory.Reason {
	for n := len(path) - 1; n > 0; n-- {
		value, why, ok := from.Attribute(path[:n])
		if !ok {
			continue
		}
		if why.Code != "" && value == nil {
			return why
		}
		if _, object := value.(map[string]any); !object && value != nil {
			return inventory.Reason{Code: inventory.Malformed, Detail: strings.Join(path[:n], ".")}
		}
		return inventory.Reason{}
	}
	return inventory.Reason{}
}

func strike(value any) any {
	switch v := value.(type) {
	case string:
		return redact.String(v)
	case []any:
		for i := range v {
			v[i] = strike(v[i])
		}
	case map[string]any:
		for k := range v {
			if v[k] = strike(v[k]); secretName(k) && holdsText(v[k]) {
				v[k] = redact.Marker
			}
		}
	}
	return value
}

// place puts a value at a path of a tree. Paths come sorted, so what lies above comes first; where that has the value already, or
// is no object, nothing is to be done.
func place(tree map[string]any, path []string, value any) {
	for _, part := range path[:len(path)-1] {
		next, there := tree[part]
		if !there {
			next = map[string]any{}
			tree[part] = next
		}
		object, is := next.(map[string]any)
		if !is {
			return
		}
		tree = object
	}
	last := path[len(path)-1]
	if _, there := tree[last]; !there {
		tree[last] = value
	}
}
