package waarborg.security.audit_log_test

import data.waarborg.security.audit_log

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "audit": {"enabled": true, "reads": true, "writes": true}}

cases := {
	"reading and writing logged": {"change": {}, "deny": set()},
	"no log": {
		"change": {"audit": {"enabled": false, "reads": false, "writes": false}},
		"deny": {{"path": "audit.enabled", "value": false, "limit": true}},
	},
	"no log exists": {
		"change": {"audit": {"enabled": null, "reads": null, "writes": null}},
		"deny": {{"path": "audit.enabled", "value": null, "limit": true}},
	},
	"changes only": {
		"change": {"audit": {"reads": false}},
		"deny": {{"path": "audit.reads", "value": false, "limit": true, "code": "reads"}},
	},
	"reading only": {
		"change": {"audit": {"writes": null}},
		"deny": {{"path": "audit.writes", "value": null, "limit": true, "code": "writes"}},
	},
	"reading has no log": {
		"change": {"audit": {"reads": null}},
		"deny": {{"path": "audit.reads", "value": null, "limit": true, "code": "reads"}},
	},
	"no log, the rest left set": {
		"change": {"audit": {"enabled": null, "reads": false, "writes": false}},
		"deny": {{"path": "audit.enabled", "value": null, "limit": true}},
	},
}

facts := ["audit/enabled", "audit/reads", "audit/writes", "personal_data"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := audit_log.deny with input as object.union(good, c.change)
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
		found := audit_log.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	audit_log.deny == set() with input as {}
	not audit_log.applies with input as {}
}

test_applies if {
	audit_log.applies with input as good
	not audit_log.applies with input as object.union(good, {"personal_data": false})
	not audit_log.applies with input as object.union(good, {"personal_data": null})
	not audit_log.applies with input as object.union(good, {"personal_data": null})
	not audit_log.applies with input as object.union(good, {"personal_data": null})
	not audit_log.applies with input as object.union(good, {"personal_data": null})
	not audit_log.applies with input as object.union(good, {"personal_data": null})
	not audit_log.applies with input as object.union(good, {"personal_data": null})
	not audit_log.applies with input as json.remove(good, ["personal_data"])
}
