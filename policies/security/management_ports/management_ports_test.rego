package waarborg.security.management_ports_test

import data.waarborg.security.management_ports

# What meets the agreement; each case below changes some of it.
good := {"admin_ports_open": false}

cases := {
	"closed": {"change": {}, "deny": set()},
	"open": {
		"change": {"admin_ports_open": true},
		"deny": {{"path": "admin_ports_open", "value": true, "limit": false}},
	},
	"nothing to manage": {"change": {"admin_ports_open": null}, "deny": set()},
}

facts := ["admin_ports_open"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := management_ports.deny with input as object.union(good, c.change)
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
		found := management_ports.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	management_ports.deny == set() with input as {}
}
