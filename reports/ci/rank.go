package ci

import (
	"cmp"
	"container/heap"
	"slices"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
)

// classes in the order in which people have to see them.
var classes = []gate.Class{gate.Failing, gate.ToProve, gate.Unclear, gate.Known, gate.Accepted}

const severities = 4

// rank is how bad an outcome is, from 0, the worst: by class, then by severity.
func rank(o *gate.Outcome) int { return classRank(o.Class)*severities + severityRank(o.Severity) }

const ranks = 6 * severities // one class more, for what nobody knows

func classRank(c gate.Class) int {
	if i := slices.Index(classes, c); i >= 0 {
		return i
	}
	return len(classes)
}

func severityRank(s assess.Severity) int {
	if i := s.Rank(); i >= 0 {
		return i
	}
	return severities - 1
}

// worst keeps a bounded number of the worst outcomes; among equals, the first.
type worst struct {
	most int
	seen int
	list ranked
}

type ranked []rankedOutcome

type rankedOutcome struct {
	gate.Outcome
	at int
}

func (r ranked) Len() int { return len(r) }
func (r ranked) Less(i, j int) bool {
	return compare(r[i], r[j]) > 0
}
func (r ranked) Swap(i, j int) { r[i], r[j] = r[j], r[i] }
func (r *ranked) Push(x any)   { *r = append(*r, x.(rankedOutcome)) }
func (r *ranked) Pop() any {
	last := (*r)[len(*r)-1]
	*r = (*r)[:len(*r)-1]
	return last
}

func compare(a, b rankedOutcome) int {
	return cmp.Or(cmp.Compare(rank(&a.Outcome), rank(&b.Outcome)), cmp.Compare(a.at, b.at))
}

func (w *worst) add(o gate.Outcome) {
	w.seen++
	x := rankedOutcome{o, w.seen}
	switch {
	case len(w.list) < w.most:
		heap.Push(&w.list, x)
	case w.most > 0 && compare(x, w.list[0]) < 0:
		w.list[0] = x
		heap.Fix(&w.list, 0)
	}
}

// sorted returns what is kept, the worst first.
func (w *worst) sorted() []rankedOutcome {
	out := slices.Clone(w.list)
	slices.SortFunc(out, compare)
	return out
}

// group is what was kept of one rule, and how many outcomes it had in all.
type group struct {
	rule  *gate.Outcome // any outcome, for what it says of the rule
	list  []rankedOutcome
	total int
}

// byRule keeps the worst outcomes, and of every rule how many there were.
type byRule struct {
	worst
	rules map[string]*group
}

func newByRule(most int) *byRule { return &byRule{worst{most: most}, map[string]*group{}} }

func (b *byRule) add(o gate.Outcome) {
	b.worst.add(o)
	g := b.rules[o.Rule]
	if g == nil {
		g = &group{rule: &o}
		b.rules[o.Rule] = g
	}
	g.total++
}

// groups returns the rules, the worst first; those that had no room have an empty list.
func (b *byRule) groups() []*group {
	for _, g := range b.rules {
		g.list = nil
	}
	for _, x := range b.sorted() {
		g := b.rules[x.Rule]
		g.list = append(g.list, x)
	}
	out := make([]*group, 0, len(b.rules))
	for _, g := range b.rules {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b *group) int {
		return cmp.Or(cmp.Compare(rank(a.rule), rank(b.rule)), cmp.Compare(a.rule.Rule, b.rule.Rule))
	})
	return out
}
