package terraform

import (
	"bytes"
	"context"
	jsonv2 "encoding/json/v2"
	"maps"
	"slices"
	"strings"

	"waarborg/internal/collect"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// Given is a resource that another format was translated to: the attributes of an azurerm type, as a plan would have them.
type Given struct {
	Address   string         // as the engineer knows it; one that occurs twice gets a number
	Type      string         // azurerm type
	Name      string         // of the resource in Azure, for references by name; may be empty
	ID        string         // Azure id, for references by id; may be empty
	Change    gate.Change    // what the deploy does with it; empty: it stays as it is
	Was       string         // address before a move
	Values    map[string]any // as decoded from JSON: string, bool, float64, []any, map[string]any, nil
	Unknown   any            // tree of marks as after_unknown: true, or a map or list of marks
	Sensitive any            // tree of marks as after_sensitive; what it marks need not be in Values
	Drop      bool           // it goes: not judged, but what it was joined to is
}

// Options of a reader.
type Options struct {
	RawTypes []string // types of which each changed resource becomes a subject, also if they have no mapping
	Partial  bool     // there may be more than what is listed, such as a firewall rule of an earlier deploy: nothing follows from silence
}

// FromResources reads resources that another format was translated to, in the order of the list. name and format become
// those of Info, whose Digest and Size are left to the caller. The list is not kept. What is not in it counts as not there, unless the options say otherwise.
func FromResources(name, format string, list []Given, o Options, env collect.Env) gate.Reader {
	f, err := fromGiven(name, format, list, o, env)
	if err == nil {
		var r gate.Reader
		if r, err = f.Reader(context.Background()); err == nil {
			return r
		}
	}
	return failed{err, gate.Info{Name: name, Format: format}}
}

// fromGiven writes each resource as an element of resource_changes, which is then read as one of a file.
func fromGiven(name, format string, list []Given, o Options, env collect.Env) (*File, error) {
	f := newFile(Config{File: name, RawTypes: o.RawTypes}, env)
	f.format, f.complete, f.made = format, !o.Partial, env.Now()
	f.source, _, _ = strings.Cut(format, "-")
	p := newHeadParser(&f.index, false)
	var text []byte
	for i, r := range list {
		raw, err := r.element()
		var n noted
		if err != nil || len(raw) > f.limit || !p.element(raw, int64(len(text)), &n) {
			return nil, &collect.Error{Code: inventory.Malformed, Msg: say.Both("%s: resource %d of type %s cannot be read", "%s: object %d van type %s is niet te lezen", name, i+1, r.Type),
				Hint: say.Both("make the file again with the tool it comes from", "maak het bestand opnieuw met het programma waar het vandaan komt")}
		}
		for i := range n.entries[:n.count] {
			e := &n.entries[i]
			e.clash, e.address = f.hash(r.Address), 0
			if at := slices.Index(changes[:], r.Change); e.does != drops && at > 0 && r.Change != "" {
				e.does = does(at)
			}
		}
		f.note(&n)
		text = append(text, raw...)
	}
	f.at, f.size = bytes.NewReader(text), int64(len(text))
	f.seal()
	return f, f.join(context.Background())
}

// element is the resource as a plan has it.
func (r Given) element() ([]byte, error) {
	values := maps.Clone(r.Values)
	if values == nil {
		values = map[string]any{}
	}
	if r.ID != "" {
		values["id"] = r.ID
	}
	if r.Name != "" {
		values["name"] = r.Name
	}
	type change struct {
		Actions   []string `json:"actions"`
		Before    any      `json:"before,omitzero"`
		After     any      `json:"after,omitzero"`
		Unknown   any      `json:"after_unknown,omitzero"`
		Sensitive any      `json:"after_sensitive,omitzero"`
		Former    any      `json:"before_sensitive,omitzero"`
	}
	c := change{Actions: []string{"update"}, After: values, Unknown: r.Unknown, Sensitive: r.Sensitive}
	switch {
	case r.Drop:
		c = change{Actions: []string{"delete"}, Before: values, Former: r.Sensitive}
	case r.Change == gate.Forget:
		c = change{Actions: []string{"forget"}, Before: values, Former: r.Sensitive}
	case r.Change == gate.Create:
		c.Actions[0] = "create"
	case r.Change == "":
		c.Actions[0] = "no-op"
	}
	return jsonv2.Marshal(struct {
		Address string `json:"address"`
		Was     string `json:"previous_address,omitempty"`
		Mode    string `json:"mode"`
		Type    string `json:"type"`
		Change  change `json:"change"`
	}{r.Address, r.Was, "managed", r.Type, c}, jsonv2.Deterministic(true))
}

// failed is a reader of something that could not be read.
type failed struct {
	err  error
	info gate.Info
}

func (f failed) Info() gate.Info { return f.info }
func (f failed) Units() int      { return 1 }
func (f failed) Close() error    { return nil }
func (f failed) Read(_ context.Context, _, _ int, out []gate.Subject) ([]gate.Subject, error) {
	return out, f.err
}
