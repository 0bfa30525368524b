package postgres

import (
	"cmp"
	"slices"
)

// The rights of a grant, from the weakest to the strongest.
const (
	rightRead       = "read"
	rightWrite      = "write"
	rightDelete     = "delete"
	rightAdminister = "administer"
)

var allRights = []string{rightRead, rightWrite, rightDelete, rightAdminister}

// rightOf is what a privilege on a table amounts to; empty for one that reaches no data.
func rightOf(privilege string) string {
	switch privilege {
	case "SELECT":
		return rightRead
	case "INSERT", "UPDATE":
		return rightWrite
	case "DELETE", "TRUNCATE":
		return rightDelete
	}
	return ""
}

// via says how a right is had.
type via struct {
	chain []uint32 // memberships that lead to it; empty: the role's own
	rank  int      // of the label: the lower, the more telling
	label string   // the database's word: superuser, owner, a built-in role
}

var labels = []string{"superuser", "pg_execute_server_program", "pg_write_server_files", "createrole", "bypassrls", "owner",
	"replication", "pg_write_all_data", "pg_read_server_files", "pg_read_all_data", "privileges", "default privileges"}

// rights is what a role can do with the tables of the database, taken together.
type rights struct {
	by       map[string]via
	wildcard bool // by an attribute or built-in role that covers all tables
	future   bool // by default privileges: tables that do not exist yet
	direct   bool // any right of its own
}

func (r *rights) add(label string, chain []uint32, names ...string) {
	v := via{chain: chain, rank: slices.Index(labels, label), label: label}
	for _, name := range names {
		if old, ok := r.by[name]; !ok || cmp.Or(cmp.Compare(v.rank, old.rank), cmp.Compare(len(v.chain), len(old.chain))) < 0 {
			r.by[name] = v
		}
	}
	r.direct = r.direct || len(chain) == 0
	switch label {
	case "owner", "createrole", "bypassrls", "privileges":
	case "default privileges":
		r.future = true
	default:
		r.wildcard = true
	}
}

// merge adds what another role can do, which is reached over a chain.
func (r *rights) merge(other *rights, chain []uint32) {
	for name, v := range other.by {
		r.add(v.label, append(slices.Clip(chain), v.chain...), name)
	}
	r.wildcard = r.wildcard || other.wildcard
	r.future = r.future || other.future
	r.direct = r.direct || len(chain) == 0 && other.direct
}

func (r *rights) names() []string {
	var out []string
	for name := range r.by {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// strongest returns how the strongest right is had.
func (r *rights) strongest() via {
	for _, name := range slices.Backward(allRights) {
		if v, ok := r.by[name]; ok {
			return v
		}
	}
	return via{}
}

// index finds in the catalogue what each role was given.
type index struct {
	graph   *graph
	tables  map[uint32][]privilege // by grantee
	future  map[uint32][]privilege
	usage   map[uint32][]uint32 // grantee to schemas
	owner   map[uint32]bool     // owns a table
	keeper  map[uint32]bool     // owns the database or a schema with tables: can drop it
	connect map[uint32]bool
	public  map[uint32]bool // schemas that everybody may use
	own     map[uint32]*rights
}

func newIndex(cat *catalogue, g *graph) *index {
	x := &index{graph: g, tables: map[uint32][]privilege{}, future: map[uint32][]privilege{}, usage: map[uint32][]uint32{},
		owner: map[uint32]bool{}, keeper: map[uint32]bool{cat.self.DatabaseOwner: true}, connect: map[uint32]bool{},
		public: map[uint32]bool{}, own: map[uint32]*rights{}}
	for _, p := range cat.tables {
		x.tables[p.Grantee] = append(x.tables[p.Grantee], p)
	}
	for _, p := range cat.defaults {
		x.future[p.Grantee] = append(x.future[p.Grantee], p)
	}
	for _, p := range cat.usage {
		x.usage[p.Grantee] = append(x.usage[p.Grantee], p.Schema)
		x.public[p.Schema] = x.public[p.Schema] || p.Grantee == 0
	}
	for _, o := range cat.owners {
		x.owner[o.Owner] = true
	}
	for _, o := range cat.schemas {
		x.keeper[o.Owner] = true
	}
	for _, oid := range cat.connect {
		x.connect[oid] = true
	}
	return x
}

// canConnect tells whether a role may connect to the database when it logs in: what it can only SET ROLE to is too
// late for that.
func (x *index) canConnect(r role) bool {
	if r.Super || x.connect[0] {
		return true
	}
	return slices.ContainsFunc(x.graph.has(r.OID), func(h reached) bool { return x.connect[h.oid] })
}

// ofLogin works out what a login role can do.
func (x *index) ofLogin(r role) *rights {
	out := &rights{by: map[string]via{}}
	for _, s := range x.graph.becomes(r.OID) {
		out.merge(x.ofRole(s.oid), s.chain)
	}
	if r.Replication { // counts at login only; a base backup is a copy of everything
		out.add("replication", nil, rightRead)
	}
	return out
}

// ofRole works out what a role can do without SET ROLE. What everybody can do is not repeated for each role.
func (x *index) ofRole(oid uint32) *rights {
	if done, ok := x.own[oid]; ok {
		return done
	}
	out := &rights{by: map[string]via{}}
	x.own[oid] = out
	r := x.graph.roles[oid]
	if r.Super {
		out.add("superuser", nil, allRights...)
	}
	if r.CreateRole {
		out.add("createrole", nil, rightAdminister)
	}
	if r.BypassRLS {
		out.add("bypassrls", nil, rightAdminister)
	}
	has := x.graph.has(oid)
	schemas, everySchema := x.usableSchemas(has)
	for _, h := range has {
		x.addBuiltIn(out, h)
		if x.owner[h.oid] {
			out.add("owner", h.chain, allRights...)
		}
		if x.keeper[h.oid] {
			out.add("owner", h.chain, rightDelete, rightAdminister)
		}
		for _, p := range x.tables[h.oid] {
			if schemas[p.Schema] != nil || everySchema || x.public[p.Schema] {
				out.addPrivilege("privileges", h.chain, p)
			}
		}
		for _, p := range x.future[h.oid] {
			if p.Schema == 0 || schemas[p.Schema] != nil || everySchema || x.public[p.Schema] {
				out.addPrivilege("default privileges", h.chain, p)
			}
		}
	}
	x.addHalfPublic(out, schemas)
	return out
}

// usableSchemas returns the schemas that one of the roles may use, with the chain to it.
func (x *index) usableSchemas(has []reached) (schemas map[uint32]*reached, every bool) {
	schemas = map[uint32]*reached{}
	for i, h := range has {
		for _, schema := range x.usage[h.oid] {
			if schemas[schema] == nil {
				schemas[schema] = &has[i]
			}
		}
		name := x.graph.roles[h.oid].Name
		every = every || name == "pg_read_all_data" || name == "pg_write_all_data"
	}
	return schemas, every
}

// addHalfPublic adds tables that are granted to everybody in a schema that only some may use.
func (x *index) addHalfPublic(out *rights, schemas map[uint32]*reached) {
	for _, p := range x.tables[0] {
		if h := schemas[p.Schema]; h != nil && !x.public[p.Schema] {
			out.addPrivilege("privileges", h.chain, p)
		}
	}
}

func (x *index) addBuiltIn(out *rights, h reached) {
	switch name := x.graph.roles[h.oid].Name; name {
	case "pg_read_all_data", "pg_read_server_files":
		out.add(name, h.chain, rightRead)
	case "pg_write_all_data":
		out.add(name, h.chain, rightWrite, rightDelete)
	case "pg_write_server_files", "pg_execute_server_program": // a way to superuser, says PostgreSQL's manual
		out.add(name, h.chain, allRights...)
	}
}

func (r *rights) addPrivilege(label string, chain []uint32, p privilege) {
	if right := rightOf(p.Name); right != "" {
		r.add(label, chain, right)
	}
}

// ofPublic works out what everybody can do who may connect.
func (x *index) ofPublic() *rights {
	out := &rights{by: map[string]via{}}
	for _, p := range x.tables[0] {
		if x.public[p.Schema] {
			out.addPrivilege("privileges", nil, p)
		}
	}
	for _, p := range x.future[0] {
		if p.Schema == 0 || x.public[p.Schema] {
			out.addPrivilege("default privileges", nil, p)
		}
	}
	return out
}
