package waarborg.security.token_lifetime_test

import data.waarborg.security.token_lifetime

# What meets the agreement; each case below changes some of it.
good := {"token_max_ttl_hours": 24, "terms": {"secrets": {"token_max_ttl_hours": 24}}}

cases := {
	"exactly the agreed hours": {"change": {}, "deny": set()},
	"an hour too long": {
		"change": {"token_max_ttl_hours": 25},
		"deny": {{"path": "token_max_ttl_hours", "value": 25, "limit": 24}},
	},
	"without end": {
		"change": {"token_max_ttl_hours": 0},
		"deny": {{"path": "token_max_ttl_hours", "value": 0, "limit": 24, "code": "endless"}},
	},
	"no limit set": {
		"change": {"token_max_ttl_hours": null},
		"deny": {{"path": "token_max_ttl_hours", "value": 0, "limit": 24, "code": "endless"}},
	},
}

facts := ["token_max_ttl_hours", "terms/secrets/token_max_ttl_hours"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := token_lifetime.deny with input as object.union(good, c.change)
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
		found := token_lifetime.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	token_lifetime.deny == set() with input as {}
}
