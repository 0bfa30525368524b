package vault

import (
	"maps"
	"slices"
	"strings"
	"time"

	"waarborg/internal/inventory"
)

// addGrants reports who reaches the secrets that open each datastore.
func (r *run) addGrants(p policies, who []principal) {
	if p.reason != nil {
		r.unknownGrants("policies", *p.reason)
	}
	targets := map[string][]pattern{}
	for path, store := range r.cfg.PersonalData {
		targets[store] = append(targets[store], parsePattern(path))
	}
	told := map[string]bool{}
	cache := map[string]map[string]reach{}
	for _, one := range who {
		if one.reason != nil {
			if !told[one.key] {
				told[one.key] = true
				r.unknownGrants(one.key, *one.reason)
			}
			continue
		}
		names := one.policies(p)
		for _, name := range names {
			if reason, ok := p.unread[name]; ok {
				r.unknownGrants(one.key, reason)
				break
			}
		}
		key := strings.Join(names, "\x00")
		if cache[key] == nil {
			cache[key] = reachAll(p, names, targets)
		}
		for _, store := range slices.Sorted(maps.Keys(targets)) {
			if got := cache[key][store]; got.any() {
				r.addGrant(one, store, got)
			}
		}
	}
}

// policies are the names of all policies of a principal, sorted.
func (one principal) policies(p policies) []string {
	names := slices.Concat(one.own, one.groups)
	for name := range maps.Keys(p.all) {
		if slices.ContainsFunc(one.globs, func(glob string) bool { return globMatches(glob, name) }) {
			names = append(names, name)
		}
	}
	for i, name := range names {
		names[i] = strings.ToLower(name) // as Vault does when it looks for the policy
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// direct tells whether one of the policies is the principal's own rather than of a group or of everybody.
func (one principal) direct(policies []string) bool {
	return slices.ContainsFunc(policies, func(name string) bool {
		same := func(other string) bool { return strings.EqualFold(name, other) }
		return name != "default" && (slices.ContainsFunc(one.own, same) || !slices.ContainsFunc(one.groups, same))
	})
}

// globMatches is the matching of allowed_policies_glob: `*` for anything.
func globMatches(glob, name string) bool {
	parts := strings.Split(glob, "*")
	if len(parts) == 1 {
		return name == glob
	}
	last := len(parts) - 1
	name, ok := strings.CutPrefix(name, parts[0])
	if !ok || !strings.HasSuffix(name, parts[last]) {
		return false
	}
	name = strings.TrimSuffix(name, parts[last])
	for _, part := range parts[1:last] {
		_, after, found := strings.Cut(name, part)
		if !found {
			return false
		}
		name = after
	}
	return true
}

func reachAll(p policies, names []string, targets map[string][]pattern) map[string]reach {
	var held []policy
	for _, name := range names {
		if one, ok := p.all[name]; ok { // a policy that is named but not there allows nothing
			held = append(held, one)
		}
	}
	rules := newACL(held...)
	out := map[string]reach{}
	for store, paths := range targets {
		var sum reach
		for _, target := range paths {
			sum = sum.with(rules.over(target))
		}
		out[store] = sum
	}
	return out
}

func (r *run) addGrant(one principal, store string, got reach) {
	shown := make([]string, len(got.policies))
	for i, name := range got.policies {
		shown[i] = r.name(name)
	}
	g := &inventory.Grant{
		Principal:    inventory.Known(one.token),
		Type:         one.kind,
		Enabled:      one.enabled,
		Target:       inventory.Known(store),
		PersonalData: inventory.Known(true),
		Role:         inventory.Known(strings.Join(shown, ", ")),
		Rights:       inventory.Known(got.caps.rights()),
		Wildcard:     inventory.Known(got.wildcard),
		Path:         inventory.Known(slices.Concat(one.via, shown)),
		Standing:     inventory.Known(true),
		Expires:      one.expires,
		Direct:       inventory.Known(one.direct(got.policies)),
	}
	if got.templated {
		// What is allowed beyond this depends on who asks.
		g.Rights = inventory.Partial(got.caps.rights(), inventory.Unsupported, "templated policy")
		if !got.wildcard {
			g.Wildcard = inventory.Unknown[bool](inventory.Unsupported, "templated policy")
		}
	}
	if kind, _ := one.kind.Value(); kind == "person" {
		g.Shared = inventory.Known(false)
	}
	r.add("secrets of "+store, g, "sys/policies/acl, auth/+/role, auth/+/users, identity", "read", "grant", one.key, store)
}

// unknownGrants stands for grants that could not be read: without it, what nobody could look at would seem not to be
// there.
func (r *run) unknownGrants(key string, reason inventory.Reason) {
	g := &inventory.Grant{}
	inventory.SetUnknown(g, reason)
	r.add("grants that could not be read", g, "not read", "", "grant", "unread", key)
}

// utc writes a time of Vault as a fact of the inventory.
func utc(s string) inventory.Fact[string] {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return inventory.Unknown[string](inventory.Malformed, "time")
	}
	return inventory.Known(t.UTC().Truncate(time.Second).Format(time.RFC3339))
}
