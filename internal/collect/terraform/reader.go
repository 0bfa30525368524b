package terraform

import (
	"context"
	"maps"
	"slices"

	"waarborg/internal/gate"
	"waarborg/internal/inventory"
)

// reader gives the subjects of a file: what the deploy makes or changes, and what that touches.
type reader struct {
	*File
	units   []uint32 // records that become a subject
	touched []bool   // by record: it stays as it is, but something that its facts depend on changes
	signIns bool     // a last unit is conditional access, of all policies together
	info    gate.Info

	going going
}

// Reader reads f for the gate. Closing it closes f. ctx bounds the search for what changes touch.
func (f *File) Reader(ctx context.Context) (gate.Reader, error) {
	r := &reader{File: f}
	var err error
	if r.touched, err = f.touchedBy(ctx); err != nil {
		return nil, refusal(f.name, f.limit, err)
	}
	r.signIns = f.policyGone
	joined := 0
	for ord := range f.records {
		rec := &f.records[ord]
		typ := f.types[rec.typ]
		judged := rec.does != stays && rec.does != drops
		switch {
		case typ == policyType:
			r.signIns = r.signIns || judged
			if !f.raw[typ] {
				continue
			}
		case told[typ] == nil && !f.raw[typ]:
			continue
		case rec.does == stays && r.touched != nil && r.touched[ord]:
			joined++
			judged = true
		}
		if judged {
			r.units = append(r.units, uint32(ord))
		}
	}
	r.signIns = r.signIns && (len(f.policies) > 0 || f.policyGone)
	r.info = gate.Info{Name: f.name, Format: f.format, Digest: f.digest, Size: f.size, Drift: f.drift, Skipped: maps.Clone(f.skipped)}
	if f.input > 0 {
		r.info.Size = f.input
	}
	if r.info.Skipped["no-op"] -= joined; r.info.Skipped["no-op"] <= 0 {
		delete(r.info.Skipped, "no-op")
	}
	for _, p := range f.problems {
		if !p.resting {
			r.info.Problems = append(r.info.Problems, gate.Problem{What: p.What, Reason: p.Reason, Hint: p.Hint})
		}
	}
	return r, nil
}

func (r *reader) Info() gate.Info { return r.info }

func (r *reader) Units() int {
	if r.signIns {
		return len(r.units) + 1
	}
	return len(r.units)
}

// Read implements gate.Reader.
func (r *reader) Read(ctx context.Context, from, to int, out []gate.Subject) ([]gate.Subject, error) {
	list := r.units[min(from, len(r.units)):min(to, len(r.units))]
	g := r.sheet()
	defer func() { g.giveBack() }()
	err := r.each(ctx, list, func(ord uint32, raw []byte) error {
		s, ok, err := r.subject(g, ord, raw)
		if ok {
			out = append(out, s)
		}
		g.clear()
		return err
	})
	if err == nil && to > len(r.units) && r.signIns {
		out, err = r.conditionalAccess(ctx, out)
	}
	if err != nil {
		return out, refusal(r.name, r.limit, err)
	}
	return out, nil
}

// notInPlan is why a fact is not known that a plan can show and this one does not: another thing than one that none shows.
var notInPlan = inventory.Reason{Code: inventory.NotReported, Detail: "plan"}

func (r *reader) subject(g *graph, ord uint32, raw []byte) (s gate.Subject, ok bool, err error) {
	n, err := g.make(ord, raw)
	if err != nil {
		return s, false, err
	}
	rec := &r.records[ord]
	s = gate.Subject{Type: g.last.typ, Change: changes[rec.does], Was: publicAddress(r.env.Pseudonyms, g.last.was, grants[g.last.typ]),
		Raw: &attributes{raw, r.state, rec.flags&isFormer != 0, r.unmarked}}
	if rec.does == stays {
		s.Change = gate.Joined
	}
	switch {
	case n != nil && !n.hidden:
		s.Draft = inventory.Draft{ID: r.env.ID(n.shown), Name: n.shown, Scope: n.scope, Attributes: n.attrs, Provenance: n.source}
		s.Address, s.Tells = n.shown, told[s.Type]
		leaveUnknown(n.attrs, s.Tells, notInPlan)
		return s, true, nil
	case r.raw[s.Type]:
		s.Address = r.shown(g.last.head, ord)
		s.Draft = inventory.Draft{ID: r.env.ID(s.Address), Name: s.Address, Provenance: r.provenance(s.Type)}
		return s, true, nil
	}
	return s, false, nil
}

// conditionalAccess appends the subjects that the policies make together.
func (r *reader) conditionalAccess(ctx context.Context, out []gate.Subject) ([]gate.Subject, error) {
	drafts, err := r.signIn(ctx, r.policies)
	change := gate.Joined
	for i, ord := range r.policies {
		switch does := r.records[ord].does; {
		case does == stays:
		case i == 0 || change == changes[does]:
			change = changes[does]
		default:
			change = gate.Update
		}
		if change == gate.Create && r.records[ord].does == stays {
			change = gate.Update
		}
	}
	for _, d := range drafts {
		leaveUnknown(d.Attributes, told[policyType], notInPlan)
		out = append(out, gate.Subject{Draft: d, Address: d.Name, Type: policyType, Change: change, Tells: told[policyType]})
	}
	return out, err
}

// edge says that the facts of one record depend on another.
type edge struct{ from, to uint32 }

// touchedBy finds what stays as it is while something that its facts depend on changes or goes: a satellite, what it
// stands in, what it is a right on, or what one of these uses. nil: nothing.
func (f *File) touchedBy(ctx context.Context) ([]bool, error) {
	var queue, resting, former []uint32
	for ord := range f.records {
		rec := &f.records[ord]
		typ := f.types[rec.typ]
		switch rec.does {
		case stays:
			if asks[typ] || rec.flags&isAttached != 0 {
				resting = append(resting, uint32(ord))
			}
		case moves, present:
		case drops:
			former = append(former, uint32(ord))
		default:
			queue = append(queue, uint32(ord))
			if rec.flags&(isAttached|isFormer) == isAttached && rec.does != creates {
				former = append(former, uint32(ord))
			}
		}
	}
	if f.skipped["no-op"] == 0 || len(queue)+len(former) == 0 {
		return nil, nil
	}
	g := f.sheet()
	defer func() { g.giveBack() }()
	touched := make([]bool, len(f.records))
	mark := func(list []uint32) {
		for _, ord := range list {
			if f.records[ord].does == stays && !touched[ord] {
				touched[ord] = true
				queue = append(queue, ord)
			}
		}
	}
	// What a satellite belonged to before it changed or went.
	err := f.each(ctx, former, func(ord uint32, raw []byte) error {
		if err := g.read(ord, raw, true); err != nil {
			return err
		}
		for _, s := range g.satellites {
			found, _ := g.find(s.to)
			mark(found)
		}
		g.clear()
		return nil
	})
	if err != nil {
		return nil, err
	}
	var edges []edge
	for _, j := range f.joined {
		if f.records[j.target].does == stays {
			edges = append(edges, edge{j.satellite, j.target})
		}
	}
	var asked []reference
	g.asked = &asked
	defer func() { g.asked = nil }()
	err = f.each(ctx, resting, func(ord uint32, raw []byte) error {
		asked = asked[:0]
		if err := g.read(ord, raw, false); err != nil {
			return err
		}
		for _, ref := range asked {
			if slices.ContainsFunc(g.satellites, func(s satellite) bool { return slices.Equal(s.to.path, ref.path) }) {
				continue
			}
			found, _ := g.find(ref)
			for _, target := range found {
				edges = append(edges, edge{target, ord})
			}
		}
		g.clear()
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(edges, func(a, b edge) int { return int(a.from) - int(b.from) })
	for len(queue) > 0 {
		from := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		i, _ := slices.BinarySearchFunc(edges, from, func(e edge, from uint32) int { return int(e.from) - int(from) })
		for ; i < len(edges) && edges[i].from == from; i++ {
			mark([]uint32{edges[i].to})
		}
	}
	return touched, g.err
}
