package waarborg.security.maintenance_test

import data.waarborg.security.maintenance

# What meets the agreement; each case below changes some of it.
good := {"maintenance_minutes": 120, "maintenance_office_minutes": 0, "terms": {"availability": {"maintenance_minutes": 120}}}

cases := {
	"exactly as agreed": {"change": {}, "deny": set(), "unsure": set()},
	"a minute too long": {
		"change": {"maintenance_minutes": 121},
		"deny": {{"path": "maintenance_minutes", "value": 121, "limit": 120}},
		"unsure": set(),
	},
	"a minute in office hours": {
		"change": {"maintenance_office_minutes": 1},
		"deny": set(),
		"unsure": {{"path": "maintenance_office_minutes", "code": "office", "value": 1}},
	},
	"no maintenance": {
		"change": {"maintenance_minutes": null, "maintenance_office_minutes": null},
		"deny": set(),
		"unsure": set(),
	},
}

facts := ["maintenance_minutes", "maintenance_office_minutes", "terms/availability/maintenance_minutes"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := maintenance.deny with input as object.union(good, c.change)
		found != c.deny
	}
	wrong == {}
}

test_unsure if {
	wrong := {name: found |
		some name, c in cases
		found := maintenance.unsure with input as object.union(good, c.change)
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
		found := maintenance.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	maintenance.deny == set() with input as {}
	maintenance.unsure == set() with input as {}
}
