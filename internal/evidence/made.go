package evidence

import (
	"bytes"
	"slices"

	"waarborg/internal/inventory"
	"waarborg/internal/strictjson"
)

// MadeOf tells whether an assessment was made of these inputs: the rules, terms in force, regions, duties and, of a whole one,
// waivers. Nobody seals them, so whoever signs something about a kept assessment asks for them anew. Of a slice, what it
// has must be among them. The error is ErrOtherRules or ErrBroken.
func (a Assessment) MadeOf(in Inputs) error {
	if a.Rules != in.Policies.Digest {
		return &Error{Kind: ErrOtherRules, Msg: "the evidence was assessed with other rules than there are now", Hint: "make the assessment again"}
	}
	resources := make([]inventory.Resource, len(a.Resources))
	for i, e := range a.Resources {
		r, err := e.Resource()
		if err != nil {
			return err
		}
		resources[i] = r
	}
	want := Assessment{Duties: slices.Sorted(slices.Values(in.Duties))}
	for _, c := range in.Customers {
		terms, err := strictjson.Canonical(orEmpty(c.Terms))
		if err != nil {
			return broken(err, "the terms of customer %q cannot be encoded", c.ID)
		}
		want.Customers = append(want.Customers, Customer{ID: c.ID, Applications: append([]string{}, c.Applications...), Terms: terms})
	}
	if !same(a.Duties, want.Duties) {
		return broken(nil, "it names other clauses as the customer's own duties")
	}
	regions, err := strictjson.Canonical(orEmpty(in.Regions))
	if err == nil && !a.Whole() {
		regions, err = regionsFor(a.Resources, regions)
	}
	if err != nil || !bytes.Equal(regions, a.Regions) {
		return broken(err, "it has other regions than the workspace")
	}
	if a.Whole() {
		switch {
		case !same(a.Customers, want.Customers):
			return broken(nil, "it has other terms than were in force")
		case !same(a.Waivers, waivers(in, resources, a.Resources)):
			return broken(nil, "it has other waivers than the workspace had then")
		}
		return nil
	}
	for _, c := range a.Customers {
		if !slices.ContainsFunc(want.Customers, func(w Customer) bool { return same(c, w) }) {
			return broken(nil, "it has other terms than were in force")
		}
	}
	return nil
}

// same compares two values by their canonical JSON.
func same(a, b any) bool {
	x, err1 := strictjson.Canonical(a)
	y, err2 := strictjson.Canonical(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}
