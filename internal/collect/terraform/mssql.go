package terraform

import (
	"slices"
	"strings"

	"waarborg/internal/inventory"
)

const (
	sqlServer   = "azurerm_mssql_server"
	sqlDatabase = "azurerm_mssql_database"
)

// sqlServerNode maps azurerm_mssql_server.
func sqlServerNode(g *graph, r resource) {
	o := r.object
	n := g.node(r, &inventory.Datastore{
		Engine:     inventory.Known("mssql"),
		Location:   fact(o, asLocation, "location"),
		Encryption: inventory.Encryption{MinTLS: fact(o, oneOf(tlsVersions), "minimum_tls_version")},
	})
	if strings.EqualFold(o.read("minimum_tls_version").text(), "Disabled") {
		n.store.Encryption.MinTLS = inventory.Absent[string]()
	}
	n.access = fact(o, asBool, "public_network_access_enabled")
	n.guarded = inventory.Known(true) // without a firewall rule nobody comes in
	admin, found, _, why := o.block("azuread_administrator")
	switch {
	case why.Code != "":
		n.store.Authentication.PasswordLogin = unknown[bool](why)
	case found:
		n.store.Authentication.PasswordLogin = fact(admin, asNot, "azuread_authentication_only")
	}
	n.closing = append(n.closing, func() {
		orDoubt(g, n, areaAudit, &n.store.Audit.Enabled)
		orDoubt(g, n, areaCustody, &n.store.Encryption.KeyCustody)
	})
}

// geoStorage tells which storage redundancies keep a copy in the paired region.
var geoStorage = map[string]bool{"geo": true, "geozone": true, "local": false, "zone": false}

// sqlDatabaseNode maps azurerm_mssql_database.
func sqlDatabaseNode(g *graph, r resource) {
	o := r.object
	n := g.node(r, &inventory.Datastore{
		Engine:     inventory.Known("mssql"),
		Encryption: inventory.Encryption{AtRest: fact(o, asBool, "transparent_data_encryption_enabled")},
		Redundancy: fact(o, zoneOrNone, "zone_redundant"),
		Backup:     sqlBackup(o),
	})
	n.ownCopy = n.store.Backup.GeoRedundant
	server := r.ref("server_id")
	n.parent = &server
	n.takeOver = g.takeServer
	n.closing = append(n.closing, func() {
		orDoubt(g, n, areaAudit, &n.store.Audit.Enabled)
		orDoubt(g, n, areaCustody, &n.store.Encryption.KeyCustody)
	})
	if mode := strings.ToLower(o.read("create_mode").text()); mode == "secondary" || mode == "onlinesecondary" {
		g.tell(areaCopies, sqlDatabase, r.ref("creation_source_database_id"), func(source *node) {
			g.copyOnServer(source, server, "replica")
		})
	}
}

// takeServer lets a database take over what its server decides.
func (g *graph) takeServer(part, whole *node) {
	db, server := part.store, whole.store
	db.Location, db.Network, db.Authentication = server.Location, server.Network, server.Authentication
	db.Environment, db.PersonalData = db.Environment.Or(server.Environment), db.PersonalData.Or(server.PersonalData)
	db.DataCategories = db.DataCategories.Or(server.DataCategories)
	db.Encryption.MinTLS = server.Encryption.MinTLS
	db.Encryption.KeyCustody = db.Encryption.KeyCustody.Or(server.Encryption.KeyCustody)
	part.copies = append(part.copies, whole.copies...)
	if why := g.lost(whole, areaCopies); why.Code != "" {
		part.doubts[areaCopies] = why
	}
	// Auditing of the server covers its databases, so only that it is off says nothing of them.
	if on, ok := server.Audit.Enabled.Value(); on || !ok {
		db.Audit.Enabled = db.Audit.Enabled.Or(server.Audit.Enabled)
		db.Audit.Reads, db.Audit.Writes = db.Audit.Reads.Or(server.Audit.Reads), db.Audit.Writes.Or(server.Audit.Writes)
		db.Audit.RetentionDays = db.Audit.RetentionDays.Or(server.Audit.RetentionDays)
	}
}

// copyOnServer notes a copy on the server that ref names.
func (g *graph) copyOnServer(n *node, server reference, role string) {
	found, how := g.resolve(server)
	if how != exact || found[0].store == nil {
		n.doubts[areaCopies] = server.lacking(how)
		return
	}
	location, ok := found[0].store.Location.Value()
	if !ok {
		n.doubts[areaCopies] = found[0].store.Location.Reason()
		return
	}
	n.copies = append(n.copies, inventory.Copy{Role: role, Location: location})
}

func zoneOrNone(v any) (string, string) {
	zone, bad := asBool(v)
	if zone {
		return "zone", bad
	}
	return "none", bad
}

// sqlBackup reads how long backups are kept: the longest of the short and long term policies, for so long the data are
// still there.
func sqlBackup(o object) inventory.Backup {
	out := inventory.Backup{GeoRedundant: fact(o, oneOf(geoStorage), "storage_account_type")}
	short, found, _, why := o.block("short_term_retention_policy")
	if why.Code != "" {
		out.RetentionDays, out.Enabled = unknown[int](why), unknown[bool](why)
		return out
	}
	if !found {
		return out
	}
	out.RetentionDays = fact(short, asCount, "retention_days")
	days, ok := out.RetentionDays.Value()
	if !ok {
		return out
	}
	out.Enabled = inventory.Known(days > 0)
	long, found, _, why := o.block("long_term_retention_policy")
	if why.Code != "" {
		out.RetentionDays = unknown[int](why)
	}
	if !found {
		return out
	}
	for _, name := range []string{"weekly_retention", "monthly_retention", "yearly_retention"} {
		if r := long.read(name); r.absent() || r.value == "" || r.value == "PT0S" {
			continue
		}
		kept := fact(long, asDays, name)
		more, ok := kept.Value()
		if !ok {
			out.RetentionDays = kept
			return out
		}
		days = max(days, more)
	}
	out.RetentionDays = inventory.Known(days)
	return out
}

// auditingPolicy maps the extended auditing policies of SQL servers and databases.
func auditingPolicy(target, attr string) mapping {
	return func(g *graph, r resource) {
		enabled := fact(r.object, asBool, "enabled")
		days := fact(r.object, asCount, "retention_in_days")
		if n, ok := days.Value(); ok && n == 0 {
			days = inventory.Fact[int]{} // kept without end, or not kept there at all
		}
		groups, listed, why := r.strings("audit_actions_and_groups")
		g.tell(areaAudit, target, r.ref(attr), func(n *node) {
			audit := &n.store.Audit
			audit.Enabled, audit.RetentionDays = enabled, days
			if on, ok := enabled.Value(); ok && on && listed && why.Code == "" && slices.Contains(groups, "BATCH_COMPLETED_GROUP") {
				audit.Reads, audit.Writes = inventory.Known(true), inventory.Known(true)
			}
		})
	}
}

// serverEncryption maps azurerm_mssql_server_transparent_data_encryption: whose key it is.
func serverEncryption(g *graph, r resource) {
	held := inventory.Known("platform")
	hsm, key := r.read("managed_hsm_key_id"), r.read("key_vault_key_id")
	switch {
	case hsm.why.Code != "" && key.absent():
		held = unknown[string](hsm.why)
	case key.why.Code != "" && key.why.Code != inventory.AfterApply:
		held = unknown[string](key.why)
	case hsm.text() != "":
		held = inventory.Known("hsm")
	case !key.absent():
		held = inventory.Known("customer") // also if the key is yet to be made
	}
	g.tell(areaCustody, sqlServer, r.ref("server_id"), func(n *node) { n.store.Encryption.KeyCustody = held })
}

// failoverGroup maps azurerm_mssql_failover_group: copies of the server's databases on the partner's server. It is told
// of the whole server; which databases are in the group is not looked at, as one copy too many can hide nothing.
func failoverGroup(g *graph, r resource) {
	partner, found, _, why := r.block("partner_server")
	to := reference{from: r.head, path: []string{"partner_server", "id"}, value: reading{why: why}}
	if found {
		to.value = partner.read("id")
	}
	g.tell(areaCopies, sqlServer, r.ref("server_id"), func(n *node) { g.copyOnServer(n, to, "failover") })
}
