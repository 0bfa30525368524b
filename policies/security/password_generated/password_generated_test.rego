package waarborg.security.password_generated_test

import data.waarborg.security.password_generated

# What meets the agreement; each case below changes some of it.
good := {"audience": "staff", "password": {"none": false, "generated": true}, "terms": {"password": {"generated": true}}}

cases := {
	"generated": {"change": {}, "deny": set()},
	"thought up": {
		"change": {"password": {"generated": false}},
		"deny": {{"path": "password.generated", "value": false, "limit": true}},
	},
	"no generator": {
		"change": {"password": {"generated": null}},
		"deny": {{"path": "password.generated", "value": null, "limit": true}},
	},
	"no password is accepted": {"change": {"password": {"none": true, "generated": null}}, "deny": set()},
	"not agreed": {
		"change": {"password": {"generated": false}, "terms": {"password": {"generated": false}}},
		"deny": set(),
	},
	"no word about going without passwords": {
		"change": {"password": {"none": null, "generated": false}},
		"deny": {{"path": "password.generated", "value": false, "limit": true}},
	},
}

facts := ["password/none", "password/generated", "audience", "terms/password/generated"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := password_generated.deny with input as object.union(good, c.change)
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
		found := password_generated.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	password_generated.deny == set() with input as {}
	not password_generated.applies with input as {}
}

test_applies if {
	password_generated.applies with input as good
	password_generated.applies with input as object.union(good, {"audience": "admin"})
	not password_generated.applies with input as object.union(good, {"audience": "customer"})
	not password_generated.applies with input as json.remove(good, ["audience"])
}
