package postgres

import (
	"context"
	"slices"

	"waarborg/internal/inventory"
)

// foundTable is a table of the data map as the catalogue knows it.
type foundTable struct {
	Index                        int // in Config.Tables
	OID                          uint32
	Kind                         string // pg_class.relkind
	Owner                        uint32
	RLS, Forced                  bool
	Hidden                       bool  // a policy hides rows from the collector's account
	Usage                        bool  // the account may use the schema
	Tenant, Trigger              int16 // number of the column; 0: there is none
	TenantType, TriggerType      uint32
	TenantReadable, TrigReadable bool
}

// policy is a row-level security policy of a table.
type policy struct {
	Table      uint32
	Permissive bool
	Command    string // pg_policy.polcmd: * is all
	Roles      []uint32
	ByTenant   bool // every condition of it mentions the tenant column
}

// partition is a child of a table that others than its owner can reach without going through the table's policies.
type partition struct {
	Table uint32
	Name  string
}

const (
	foundSQL = `SELECT w.i - 1, c.oid, c.relkind::text, c.relowner, c.relrowsecurity, c.relforcerowsecurity,
		row_security_active(c.oid), has_schema_privilege(n.oid, 'USAGE'),
		coalesce(ten.attnum, 0), coalesce(tri.attnum, 0),
		coalesce(nullif(tent.typbasetype, 0), tent.oid, 0), coalesce(nullif(trit.typbasetype, 0), trit.oid, 0),
		coalesce(has_column_privilege(c.oid, ten.attnum, 'SELECT'), false),
		coalesce(has_column_privilege(c.oid, tri.attnum, 'SELECT'), false)
		FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY w(schema, name, tenant, trig, i)
		JOIN pg_namespace n ON n.nspname = w.schema
		JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
		LEFT JOIN pg_attribute ten ON ten.attrelid = c.oid AND ten.attname = w.tenant AND ten.attnum > 0 AND NOT ten.attisdropped
		LEFT JOIN pg_type tent ON tent.oid = ten.atttypid
		LEFT JOIN pg_attribute tri ON tri.attrelid = c.oid AND tri.attname = w.trig AND tri.attnum > 0 AND NOT tri.attisdropped
		LEFT JOIN pg_type trit ON trit.oid = tri.atttypid`

	// The dependency says which column is meant; the text says in which of the two conditions.
	policiesSQL = `SELECT p.polrelid, p.polpermissive, p.polcmd::text, p.polroles,
		EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_policy'::regclass AND d.objid = p.oid
			AND d.refclassid = 'pg_class'::regclass AND d.refobjid = p.polrelid AND d.refobjsubid = t.attnum)
		AND coalesce(strpos(pg_get_expr(p.polqual, p.polrelid), quote_ident(a.attname)) > 0, true)
		AND coalesce(strpos(pg_get_expr(p.polwithcheck, p.polrelid), quote_ident(a.attname)) > 0, true)
		FROM unnest($1::oid[], $2::int2[]) t(oid, attnum)
		JOIN pg_policy p ON p.polrelid = t.oid
		JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = t.attnum`

	partitionsSQL = `WITH RECURSIVE tree(root, oid) AS (
			SELECT i.inhparent, i.inhrelid FROM pg_inherits i WHERE i.inhparent = ANY($1::oid[])
			UNION SELECT t.root, i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.oid)
		SELECT DISTINCT t.root, n.nspname || '.' || c.relname FROM tree t JOIN pg_class c ON c.oid = t.oid
		JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(c.relacl) a
		WHERE NOT c.relrowsecurity AND a.grantee <> c.relowner AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')`
)

// readTables finds the data map's tables, their policies and their open partitions.
func (c *Collector) readTables(ctx context.Context, r reader, cat *catalogue) (err error) {
	var schemas, names, tenants, triggers []string
	for _, t := range c.cfg.Tables {
		schemas, names = append(schemas, t.Schema), append(names, t.Name)
		tenants, triggers = append(tenants, t.TenantColumn), append(triggers, t.TriggerColumn)
	}
	if len(names) == 0 {
		return nil
	}
	if cat.found, err = all[foundTable](ctx, r, foundSQL, schemas, names, tenants, triggers); err != nil {
		return err
	}
	var oids []uint32
	var columns []int16
	for _, f := range cat.found {
		if f.Tenant != 0 {
			oids, columns = append(oids, f.OID), append(columns, f.Tenant)
		}
	}
	if cat.policies, err = all[policy](ctx, r, policiesSQL, oids, columns); err != nil {
		return err
	}
	cat.parts, err = all[partition](ctx, r, partitionsSQL, oids)
	return err
}

// protection is whether row-level security keeps a table's tenants apart.
type protection int

const (
	undecided protection = iota // depends on which role the application uses, which nobody declared
	open
	protected
)

// tenancy judges the data map's tables that have a tenant column.
func (c *Collector) tenancy(cat *catalogue, g *graph) inventory.Tenancy {
	count := map[protection]int{}
	var unprotected []string
	apps := c.appRoles(cat)
	missing := ""
	for i, t := range c.cfg.Tables {
		if t.TenantColumn == "" {
			continue
		}
		at := slices.IndexFunc(cat.found, func(f foundTable) bool { return f.Index == i })
		if at < 0 || cat.found[at].Tenant == 0 || !isTable(cat.found[at].Kind) {
			missing = t.String()
			continue
		}
		p := judgeTable(cat, g, cat.found[at], apps)
		count[p]++
		if p == open {
			unprotected = append(unprotected, t.String())
		}
		if p == protected {
			for _, child := range cat.parts {
				if child.Table == cat.found[at].OID {
					unprotected = append(unprotected, child.Name)
				}
			}
		}
	}
	if len(count) == 0 && missing == "" {
		return inventory.Tenancy{}
	}
	slices.Sort(unprotected)
	return tenancyFacts(count, slices.Compact(unprotected), missing)
}

func tenancyFacts(count map[protection]int, unprotected []string, missing string) inventory.Tenancy {
	out := inventory.Tenancy{Unprotected: inventory.Known(unprotected)}
	switch {
	case count[protected] > 0:
		out.Isolation = inventory.Known("row_level_security")
	case count[open] > 0:
		out.Isolation = inventory.Known("none")
	}
	switch {
	case count[undecided] > 0:
		out.Unprotected = inventory.Partial(unprotected, inventory.Undeclared, "app_roles")
		out.Isolation = out.Isolation.Or(inventory.Unknown[string](inventory.Undeclared, "app_roles"))
	case missing != "":
		out.Unprotected = inventory.Partial(unprotected, inventory.Undeclared, missing)
		out.Isolation = out.Isolation.Or(inventory.Unknown[string](inventory.Undeclared, missing))
	}
	return out
}

// appRoles returns the roles by which applications serve customers; nil if the workspace does not declare any that is
// there.
func (c *Collector) appRoles(cat *catalogue) []role {
	var out []role
	for _, r := range cat.roles {
		if r.Login && matches(c.cfg.AppRoles, r.Name) {
			out = append(out, r)
		}
	}
	return out
}

// judgeTable decides for one table. Row-level security holds for a role unless it owns the table without FORCE, is a
// superuser, or has BYPASSRLS.
func judgeTable(cat *catalogue, g *graph, t foundTable, apps []role) protection {
	if !t.RLS {
		return open
	}
	for _, app := range apps {
		for _, r := range g.becomes(app.OID) {
			if g.roles[r.oid].Super || g.roles[r.oid].BypassRLS {
				return open
			}
		}
	}
	verdict := judgePolicies(cat, g, t, apps)
	if verdict == open || t.Forced {
		return verdict
	}
	if apps != nil {
		if slices.ContainsFunc(apps, func(r role) bool { return g.reaches(r.OID, t.Owner) }) {
			return open
		}
		return verdict
	}
	for _, r := range cat.roles {
		if r.Login && !r.Super && g.reaches(r.OID, t.Owner) {
			return undecided
		}
	}
	return verdict
}

// judgePolicies decides by the policies that hold for the application. Permissive ones are alternatives, so one that
// does not look at the tenant opens the table, unless a restrictive one closes it for everybody.
func judgePolicies(cat *catalogue, g *graph, t foundTable, apps []role) protection {
	byTenant, verdict := false, protected
	for _, p := range cat.policies {
		if p.Table != t.OID {
			continue
		}
		everybody := slices.Contains(p.Roles, 0)
		if p.ByTenant && !p.Permissive && p.Command == "*" && everybody {
			return protected
		}
		applies := everybody || apps == nil || slices.ContainsFunc(apps, func(app role) bool {
			return slices.ContainsFunc(p.Roles, func(oid uint32) bool { return g.reaches(app.OID, oid) })
		})
		switch {
		case !applies || !p.Permissive:
		case p.ByTenant:
			byTenant = true
		case everybody || apps != nil:
			verdict = open
		case verdict == protected:
			verdict = undecided
		}
	}
	if !byTenant {
		return open
	}
	return verdict
}

// isTable tells plain and partitioned tables from views and foreign tables.
func isTable(kind string) bool { return kind == "r" || kind == "p" }
