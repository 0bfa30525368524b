package waarborg.security.weaknesses_sought_test

import data.waarborg.security.weaknesses_sought

# What meets the agreement; each case below changes some of it.
good := {"secret_scanning": true, "dependency_scanning": true}

cases := {
	"both scanned": {"change": {}, "deny": set()},
	"neither": {
		"change": {"secret_scanning": false, "dependency_scanning": false},
		"deny": {
			{"path": "secret_scanning", "value": false, "limit": true, "code": "secrets"},
			{"path": "dependency_scanning", "value": false, "limit": true},
		},
	},
	"no scanner exists": {
		"change": {"secret_scanning": null, "dependency_scanning": null},
		"deny": {
			{"path": "secret_scanning", "value": null, "limit": true, "code": "secrets"},
			{"path": "dependency_scanning", "value": null, "limit": true},
		},
	},
	"secrets only": {
		"change": {"dependency_scanning": false},
		"deny": {{"path": "dependency_scanning", "value": false, "limit": true}},
	},
}

facts := ["secret_scanning", "dependency_scanning"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := weaknesses_sought.deny with input as object.union(good, c.change)
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
		found := weaknesses_sought.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	weaknesses_sought.deny == set() with input as {}
}
