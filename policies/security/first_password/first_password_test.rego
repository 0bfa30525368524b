package waarborg.security.first_password_test

import data.waarborg.security.first_password

# What meets the agreement; each case below changes some of it.
good := {"audience": "customer", "password": {"none": false}, "initial_secret_change": true}

cases := {
	"must be changed": {"change": {}, "deny": set()},
	"may stay": {
		"change": {"initial_secret_change": false},
		"deny": {{"path": "initial_secret_change", "value": false, "limit": true}},
	},
	"no such setting": {
		"change": {"initial_secret_change": null},
		"deny": {{"path": "initial_secret_change", "value": null, "limit": true}},
	},
	"single sign-on without passwords": {
		"change": {"password": {"none": true}, "initial_secret_change": null},
		"deny": set(),
	},
	"no word about going without passwords": {
		"change": {"password": {"none": null}, "initial_secret_change": false},
		"deny": {{"path": "initial_secret_change", "value": false, "limit": true}},
	},
}

facts := ["initial_secret_change", "password/none", "audience"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := first_password.deny with input as object.union(good, c.change)
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
		found := first_password.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	first_password.deny == set() with input as {}
	not first_password.applies with input as {}
}

test_applies if {
	first_password.applies with input as good
	not first_password.applies with input as object.union(good, {"audience": "staff"})
	not first_password.applies with input as json.remove(good, ["audience"])
}
