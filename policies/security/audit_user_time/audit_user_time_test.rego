package waarborg.security.audit_user_time_test

import data.waarborg.security.audit_user_time

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "audit": {"user_and_time": true}}

cases := {
	"user and time": {"change": {}, "deny": set()},
	"neither": {
		"change": {"audit": {"user_and_time": false}},
		"deny": {{"path": "audit.user_and_time", "value": false, "limit": true}},
	},
	"no log entries": {
		"change": {"audit": {"user_and_time": null}},
		"deny": {{"path": "audit.user_and_time", "value": null, "limit": true}},
	},
}

facts := ["audit/user_and_time", "personal_data"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := audit_user_time.deny with input as object.union(good, c.change)
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
		found := audit_user_time.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	audit_user_time.deny == set() with input as {}
	not audit_user_time.applies with input as {}
}

test_applies if {
	audit_user_time.applies with input as good
	not audit_user_time.applies with input as object.union(good, {"personal_data": false})
	not audit_user_time.applies with input as object.union(good, {"personal_data": null})
	not audit_user_time.applies with input as object.union(good, {"personal_data": null})
	not audit_user_time.applies with input as object.union(good, {"personal_data": null})
	not audit_user_time.applies with input as object.union(good, {"personal_data": null})
	not audit_user_time.applies with input as object.union(good, {"personal_data": null})
	not audit_user_time.applies with input as object.union(good, {"personal_data": null})
	not audit_user_time.applies with input as json.remove(good, ["personal_data"])
}
