package waarborg.security.secret_store_audit_test

import data.waarborg.security.secret_store_audit

# What meets the agreement; each case below changes some of it.
good := {"audit_devices": 1}

cases := {
	"one audit log": {"change": {}, "deny": set()},
	"two": {"change": {"audit_devices": 2}, "deny": set()},
	"none": {"change": {"audit_devices": 0}, "deny": {{"path": "audit_devices", "value": 0, "limit": 1}}},
	"no audit logs exist": {
		"change": {"audit_devices": null},
		"deny": {{"path": "audit_devices", "value": 0, "limit": 1}},
	},
}

facts := ["audit_devices"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := secret_store_audit.deny with input as object.union(good, c.change)
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
		found := secret_store_audit.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	secret_store_audit.deny == set() with input as {}
}
