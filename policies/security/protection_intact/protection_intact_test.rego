package waarborg.security.protection_intact_test

import data.waarborg.security.protection_intact

# What meets the agreement; each case below changes some of it.
good := {"protection_bypassed": false}

cases := {
	"intact": {"change": {}, "deny": set()},
	"gone round": {
		"change": {"protection_bypassed": true},
		"deny": {{"path": "protection_bypassed", "value": true, "limit": false}},
	},
	"nothing to go round": {"change": {"protection_bypassed": null}, "deny": set()},
}

facts := ["protection_bypassed"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := protection_intact.deny with input as object.union(good, c.change)
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
		found := protection_intact.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	protection_intact.deny == set() with input as {}
}
