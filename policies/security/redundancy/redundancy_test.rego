package waarborg.security.redundancy_test

import data.waarborg.security.redundancy

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "environment": "production", "engine": "postgresql", "redundancy": "zone", "terms": {"redundancy": {"min": "zone"}}}

cases := {
	"several zones": {"change": {}, "deny": set()},
	"several regions": {"change": {"redundancy": "region"}, "deny": set()},
	"one place": {
		"change": {"redundancy": "none"},
		"deny": {{"path": "redundancy", "value": "none", "limit": "zone", "code": "zone"}},
	},
	"no such notion": {
		"change": {"redundancy": null},
		"deny": {{"path": "redundancy", "value": "none", "limit": "zone", "code": "zone"}},
	},
	"regions agreed, zones in use": {
		"change": {"terms": {"redundancy": {"min": "region"}}},
		"deny": {{"path": "redundancy", "value": "zone", "limit": "region", "code": "region"}},
	},
	"nothing agreed to be needed": {
		"change": {"redundancy": null, "terms": {"redundancy": {"min": "none"}}},
		"deny": set(),
	},
	"an unheard-of level": {
		"change": {"redundancy": "rack"},
		"deny": {{"path": "redundancy", "value": "rack", "limit": "zone"}},
	},
}

facts := ["redundancy", "personal_data", "environment", "engine", "terms/redundancy/min"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := redundancy.deny with input as object.union(good, c.change)
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
		found := redundancy.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	redundancy.deny == set() with input as {}
	not redundancy.applies with input as {}
}

test_applies if {
	redundancy.applies with input as good
	not redundancy.applies with input as object.union(good, {"personal_data": false})
	not redundancy.applies with input as object.union(good, {"environment": "test"})
	not redundancy.applies with input as object.union(good, {"engine": "backup"})
	not redundancy.applies with input as object.union(good, {"engine": "queue"})
	not redundancy.applies with input as object.union(good, {"personal_data": null})
	not redundancy.applies with input as object.union(good, {"personal_data": null})
	not redundancy.applies with input as object.union(good, {"personal_data": null})
	not redundancy.applies with input as object.union(good, {"personal_data": null})
	not redundancy.applies with input as json.remove(good, ["personal_data"])
	not redundancy.applies with input as json.remove(good, ["environment"])
	not redundancy.applies with input as json.remove(good, ["engine"])
}
