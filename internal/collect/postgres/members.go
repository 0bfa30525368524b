package postgres

import (
	"cmp"
	"maps"
	"slices"
)

// graph is the memberships between roles. In PostgreSQL a role has the privileges of what it inherits at once, and of
// what it can SET ROLE to with one statement more: both count as being able to.
type graph struct {
	roles   map[uint32]role
	inherit map[uint32][]uint32 // member to the roles whose privileges it has
	set     map[uint32][]uint32 // member to the roles that it can become
}

// reached is a role and the chain of memberships that leads to it, the first membership first; empty for the role
// itself.
type reached struct {
	oid   uint32
	chain []uint32
}

func newGraph(cat *catalogue) *graph {
	g := &graph{roles: map[uint32]role{}, inherit: map[uint32][]uint32{}, set: map[uint32][]uint32{}}
	for _, r := range cat.roles {
		g.roles[r.OID] = r
		if r.Name == "pg_database_owner" { // since version 14 the database's owner is its member, without an entry
			g.inherit[cat.self.DatabaseOwner] = append(g.inherit[cat.self.DatabaseOwner], r.OID)
		}
	}
	for _, m := range cat.members {
		if m.Inherit {
			g.inherit[m.Member] = append(g.inherit[m.Member], m.Role)
		}
		if m.Set {
			g.set[m.Member] = append(g.set[m.Member], m.Role)
		}
	}
	// Neighbours in the order of their names, so that of equally short chains it is always the same.
	for _, edges := range []map[uint32][]uint32{g.inherit, g.set} {
		for member := range maps.Keys(edges) {
			slices.SortFunc(edges[member], func(a, b uint32) int { return cmp.Compare(g.roles[a].Name, g.roles[b].Name) })
		}
	}
	return g
}

// walk returns every role that can be reached over the edges, nearest first, starting with the role itself.
func walk(edges map[uint32][]uint32, from uint32) []reached {
	out := []reached{{oid: from}}
	seen := map[uint32]bool{from: true}
	for i := 0; i < len(out); i++ {
		for _, next := range edges[out[i].oid] {
			if !seen[next] {
				seen[next] = true
				out = append(out, reached{oid: next, chain: append(slices.Clip(out[i].chain), next)})
			}
		}
	}
	return out
}

// has returns the roles whose privileges a role has at once.
func (g *graph) has(oid uint32) []reached { return walk(g.inherit, oid) }

// becomes returns the roles that a role can become.
func (g *graph) becomes(oid uint32) []reached { return walk(g.set, oid) }

// reaches tells whether a role has, or can take, the privileges of another.
func (g *graph) reaches(from, to uint32) bool {
	for _, s := range g.becomes(from) {
		if slices.ContainsFunc(g.has(s.oid), func(r reached) bool { return r.oid == to }) {
			return true
		}
	}
	return false
}
