package assess

import (
	"time"

	"waarborg/internal/inventory"
)

// Teller says judgements in words, one at a time, for outcomes that are too many to hold at once. It is the processor's own
// view: of no customer in particular. It belongs to one goroutine.
type Teller struct{ b builder }

// Teller makes a teller. Customer and Private of the view are not used.
func (p *Policies) Teller(v View) *Teller {
	v.Customer, v.Private = "", nil
	t := &Teller{builder{view: v, rules: map[string]*Rule{}, uses: make([]WaiverUse, len(v.Waivers))}}
	for _, r := range p.Rules {
		t.b.rules[r.ID] = r
	}
	t.b.startWaivers()
	return t
}

// Result says a judgement. Of the resource id, name, kind and provenance are used; party is the sub-processor that it is or is
// hosted by, or empty. A waiver changes nothing here, see Waive.
func (t *Teller) Result(r inventory.Resource, party string, j Judged) Result {
	t.b.party = party
	return t.b.result(r, j)
}

// Waive finds the waiver that holds for a rule's failure at a resource, and counts it as used; ok is false if there is none.
func (t *Teller) Waive(r *Rule, resource string) (w Waiver, ok bool) {
	if found := t.b.waive(r, resource); found != nil {
		return *found, true
	}
	return Waiver{}, false
}

// LastDay is the last day on which a waiver holds.
func (w Waiver) LastDay() string { return w.Expires.Add(-1).Format(time.DateOnly) }

// Theirs tells whether a rule is about the customer's own duties alone: it is said, and no fault of the processor's.
func (t *Teller) Theirs(r *Rule) bool { return t.b.view.theirs(r) }

// Uses says what became of every waiver so far.
func (t *Teller) Uses() []WaiverUse {
	out := make([]WaiverUse, len(t.b.uses))
	for i, u := range t.b.uses {
		if u.State == "" {
			u.State = WaiverUnused
		}
		out[i] = u
	}
	return out
}

// Party is the sub-processor that a draft is, or is hosted by, by its id in the register; empty where facts do not say.
func Party(d inventory.Draft) string {
	var id string
	switch a := d.Attributes.(type) {
	case *inventory.Datastore:
		id, _ = a.Provider.Value()
	case *inventory.Processing:
		id, _ = a.Provider.Value()
	case *inventory.Supplier:
		id, _ = a.Register.Value()
	}
	return id
}
