package terraform

import (
	"net/netip"
	"slices"
	"strings"

	"waarborg/internal/inventory"
)

const (
	pgFlexible = "azurerm_postgresql_flexible_server"
	pgSingle   = "azurerm_postgresql_server"
	myFlexible = "azurerm_mysql_flexible_server"
)

// postgresFlexible maps azurerm_postgresql_flexible_server.
func postgresFlexible(g *graph, r resource) {
	n := flexibleServer(g, r, "postgresql")
	// Cannot be turned off: https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-data-encryption
	n.store.Encryption.AtRest = inventory.Known(true)
	auth, found, _, why := r.block("authentication")
	if why.Code != "" {
		n.store.Authentication.PasswordLogin = unknown[bool](why)
	} else if found {
		n.store.Authentication.PasswordLogin = fact(auth, asBool, "password_auth_enabled")
	}
}

// mysqlFlexible maps azurerm_mysql_flexible_server.
func mysqlFlexible(g *graph, r resource) { flexibleServer(g, r, "mysql") }

// flexibleServer is what flexible servers of PostgreSQL and MySQL have in common.
func flexibleServer(g *graph, r resource, engine string) *node {
	n := databaseServer(g, r, engine)
	o := r.object
	n.store.Encryption.KeyCustody = custody(o, "customer_managed_key")
	n.store.Redundancy = highAvailability(o)
	switch subnet := o.read("delegated_subnet_id"); {
	case subnet.text() != "":
		n.access = inventory.Known(false) // in a network of one's own, it has no public address
	case subnet.why.Code != "":
		if on, ok := n.access.Value(); ok && on {
			n.access = unknown[bool](subnet.why)
		}
	}
	n.settings = map[string]string{}
	n.closing = append(n.closing, func() { g.closeFlexible(n) })
	if strings.EqualFold(o.read("create_mode").text(), "Replica") {
		me := n
		g.tell(areaCopies, r.typ, r.ref("source_server_id"), func(source *node) {
			location, ok := me.store.Location.Value()
			if !ok {
				source.doubts[areaCopies] = me.store.Location.Reason()
				return
			}
			source.copies = append(source.copies, inventory.Copy{Role: "replica", Location: location})
			if own, ok := source.store.Location.Value(); ok && own != location {
				source.store.Redundancy = inventory.Known("region")
			}
		})
	}
	return n
}

// postgresSingle maps azurerm_postgresql_server, the retired single server.
func postgresSingle(g *graph, r resource) {
	n := databaseServer(g, r, "postgresql")
	n.store.Encryption.TLSRequired = fact(r.object, asBool, "ssl_enforcement_enabled")
	n.store.Encryption.MinTLS = fact(r.object, oneOf(tlsVersions), "ssl_minimal_tls_version_enforced")
	if strings.EqualFold(r.read("ssl_minimal_tls_version_enforced").text(), "TLSEnforcementDisabled") {
		n.store.Encryption.MinTLS = inventory.Absent[string]()
	}
}

// databaseServer is what all servers of PostgreSQL and MySQL have in common.
func databaseServer(g *graph, r resource, engine string) *node {
	o := r.object
	days := fact(o, asCount, "backup_retention_days")
	n := g.node(r, &inventory.Datastore{
		Engine:   inventory.Known(engine),
		Location: fact(o, asLocation, "location"),
		Backup: inventory.Backup{
			RetentionDays: days,
			GeoRedundant:  fact(o, asBool, "geo_redundant_backup_enabled"),
		},
	})
	if kept, ok := days.Value(); ok {
		n.store.Backup.Enabled = inventory.Known(kept > 0)
	}
	n.ownCopy = n.store.Backup.GeoRedundant
	n.access = fact(o, asBool, "public_network_access_enabled")
	n.guarded = inventory.Known(true) // without a firewall rule nobody comes in
	return n
}

func highAvailability(o object) inventory.Fact[string] {
	ha, found, listed, why := o.block("high_availability")
	switch {
	case why.Code != "":
		return unknown[string](why)
	case found:
		return fact(ha, oneOf(map[string]string{"zoneredundant": "zone", "samezone": "none"}), "mode")
	case listed:
		return inventory.Known("none")
	}
	return inventory.Fact[string]{}
}

// firewallRule maps the firewall rules of PostgreSQL, MySQL and SQL servers: a first and a last address.
func firewallRule(target, attr string) mapping {
	return func(g *graph, r resource) {
		first, last := r.read("start_ip_address"), r.read("end_ip_address")
		g.tell(areaRanges, target, r.serverRef(attr, target), func(n *node) {
			ranges, ok := rangesBetween(first.text(), last.text())
			switch {
			case first.why.Code != "":
				n.doubts[areaRanges] = first.why
			case last.why.Code != "":
				n.doubts[areaRanges] = last.why
			case !ok:
				n.doubts[areaRanges] = inventory.Reason{Code: inventory.Malformed, Detail: "start_ip_address"}
			default:
				n.letIn(ranges...)
				// 0.0.0.0 to 0.0.0.0 lets in all of Azure, of every customer: anybody can rent a machine there.
				n.open = n.open || slices.Equal(ranges, []netip.Prefix{netip.PrefixFrom(netip.IPv4Unspecified(), 32)})
			}
		})
	}
}

// serverRef refers to a server by id or, for attributes that end in _name, by name.
func (r resource) serverRef(attr, target string) reference {
	if strings.HasSuffix(attr, "_name") {
		return r.refNamed(attr, target)
	}
	return r.ref(attr)
}

// serverSetting maps the configuration resources of PostgreSQL and MySQL: one parameter each.
func serverSetting(target, attr string) mapping {
	return func(g *graph, r resource) {
		name := strings.ToLower(r.read("name").text())
		value := r.read("value")
		if !usedSettings[name] {
			return
		}
		g.tell(area(name), target, r.serverRef(attr, target), func(n *node) {
			s, ok := value.value.(string)
			switch {
			case value.why.Code != "":
				n.doubts[area(name)] = value.why
			case !ok:
				n.doubts[area(name)] = inventory.Reason{Code: inventory.Malformed, Detail: name}
			default:
				n.settings[name] = strings.ToLower(strings.TrimSpace(s))
			}
		})
	}
}

// usedSettings are the parameters that say something of a fact.
var usedSettings = map[string]bool{
	"require_secure_transport": true, "ssl_min_protocol_version": true, "tls_version": true, "password_encryption": true,
	"pgaudit.log": true, "shared_preload_libraries": true, "log_statement": true, "log_line_prefix": true, "audit_log_enabled": true,
}

var onOff = map[string]bool{"on": true, "off": false, "true": true, "false": false, "1": true, "0": false}

// closeFlexible makes facts of the parameters of a flexible server. What no configuration resource sets has a default
// of Azure's, which is not guessed.
func (g *graph) closeFlexible(n *node) {
	enc, audit := &n.store.Encryption, &n.store.Audit
	enc.TLSRequired = setting(g, n, "require_secure_transport", onOff)
	enc.MinTLS = setting(g, n, "ssl_min_protocol_version", tlsVersions)
	if list, ok := n.settings["tls_version"]; ok {
		enc.MinTLS = lowestTLS(list)
	} else if !enc.MinTLS.IsSet() {
		enc.MinTLS = setting(g, n, "tls_version", tlsVersions)
	}
	n.store.Authentication.PasswordHash = setting(g, n, "password_encryption",
		map[string]string{"scram-sha-256": "scram-sha-256", "md5": "md5", "on": "md5"})
	if on, ok := setting(g, n, "audit_log_enabled", onOff).Value(); ok && on {
		audit.Enabled = inventory.Known(true)
	}
	audit.Reads, audit.Writes = g.statementAudit(n)
	if on, ok := audit.Writes.Value(); ok && on {
		audit.Enabled = inventory.Known(true)
	}
	if prefix, ok := n.settings["log_line_prefix"]; ok {
		who := strings.Contains(prefix, "%u")
		when := strings.Contains(prefix, "%t") || strings.Contains(prefix, "%m") || strings.Contains(prefix, "%n")
		audit.UserAndTime = inventory.Known(who && when)
	}
}

// setting makes a fact of one parameter.
func setting[T any](g *graph, n *node, name string, words map[string]T) inventory.Fact[T] {
	if s, ok := n.settings[name]; ok {
		v, bad := oneOf(words)(s)
		return known(v, bad, name)
	}
	if why := g.lost(n, area(name)); why.Code != "" {
		return unknown[T](why)
	}
	return inventory.Fact[T]{}
}

// lowestTLS reads MySQL's list of accepted versions, such as "tlsv1.2,tlsv1.3".
func lowestTLS(list string) inventory.Fact[string] {
	low := ""
	for _, word := range strings.Split(list, ",") {
		v, ok := tlsVersions[strings.TrimSpace(word)]
		if !ok {
			return inventory.Unknown[string](inventory.Unsupported, "tls_version")
		}
		if low == "" || v < low {
			low = v
		}
	}
	return inventory.Known(low)
}

// statementAudit tells whether statements that read, and that write, are logged: by log_statement, or by pgaudit, which
// also must be preloaded.
// https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-audit
func (g *graph) statementAudit(n *node) (reads, writes inventory.Fact[bool]) {
	switch n.settings["log_statement"] {
	case "all":
		return inventory.Known(true), inventory.Known(true)
	case "mod":
		writes = inventory.Known(true)
	}
	classes, ok := n.settings["pgaudit.log"]
	if !ok {
		why := g.lost(n, "pgaudit.log")
		if why.Code != "" {
			reads, writes = unknown[bool](why), writes.Or(unknown[bool](why))
		}
		return reads, writes
	}
	words := strings.FieldsFunc(classes, func(r rune) bool { return r == ',' || r == ' ' })
	logs := func(class string) bool {
		return (slices.Contains(words, class) || slices.Contains(words, "all")) && !slices.Contains(words, "-"+class)
	}
	loaded := strings.Contains(n.settings["shared_preload_libraries"], "pgaudit")
	decide := func(on bool) inventory.Fact[bool] {
		if on && !loaded {
			return inventory.Unknown[bool](inventory.NotReported, "shared_preload_libraries")
		}
		return inventory.Known(on)
	}
	reads = decide(logs("read"))
	if on, ok := writes.Value(); !ok || !on {
		writes = decide(logs("write"))
	}
	return reads, writes
}

// serverDatabase maps the databases on PostgreSQL and MySQL servers: datastores that have the server's facts.
func serverDatabase(engine, attr, target string) mapping {
	return func(g *graph, r resource) {
		to := r.serverRef(attr, target)
		n := g.node(r, &inventory.Datastore{Engine: inventory.Known(engine)})
		n.parent, n.whole, n.takeOver = &to, true, takeWhole
	}
}
