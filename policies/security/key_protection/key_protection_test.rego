package waarborg.security.key_protection_test

import data.waarborg.security.key_protection

# What meets the agreement; each case below changes some of it.
good := {"exportable": false, "deletion_allowed": false}

cases := {
	"neither": {"change": {}, "deny": set()},
	"exportable": {
		"change": {"exportable": true},
		"deny": {{"path": "exportable", "value": true, "limit": false}},
	},
	"deletable": {
		"change": {"deletion_allowed": true},
		"deny": {{"path": "deletion_allowed", "value": true, "limit": false, "code": "deletion"}},
	},
	"no such settings": {"change": {"exportable": null, "deletion_allowed": null}, "deny": set()},
}

facts := ["exportable", "deletion_allowed"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := key_protection.deny with input as object.union(good, c.change)
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
		found := key_protection.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	key_protection.deny == set() with input as {}
}
