package waarborg.security.secret_store_safe_test

import data.waarborg.security.secret_store_safe

# What meets the agreement; each case below changes some of it.
good := {"tls": true, "storage": "raft"}

cases := {
	"TLS and integrated storage": {"change": {}, "deny": set()},
	"a platform store": {"change": {"storage": null}, "deny": set()},
	"without TLS": {"change": {"tls": false}, "deny": {{"path": "tls", "value": false, "limit": true}}},
	"no TLS exists": {"change": {"tls": null}, "deny": {{"path": "tls", "value": null, "limit": true}}},
	"dev mode": {
		"change": {"tls": false, "storage": "inmem"},
		"deny": {
			{"path": "tls", "value": false, "limit": true},
			{"path": "storage", "value": "inmem", "limit": "raft", "code": "storage"},
		},
	},
	"in memory, transactional": {
		"change": {"storage": "inmem_transactional"},
		"deny": {{"path": "storage", "value": "inmem_transactional", "limit": "raft", "code": "storage"}},
	},
}

facts := ["tls", "storage"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := secret_store_safe.deny with input as object.union(good, c.change)
		found != c.deny
	}
	wrong == {}
}

# To know less never adds a violation.
test_unknown_is_no_violation if {
	wrong := {[name, path] |
		some name, c in cases
		some path in facts
		less := json.remove(object.union(good, c.change), [path])
		found := secret_store_safe.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	secret_store_safe.deny == set() with input as {}
}
