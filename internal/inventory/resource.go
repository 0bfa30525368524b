package inventory

import (
	"cmp"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"waarborg/internal/say"
)

// Scope says whose personal data a resource serves. Customers, where set, decides; else Applications means every
// customer that takes one of them; else every customer. Too wide is safe: the strictest terms then apply.
type Scope struct {
	Customers    []string `json:"customers,omitempty"`
	Applications []string `json:"applications,omitempty"`
	Internal     bool     `json:"internal,omitzero"` // of no customer in particular: in the overall view alone
}

// Provenance says where a resource's facts come from, so that a reader can look again.
type Provenance struct {
	Collector  string    `json:"collector"`            // terraform, postgres, vault, file
	Source     string    `json:"source"`               // id of the source in the workspace
	Call       string    `json:"call"`                 // what was read: a file, a catalogue, a path of an API
	At         time.Time `json:"at"`                   // when, UTC, to the second
	Permission string    `json:"permission,omitempty"` // with which permission, in the source's words
	File       string    `json:"file,omitempty"`       // for file sources: its name, without folders of this machine
	Line       int       `json:"line,omitzero"`
	// Filled names the facts that this source does not know and another report of the same thing does: path to resource id.
	Filled map[string]string `json:"filled,omitempty"`
}

// Draft is what a collector reports: typed facts that are not encoded yet, so that the data map can still add to them.
type Draft struct {
	ID         string // stable between collections, unique in a snapshot: "source/address"
	Name       string // for people; never a person's name
	Scope      Scope
	Attributes Attributes
	Provenance Provenance
}

// Resource is one collected thing. Attributes is RFC 8785 canonical JSON of the known facts (absent ones are null);
// what is missing there is unknown, by the reason in Unknown or, where that is silent, NotReported.
type Resource struct {
	ID         string            `json:"id"`
	Kind       Kind              `json:"kind"`
	Name       string            `json:"name"`
	Scope      Scope             `json:"scope,omitempty"`
	Attributes jsontext.Value    `json:"attributes"`
	Unknown    map[string]Reason `json:"unknown,omitempty"`
	Provenance Provenance        `json:"provenance"`
}

// Encode makes the Resource of a draft.
func (d Draft) Encode() (Resource, error) {
	if d.ID == "" || d.Attributes == nil {
		return Resource{}, fmt.Errorf("inventory: a resource without id or attributes, from source %q", d.Provenance.Source)
	}
	tree, unknown := map[string]any{}, map[string]Reason{}
	encodeStruct(reflect.ValueOf(d.Attributes).Elem(), "", tree, unknown)
	raw, err := json.Marshal(tree, json.Deterministic(true))
	if err != nil {
		return Resource{}, fmt.Errorf("inventory: encoding resource %q: %w", d.ID, err)
	}
	value := jsontext.Value(raw)
	if err := value.Canonicalize(); err != nil {
		return Resource{}, fmt.Errorf("inventory: encoding resource %q: %w", d.ID, err)
	}
	d.Provenance.At = d.Provenance.At.UTC().Truncate(time.Second)
	if len(unknown) == 0 {
		unknown = nil
	}
	return Resource{ID: d.ID, Kind: d.Attributes.Kind(), Name: d.Name, Scope: d.Scope, Attributes: value,
		Unknown: unknown, Provenance: d.Provenance}, nil
}

// encodeStruct writes the facts of a struct into tree and the reasons of the unknown ones into unknown. Facts that
// nobody set leave no trace: missing means NotReported. An absent fact of which absence means nothing is unknown, or a
// rule that asks whether something is wrong would find that it is not.
func encodeStruct(v reflect.Value, prefix string, tree map[string]any, unknown map[string]Reason) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name := jsonName(field)
		f, ok := v.Field(i).Interface().(anyFact)
		if !ok {
			sub := map[string]any{}
			encodeStruct(v.Field(i), prefix+name+".", sub, unknown)
			if len(sub) > 0 {
				tree[name] = sub
			}
			continue
		}
		st, value, reason := f.parts()
		switch st {
		case stateKnown:
			tree[name] = normal(value)
		case stateAbsent:
			if field.Tag.Get(absentTag) == "" {
				unknown[prefix+name] = Reason{Code: Malformed, Detail: "absent"}
				continue
			}
			tree[name] = nil
		case statePartial:
			tree[name] = normal(value)
			unknown[prefix+name] = reason
		case stateUnknown:
			if reason.Code != "" {
				unknown[prefix+name] = reason
			}
		}
	}
}

// normal makes a nil slice an empty list: known to be empty is not the same as absent.
func normal(value any) any {
	if v := reflect.ValueOf(value); v.Kind() == reflect.Slice && v.IsNil() {
		return []any{}
	}
	return value
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// Compare orders resources by kind and id, which is the order of a snapshot.
func Compare(a, b Resource) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

// EncodeAll encodes and sorts drafts. Two drafts with one id are an error: one would hide the other.
func EncodeAll(drafts []Draft) ([]Resource, error) {
	out := make([]Resource, 0, len(drafts))
	seen := map[string]string{}
	for _, d := range drafts {
		if other, dup := seen[d.ID]; dup {
			return nil, &say.Error{Msg: say.Both("inventory: id %q is reported twice, by source %q and source %q",
				"id %q wordt twee keer gemeld, door bron %q en bron %q", d.ID, other, d.Provenance.Source)}
		}
		seen[d.ID] = d.Provenance.Source
		r, err := d.Encode()
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	slices.SortFunc(out, Compare)
	return out, nil
}

// Paths lists the attribute paths of a kind, dotted and sorted: what a rule may name in its `needs`.
func Paths(a Attributes) []string {
	var out []string
	var walk func(t reflect.Type, prefix string)
	walk = func(t reflect.Type, prefix string) {
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Type.Implements(reflect.TypeFor[anyFact]()) {
				out = append(out, prefix+jsonName(f))
				continue
			}
			walk(f.Type, prefix+jsonName(f)+".")
		}
	}
	walk(reflect.TypeOf(a).Elem(), "")
	slices.Sort(out)
	return out
}

// UnknownAt returns the reason if path, something above it, or something below it is unknown in the resource's list.
// It does not see facts that are merely missing.
func (r Resource) UnknownAt(path string) (Reason, bool) {
	for p, reason := range r.Unknown {
		if p == path || strings.HasPrefix(p, path+".") || strings.HasPrefix(path, p+".") {
			return reason, true
		}
	}
	return Reason{}, false
}

// SetUnknown makes every fact of the attributes that nobody set unknown for the given reason.
func SetUnknown(a Attributes, reason Reason) {
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		for i := range v.NumField() {
			f := v.Field(i)
			if u, ok := f.Addr().Interface().(interface{ setUnknown(Reason) }); ok {
				u.setUnknown(reason)
				continue
			}
			walk(f)
		}
	}
	walk(reflect.ValueOf(a).Elem())
}

// Fill completes a draft with what another report of the same thing knows: facts that are wholly unknown here and known
// there. What is known here stays, also where the other differs, so that each is judged by what it says itself.
func (d *Draft) Fill(from Draft) {
	if d.Attributes.Kind() != from.Attributes.Kind() {
		return
	}
	var walk func(into, other reflect.Value, prefix string)
	walk = func(into, other reflect.Value, prefix string) {
		for i := range into.NumField() {
			path := prefix + jsonName(into.Type().Field(i))
			f, ok := into.Field(i).Addr().Interface().(interface{ fill(any) bool })
			if !ok {
				walk(into.Field(i), other.Field(i), path+".")
				continue
			}
			if f.fill(other.Field(i).Interface()) {
				if d.Provenance.Filled == nil {
					d.Provenance.Filled = map[string]string{}
				}
				d.Provenance.Filled[path] = from.ID
			}
		}
	}
	walk(reflect.ValueOf(d.Attributes).Elem(), reflect.ValueOf(from.Attributes).Elem(), "")
}
