package arm

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"waarborg/internal/collect"
	"waarborg/internal/collect/terraform"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
)

// reader gives the subjects that package terraform makes of the translation, as resources of Azure.
type reader struct {
	gate.Reader
	info   gate.Info
	origin map[string]*found // by address
}

// newReader translates what was found and hands it to package terraform.
func newReader(r *result, info gate.Info, partial bool, env collect.Env) (gate.Reader, error) {
	items := r.items()
	givens := r.givens(items)
	if err := r.withinBudget(); err != nil {
		return nil, err
	}
	out := &reader{origin: map[string]*found{}}
	wanted := map[string]bool{}
	for _, it := range items {
		if it.into {
			continue
		}
		out.origin[it.address] = it.found
		if r.raw[strings.ToLower(it.typ)] {
			wanted[it.azurerm] = true
		}
	}
	options := terraform.Options{RawTypes: slices.Sorted(maps.Keys(wanted)), Partial: partial}
	out.Reader = terraform.FromResources(info.Name, info.Format, givens, options, env)
	out.info = out.Reader.Info()
	for _, g := range givens {
		if g.Change == "" && !g.Drop {
			r.skipped["no-op"]-- // counted by the translation, which knows what is judged for what it is joined to
		}
	}
	if r.skipped["no-op"] += out.info.Skipped["no-op"]; r.skipped["no-op"] <= 0 {
		delete(r.skipped, "no-op")
	}
	out.info.Digest, out.info.Size, out.info.Skipped = info.Digest, info.Size, r.skipped
	out.info.Problems = slices.Concat(r.problems, out.info.Problems)
	return out, nil
}

func (r *reader) Info() gate.Info { return r.info }

// Read puts Azure's own words in the place of those of the translation.
func (r *reader) Read(ctx context.Context, from, to int, out []gate.Subject) ([]gate.Subject, error) {
	start := len(out)
	out, err := r.Reader.Read(ctx, from, to, out)
	for i := start; i < len(out); i++ {
		s := &out[i]
		f := r.origin[s.Address]
		if f == nil {
			continue
		}
		s.Type, s.Raw = f.typ, raw{f.body, f.unknown}
		s.Draft.Provenance.Collector, s.Draft.Provenance.Call = "arm", f.typ
	}
	return out, err
}

// raw is a resource as its template has it, evaluated.
type raw struct {
	body    map[string]any
	unknown bool
}

// Attribute finds members by their names in any case, as Azure does, and elements of lists by their number.
func (r raw) Attribute(path []string) (any, inventory.Reason, bool) {
	var v any = r.body
	detail := strings.Join(path, ".")
	for _, step := range path {
		if isOpaque(v) {
			break
		}
		next, ok := stepInto(v, step)
		switch {
		case !ok && r.unknown:
			return nil, inventory.Reason{Code: inventory.AfterApply, Detail: detail}, true
		case !ok || next == nil:
			return nil, inventory.Reason{}, false
		}
		v = next
	}
	budget := &evaluator{}
	mark, opaque := budget.inside(v, 0)
	if !opaque && !budget.spent {
		if value, ok := told(v); ok {
			return value, inventory.Reason{}, true
		}
	}
	code := inventory.Malformed
	switch mark.(type) {
	case secret:
		code = inventory.Sensitive
	case after:
		code = inventory.AfterApply
	}
	return nil, inventory.Reason{Code: code, Detail: detail}, true
}

func stepInto(v any, step string) (any, bool) {
	switch t := v.(type) {
	case map[string]any:
		return field(t, step)
	case []any:
		if i, err := strconv.Atoi(step); err == nil && 0 <= i && i < len(t) {
			return t[i], true
		}
	}
	return nil, false
}

// told copies a value, so that who asks cannot change it. ok is false if it has what JSON has not.
func told(v any) (any, bool) {
	switch t := v.(type) {
	case nil, bool, float64, string:
		return v, true
	case []any:
		out := make([]any, len(t))
		for i := range t {
			var ok bool
			if out[i], ok = told(t[i]); !ok {
				return nil, false
			}
		}
		return out, true
	case map[string]any:
		out := make(map[string]any, len(t))
		for k, member := range t {
			var ok bool
			if out[k], ok = told(member); !ok {
				return nil, false
			}
		}
		return out, true
	}
	return nil, false
}
