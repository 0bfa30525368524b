package vault

import (
	"context"
	"maps"
	"slices"
	"strings"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// entity is a person or machine as Vault's identity store knows it.
type entity struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Policies []string `json:"policies"`
	Groups   []string `json:"group_ids"` // those it is in by way of other groups too
	Disabled bool     `json:"disabled"`
	Aliases  []struct {
		Name     string `json:"name"`
		Accessor string `json:"mount_accessor"`
		Type     string `json:"mount_type"`
	} `json:"aliases"`
}

// group is a group of the identity store.
type group struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Policies []string `json:"policies"`
}

type identities struct {
	entities []entity
	groups   map[string]group
	reason   *inventory.Reason // why they could not be read, or not all
}

func (r *run) readIdentities(ctx context.Context) identities {
	out := identities{groups: map[string]group{}}
	groups, reason := readAll[group](ctx, r, "identity/group/id", say.Both("the identity groups",
		"de groepen van identiteiten"))
	for _, g := range groups {
		out.groups[g.ID] = g
	}
	out.reason = reason
	if out.entities, reason = readAll[entity](ctx, r, "identity/entity/id", say.Both("the identities",
		"de identiteiten")); reason != nil {
		out.reason = reason
	}
	return out
}

func readAll[T any](ctx context.Context, r *run, path string, subject say.Text) (out []T, reason *inventory.Reason) {
	what := listCall(path)
	found, err := list[struct{}](ctx, r.client, what)
	if err != nil {
		return nil, new(r.problem(subject, what, err))
	}
	ids := found.Keys
	if len(ids) > maxItems {
		ids, reason = ids[:maxItems], new(r.cut(subject, what))
	}
	for _, id := range ids {
		one := item(what, id)
		got, err := get[T](ctx, r.client, one)
		if err != nil {
			reason = new(r.problem(subject, one, err))
			continue
		}
		out = append(out, got)
	}
	return out, reason
}

// principal is who can get a token with some policies.
type principal struct {
	key     string // of its grants' ids
	token   string // pseudonym
	kind    inventory.Fact[string]
	own     []string // policies of its own
	groups  []string // policies by way of groups
	globs   []string // of policies, of a token role
	via     []string // how it is reached
	enabled inventory.Fact[bool]
	expires inventory.Fact[string]

	reason *inventory.Reason // stands for principals that could not be read
}

// principals brings together the members of the auth methods and the identities. A person who signs in with a password
// has the policies of the user, of the entity and of its groups together, so that one can deny what another allows.
func (r *run) principals(all []members, ids identities) []principal {
	byAlias := map[string]entity{}
	for _, e := range ids.entities {
		for _, a := range e.Aliases {
			byAlias[a.Accessor+"/"+strings.ToLower(a.Name)] = e
		}
	}
	seen := map[string]bool{} // entities that are told as users
	var out []principal
	for _, set := range all {
		for _, m := range set.list {
			p := r.memberPrincipal(set, m)
			if e, ok := byAlias[set.Accessor+"/"+strings.ToLower(m.name)]; ok && set.Type == "userpass" {
				seen[e.ID] = true
				p.enabled = inventory.Known(!e.Disabled)
				p.own = append(p.own, e.Policies...)
				p.groups = ids.policiesOf(e.Groups)
			}
			out = append(out, p)
		}
		if set.reason != nil {
			out = append(out, principal{key: "auth-" + set.shown, reason: set.reason})
		}
	}
	for _, e := range ids.entities {
		if !seen[e.ID] || len(e.Aliases) > 1 {
			out = append(out, r.entityPrincipal(e, ids))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(ids.groups)) {
		g := ids.groups[id]
		token := r.env.Pseudonyms.Token("vault group " + g.Name)
		out = append(out, principal{key: "group-" + token, token: token, kind: inventory.Known("group"), own: g.Policies,
			via: []string{"identity"}, enabled: inventory.Known(true), expires: inventory.Absent[string]()})
	}
	if ids.reason != nil {
		out = append(out, principal{key: "identity", reason: ids.reason})
	}
	everyone := r.env.Pseudonyms.Token("vault policy default")
	return append(out, principal{key: "default", token: everyone, kind: inventory.Known("group"), own: []string{"default"},
		via: []string{"token"}, enabled: inventory.Known(true), expires: inventory.Absent[string]()})
}

func (ids identities) policiesOf(groups []string) []string {
	var out []string
	for _, id := range groups {
		out = append(out, ids.groups[id].Policies...)
	}
	return out
}

func (r *run) memberPrincipal(set members, m member) principal {
	p := principal{own: m.policies(), enabled: inventory.Known(true), expires: inventory.Absent[string]()}
	switch set.Type {
	case "userpass":
		p.token = r.env.Pseudonyms.Token(m.name)
		p.kind = inventory.Known("person")
		p.via = []string{set.Type}
	case "token":
		// A role that names no policies gives out a part of those of whoever uses it: nothing of its own.
		p.own, p.globs = m.Allowed, m.AllowedGlob
		if len(p.own)+len(p.globs) > 0 && !m.NoDefault {
			p.own = append(slices.Clone(p.own), "default")
		}
	case "oidc":
		p.kind = inventory.Known("group")
	case "jwt":
		if m.RoleType == "oidc" {
			p.kind = inventory.Known("group")
		}
	}
	if set.Type != "userpass" {
		p.token = r.env.Pseudonyms.Token("vault role " + set.path + "/" + m.name)
		p.kind = p.kind.Or(inventory.Known("service"))
		p.via = []string{set.Type, r.name(m.name)}
	}
	p.key = set.shown + "-" + p.token
	return p
}

func (r *run) entityPrincipal(e entity, ids identities) principal {
	kind, name := inventory.Unknown[string](inventory.NotReported, "identity/entity"), e.Name
	for _, a := range e.Aliases {
		if slices.Contains(humanMethods, a.Type) || slices.Contains(delegatedMethods, a.Type) {
			// By the name of the sign-in, so that it is the same person as in other sources.
			kind, name = inventory.Known("person"), a.Name
			break
		}
		kind = inventory.Known("service")
	}
	token := r.env.Pseudonyms.Token(name)
	return principal{key: "entity-" + r.env.Pseudonyms.Token("vault entity "+e.ID), token: token, kind: kind, own: e.Policies,
		groups: ids.policiesOf(e.Groups), via: []string{"identity"}, enabled: inventory.Known(!e.Disabled), expires: inventory.Absent[string]()}
}
