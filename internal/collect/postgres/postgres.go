package postgres

import (
	"context"
	"fmt"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
)

const collectorName = "postgres"

// Collect reads the database. Its errors are of type *collect.Error, or the context's own; with an error it returns
// what it had read by then.
func (c *Collector) Collect(ctx context.Context, env collect.Env) ([]inventory.Draft, error) {
	env.Step("connecting to " + c.cfg.Database)
	s, err := c.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer s.close()
	if s.version > newestVersion {
		env.Problem(collect.Problem{What: fmt.Sprintf("whether PostgreSQL %d says the same as %d", s.version, newestVersion),
			Reason: inventory.Reason{Code: inventory.Unsupported, Detail: "server_version"}, Hint: "look for a newer Waarborg"})
	}
	env.Step("reading the catalogues of " + c.cfg.Database)
	var cat *catalogue
	err = s.read(ctx, func(r reader) error {
		if cat, err = readCatalogue(ctx, r, s.version); err != nil {
			return err
		}
		return c.readTables(ctx, r, cat)
	})
	if err != nil {
		return nil, c.failure(ctx, "reading the catalogues", err)
	}
	g := newGraph(cat)
	store := c.datastore(env, cat, g)
	store.Attributes.(*inventory.Datastore).SizeMB = c.size(ctx, s)
	out := []inventory.Draft{store}
	out = append(out, c.grants(env, cat, g)...)
	datasets, err := c.datasets(ctx, env, s, cat)
	return append(out, datasets...), err
}

// size asks how much disk the database takes, in a transaction of its own: on slow disks it can take longer than a
// statement may, and then the size alone stays unknown.
func (c *Collector) size(ctx context.Context, s *session) inventory.Fact[int] {
	var mb int
	err := s.read(ctx, func(r reader) error {
		ctx, cancel := context.WithTimeout(ctx, r.limit)
		defer cancel()
		return r.tx.QueryRow(ctx, "SELECT ceil(pg_database_size(current_database()) / 1048576.0)::bigint").Scan(&mb)
	})
	if err != nil {
		return inventory.Unknown[int](inventory.SourceError, "pg_database_size")
	}
	return inventory.Known(mb)
}

// Expected returns the drafts that a source of this configuration always has, with nothing read: what must stay in
// sight when it fails.
func (c *Collector) Expected(source string) []inventory.Draft {
	env := collect.Env{Source: source}
	out := []inventory.Draft{{ID: env.ID(c.cfg.Database), Name: c.cfg.Database, Attributes: &inventory.Datastore{
		Engine: inventory.Known("postgresql"), Location: c.cfg.Location}}}
	for _, t := range c.cfg.Tables {
		out = append(out, c.emptyDatasets(source, t)...)
	}
	return out
}

func (c *Collector) datastore(env collect.Env, cat *catalogue, g *graph) inventory.Draft {
	conf := generalConfig(cat.settings, cat.override)
	var hba *hbaFindings
	if cat.self.HBA {
		found := judgeHBA(cat.hba, cat.self.Name, boolean(conf["ssl"]))
		hba = &found
	}
	a := &inventory.Datastore{
		Engine:   inventory.Known("postgresql"),
		Location: c.cfg.Location,
		Copies:   c.places(cat, conf),
		Encryption: inventory.Encryption{
			AtRest:      inventory.Unknown[bool](inventory.NotReported, "a server does not know its disks"),
			TLSRequired: conf.tlsRequired(hba),
			MinTLS:      conf.minTLS(),
		},
		Authentication: conf.authentication(hba, cat.weak),
		Audit:          conf.audit(cat.override),
		Tenancy:        c.tenancy(cat, g),
	}
	if conf.onlyLocal() {
		a.Network.Public = inventory.Known(false)
	}
	if hba != nil && !hba.malformed {
		a.Network.Anonymous = inventory.Known(hba.remoteTrust)
	}
	c.reportGaps(env, cat, a)
	permission := "CONNECT"
	switch {
	case cat.self.Super:
		permission = "superuser"
	case cat.self.Monitor:
		permission = "pg_monitor"
	}
	return inventory.Draft{ID: env.ID(c.cfg.Database), Name: c.cfg.Database, Attributes: a,
		Provenance: env.Provenance(collectorName, "pg_settings, pg_hba_file_rules, pg_policy, pg_stat_replication", permission)}
}

// reportGaps says what stayed unknown of the datastore and what would mend it.
func (c *Collector) reportGaps(env collect.Env, cat *catalogue, a *inventory.Datastore) {
	report := func(unknown bool, what string, reason inventory.Reason, hint string) {
		if unknown {
			env.Problem(collect.Problem{What: what, Reason: reason, Hint: hint})
		}
	}
	report(a.Location.IsUnknown(), "where the server stands", a.Location.Reason(), "add the source's location to the workspace")
	report(a.Copies.IsUnknown(), "where the copies of the data are", a.Copies.Reason(),
		"add the source's copies to the workspace, each with its role and location")
	hidden := a.Encryption.MinTLS.IsUnknown() || a.Audit.Reads.IsUnknown() || a.Audit.Writes.IsUnknown()
	report(hidden, "settings of TLS and of the audit log",
		inventory.Reason{Code: inventory.Permission, Detail: "pg_read_all_settings"},
		"GRANT pg_monitor TO "+account+"; if it has that, ALTER ROLE … RESET what is set for this account alone")
	rules := a.Authentication.TrustEntries
	hint := "in this database: GRANT SELECT ON pg_hba_file_rules TO " + account +
		"; GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO " + account
	if rules.Reason().Code == inventory.Malformed {
		hint = "pg_hba.conf has an error, so the server keeps older rules: see the column error of pg_hba_file_rules"
	}
	report(rules.IsUnknown(), "how clients are let in", rules.Reason(), hint)
	report(cat.weak == nil, "how many passwords are stored as md5", inventory.Reason{Code: inventory.Permission, Detail: "pg_authid"},
		"only a superuser can count them, and the collector should not be one: "+weakSQL)
	tenancy := a.Tenancy.Unprotected
	report(tenancy.IsSet() && tenancy.IsUnknown(), "whether row-level security holds for the application", tenancy.Reason(),
		"add the roles by which applications sign in to the source's app_roles, or ALTER TABLE … FORCE ROW LEVEL SECURITY")
}
