package waarborg.security.availability_test

import data.waarborg.security.availability

# What meets the agreement; each case below changes some of it.
good := {"uptime_basis_points": 9990, "terms": {"availability": {"uptime_basis_points": 9990}}}

cases := {
	"exactly as agreed": {"change": {}, "deny": set(), "unsure": set()},
	"a little less": {
		"change": {"uptime_basis_points": 9989},
		"deny": {{"path": "uptime_basis_points", "value": 9989, "limit": 9990}},
		"unsure": set(),
	},
	"not measured": {
		"change": {"uptime_basis_points": null},
		"deny": set(),
		"unsure": {{"path": "uptime_basis_points", "code": "unmeasured", "value": null}},
	},
}

facts := ["uptime_basis_points", "terms/availability/uptime_basis_points"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := availability.deny with input as object.union(good, c.change)
		found != c.deny
	}
	wrong == {}
}

test_unsure if {
	wrong := {name: found |
		some name, c in cases
		found := availability.unsure with input as object.union(good, c.change)
		found != c.unsure
	}
	wrong == {}
}

# To know less never adds a violation.
test_unknown_is_no_violation if {
	wrong := {[name, path] |
		some name, c in cases
		some path in facts
		less := json.remove(object.union(good, c.change), [path])
		found := availability.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	availability.deny == set() with input as {}
	availability.unsure == set() with input as {}
}
