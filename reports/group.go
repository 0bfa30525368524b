package reports

import (
	"slices"

	"waarborg/internal/assess"
)

// group is one rule's results of one status: what a reader sees as one finding.
type group struct {
	rule    assess.Result // the first, for what all share
	results []assess.Result
}

// unread tells whether a group has no finding and no question: facts were missing, and that is all.
func (g group) unread() bool {
	return !slices.ContainsFunc(g.results, func(r assess.Result) bool { return r.Status != assess.Unknown || len(r.Questions) > 0 })
}

// groups gathers an area's results by rule and status, in the order of the results: worst first.
func groups(results []assess.Result, area string, all bool) []group {
	var out []group
	for _, r := range results {
		if r.Area != area || !all && r.Status == assess.Pass {
			continue
		}
		asks := len(r.Questions) > 0
		i := slices.IndexFunc(out, func(g group) bool {
			return g.rule.Rule == r.Rule && g.rule.Status == r.Status && (r.Status != assess.Unknown || asks == (len(g.rule.Questions) > 0))
		})
		if i < 0 {
			out = append(out, group{rule: r})
			i = len(out) - 1
		}
		out[i].results = append(out[i].results, r)
	}
	return out
}

// sameMessage is resources that have the same message for the same customers: a fault that repeats is told once.
type sameMessage struct {
	message, question string
	customers         []string
	accepted          bool
	resources         []assess.Result
}

func (m sameMessage) same(r assess.Result) bool {
	return m.message == r.Message && m.question == r.Question && m.accepted == r.Accepted
}

// byMessage gathers a group's results. Customers who differ in terms that made no difference here are told together.
func byMessage(g group) []sameMessage {
	var each []sameMessage // one per resource and message
	for _, r := range g.results {
		i := slices.IndexFunc(each, func(m sameMessage) bool { return m.resources[0].Resource == r.Resource && m.same(r) })
		if i < 0 {
			each = append(each, sameMessage{r.Message, r.Question, slices.Clone(r.Customers), r.Accepted, []assess.Result{r}})
			continue
		}
		each[i].customers = append(each[i].customers, r.Customers...)
	}
	var out []sameMessage
	for _, m := range each {
		slices.Sort(m.customers)
		i := slices.IndexFunc(out, func(o sameMessage) bool { return o.same(m.resources[0]) && slices.Equal(o.customers, m.customers) })
		if i < 0 {
			out = append(out, m)
			continue
		}
		out[i].resources = append(out[i].resources, m.resources...)
	}
	return out
}

// served counts for how many customers each resource was judged by each rule.
func served(r assess.Results) map[[2]string]int {
	out := map[[2]string]int{}
	for _, x := range r.Results {
		out[[2]string{x.Rule, x.Resource}] += len(x.Customers)
	}
	return out
}
