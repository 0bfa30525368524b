package waarborg.security.secret_store_mfa_test

import data.waarborg.security.secret_store_mfa

# What meets the agreement; each case below changes some of it.
good := {"human_methods_without_mfa": []}

cases := {
	"a second factor everywhere": {"change": {}, "deny": set()},
	"one way without": {
		"change": {"human_methods_without_mfa": ["userpass/"]},
		"deny": {{"path": "human_methods_without_mfa", "value": ["userpass/"], "limit": []}},
	},
	"people cannot sign in": {"change": {"human_methods_without_mfa": null}, "deny": set()},
}

facts := ["human_methods_without_mfa"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := secret_store_mfa.deny with input as object.union(good, c.change)
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
		found := secret_store_mfa.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	secret_store_mfa.deny == set() with input as {}
}
