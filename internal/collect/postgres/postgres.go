package postgres

import (
	"context"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

const collectorName = "postgres"

// Collect reads the database. Its errors are of type *collect.Error, or the context's own; with an error it returns
// what it had read by then.
func (c *Collector) Collect(ctx context.Context, env collect.Env) ([]inventory.Draft, error) {
	env.Step(say.Both("connecting to %s", "verbinden met %s", c.cfg.Database))
	s, err := c.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer s.close()
	if s.version > newestVersion {
		env.Problem(collect.Problem{What: say.Both("whether PostgreSQL %d says the same as %d",
			"of PostgreSQL %d hetzelfde zegt als %d", s.version, newestVersion),
			Reason: inventory.Reason{Code: inventory.Unsupported, Detail: "server_version"},
			Hint: say.Both("look for a newer Waarborg",
				"zoek een nieuwere Waarborg")})
	}
	env.Step(say.Both("reading the catalogues of %s", "catalogi van %s lezen", c.cfg.Database))
	var cat *catalogue
	err = s.read(ctx, func(r reader) error {
		if cat, err = readCatalogue(ctx, r, s.version); err != nil {
			return err
		}
		return c.readTables(ctx, r, cat)
	})
	if err != nil {
		return nil, c.failure(ctx, say.Both("reading the catalogues", "het lezen van de catalogi"), err)
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
			AtRest:      inventory.Unknown[bool](inventory.NotReported, "disks"),
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
	report := func(unknown bool, what say.Text, reason inventory.Reason, hint say.Text) {
		if unknown {
			env.Problem(collect.Problem{What: what, Reason: reason, Hint: hint})
		}
	}
	report(a.Location.IsUnknown(), say.Both("where the server stands", "waar de server staat"), a.Location.Reason(),
		say.Both("add the source's location to the workspace", "zet de locatie van de bron in de werkmap"))
	report(a.Copies.IsUnknown(),
		say.Both("where the copies of the data are", "waar de kopieën van de gegevens staan"), a.Copies.Reason(),
		say.Both("add the source's copies to the workspace, each with its role and location",
			"zet de kopieën van de bron in de werkmap, elk met rol en locatie"))
	hidden := a.Encryption.MinTLS.IsUnknown() || a.Audit.Reads.IsUnknown() || a.Audit.Writes.IsUnknown()
	report(hidden, say.Both("settings of TLS and of the audit log", "instellingen van TLS en van het auditlog"),
		inventory.Reason{Code: inventory.Permission, Detail: "pg_read_all_settings"},
		say.Both("GRANT pg_monitor TO %s; if it has that, ALTER ROLE … RESET what is set for this account alone",
			"GRANT pg_monitor TO %s; heeft het dat al, draai dan met ALTER ROLE … RESET terug wat alleen voor dit account is ingesteld", account))
	rules := a.Authentication.TrustEntries
	hint := say.Both("in this database: GRANT SELECT ON pg_hba_file_rules TO %[1]s; GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO %[1]s",
		"in deze database: GRANT SELECT ON pg_hba_file_rules TO %[1]s; GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO %[1]s", account)
	if rules.Reason().Code == inventory.Malformed {
		hint = say.Both("pg_hba.conf has an error, so the server keeps older rules: see the column error of pg_hba_file_rules",
			"pg_hba.conf bevat een fout, dus de server houdt oudere regels aan: kijk in de kolom error van pg_hba_file_rules")
	}
	report(rules.IsUnknown(), say.Both("how clients are let in", "hoe clients worden toegelaten"), rules.Reason(), hint)
	report(cat.weak == nil, say.Both("how many passwords are stored as md5", "hoeveel wachtwoorden als md5 zijn opgeslagen"),
		inventory.Reason{Code: inventory.Permission, Detail: "pg_authid"},
		say.Both("only a superuser can count them, and the collector should not be one: %s",
			"alleen een superuser kan ze tellen, en het account van Waarborg hoort dat niet te zijn: %s", weakSQL))
	tenancy := a.Tenancy.Unprotected
	report(tenancy.IsSet() && tenancy.IsUnknown(),
		say.Both("whether row-level security holds for the application", "of row-level security voor de applicatie geldt"),
		tenancy.Reason(),
		say.Both("add the roles by which applications sign in to the source's app_roles, or ALTER TABLE … FORCE ROW LEVEL SECURITY",
			"zet de rollen waarmee applicaties inloggen bij app_roles van de bron, of ALTER TABLE … FORCE ROW LEVEL SECURITY"))
}
