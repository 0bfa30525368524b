package waarborg.security.root_tokens_test

import data.waarborg.security.root_tokens

# What meets the agreement; each case below changes some of it.
good := {"root_tokens": 0, "terms": {"secrets": {"root_tokens": 0}}}

cases := {
	"none": {"change": {}, "deny": set()},
	"one": {"change": {"root_tokens": 1}, "deny": {{"path": "root_tokens", "value": 1, "limit": 0}}},
	"one, as agreed": {"change": {"root_tokens": 1, "terms": {"secrets": {"root_tokens": 1}}}, "deny": set()},
	"a store without root tokens": {"change": {"root_tokens": null}, "deny": set()},
}

facts := ["root_tokens", "terms/secrets/root_tokens"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := root_tokens.deny with input as object.union(good, c.change)
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
		found := root_tokens.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	root_tokens.deny == set() with input as {}
}
