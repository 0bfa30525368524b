package assess

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// Changes is what became of outcomes between two assessments. An outcome is what one rule says of one resource; where it
// differs by customer, the worst. Each list has the most severe first.
//
// A resource with another id is another resource: after a renaming it is gone under one name and new under the other.
type Changes struct {
	New        []Change `json:"new,omitempty"`         // not met now, and was not judged before
	Worse      []Change `json:"worse,omitempty"`       // a worse outcome than before
	Mended     []Change `json:"mended,omitempty"`      // met now, and was not; or is readable again, and met
	Accepted   []Change `json:"accepted,omitempty"`    // waived now, and was not met or unknown
	Unreadable []Change `json:"unreadable,omitempty"`  // cannot be evaluated now, and could be before or was not judged
	Gone       []Change `json:"gone,omitempty"`        // was not met or unknown, and is not judged any more
	Same       int      `json:"same"`                  // outcomes that are as they were
	Added      int      `json:"added,omitzero"`        // outcomes that are met, and were not judged before
	Dropped    int      `json:"dropped,omitzero"`      // outcomes that were met, and are not judged any more
	OtherRules bool     `json:"other_rules,omitempty"` // the rules themselves differ, so a change may be theirs
}

// Change is one outcome that differs.
type Change struct {
	Rule     string   `json:"rule"`
	Resource string   `json:"resource"`
	Name     string   `json:"name,omitempty"`
	Title    string   `json:"title"`
	Severity Severity `json:"severity"`
	Duty     string   `json:"duty,omitempty"`    // "customer" where the rule is about the customer's own duties alone
	Was      Status   `json:"was,omitempty"`     // empty: not judged
	Is       Status   `json:"is,omitempty"`      // empty: not judged any more
	Message  string   `json:"message,omitempty"` // of the later assessment; of the earlier where it is met or gone
}

// Compare says what changed from an earlier assessment to a later one. Both must be of the same view: it is an error to
// hold one customer's results against another's, or against those of the whole.
//
// In a customer's view, what may serve others too has an alias that is good within one assessment alone. So of such resources
// not each is followed, but all that a rule says of one kind of them together: outcomes that are on both sides are the
// same ones, and the rest is paired with the worst first.
func Compare(old, now Results) (Changes, error) {
	if old.Customer != now.Customer {
		return Changes{}, &say.Error{Msg: say.Both("results of %s cannot be compared with results of %s: compare two assessments of the same view",
			"resultaten van %s zijn niet te vergelijken met resultaten van %s: vergelijk twee beoordelingen van hetzelfde deel", whose(now.Customer), whose(old.Customer))}
	}
	c := comparison{Changes: Changes{OtherRules: old.Evidence.Rules != now.Evidence.Rules}}
	was, is := outcomes(old), outcomes(now)
	keys := maps.Clone(is)
	maps.Copy(keys, was)
	for k := range keys {
		c.pair(k, was[k], is[k])
	}
	for _, list := range [][]Change{c.New, c.Worse, c.Mended, c.Accepted, c.Unreadable, c.Gone} {
		slices.SortFunc(list, compareChanges)
	}
	return c.Changes, nil
}

func whose(customer string) say.Text {
	if customer == "" {
		return say.Both("the whole", "het geheel")
	}
	return say.Both("customer %s", "klant %s", customer)
}

// outcomeKey names what is followed: a rule on a resource, or on all aliased resources of a kind.
type outcomeKey struct{ rule, resource string }

// outcomes gives the worst result of each rule and resource, and for an aliased kind that of each alias, worst first.
func outcomes(r Results) map[outcomeKey][]Result {
	worst := map[outcomeKey]Result{}
	for _, x := range r.Results {
		k := outcomeKey{x.Rule, x.Resource}
		before, there := worst[k]
		if x.Status != NotApplicable && (!there || compareOutcomes(x, before) < 0) {
			worst[k] = x
		}
	}
	out := map[outcomeKey][]Result{}
	for k, x := range worst {
		if r.Customer != "" && isAlias(x.Resource, x.Kind) {
			k.resource = aliasOf(x.Kind)
		}
		out[k] = append(out[k], x)
	}
	for _, list := range out {
		slices.SortFunc(list, compareOutcomes)
	}
	return out
}

func compareOutcomes(a, b Result) int {
	return cmp.Or(cmp.Compare(a.Status.Rank(), b.Status.Rank()), slices.Compare(a.Customers, b.Customers), cmp.Compare(a.Resource, b.Resource))
}

func aliasOf(k inventory.Kind) string { return "shared/" + string(k) }

// isAlias tells whether a resource's id is one that stands for it in a customer's view.
func isAlias(resource string, k inventory.Kind) bool {
	number, ok := strings.CutPrefix(resource, aliasOf(k)+"/")
	return ok && number != "" && strings.Trim(number, "0123456789") == ""
}

type comparison struct{ Changes }

// pair holds the outcomes of one key against each other.
func (c *comparison) pair(k outcomeKey, was, is []Result) {
	is = slices.Clone(is)
	was = slices.DeleteFunc(slices.Clone(was), func(x Result) bool {
		i := slices.IndexFunc(is, func(y Result) bool { return y.Status == x.Status })
		if i < 0 {
			return false
		}
		c.Same++
		is = slices.Delete(is, i, i+1)
		return true
	})
	both := min(len(was), len(is))
	for i := range both {
		c.changed(was[i], is[i])
	}
	for _, x := range was[both:] {
		x.Resource = k.resource // an alias of then may stand for something else now
		c.gone(x)
	}
	for _, x := range is[both:] {
		c.appeared(x)
	}
}

func (c *comparison) changed(was, is Result) {
	switch {
	case is.Status == Pass:
		c.Mended = append(c.Mended, change(is, was.Status, Pass, said(was)))
	case is.Status == Unknown:
		c.Unreadable = append(c.Unreadable, change(is, was.Status, Unknown, said(is)))
	case Worse(was.Status, is.Status) == is.Status:
		c.Worse = append(c.Worse, change(is, was.Status, is.Status, said(is)))
	default: // waived, and was not met or unknown
		c.Accepted = append(c.Accepted, change(is, was.Status, is.Status, said(is)))
	}
}

func (c *comparison) appeared(x Result) {
	switch x.Status {
	case Pass:
		c.Added++
	case Unknown:
		c.Unreadable = append(c.Unreadable, change(x, "", x.Status, said(x)))
	default:
		c.New = append(c.New, change(x, "", x.Status, said(x)))
	}
}

func (c *comparison) gone(x Result) {
	if x.Status == Pass {
		c.Dropped++
		return
	}
	c.Gone = append(c.Gone, change(x, x.Status, "", said(x)))
}

func change(x Result, was, is Status, message string) Change {
	return Change{Rule: x.Rule, Resource: x.Resource, Name: x.Name, Title: x.Title, Severity: x.Severity, Duty: x.Duty,
		Was: was, Is: is, Message: message}
}

// said is what a result says: what is not met, or what a person must decide.
func said(x Result) string { return cmp.Or(x.Message, x.Question) }

func compareChanges(a, b Change) int {
	return cmp.Or(cmp.Compare(a.Severity.Rank(), b.Severity.Rank()), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Resource, b.Resource),
		cmp.Compare(a.Was.Rank(), b.Was.Rank()), cmp.Compare(a.Is.Rank(), b.Is.Rank()), cmp.Compare(a.Message, b.Message))
}
