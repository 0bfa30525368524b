package terraform

import (
	"cmp"
	"context"
	"encoding/json/jsontext"
	"slices"

	"waarborg/internal/collect"
	"waarborg/internal/say"
)

// configuration knows where in the file the expressions of resources, module calls and outputs stand. They are read when a
// reference is followed.
type configuration []configured

type configured struct {
	hash uint64
	at   int64
	size uint32
}

// What an entry of the configuration is of; the first part of its hash.
const (
	ofResource = "resource" // module address without keys, type, name: the whole resource
	ofCall     = "call"     // address of the caller, name of the call: its expressions
	ofOutputs  = "outputs"  // module address: all outputs
)

// configure notes where the parts of the configuration stand.
func (f *File) configure(ctx context.Context, s section) (configuration, error) {
	dec := f.part(ctx, s)
	var out configuration
	note := func(raw []byte, parts ...string) {
		out = append(out, configured{f.hash(parts...), s.at + dec.InputOffset() - int64(len(raw)), uint32(len(raw))})
	}
	err := eachMember(dec, func(name string) error {
		if name != "root_module" {
			return dec.SkipValue()
		}
		return configureModule(dec, "", note)
	})
	if err := readingError(ctx, err, malformed(f.name, say.Same("configuration"))); err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b configured) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.at, b.at)) })
	return slices.Clip(out), nil
}

func configureModule(dec *jsontext.Decoder, address string, note func(raw []byte, parts ...string)) error {
	return eachMember(dec, func(name string) error {
		switch name {
		case "resources":
			var list []member
			return eachElement(dec, func() error {
				raw, err := dec.ReadValue()
				if err != nil {
					return err
				}
				var ok bool
				if list, ok = members(raw, list[:0]); !ok && !isNull(raw) {
					return errInvalid
				}
				mode, _ := text(find(list, "mode"))
				typ, okType := text(find(list, "type"))
				name, okName := text(find(list, "name"))
				if !okType || !okName {
					return errInvalid
				}
				if mode != "data" {
					note(raw, ofResource, address, typ, name)
				}
				return nil
			})
		case "outputs":
			raw, err := dec.ReadValue()
			if err == nil && !isNull(raw) {
				note(raw, ofOutputs, address)
			}
			return err
		case "module_calls":
			return eachMember(dec, func(call string) error {
				return eachMember(dec, func(name string) error {
					switch name {
					case "module":
						return configureModule(dec, join(address, "module."+call), note)
					case "expressions":
						raw, err := dec.ReadValue()
						if err == nil && !isNull(raw) {
							note(raw, ofCall, address, call)
						}
						return err
					}
					return dec.SkipValue()
				})
			})
		}
		return dec.SkipValue()
	})
}

// maxConfigured is how large an entry of the configuration may be to be followed; what is larger can be anything.
const maxConfigured = 4 << 20

// configured returns the members of an entry of the configuration. ok is false if there is none, or no certain one.
func (g *graph) configured(parts ...string) (list []member, ok bool) {
	hash := g.hash(parts...)
	i, found := slices.BinarySearchFunc(g.config, hash, func(c configured, h uint64) int { return cmp.Compare(c.hash, h) })
	if !found || i+1 < len(g.config) && g.config[i+1].hash == hash || g.config[i].size > maxConfigured {
		return nil, false
	}
	raw, err := g.bytes(g.config[i].at, int(g.config[i].size), nil)
	if err != nil {
		g.fail(err)
		return nil, false
	}
	return members(raw, nil)
}

// resource finds the configuration of a resource.
func (g *graph) resource(h head) (list []member, ok bool) {
	return g.configured(ofResource, withoutKeys(h.module), h.typ, h.name)
}

// references lists what an expression refers to. ok is false if it is not an expression, but nothing or a nested block.
func references(expression []byte) (refs []string, ok bool) {
	list, ok := members(expression, nil)
	if !ok {
		return nil, false
	}
	items, _ := elements(find(list, "references"), nil)
	for _, item := range items {
		s, ok := text(item)
		if !ok {
			return nil, false
		}
		refs = append(refs, s)
	}
	return refs, true
}

// expression finds an attribute in the configuration. Of nested blocks there must be one: which block of several made
// which value is not told.
func expression(resource []member, path []string) []byte {
	level, ok := members(find(resource, "expressions"), nil)
	for i, step := range path {
		e := find(level, step)
		if !ok || isNull(e) {
			return nil
		}
		if i == len(path)-1 {
			return e
		}
		blocks, _ := elements(e, nil)
		if len(blocks) != 1 {
			return nil
		}
		level, ok = members(blocks[0], nil)
	}
	return nil
}

// sealed sorts the index, and refuses a file in which two resources have one address.
func (f *File) sealed() error {
	twice := f.seal()
	for i := 0; i+1 < len(twice); i += 2 {
		a, err := f.addressOf(twice[i].ord)
		if err != nil {
			return err
		}
		b, err := f.addressOf(twice[i+1].ord)
		if err != nil {
			return err
		}
		if a == b {
			return &collect.Error{Code: "malformed",
				Msg: say.Both("%s: two resources have one address, %s", "%s: twee objecten hebben één adres, %s", f.name, publicAddress(f.env.Pseudonyms, a, true)),
				Hint: say.Both("make it again with `terraform show -json`, and do not change it afterwards",
					"maak het opnieuw met `terraform show -json`, en wijzig het daarna niet")}
		}
	}
	return nil
}

func (f *File) addressOf(ord uint32) (string, error) {
	raw, err := f.bytes(f.records[ord].at, int(f.records[ord].size), nil)
	if err != nil {
		return "", err
	}
	list, _ := members(raw, nil)
	s, _ := text(find(list, "address"))
	return s, nil
}
