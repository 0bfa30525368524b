package postgres

import (
	"slices"
	"strings"

	"waarborg/internal/inventory"
)

// settingNames are the only settings that are read.
var settingNames = []string{"ssl", "ssl_min_protocol_version", "password_encryption", "listen_addresses",
	"shared_preload_libraries", "session_preload_libraries", "pgaudit.log", "pgaudit.role", "log_statement",
	"log_min_duration_statement", "log_line_prefix", "log_destination", "log_connections", "archive_mode",
	"archive_command", "archive_library", "require_secure_transport", "rds.force_ssl"}

const (
	// Of the archive command only leaves the server whether it does anything: it may hold a secret.
	settingsSQL = `SELECT name, CASE name
		WHEN 'archive_command' THEN CASE WHEN setting IN ('', '(disabled)', 'true', '/bin/true', '/usr/bin/true') THEN '' ELSE 'set' END
		WHEN 'archive_library' THEN CASE WHEN setting = '' THEN '' ELSE 'set' END
		ELSE setting END, source FROM pg_settings WHERE name = ANY($1::text[])`

	overridesSQL = `SELECT s.setrole, s.setdatabase <> 0, split_part(kv, '=', 1), substr(kv, strpos(kv, '=') + 1)
		FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) kv
		WHERE split_part(kv, '=', 1) = ANY($1::text[])
		AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
		ORDER BY s.setrole, s.setdatabase <> 0`
)

// config is the settings as an ordinary client of the database gets them.
type config map[string]string

// generalConfig leaves out what holds for the collector's account alone: the server shows each client its own values,
// so auditing that is on for this account would look on for everybody.
func generalConfig(settings []setting, overrides []override) config {
	out := config{}
	for _, s := range settings {
		if s.Source != "user" && s.Source != "database user" {
			out[s.Name] = s.Value
		}
	}
	for _, inDatabase := range []bool{false, true} { // the database's own value is the stronger
		for _, o := range overrides {
			if o.Role == 0 && o.InDatabase == inDatabase {
				out[o.Name] = o.Value
			}
		}
	}
	return out
}

// forRole adds the values that hold for one role, the ones for this database last.
func (c config) forRole(overrides []override) config {
	out := config{}
	for name, value := range c {
		out[name] = value
	}
	for _, inDatabase := range []bool{false, true} {
		for _, o := range overrides {
			if o.InDatabase == inDatabase {
				out[o.Name] = o.Value
			}
		}
	}
	return out
}

func boolean(s string) bool {
	switch strings.ToLower(s) {
	case "on", "true", "yes", "1":
		return true
	}
	return false
}

// text is a setting as a fact: unknown where the account may not see it.
func (c config) text(name string) inventory.Fact[string] {
	if v, ok := c[name]; ok {
		return inventory.Known(v)
	}
	return inventory.Unknown[string](inventory.Permission, name)
}

// list splits a setting like 'a, "b"'.
func list(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.ToLower(strings.Trim(part, " \t\"")); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// minTLS is the oldest TLS version that is accepted; absent where TLS is off.
func (c config) minTLS() inventory.Fact[string] {
	if ssl, ok := c["ssl"]; ok && !boolean(ssl) {
		return inventory.Absent[string]()
	}
	v, ok := c["ssl_min_protocol_version"]
	if !ok {
		return inventory.Unknown[string](inventory.Permission, "ssl_min_protocol_version")
	}
	switch strings.ToLower(v) {
	case "", "tlsv1": // empty: whatever the library still speaks
		return inventory.Known("1.0")
	case "tlsv1.1":
		return inventory.Known("1.1")
	case "tlsv1.2":
		return inventory.Known("1.2")
	case "tlsv1.3":
		return inventory.Known("1.3")
	}
	return inventory.Unknown[string](inventory.Unsupported, "ssl_min_protocol_version")
}

// onlyLocal tells whether the server listens to its own machine alone.
func (c config) onlyLocal() bool {
	v, ok := c["listen_addresses"]
	return ok && !slices.ContainsFunc(list(v), func(host string) bool { return !onThisMachine(host) })
}

// audit says what the server logs of statements: by the pgaudit extension, or by log_statement.
func (c config) audit(overrides []override) inventory.Audit {
	reads, writes := c.logged()
	for _, r := range perRole(overrides) {
		roleReads, roleWrites := c.forRole(r).logged()
		reads, writes = both(reads, roleReads), both(writes, roleWrites)
	}
	return inventory.Audit{Reads: reads, Writes: writes, Enabled: either(reads, writes), UserAndTime: c.userAndTime()}
}

// perRole groups the overrides of each role; the ones for every role are in the general configuration already.
func perRole(overrides []override) map[uint32][]override {
	out := map[uint32][]override{}
	for _, o := range overrides {
		if o.Role != 0 {
			out[o.Role] = append(out[o.Role], o)
		}
	}
	return out
}

func (c config) logged() (reads, writes inventory.Fact[bool]) {
	statement, ok := c["log_statement"]
	if !ok {
		reads = inventory.Unknown[bool](inventory.Permission, "log_statement")
		writes = reads
	} else {
		everything := statement == "all" || isZero(c["log_min_duration_statement"])
		reads, writes = inventory.Known(everything), inventory.Known(everything || statement == "mod")
	}
	auditReads, auditWrites := c.pgaudit()
	return either(reads, auditReads), either(writes, auditWrites)
}

// isZero reads "0", "0ms" and "0 s".
func isZero(s string) bool {
	return strings.HasPrefix(s, "0") && strings.Trim(s, "0 dhminsu.") == ""
}

// pgaudit says what the extension's session log covers.
func (c config) pgaudit() (reads, writes inventory.Fact[bool]) {
	shared, ok := c["shared_preload_libraries"]
	if !ok {
		u := inventory.Unknown[bool](inventory.Permission, "shared_preload_libraries")
		return u, u
	}
	libraries := list(shared + "," + c["session_preload_libraries"])
	if !slices.ContainsFunc(libraries, func(l string) bool { return l == "pgaudit" || strings.HasSuffix(l, "/pgaudit") }) {
		return inventory.Known(false), inventory.Known(false)
	}
	read, write := false, false
	for _, class := range list(c["pgaudit.log"]) {
		on := !strings.HasPrefix(class, "-")
		switch strings.TrimPrefix(class, "-") {
		case "all":
			read, write = on, on
		case "read":
			read = on
		case "write":
			write = on
		}
	}
	reads, writes = inventory.Known(read), inventory.Known(write)
	if c["pgaudit.role"] != "" { // audits the objects that were granted to that role, whichever these are
		u := inventory.Unknown[bool](inventory.Unsupported, "pgaudit.role")
		reads, writes = either(reads, u), either(writes, u)
	}
	return reads, writes
}

// userAndTime tells whether an entry of the log says who and when: by itself, or through the log of connections.
func (c config) userAndTime() inventory.Fact[bool] {
	prefix, ok := c["log_line_prefix"]
	if !ok {
		return inventory.Unknown[bool](inventory.Permission, "log_line_prefix")
	}
	destinations := list(c["log_destination"])
	if slices.Contains(destinations, "csvlog") || slices.Contains(destinations, "jsonlog") {
		return inventory.Known(true)
	}
	escapes := prefixEscapes(prefix)
	when := strings.ContainsAny(escapes, "mtn") || slices.Equal(destinations, []string{"syslog"})
	who := strings.Contains(escapes, "u") || strings.ContainsAny(escapes, "cp") && c.logsConnections()
	return inventory.Known(when && who)
}

// prefixEscapes returns the letters of the escapes in a log_line_prefix: "mu" of "%m [%-10u] 100%%".
func prefixEscapes(prefix string) string {
	var out strings.Builder
	for i := 0; i < len(prefix); i++ {
		if prefix[i] != '%' {
			continue
		}
		for i++; i < len(prefix) && (prefix[i] == '-' || prefix[i] >= '0' && prefix[i] <= '9'); {
			i++
		}
		if i < len(prefix) {
			out.WriteByte(prefix[i])
		}
	}
	return out.String()
}

// logsConnections tells whether the user of each connection is logged. PostgreSQL 18 has a list here.
func (c config) logsConnections() bool {
	v := list(c["log_connections"])
	return len(v) == 1 && boolean(v[0]) || slices.Contains(v, "all") || slices.Contains(v, "authorization")
}

// either is a or b of three-valued facts: true if one is, unknown if one could be.
func either(a, b inventory.Fact[bool]) inventory.Fact[bool] {
	if v, ok := a.Value(); ok && v {
		return a
	}
	if v, ok := b.Value(); ok && v || !a.IsUnknown() {
		return b
	}
	return a
}

// both is a and b: false if one is, unknown if one could be.
func both(a, b inventory.Fact[bool]) inventory.Fact[bool] {
	if v, ok := a.Value(); ok && !v {
		return a
	}
	if v, ok := b.Value(); ok && !v || !a.IsUnknown() {
		return b
	}
	return a
}
