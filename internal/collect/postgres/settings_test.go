package postgres

import "testing"

func TestAuditSettings(t *testing.T) {
	preload := func(log string, more ...string) config {
		c := config{"shared_preload_libraries": "pg_stat_statements, $libdir/pgaudit", "pgaudit.log": log, "log_statement": "none", "log_min_duration_statement": "-1"}
		for i := 0; i < len(more); i += 2 {
			c[more[i]] = more[i+1]
		}
		return c
	}
	for _, c := range []struct {
		name          string
		conf          config
		reads, writes string
	}{
		{"pgaudit of everything", preload("all"), "true", "true"},
		{"pgaudit of reads", preload("READ, ddl"), "true", "false"},
		{"pgaudit of all but reads", preload("all, -read"), "false", "true"},
		{"pgaudit of nothing", preload("none"), "false", "false"},
		{"pgaudit of some objects", preload("write", "pgaudit.role", "auditor"), "unknown unsupported", "true"},
		{"pgaudit for a session", config{"shared_preload_libraries": "", "session_preload_libraries": "pgaudit", "pgaudit.log": "read,write", "log_statement": "none"}, "true", "true"},
		{"its settings without the library", config{"shared_preload_libraries": "pgauditlogtofile", "pgaudit.log": "all", "log_statement": "ddl"}, "false", "false"},
		{"statements that change", config{"shared_preload_libraries": "", "log_statement": "mod"}, "false", "true"},
		{"statements that change, libraries not readable", config{"log_statement": "mod"}, "unknown permission", "true"},
		{"every duration", preload("none", "log_min_duration_statement", "0ms"), "true", "true"},
		{"durations over a second", preload("none", "log_min_duration_statement", "1000"), "false", "false"},
		{"nothing readable", config{}, "unknown permission", "unknown permission"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.conf.audit(nil)
			want(t, "reads", got.Reads, c.reads)
			want(t, "writes", got.Writes, c.writes)
		})
	}
}

func TestUserAndTime(t *testing.T) {
	for _, c := range []struct{ prefix, destination, connections, want string }{
		{"%m [%p] ", "stderr", "off", "false"},
		{"%m [%p] ", "stderr", "on", "true"},
		{"%m [%p] ", "stderr", "receipt, authorization", "true"},
		{"%m [%p] ", "stderr", "receipt", "false"},
		{"%t %-20u ", "stderr", "off", "true"},
		{"%u", "stderr", "off", "false"},
		{"%u", "syslog", "off", "true"},
		{"%u", "stderr,syslog", "off", "false"},
		{"", "csvlog", "off", "true"},
		{"100%% u at %m", "stderr", "off", "false"},
		{"%", "stderr", "on", "false"},
	} {
		conf := config{"log_line_prefix": c.prefix, "log_destination": c.destination, "log_connections": c.connections}
		want(t, c.prefix+" to "+c.destination+", connections "+c.connections, conf.userAndTime(), c.want)
	}
	want(t, "not readable", config{}.userAndTime(), "unknown permission")
}

func TestMinTLS(t *testing.T) {
	for value, expected := range map[string]string{"": "1.0", "TLSv1": "1.0", "TLSv1.1": "1.1", "TLSv1.2": "1.2", "TLSv1.3": "1.3", "TLSv2": "unknown unsupported"} {
		want(t, value, config{"ssl": "on", "ssl_min_protocol_version": value}.minTLS(), expected)
	}
}

func TestOnlyLocal(t *testing.T) {
	for value, expected := range map[string]bool{"": true, "localhost": true, "127.0.0.1, ::1": true, "*": false, "localhost,10.0.0.5": false, "0.0.0.0": false, "db": false} {
		if got := (config{"listen_addresses": value}).onlyLocal(); got != expected {
			t.Errorf("%q: %v", value, got)
		}
	}
	if (config{}).onlyLocal() {
		t.Error("a setting that cannot be read counts as local")
	}
}

func TestManagedServersRequireTLSByASettingOfTheirs(t *testing.T) {
	for name, expected := range map[string]string{"require_secure_transport": "true", "rds.force_ssl": "true", "ssl": "unknown permission"} {
		conf := config{"ssl": "on"}
		conf[name] = "on"
		want(t, name, conf.tlsRequired(nil), expected)
	}
}

func TestMajorVersion(t *testing.T) {
	for in, expected := range map[string]int{"15.18 (Debian 15.18-0+deb12u1)": 15, "18beta1": 18, "9.6.24": 9, "": 0, "x": 0} {
		if got := majorVersion(in); got != expected {
			t.Errorf("%q: %d, want %d", in, got, expected)
		}
	}
}

func FuzzSettings(f *testing.F) {
	f.Add("%m [%-5p] %u", "all, -read", "TLSv1.2")
	f.Add("%", "\"", "")
	f.Fuzz(func(t *testing.T, prefix, log, tls string) {
		conf := config{"log_line_prefix": prefix, "pgaudit.log": log, "shared_preload_libraries": log, "ssl": "on", "ssl_min_protocol_version": tls,
			"listen_addresses": log, "log_statement": "none"}
		conf.audit(nil)
		conf.onlyLocal()
		if f := conf.minTLS(); !f.IsUnknown() && len(show(f)) != 3 {
			t.Errorf("%q gives TLS %s", tls, show(f))
		}
		if escapes := prefixEscapes(prefix); len(escapes) > len(prefix) {
			t.Errorf("%q gives %q", prefix, escapes)
		}
	})
}
