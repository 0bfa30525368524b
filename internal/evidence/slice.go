package evidence

import (
	"context"
	"encoding/json/v2"
	"slices"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// Slice returns what a customer may see of a whole assessment: the resources of which something is judged for it. Its own
// are named; those that may serve others too are not, for they may be named after them. Facts that can speak of others are only those of resources that serve it
// alone, and what rests on others' is stated. It fails if no terms are in force for the customer.
func (a Assessment) Slice(ctx context.Context, p *assess.Policies, customer string) (Assessment, error) {
	if !a.Whole() {
		return Assessment{}, broken(nil, say.Both("it is a slice already", "het is al het deel van één klant"))
	}
	if a.Particulars == nil {
		return Assessment{}, broken(nil, say.Both("it is not whole", "het is niet volledig"))
	}
	if customer == "" || !slices.ContainsFunc(a.Customers, func(c Customer) bool { return c.ID == customer }) {
		return Assessment{}, &Error{Kind: ErrNoCustomer, Msg: say.Both("no terms are in force for customer %q on %s",
			"voor klant %q gelden er op %s geen voorwaarden", customer, a.At.Format("2006-01-02")),
			Hint: say.Both("check its id, and when its contract starts", "controleer het id, en wanneer het contract begint")}
	}
	r, err := a.replay(ctx, p, customer)
	if err != nil {
		return Assessment{}, err
	}
	view, err := a.build(r, p, customer, "en")
	if err != nil {
		return Assessment{}, err
	}
	out := Assessment{Schema: a.Schema, Version: a.Version, At: a.At, Customer: customer, Rules: a.Rules, Header: a.Header, Seal: a.Seal,
		Resources: []Entry{}, Duties: a.Duties, Sources: view.Sources}
	for _, c := range a.Customers {
		if c.ID == customer || c.ID == assess.Standard {
			out.Customers = append(out.Customers, c)
		}
	}
	var indexes []int
	named := map[string]int{} // index by what results call a resource
	shared := map[inventory.Kind]int{}
	for i, e := range a.Resources {
		var visible []assess.Judged
		for _, j := range r.judged[i] {
			if slices.Contains(j.Customers, customer) {
				visible = append(visible, j)
			}
		}
		if len(visible) == 0 {
			continue
		}
		x, err := a.entry(e, r.resources[i].Scope, visible, customer)
		if err != nil {
			return Assessment{}, err
		}
		if x.Serves == ServesCustomer {
			named[r.resources[i].ID] = e.Index
		} else {
			shared[e.Kind]++
			named[assess.Alias(e.Kind, shared[e.Kind])] = e.Index
		}
		indexes, out.Resources = append(indexes, e.Index), append(out.Resources, x)
	}
	if out.Regions, err = regionsFor(out.Resources, a.Regions); err != nil {
		return Assessment{}, err
	}
	out.Accepted = accepted(view, named)
	all := make([]inventory.Disclosure, len(a.Resources))
	for i, e := range a.Resources {
		all[i] = e.Disclosure
	}
	tree, err := inventory.TreeOf(all, *a.Particulars)
	if err == nil {
		out.Proof, err = tree.MultiProof(indexes)
	}
	if err != nil {
		return Assessment{}, broken(err, say.Both("its resources cannot be proved", "de objecten zijn niet te bewijzen"))
	}
	return out, nil
}

// entry is what a customer gets of one resource.
func (a Assessment) entry(e Entry, scope inventory.Scope, visible []assess.Judged, customer string) (out Entry, err error) {
	out = Entry{Disclosure: e.Disclosure, Serves: ServesCustomer}
	own := slices.Equal(scope.Customers, []string{customer})
	private, err := a.mayShowPrivate(e, scope, customer)
	if err != nil {
		return Entry{}, err
	}
	hide := []*inventory.Part{&out.Details}
	if !own {
		out.Serves = ServesShared
		hide = append(hide, &out.Identity)
	}
	if !slices.Equal(scope.Customers, []string{customer}) || !subset(scope.Applications, a.takes(customer)) {
		hide = append(hide, &out.Scope)
	}
	if !private {
		hide = append(hide, &out.Private)
	}
	for _, part := range hide {
		if err := part.Withhold(); err != nil {
			return Entry{}, broken(err, say.Both("resource %d cannot be divided", "object %d is niet te verdelen", e.Index))
		}
	}
	for _, j := range visible {
		if private || !unproved(j) {
			continue
		}
		if out.Asserted == nil {
			out.Asserted = map[string]Outcome{}
		}
		o := Outcome{Status: j.Status, Findings: assess.Redact(j.Findings), Questions: assess.Redact(j.Questions)}
		for _, u := range j.Unknown {
			o.Unknown = append(o.Unknown, assess.UnknownFact{Path: u.Path, Reason: inventory.Reason{Code: u.Reason.Code}})
		}
		out.Asserted[j.Rule.ID] = o
	}
	return out, nil
}

// accepted reads off a customer's results what is waived for it, or accepted without it.
func accepted(view assess.Results, named map[string]int) (out []Acceptance) {
	for _, x := range view.Results {
		if x.Waiver == "" && !x.Accepted {
			continue
		}
		i := slices.IndexFunc(out, func(o Acceptance) bool { return o.ID == x.Waiver && o.Rule == x.Rule })
		if i < 0 {
			i = len(out)
			out = append(out, Acceptance{ID: x.Waiver, Rule: x.Rule, Consent: x.Consent})
		}
		out[i].Resources = append(out[i].Resources, named[x.Resource])
	}
	for _, o := range out {
		slices.Sort(o.Resources)
	}
	return out
}

func subset(list, of []string) bool {
	return !slices.ContainsFunc(list, func(x string) bool { return !slices.Contains(of, x) })
}

// takes lists the applications that a customer takes.
func (a Assessment) takes(customer string) []string {
	i := slices.IndexFunc(a.Customers, func(c Customer) bool { return c.ID == customer })
	if i < 0 {
		return nil
	}
	return a.Customers[i].Applications
}

// mayShowPrivate decides whether a customer sees the facts of a resource that can speak of others: where it serves that
// customer alone, or where they speak of nobody else. A grant always can: the roles on the way may be named after others.
func (a Assessment) mayShowPrivate(e Entry, scope inventory.Scope, customer string) (bool, error) {
	if e.Kind != inventory.KindGrant && slices.Equal(scope.Customers, []string{customer}) {
		return true, nil
	}
	var content struct {
		Attributes map[string]any    `json:"attributes"`
		Name       string            `json:"name"`
		Unknown    map[string]string `json:"unknown"` // codes alone, which say nothing of others
	}
	if err := json.Unmarshal(e.Private.Content, &content); err != nil {
		return false, broken(err, say.Both("resource %d cannot be read", "object %d is niet te lezen", e.Index))
	}
	if name, ok := content.Attributes["application"].(string); ok && slices.Contains(a.takes(customer), name) {
		delete(content.Attributes, "application")
	}
	return content.Name == "" && silent(content.Attributes), nil
}

// silent tells whether there is nothing in a value: null, or lists and objects of nothing.
func silent(x any) bool {
	switch x := x.(type) {
	case nil:
		return true
	case []any:
		return len(x) == 0
	case map[string]any:
		for _, v := range x {
			if !silent(v) {
				return false
			}
		}
		return true
	}
	return false
}
