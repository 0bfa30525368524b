package postgres

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
)

// grants makes one draft for each role that can log in and reach the tables, and one for everybody.
func (c *Collector) grants(env collect.Env, cat *catalogue, g *graph) []inventory.Draft {
	x := newIndex(cat, g)
	var out []inventory.Draft
	if all := x.ofPublic(); len(all.by) > 0 {
		out = append(out, c.grant(env, "public", "public", publicGrant(all)))
	}
	logins := slices.DeleteFunc(slices.Clone(cat.roles), func(r role) bool { return !r.Login || strings.HasPrefix(r.Name, "pg_") })
	slices.SortFunc(logins, func(a, b role) int { return cmp.Compare(a.Name, b.Name) })
	used := map[string]int{}
	for _, r := range logins {
		if !x.canConnect(r) {
			continue
		}
		can := x.ofLogin(r)
		if len(can.by) == 0 {
			continue
		}
		token := env.Pseudonyms.Token(r.Name)
		// "Anna" and "anna" are two roles here but one name to a directory, and so one token.
		part := token
		if used[token]++; used[token] > 1 {
			part = fmt.Sprintf("%s-%d", token, used[token])
		}
		out = append(out, c.grant(env, part, token, c.loginGrant(env, g, r, can)))
	}
	return out
}

func (c *Collector) grant(env collect.Env, part, principal string, a *inventory.Grant) inventory.Draft {
	a.Principal = inventory.Known(principal)
	a.Target = inventory.Known(env.ID(c.cfg.Database))
	a.Standing = inventory.Known(true)
	return inventory.Draft{ID: env.ID(c.cfg.Database, "grant", part), Name: principal + " on " + c.cfg.Database, Attributes: a,
		Provenance: env.Provenance(collectorName, "pg_roles, pg_auth_members, pg_class.relacl", "CONNECT")}
}

func publicGrant(can *rights) *inventory.Grant {
	return &inventory.Grant{
		Type:     inventory.Known("public"),
		Enabled:  inventory.Known(true),
		Shared:   inventory.Known(true),
		Role:     inventory.Known("PUBLIC"),
		Rights:   inventory.Known(can.names()),
		Wildcard: inventory.Known(can.future),
		Path:     inventory.Known[[]string](nil),
		Direct:   inventory.Known(true),
		Expires:  inventory.Absent[string](),
	}
}

func (c *Collector) loginGrant(env collect.Env, g *graph, r role, can *rights) *inventory.Grant {
	a := &inventory.Grant{
		Enabled:  inventory.Known(r.Login),
		Rights:   inventory.Known(can.names()),
		Role:     inventory.Known(can.strongest().label),
		Path:     inventory.Known(pathNames(env, g, can.strongest().chain)),
		Direct:   inventory.Known(can.direct),
		LastUsed: inventory.Unknown[string](inventory.NotReported, "last login"),
		Expires:  expiry(r.ValidUntil),
	}
	a.Type, a.Shared = c.declaredType(r.Name)
	// Default privileges are how the tables of a service's own migrations come to it; for others they cover more than
	// anybody looked at.
	declared, _ := a.Type.Value()
	a.Wildcard = inventory.Known(can.wildcard || can.future && declared != "service")
	return a
}

// declaredType says what the workspace says of a role: SQL knows no difference between a person and a service.
func (c *Collector) declaredType(name string) (kind inventory.Fact[string], shared inventory.Fact[bool]) {
	several := matches(c.cfg.SharedRoles, name)
	switch {
	case matches(c.cfg.ServiceRoles, name):
		return inventory.Known("service"), inventory.Known(several)
	case several || matches(c.cfg.PersonRoles, name):
		return inventory.Known("person"), inventory.Known(several)
	}
	return inventory.Unknown[string](inventory.Undeclared, "service_roles, person_roles"),
		inventory.Unknown[bool](inventory.Undeclared, "shared_roles")
}

// pathNames keeps the names of roles that nobody can log in as, and hides the others, which can be people's.
func pathNames(env collect.Env, g *graph, chain []uint32) []string {
	out := make([]string, len(chain))
	for i, oid := range chain {
		out[i] = g.roles[oid].Name
		if g.roles[oid].Login {
			out[i] = env.Pseudonyms.Token(out[i])
		}
	}
	return out
}

// expiry is when a role's password stops working. PostgreSQL's infinity, and years that RFC 3339 cannot write, are never.
func expiry(t pgtype.Timestamptz) inventory.Fact[string] {
	switch {
	case !t.Valid || t.InfinityModifier == pgtype.Infinity || t.Time.Year() > 9999:
		return inventory.Absent[string]()
	case t.InfinityModifier == pgtype.NegativeInfinity || t.Time.Year() < 1:
		return inventory.Known(time.Time{}.UTC().Format(time.RFC3339))
	}
	return inventory.Known(t.Time.UTC().Format(time.RFC3339))
}
