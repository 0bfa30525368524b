package vault

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// acl is what a set of policies allows together. Among the rules that match a path the most specific one decides
// alone, by Vault's order; rules with the same path are united, and deny wins there.
type acl struct {
	rules     []aclRule
	templated []aclRule // rules whose path depends on who asks; what they deny is left out
	root      bool
	depth     int // segments of the longest path, and two more
}

type aclRule struct {
	path     pattern
	caps     capability
	policies []string
}

func newACL(policies ...policy) acl {
	a := acl{}
	plain, templated := map[string]aclRule{}, map[string]aclRule{}
	for _, p := range policies {
		if p.name == "root" {
			a.root = true
		}
		for _, r := range p.rules {
			into := plain
			if r.templated {
				into = templated
				if r.caps&capDeny != 0 {
					continue
				}
			}
			a.depth = max(a.depth, len(r.path.segs))
			key := r.path.String()
			old := into[key]
			merged := aclRule{path: r.path, caps: old.caps | r.caps, policies: append(slices.Clone(old.policies), p.name)}
			if merged.caps&capDeny != 0 {
				merged.caps = capDeny
			}
			into[key] = merged
		}
	}
	byPath := func(x, y aclRule) int { return cmp.Compare(x.path.String(), y.path.String()) }
	a.rules = slices.SortedFunc(maps.Values(plain), byPath)
	a.templated = slices.SortedFunc(maps.Values(templated), byPath)
	a.depth += 2
	return a
}

// at returns the rule that decides on a path, or nil.
func (a acl) at(path string) *aclRule {
	var best *aclRule
	for i := range a.rules {
		r := &a.rules[i]
		if !r.path.matches(path) {
			continue
		}
		if best == nil || compareRules(r.path, best.path) > 0 {
			best = r
		}
	}
	return best
}

// compareRules orders patterns that match one path by Vault's priority, the deciding one last.
func compareRules(a, b pattern) int {
	exactA, exactB := !a.star && a.wild() < 0, !b.star && b.wild() < 0
	return cmp.Or(
		compareBool(exactA, exactB),
		cmp.Compare(firstWild(a), firstWild(b)),
		-compareBool(a.star, b.star),
		-cmp.Compare(a.plusses(), b.plusses()),
		cmp.Compare(literalLen(a), literalLen(b)),
		cmp.Compare(strings.Join(a.segs, "/"), strings.Join(b.segs, "/")),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// firstWild is where the first wildcard stands: the end for a pattern with `*` alone.
func firstWild(p pattern) int {
	if w := p.wild(); w >= 0 {
		return w
	}
	return literalLen(p)
}

func literalLen(p pattern) int { return len(strings.Join(p.segs, "/")) }

// reach is what an acl allows somewhere within a target.
type reach struct {
	caps      capability
	wildcard  bool     // by a path that covers more than the target
	templated bool     // more may be allowed, depending on who asks
	policies  []string // that allow it, sorted
}

// with unites what is reached of two targets.
func (r reach) with(other reach) reach {
	names := slices.Concat(r.policies, other.policies)
	slices.Sort(names)
	return reach{caps: r.caps | other.caps, wildcard: r.wildcard || other.wildcard, templated: r.templated || other.templated,
		policies: slices.Compact(names)}
}

func (r reach) any() bool { return r.caps != 0 || r.templated }

// over finds what the acl allows on any of the target's paths.
func (a acl) over(target pattern) reach {
	var out reach
	if a.root {
		return reach{caps: capRead | capWrite | capDelete | capSudo, wildcard: true, policies: []string{"root"}}
	}
	depth := max(a.depth, len(target.segs)+2)
	found := map[string]bool{}
	for _, r := range a.rules {
		common, ok := meet(r.path, target)
		if !ok || r.caps&capDeny != 0 {
			continue
		}
		for _, path := range common.witnesses(depth) {
			decides := a.at(path)
			if decides == nil || decides.caps&capDeny != 0 || decides.caps == 0 {
				continue
			}
			out.caps |= decides.caps
			out.wildcard = out.wildcard || covers(decides.path, target, depth)
			for _, p := range decides.policies {
				found[p] = true
			}
		}
	}
	for _, r := range a.templated {
		if _, ok := meet(r.path, target); !ok || r.caps == 0 {
			continue
		}
		out.templated = true
		for _, p := range r.policies {
			found[p] = true
		}
	}
	out.policies = slices.Sorted(maps.Keys(found))
	return out
}

// covers tells whether the rule matches paths outside the target.
func covers(r, target pattern, depth int) bool {
	for _, path := range r.witnesses(depth) {
		if !target.matches(path) {
			return true
		}
	}
	return false
}
