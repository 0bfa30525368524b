package waarborg.security.password_length_test

import data.waarborg.security.password_length

# What meets the agreement; each case below changes some of it.
good := {"audience": "staff", "password": {"min_length": 16, "none": false}, "terms": {"password": {"min_length": 16}}}

cases := {
	"sixteen characters": {"change": {}, "deny": set()},
	"twelve characters": {
		"change": {"password": {"min_length": 12}},
		"deny": {{"path": "password.min_length", "value": 12, "limit": 16}},
	},
	"one too few": {
		"change": {"password": {"min_length": 15}},
		"deny": {{"path": "password.min_length", "value": 15, "limit": 16}},
	},
	"no minimum": {
		"change": {"password": {"min_length": null}},
		"deny": {{"path": "password.min_length", "value": null, "limit": 16, "code": "no_minimum"}},
	},
	"no password is accepted": {"change": {"password": {"min_length": null, "none": true}}, "deny": set()},
	"no word about going without passwords": {
		"change": {"password": {"none": null, "min_length": 8}},
		"deny": {{"path": "password.min_length", "value": 8, "limit": 16}},
	},
	"old rules left after passwords went": {
		"change": {"password": {"none": true, "min_length": 8}},
		"deny": set(),
	},
}

facts := ["password/min_length", "password/none", "audience", "terms/password/min_length"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := password_length.deny with input as object.union(good, c.change)
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
		found := password_length.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	password_length.deny == set() with input as {}
	not password_length.applies with input as {}
}

test_applies if {
	password_length.applies with input as good
	password_length.applies with input as object.union(good, {"audience": "admin"})
	not password_length.applies with input as object.union(good, {"audience": "customer"})
	not password_length.applies with input as json.remove(good, ["audience"])
}
