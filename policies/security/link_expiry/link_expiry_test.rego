package waarborg.security.link_expiry_test

import data.waarborg.security.link_expiry

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "mechanism": "link", "link_max_hours": 72, "terms": {"transfer_tool": {"link_max_hours": 72}}}

cases := {
	"exactly the agreed hours": {"change": {}, "deny": set()},
	"an hour too long": {
		"change": {"link_max_hours": 73},
		"deny": {{"path": "link_max_hours", "value": 73, "limit": 72}},
	},
	"for ever": {
		"change": {"link_max_hours": null},
		"deny": {{"path": "link_max_hours", "value": null, "limit": 72, "code": "never"}},
	},
}

facts := ["link_max_hours", "personal_data", "mechanism", "terms/transfer_tool/link_max_hours"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := link_expiry.deny with input as object.union(good, c.change)
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
		found := link_expiry.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	link_expiry.deny == set() with input as {}
	not link_expiry.applies with input as {}
}

test_applies if {
	link_expiry.applies with input as good
	not link_expiry.applies with input as object.union(good, {"personal_data": false})
	not link_expiry.applies with input as object.union(good, {"mechanism": "sftp"})
	not link_expiry.applies with input as object.union(good, {"personal_data": null})
	not link_expiry.applies with input as json.remove(good, ["personal_data"])
	not link_expiry.applies with input as json.remove(good, ["mechanism"])
}
