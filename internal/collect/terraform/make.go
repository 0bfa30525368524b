package terraform

import (
	"strings"
	"sync"

	"waarborg/internal/inventory"
)

// load decodes the element of a record. raw is the element, if the caller has it already; former: its values before apply,
// which it is always judged by if it is let go of or goes.
func (g *graph) load(ord uint32, raw []byte, former bool) (resource, error) {
	rec := &g.records[ord]
	r := resource{ord: ord, created: rec.flags&isCreated != 0}
	r.in, r.unmarked = &g.in, g.unmarked
	if raw == nil {
		var err error
		if raw, err = g.bytes(rec.at, int(rec.size), nil); err != nil {
			return r, err
		}
	}
	top, ok := g.in.split(raw)
	if !ok {
		return r, &readError{errInvalid} // it was valid when it was noted
	}
	former = former || rec.flags&isFormer != 0
	r.address, _ = text(find(top, "address"))
	r.typ = g.types[rec.typ]
	if !former {
		r.name, _ = text(find(top, "name"))
		r.key = string(instanceKey(find(top, "index")))
	}
	switch {
	case g.state:
		if step := r.typ + "." + r.name + r.key; len(r.address) > len(step) && strings.HasSuffix(r.address, step) {
			r.module = r.address[:len(r.address)-len(step)-1]
		}
	case !former:
		r.module, _ = text(find(top, "module_address"))
		if rec.flags&isMoved != 0 {
			r.was, _ = text(find(top, "previous_address"))
		}
	}
	if !r.hold(top, g.state, former) {
		return r, &readError{errInvalid}
	}
	return r, nil
}

// hold takes the values and marks of an element: of a state, or those before or after apply.
func (o *object) hold(element []member, state, former bool) (ok bool) {
	var values, unknown, sensitive []byte
	if state {
		values, sensitive = find(element, "values"), find(element, "sensitive_values")
	} else {
		change, _ := o.in.split(find(element, "change"))
		if former {
			values, sensitive = find(change, "before"), find(change, "before_sensitive")
		} else {
			values, unknown, sensitive = find(change, "after"), find(change, "after_unknown"), find(change, "after_sensitive")
		}
	}
	o.unknown, o.sensitive = o.in.marks(unknown), o.in.marks(sensitive)
	if isNull(values) {
		return true
	}
	o.values, ok = o.in.split(values)
	return ok
}

// bare is the node of a record by its own values alone, for others to ask; nil if it has none. It is not changed.
func (g *graph) bare(ord uint32) *node {
	return g.kept(&g.cache.bare, ord, func(s *graph) (*node, error) { return s.mapped(ord, nil) })
}

// closed is the node of a record with all that satellites tell of it; nil if it has none. It is not changed.
func (g *graph) closed(ord uint32) *node {
	return g.kept(&g.cache.closed, ord, func(s *graph) (*node, error) { return s.make(ord, nil) })
}

func (g *graph) kept(c *shelf, ord uint32, get func(*graph) (*node, error)) *node {
	if n, ok := c.get(ord); ok {
		return n
	}
	s := g.sheet()
	defer s.giveBack()
	n, err := get(s)
	if err != nil {
		g.fail(err)
		return nil
	}
	if n != nil {
		n.closing, n.takeOver = nil, nil // they hold on to the element
	}
	c.put(ord, n)
	return n
}

// read lets the mapping of a record make its node and what it tells of others.
func (g *graph) read(ord uint32, raw []byte, former bool) error {
	r, err := g.load(ord, raw, former)
	if err != nil {
		return err
	}
	r.asked = g.asked
	g.last = r
	if m := g.mapping[g.records[ord].typ]; m != nil {
		m(g, r)
	}
	return g.err
}

// mapped is the node that the mapping of a record makes; nil if it makes none.
func (g *graph) mapped(ord uint32, raw []byte) (*node, error) {
	if err := g.read(ord, raw, false); err != nil || len(g.nodes) == 0 {
		return nil, err
	}
	return g.nodes[0], nil
}

// make makes the node of a record, whole.
func (g *graph) make(ord uint32, raw []byte) (*node, error) {
	n, err := g.mapped(ord, raw)
	if err != nil || n == nil {
		return nil, err
	}
	for _, j := range g.jointsOf(ord) {
		if err := g.told(n, j); err != nil {
			return nil, err
		}
	}
	for _, f := range n.closing {
		f()
	}
	if n.parent != nil {
		g.inherit(n)
	}
	if n.store != nil && !n.whole {
		g.closeStore(n)
	}
	if grant, ok := n.attrs.(*inventory.Grant); ok {
		g.closeGrant(n, grant)
	}
	return n, g.err
}

// told lets a satellite tell what it says of n.
func (g *graph) told(n *node, j joint) error {
	s := g.sheet()
	defer s.giveBack()
	if _, err := s.mapped(j.satellite, nil); err != nil {
		return err
	}
	for _, t := range s.satellites {
		switch {
		case !j.exact:
			n.doubts[t.area] = t.to.reason()
		case (t.target == n.typ || t.target == "" && n.store != nil) && t.to.names(n):
			t.apply(n)
		}
	}
	return s.err
}

// resolve returns the node that a reference names, by its own values, if there is exactly one.
func (g *graph) resolve(ref reference) ([]*node, outcome) { return g.resolved(ref, g.bare) }

// resolveClosed is resolve for a datastore with all that satellites and what it stands in tell of it. These ask no datastore
// for as much in turn, so this ends.
func (g *graph) resolveClosed(ref reference) ([]*node, outcome) {
	return g.resolved(ref, func(ord uint32) *node {
		if n := g.bare(ord); n == nil || n.store == nil {
			return n
		}
		return g.closed(ord)
	})
}

func (g *graph) resolved(ref reference, get func(uint32) *node) ([]*node, outcome) {
	found, how := g.find(ref)
	if how != exact {
		return nil, how
	}
	n := get(found[0])
	if n == nil {
		return nil, unresolved
	}
	if !ref.names(n) {
		return nil, outside
	}
	return []*node{n}, exact
}

// cache keeps nodes that others ask for. A node in it is never changed.
type cache struct{ bare, closed shelf }

// shelf keeps the nodes that were asked for last, twice maxShelf at most.
type shelf struct {
	mu       sync.Mutex
	new, old map[uint32]*node
}

const maxShelf = 2048

func (s *shelf) get(ord uint32) (*node, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.new[ord]
	if !ok {
		if n, ok = s.old[ord]; ok {
			s.keep(ord, n)
		}
	}
	return n, ok
}

func (s *shelf) put(ord uint32, n *node) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep(ord, n)
}

func (s *shelf) keep(ord uint32, n *node) {
	if s.new == nil || len(s.new) >= maxShelf {
		s.new, s.old = make(map[uint32]*node, 64), s.new
	}
	s.new[ord] = n
}
