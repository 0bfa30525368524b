package waarborg.security.purge_protection_test

import data.waarborg.security.purge_protection

# What meets the agreement; each case below changes some of it.
good := {"engine": "secrets", "deletion": {"purge_protection": true}}

cases := {
	"protected": {"change": {}, "deny": set()},
	"not protected": {
		"change": {"deletion": {"purge_protection": false}},
		"deny": {{"path": "deletion.purge_protection", "value": false, "limit": true}},
	},
	"no such setting": {
		"change": {"deletion": {"purge_protection": null}},
		"deny": {{"path": "deletion.purge_protection", "value": null, "limit": true}},
	},
}

facts := ["deletion/purge_protection", "engine"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := purge_protection.deny with input as object.union(good, c.change)
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
		found := purge_protection.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	purge_protection.deny == set() with input as {}
	not purge_protection.applies with input as {}
}

test_applies if {
	purge_protection.applies with input as good
	not purge_protection.applies with input as object.union(good, {"engine": "postgresql"})
	not purge_protection.applies with input as json.remove(good, ["engine"])
}
