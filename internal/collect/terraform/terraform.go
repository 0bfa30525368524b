// Package terraform reads the output of `terraform show -json`, of a plan or of a state, as an inventory of the Azure
// and Entra resources in it. It needs no access to Azure: a plan tells what a deploy would make before it is made.
//
// A file is read twice. Opening it walks over it once and notes where each resource stands (file.go, change.go, index.go)
// and which resource tells something of which (join.go, follow.go). What a resource is, is then worked out from its own
// bytes and those of what tells of it (make.go), so memory does not grow with the file but by some tens of bytes a resource.
//
// Reading is apart from meaning: table.go says per resource type which function makes its facts, and what it says of
// another resource.
package terraform

import (
	"context"
	"path/filepath"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// Collector reads one file.
type Collector struct{ cfg Config }

// New makes a collector. Nothing is read yet.
func New(cfg Config) *Collector { return &Collector{cfg: cfg} }

// Collect returns a draft for each resource in the file whose type is known (see docs/collectors/terraform.md). A file
// that is no plan or state, or of another format version, is a *collect.Error.
func (c *Collector) Collect(ctx context.Context, env collect.Env) ([]inventory.Draft, error) {
	if env.Step != nil {
		env.Step(say.Both("reading %s", "%s lezen", filepath.Base(c.cfg.File)))
	}
	f, err := Open(ctx, c.cfg, env)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.collect(ctx, env)
}

// collect makes the drafts of everything that is there after apply.
func (f *File) collect(ctx context.Context, env collect.Env) ([]inventory.Draft, error) {
	var list, policies []uint32
	for ord := range f.records {
		switch r := &f.records[ord]; {
		case r.does == drops || table[f.types[r.typ]] == nil:
		case f.types[r.typ] == policyType:
			policies = append(policies, uint32(ord))
		default:
			list = append(list, uint32(ord))
		}
	}
	var out []inventory.Draft
	err := f.each(ctx, list, func(ord uint32, raw []byte) error {
		if f.records[ord].does == forgets {
			if err := f.reportForgotten(ord, raw); err != nil {
				return err
			}
		}
		if isSatellite(f.typeOf(ord)) {
			return nil
		}
		d, ok, err := f.draft(ord, raw)
		if ok {
			out = append(out, d)
		}
		return err
	})
	if err != nil {
		return nil, refusal(f.name, f.limit, err)
	}
	signIns, err := f.signIn(ctx, policies)
	if err != nil {
		return nil, refusal(f.name, f.limit, err)
	}
	if env.Problem != nil {
		for _, p := range f.problems {
			env.Problem(p.Problem)
		}
	}
	return append(out, signIns...), nil
}

// draft makes the draft of a record; ok is false if it has none.
func (f *File) draft(ord uint32, raw []byte) (d inventory.Draft, ok bool, err error) {
	g := f.sheet()
	defer g.giveBack()
	n, err := g.make(ord, raw)
	if err != nil || n == nil || n.hidden {
		return d, false, err
	}
	return inventory.Draft{ID: f.env.ID(n.shown), Name: n.shown, Scope: n.scope, Attributes: n.attrs, Provenance: n.source}, true, nil
}

// signIn makes the drafts of conditional access, of policies together.
func (f *File) signIn(ctx context.Context, policies []uint32) ([]inventory.Draft, error) {
	g := f.sheet()
	defer g.giveBack()
	err := f.each(ctx, policies, func(ord uint32, raw []byte) error {
		if f.records[ord].does == forgets {
			if err := f.reportForgotten(ord, raw); err != nil {
				return err
			}
		}
		_, err := g.mapped(ord, raw)
		return err
	})
	return f.signIns(g.policies), err
}

// reportForgotten says that a resource goes on existing without Terraform.
func (f *File) reportForgotten(ord uint32, raw []byte) error {
	list, _ := members(raw, nil)
	address, _ := text(find(list, "address"))
	h := head{address: address, typ: f.typeOf(ord)}
	shown := publicAddress(f.env.Pseudonyms, address, true)
	if told[h.typ] != nil {
		shown = f.shown(h, ord)
	}
	f.problem(say.Both("what becomes of %s, which is taken out of Terraform's care but goes on existing",
		"wat er gebeurt met %s, dat uit het beheer van Terraform gaat maar blijft bestaan", shown),
		inventory.Reason{Code: inventory.Undeclared, Detail: "forget"},
		say.Both("it is judged as it is now, and not again by a later plan: remove it, bring it back with an import block, or read it from the live system",
			"het wordt beoordeeld zoals het nu is, en door een later plan niet meer: verwijder het, haal het terug met een import-blok, of lees het uit het systeem zelf"))
	return nil
}

// isSatellite tells whether a type only tells something of other resources.
func isSatellite(typ string) bool { return attached[typ] }
