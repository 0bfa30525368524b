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

// groups gathers an area's results by rule and status, in the order of the results: worst first.
func groups(results []assess.Result, area string, all bool) []group {
	var out []group
	for _, r := range results {
		if r.Area != area || !all && r.Status == assess.Pass {
			continue
		}
		i := slices.IndexFunc(out, func(g group) bool { return g.rule.Rule == r.Rule && g.rule.Status == r.Status })
		if i < 0 {
			out = append(out, group{rule: r})
			i = len(out) - 1
		}
		out[i].results = append(out[i].results, r)
	}
	return out
}

// byMessage gathers resources that have the same message and customers, so that a fault that repeats is told once.
type sameMessage struct {
	message   string
	customers []string
	accepted  bool
	resources []assess.Result
}

func byMessage(g group) []sameMessage {
	var out []sameMessage
	for _, r := range g.results {
		i := slices.IndexFunc(out, func(s sameMessage) bool {
			return s.message == r.Message && s.accepted == r.Accepted && slices.Equal(s.customers, r.Customers)
		})
		if i < 0 {
			out = append(out, sameMessage{r.Message, r.Customers, r.Accepted, nil})
			i = len(out) - 1
		}
		out[i].resources = append(out[i].resources, r)
	}
	return out
}
