package reports

import (
	"slices"
	"strings"

	"waarborg/internal/assess"
)

// Group is one rule's results of one status: what a reader sees as one finding.
type Group struct {
	Rule    assess.Result // the first, for what all share, with the clauses of all
	Results []assess.Result
}

// Unread tells whether a group has no finding and no question: facts were missing, and that is all.
func (g Group) Unread() bool {
	return !slices.ContainsFunc(g.Results, func(r assess.Result) bool { return r.Status != assess.Unknown || len(r.Questions) > 0 })
}

// groupKey tells which results are told together: unknown ones apart by whether a person must decide.
type groupKey struct {
	rule   string
	status assess.Status
	asks   bool
}

// Groups gathers an area's results by rule and status, in the order of the results: worst first. Without all, what is
// met is left out.
func Groups(results []assess.Result, area string, all bool) []Group {
	var out []Group
	at := map[groupKey]int{}
	for _, r := range results {
		if r.Area != area || !all && r.Status == assess.Pass {
			continue
		}
		key := groupKey{r.Rule, r.Status, r.Status == assess.Unknown && len(r.Questions) > 0}
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, Group{Rule: r})
		}
		out[i].Results = append(out[i].Results, r)
		out[i].Rule.Clauses = withAll(out[i].Rule.Clauses, r.Clauses)
	}
	return out
}

// withAll is a list of clauses with those of another: outcomes of one rule can speak of the rows of different sub-processors.
func withAll(list, more []string) []string {
	for _, c := range more {
		if !slices.Contains(list, c) {
			list = append(slices.Clone(list), c)
		}
	}
	return list
}

// Message is resources that have the same message for the same customers: a fault that repeats is told once.
type Message struct {
	Message, Question string
	Customers         []string // sorted
	Accepted          bool
	Resources         []assess.Result
}

type messageKey struct {
	resource, message, question, customers string
	accepted                               bool
}

// ByMessage gathers a group's results. Customers who differ in terms that made no difference here are told together.
func (g Group) ByMessage() []Message {
	var each []Message // one per resource and message
	at := map[messageKey]int{}
	for _, r := range g.Results {
		key := messageKey{r.Resource, r.Message, r.Question, "", r.Accepted}
		if i, ok := at[key]; ok {
			each[i].Customers = append(each[i].Customers, r.Customers...)
			continue
		}
		at[key] = len(each)
		each = append(each, Message{r.Message, r.Question, slices.Clone(r.Customers), r.Accepted, []assess.Result{r}})
	}
	var out []Message
	clear(at)
	for _, m := range each {
		slices.Sort(m.Customers)
		key := messageKey{"", m.Message, m.Question, strings.Join(m.Customers, "\x00"), m.Accepted}
		if i, ok := at[key]; ok {
			out[i].Resources = append(out[i].Resources, m.Resources...)
			continue
		}
		at[key] = len(out)
		out = append(out, m)
	}
	return out
}

// Served counts for how many customers each resource was judged by each rule.
type Served map[[2]string]int

// ServedBy makes the counts of results.
func ServedBy(r assess.Results) Served {
	out := Served{}
	for _, x := range r.Results {
		out[[2]string{x.Rule, x.Resource}] += len(x.Customers)
	}
	return out
}

// Differs tells whether an outcome holds for some of the customers that a resource serves, so that they need naming.
func (s Served) Differs(r assess.Result, customers []string) bool {
	return len(customers) > 0 && len(customers) < s[[2]string{r.Rule, r.Resource}]
}
