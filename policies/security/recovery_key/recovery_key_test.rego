package waarborg.security.recovery_key_test

import data.waarborg.security.recovery_key

# What meets the agreement; each case below changes some of it.
good := {"form": "laptop", "recovery_key_escrowed": true}

cases := {
	"key kept": {"change": {}, "deny": set()},
	"key not kept": {
		"change": {"recovery_key_escrowed": false},
		"deny": {{"path": "recovery_key_escrowed", "value": false, "limit": true}},
	},
	"no key exists": {
		"change": {"recovery_key_escrowed": null},
		"deny": {{"path": "recovery_key_escrowed", "value": null, "limit": true}},
	},
}

facts := ["recovery_key_escrowed", "form"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := recovery_key.deny with input as object.union(good, c.change)
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
		found := recovery_key.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	recovery_key.deny == set() with input as {}
	not recovery_key.applies with input as {}
}

test_applies if {
	recovery_key.applies with input as good
	recovery_key.applies with input as object.union(good, {"form": "desktop"})
	not recovery_key.applies with input as object.union(good, {"form": "server"})
	not recovery_key.applies with input as object.union(good, {"form": "phone"})
	not recovery_key.applies with input as json.remove(good, ["form"])
}
