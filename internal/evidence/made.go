package evidence

import (
	"bytes"
	"slices"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/strictjson"
)

// MadeOf tells whether an assessment was made of these inputs: the rules, terms in force, regions, duties and, of a whole one,
// waivers. Nobody seals them, so whoever signs something about a kept assessment asks for them anew. Of a slice, what it
// has must be among them. The error is ErrOtherRules or ErrBroken.
func (a Assessment) MadeOf(in Inputs) error {
	if a.Rules != in.Policies.Digest {
		return &Error{Kind: ErrOtherRules, Msg: say.Both("the evidence was assessed with other rules than there are now",
			"het bewijs is beoordeeld met andere regels dan er nu zijn"),
			Hint: say.Both("make the assessment again", "maak de beoordeling opnieuw")}
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
			return broken(err, say.Both("the terms of customer %q cannot be encoded",
				"de voorwaarden van klant %q zijn niet te coderen", c.ID))
		}
		want.Customers = append(want.Customers, Customer{ID: c.ID, Applications: append([]string{}, c.Applications...), Terms: terms})
	}
	if !same(a.Duties, want.Duties) {
		return broken(nil, say.Both("it names other clauses as the customer's own duties",
			"het noemt andere bepalingen als eigen plichten van de klant"))
	}
	regions, err := strictjson.Canonical(orEmpty(in.Regions))
	if err == nil && !a.Whole() {
		regions, err = regionsFor(a.Resources, regions)
	}
	if err != nil || !bytes.Equal(regions, a.Regions) {
		return broken(err, say.Both("it has other regions than the workspace", "het heeft andere regio's dan de werkmap"))
	}
	if a.Whole() {
		switch {
		case !same(a.Customers, want.Customers):
			return broken(nil, say.Both("it has other terms than were in force", "het heeft andere voorwaarden dan er golden"))
		case !same(a.Waivers, waivers(in, resources, a.Resources)):
			return broken(nil, say.Both("it has other waivers than the workspace had then",
				"het heeft andere acceptaties dan de werkmap toen had"))
		}
		return nil
	}
	for _, c := range a.Customers {
		if !slices.ContainsFunc(want.Customers, func(w Customer) bool { return same(c, w) }) {
			return broken(nil, say.Both("it has other terms than were in force", "het heeft andere voorwaarden dan er golden"))
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
