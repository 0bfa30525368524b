package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// noCustomer is the part of an id that stands for records of tenants whom no agreement names.
const noCustomer = "(no customer)"

// oldest is what an aggregate says of one tenant's records.
type oldest struct {
	tenant  *string // nil: a tenant that is not in the configuration, or none
	trigger *string // ISO date; nil: no record whose term has started
}

// datasets reads the age of the oldest record of each customer in each table of the data map. The drafts are complete
// even when it also returns an error: what could not be read is unknown in them.
func (c *Collector) datasets(ctx context.Context, env collect.Env, s *session, cat *catalogue) ([]inventory.Draft, error) {
	var out []inventory.Draft
	var broken error // the connection is gone: the rest cannot be read
	for i, t := range c.cfg.Tables {
		drafts := c.emptyDatasets(env.Source, t)
		f, reason, hint := c.readable(cat, i)
		if reason.Code == "" && broken != nil {
			reason = inventory.Reason{Code: inventory.SourceError, Detail: "connection"}
		}
		var rows []oldest
		if reason.Code == "" {
			env.Step(say.Both("reading the age of records in %s", "ouderdom van gegevens in %s lezen", t))
			var err error
			rows, err = c.aggregate(ctx, env.Now(), s, t, f)
			reason, hint = explainTable(t, err)
			if err != nil && (s.conn.IsClosed() || ctx.Err() != nil) {
				broken = c.failure(ctx, say.Both("reading the age of records in %s",
					"het lezen van de ouderdom van gegevens in %s", t), err)
			}
		}
		if reason.Code != "" {
			for _, d := range drafts {
				a := d.Attributes.(*inventory.Dataset)
				a.Oldest = inventory.Unknown[string](reason.Code, reason.Detail)
				a.Records = inventory.Unknown[bool](reason.Code, reason.Detail)
			}
			if broken == nil {
				env.Problem(collect.Problem{What: ageOf(t), Reason: reason, Hint: hint})
			}
		} else {
			drafts = c.fill(env, t, c.tenantValues(t, f), drafts, rows)
		}
		for d := range drafts {
			drafts[d].Provenance = env.Provenance(collectorName, "one aggregate of "+t.String(), "SELECT on the columns for tenant and trigger")
		}
		out = append(out, drafts...)
	}
	return out, broken
}

// emptyDatasets makes the drafts of a table, a customer each, with nothing read yet.
func (c *Collector) emptyDatasets(source string, t Table) []inventory.Draft {
	customers := customersOf(c.cfg.tenants(t))
	if t.TenantColumn == "" {
		d := c.dataset(source, t, "all")
		if t.Application != "" {
			d.Scope.Applications = []string{t.Application}
		}
		return []inventory.Draft{d}
	}
	out := make([]inventory.Draft, len(customers))
	for i, id := range customers {
		out[i] = c.dataset(source, t, id)
		out[i].Scope.Customers = []string{id}
	}
	return out
}

func (c *Collector) dataset(source string, t Table, part string) inventory.Draft {
	a := &inventory.Dataset{Class: inventory.Known(t.Class)}
	for fact, value := range map[*inventory.Fact[string]]string{&a.Application: t.Application, &a.Store: t.Store, &a.Trigger: t.Trigger} {
		if value != "" {
			*fact = inventory.Known(value)
		}
	}
	env := collect.Env{Source: source}
	return inventory.Draft{ID: env.ID(c.cfg.Database, "dataset", t.Class, t.String(), part),
		Name: t.Class + " in " + t.String(), Attributes: a}
}

// readable tells whether the aggregate can be asked for, and what is missing where it cannot.
func (c *Collector) readable(cat *catalogue, i int) (f foundTable, reason inventory.Reason, hint say.Text) {
	t := c.cfg.Tables[i]
	at := slices.IndexFunc(cat.found, func(f foundTable) bool { return f.Index == i })
	if at < 0 {
		return f, inventory.Reason{Code: inventory.Undeclared, Detail: t.String()},
			say.Both("the data map names a table that is not there: correct its schema or name, in the case that the database has",
				"de gegevenskaart noemt een tabel die er niet is: verbeter het schema of de naam, met de hoofdletters van de database")
	}
	f = cat.found[at]
	const statements = "GRANT USAGE ON SCHEMA %s TO %s; GRANT SELECT (%s) ON %s TO %[2]s"
	grant := say.Same(fmt.Sprintf(statements, quote(t.Schema), account, strings.Join(t.columns(), ", "), quote(t.Schema, t.Name)))
	switch {
	case !isTable(f.Kind):
		return f, inventory.Reason{Code: inventory.Unsupported, Detail: "view"},
			say.Both("a view can leave records out, and a foreign table is elsewhere: name the table that has the records",
				"een view kan gegevens weglaten, en een foreign table staat ergens anders: noem de tabel waar de gegevens in staan")
	case t.TenantColumn != "" && f.Tenant == 0:
		return f, inventory.Reason{Code: inventory.Undeclared, Detail: "tenant_column"},
			say.Both("correct the table's tenant column in the data map",
				"verbeter de tenantkolom van de tabel in de gegevenskaart")
	case t.TriggerColumn != "" && f.Trigger == 0:
		return f, inventory.Reason{Code: inventory.Undeclared, Detail: "trigger_column"},
			say.Both("correct the table's trigger column in the data map",
				"verbeter de kolom van de trigger van de tabel in de gegevenskaart")
	case f.Trigger != 0 && !isDate(f.TriggerType):
		return f, inventory.Reason{Code: inventory.Unsupported, Detail: "trigger_column"},
			say.Both("the trigger column has to be a date, timestamp or timestamptz: name another",
				"de kolom van de trigger moet een date, timestamp of timestamptz zijn: noem een andere")
	case !f.Usage:
		return f, inventory.Reason{Code: inventory.Permission, Detail: "USAGE"}, grant
	case f.Tenant != 0 && !f.TenantReadable, f.Trigger != 0 && !f.TrigReadable:
		return f, inventory.Reason{Code: inventory.Permission, Detail: "SELECT"}, grant
	case f.Hidden:
		return f, inventory.Reason{Code: inventory.Permission, Detail: "row_security"},
			say.Both("row-level security hides rows from this account; as a superuser: ALTER ROLE %s BYPASSRLS; it still reads only the columns that it was granted",
				"row-level security verbergt rijen voor dit account; als superuser: ALTER ROLE %s BYPASSRLS; het leest ook dan alleen de kolommen waarvoor het rechten heeft", account)
	}
	return f, reason, say.Text{}
}

func (t Table) columns() []string {
	var out []string
	for _, name := range []string{t.TenantColumn, t.TriggerColumn} {
		if name != "" {
			out = append(out, quote(name))
		}
	}
	return out
}

func quote(parts ...string) string { return pgx.Identifier(parts).Sanitize() }

func isDate(oid uint32) bool {
	return oid == pgtype.DateOID || oid == pgtype.TimestampOID || oid == pgtype.TimestamptzOID
}

// aggregateSQL asks for one line per configured tenant and one for all others, whose names stay on the server. Only
// what has happened starts a term: a planned end, or infinity, does not.
func aggregateSQL(t Table) string {
	tenant, trigger := "NULL::text", "NULL::text"
	if t.TenantColumn != "" {
		column := quote(t.TenantColumn) + "::text"
		tenant = "CASE WHEN " + column + " = ANY($1::text[]) THEN " + column + " END"
	}
	if t.TriggerColumn != "" {
		column := quote(t.TriggerColumn)
		trigger = "(min(" + column + ") FILTER (WHERE " + column + " <= $2::timestamptz))::date::text"
	}
	return "SELECT " + tenant + ", " + trigger + " FROM " + quote(t.Schema, t.Name) +
		" WHERE $1::text[] IS NOT NULL AND $2::timestamptz IS NOT NULL GROUP BY 1"
}

// aggregate asks for the oldest trigger of each tenant, in a transaction of its own: a long one would keep the server
// from cleaning up behind it.
func (c *Collector) aggregate(ctx context.Context, now time.Time, s *session, t Table, f foundTable) (rows []oldest, err error) {
	values := slices.AppendSeq([]string{}, maps.Keys(c.tenantValues(t, f))) // not nil: that would be NULL
	err = s.read(ctx, func(r reader) error {
		ctx, cancel := context.WithTimeout(ctx, r.limit)
		defer cancel()
		answer, err := r.tx.Query(ctx, aggregateSQL(t), values, now.UTC())
		if err != nil {
			return err
		}
		rows, err = pgx.CollectRows(answer, func(row pgx.CollectableRow) (o oldest, err error) {
			return o, row.Scan(&o.tenant, &o.trigger)
		})
		return err
	})
	return rows, err
}

// tenantValues maps the values of a tenant column, as the server writes them, to customers.
func (c *Collector) tenantValues(t Table, f foundTable) map[string]string {
	tenants := c.cfg.tenants(t)
	if f.TenantType != pgtype.UUIDOID {
		return tenants
	}
	out := map[string]string{}
	for value, id := range tenants {
		out[strings.ToLower(value)] = id
	}
	return out
}

// explainTable says why the aggregate of one table failed; an empty reason where it did not.
func explainTable(t Table, err error) (inventory.Reason, say.Text) {
	if err == nil {
		return inventory.Reason{}, say.Text{}
	}
	var pgErr *pgconn.PgError
	if !errors.As(err, &pgErr) {
		return inventory.Reason{Code: inventory.SourceError, Detail: "connection"}, tryAgain
	}
	switch pgErr.Code {
	case codeStatementLimit:
		return inventory.Reason{Code: inventory.SourceError, Detail: "timeout"}, say.Both(
			"CREATE INDEX ON %s (%s), or raise the source's statement timeout",
			"CREATE INDEX ON %s (%s), of verhoog de tijdslimiet per opdracht van de bron (statement_timeout)", quote(t.Schema, t.Name), strings.Join(t.columns(), ", "))
	case codeLockLimit:
		return inventory.Reason{Code: inventory.SourceError, Detail: "locked"},
			say.Both("something holds a lock on the table: try again at a quieter hour",
				"iets houdt de tabel vast: probeer het op een rustiger moment")
	case codeNoPrivilege:
		return inventory.Reason{Code: inventory.Permission, Detail: "SELECT"},
			say.Both("GRANT SELECT on the table and what it needs to %s",
				"GRANT SELECT aan %s op de tabel en op wat die nodig heeft", account)
	}
	return inventory.Reason{Code: inventory.SourceError, Detail: "SQLSTATE " + pgErr.Code}, say.Both("look in the server's log",
		"kijk in het logboek van de server")
}
