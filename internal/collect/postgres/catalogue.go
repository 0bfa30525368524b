package postgres

import (
	"context"

	"github.com/jackc/pgx/v5/pgtype"
)

// catalogue is what the system catalogues say, read in one transaction.
type catalogue struct {
	version  int
	self     self
	roles    []role
	members  []membership
	tables   []privilege // on the tables of a schema, taken together
	defaults []privilege // on tables that do not exist yet; schema 0: any
	usage    []privilege // of the schemas
	owners   []ownership // of tables, by schema
	schemas  []ownership // of schemas
	connect  []uint32    // who may connect; 0: everybody
	settings []setting
	override []override
	hba      []hbaLine
	copies   copies
	weak     *int // nil: not readable
	found    []foundTable
	policies []policy
	parts    []partition
}

// self is what the collector's account may do.
type self struct {
	Name                        string // of the database, in pg_hba.conf
	DatabaseOwner               uint32
	Super, Monitor, HBA, Authid bool
}

type role struct {
	OID                                            uint32
	Name                                           string
	Super, Inherit, CreateRole, Login, Replication bool
	BypassRLS                                      bool
	ValidUntil                                     pgtype.Timestamptz
}

// membership says that Member is in Role. Inherit: it has Role's privileges at once. Set: it can take them with SET
// ROLE, or can give itself the right to (ADMIN OPTION).
type membership struct {
	Role, Member uint32
	Inherit, Set bool
}

type privilege struct {
	Schema, Grantee uint32 // grantee 0: PUBLIC
	Name            string // SELECT, INSERT …
}

type ownership struct{ Schema, Owner uint32 }

type setting struct{ Name, Value, Source string }

// override is a setting of a role (0: every role) in a database (false: in all of them).
type override struct {
	Role        uint32
	InDatabase  bool
	Name, Value string
}

// copies counts the places that data go to or come from.
type copies struct {
	Standby                     bool
	Streaming, BackingUp, Away  int // physical: connected, taking a base backup, slot without a client
	LogicalSlots, Subscriptions int
}

// userRelations are the tables, views and the like that somebody made here. What an extension brought is left out:
// its views are for everybody by design and hold none of the customers' data.
const userRelations = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	AND left(n.nspname, 3) <> 'pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
	AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`

const (
	selfSQL = `SELECT d.datname::text, d.datdba, r.rolsuper, pg_has_role(current_user, 'pg_monitor', 'USAGE'),
		has_table_privilege('pg_hba_file_rules', 'SELECT') AND has_function_privilege('pg_hba_file_rules()', 'EXECUTE'),
		has_column_privilege('pg_authid', 'rolpassword', 'SELECT') AND has_column_privilege('pg_authid', 'rolcanlogin', 'SELECT')
		FROM pg_database d, pg_roles r WHERE d.datname = current_database() AND r.rolname = current_user`

	rolesSQL = `SELECT oid, rolname::text, rolsuper, rolinherit, rolcreaterole, rolcanlogin, rolreplication, rolbypassrls, rolvaliduntil
		FROM pg_roles ORDER BY oid`

	// Before PostgreSQL 16 a member inherits if it is made so, and can always SET ROLE.
	membersSQL15 = `SELECT m.roleid, m.member, r.rolinherit, true FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member`
	membersSQL16 = `SELECT roleid, member, bool_or(inherit_option), bool_or(set_option OR admin_option)
		FROM pg_auth_members GROUP BY 1, 2`

	tablesSQL = `SELECT c.relnamespace, a.grantee, a.privilege_type FROM ` + userRelations + `
		CROSS JOIN LATERAL aclexplode(c.relacl) a GROUP BY 1, 2, 3
		UNION
		SELECT c.relnamespace, a.grantee, a.privilege_type FROM ` + userRelations + `
		JOIN pg_attribute t ON t.attrelid = c.oid AND t.attacl IS NOT NULL AND NOT t.attisdropped
		CROSS JOIN LATERAL aclexplode(t.attacl) a GROUP BY 1, 2, 3`

	defaultsSQL = `SELECT defaclnamespace, a.grantee, a.privilege_type FROM pg_default_acl
		CROSS JOIN LATERAL aclexplode(defaclacl) a WHERE defaclobjtype = 'r' AND a.grantee <> defaclrole GROUP BY 1, 2, 3`

	usageSQL = `SELECT n.oid, a.grantee, a.privilege_type FROM pg_namespace n
		CROSS JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a WHERE a.privilege_type = 'USAGE'`

	ownersSQL = `SELECT DISTINCT c.relnamespace, c.relowner FROM ` + userRelations

	schemasSQL = `SELECT DISTINCT n.oid, n.nspowner FROM ` + userRelations

	connectSQL = `SELECT a.grantee FROM pg_database d
		CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
		WHERE d.datname = current_database() AND a.privilege_type = 'CONNECT'`

	copiesSQL = `SELECT pg_is_in_recovery(),
		(SELECT count(*) FROM pg_stat_replication r WHERE r.state IS DISTINCT FROM 'backup' AND NOT EXISTS
			(SELECT FROM pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical')),
		(SELECT count(*) FROM pg_stat_replication WHERE state = 'backup'),
		(SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'physical' AND NOT active),
		(SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'logical' AND database = current_database()),
		(SELECT count(*) FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()))`

	// Only the number leaves the server, never a hash. Accounts that cannot log in have no use for theirs.
	weakSQL = `SELECT count(*) FROM pg_authid WHERE rolcanlogin AND rolpassword IS NOT NULL AND rolpassword NOT LIKE 'SCRAM-SHA-256$%'`
)

// readCatalogue reads everything but the data map's tables. The number of queries is fixed.
func readCatalogue(ctx context.Context, r reader, version int) (cat *catalogue, err error) {
	cat = &catalogue{version: version}
	members := membersSQL15
	if version >= 16 {
		members = membersSQL16
	}
	if cat.self, err = one[self](ctx, r, selfSQL); err != nil {
		return nil, err
	}
	steps := []func() error{
		load(ctx, r, &cat.roles, rolesSQL),
		load(ctx, r, &cat.members, members),
		load(ctx, r, &cat.tables, tablesSQL),
		load(ctx, r, &cat.defaults, defaultsSQL),
		load(ctx, r, &cat.usage, usageSQL),
		load(ctx, r, &cat.owners, ownersSQL),
		load(ctx, r, &cat.schemas, schemasSQL),
		load(ctx, r, &cat.settings, settingsSQL, settingNames),
		load(ctx, r, &cat.override, overridesSQL, settingNames),
		func() error { cat.connect, err = grantees(ctx, r); return err },
		func() error { cat.copies, err = one[copies](ctx, r, copiesSQL); return err },
	}
	if cat.self.HBA {
		steps = append(steps, load(ctx, r, &cat.hba, hbaSQL))
	}
	if cat.self.Authid {
		steps = append(steps, func() error {
			n, err := one[struct{ N int }](ctx, r, weakSQL)
			cat.weak = &n.N
			return err
		})
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return cat, nil
}

func load[T any](ctx context.Context, r reader, into *[]T, sql string, args ...any) func() error {
	return func() (err error) {
		*into, err = all[T](ctx, r, sql, args...)
		return err
	}
}

func grantees(ctx context.Context, r reader) ([]uint32, error) {
	rows, err := all[struct{ OID uint32 }](ctx, r, connectSQL)
	out := make([]uint32, len(rows))
	for i, row := range rows {
		out[i] = row.OID
	}
	return out, err
}
