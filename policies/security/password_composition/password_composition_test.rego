package waarborg.security.password_composition_test

import data.waarborg.security.password_composition

# What meets the agreement; each case below changes some of it.
good := {"audience": "staff", "password": {"none": false, "upper": true, "lower": true, "digit": true, "special": true}, "terms": {"password": {"upper": true, "lower": true, "digit": true, "special": true}}}

cases := {
	"all four kinds": {"change": {}, "deny": set()},
	"no digits and no special characters": {
		"change": {"password": {"digit": false, "special": false}},
		"deny": {
			{"path": "password.digit", "value": false, "limit": true, "code": "digit"},
			{"path": "password.special", "value": false, "limit": true, "code": "special"},
		},
	},
	"no capitals, no small letters": {
		"change": {"password": {"upper": false, "lower": false}},
		"deny": {
			{"path": "password.upper", "value": false, "limit": true, "code": "upper"},
			{"path": "password.lower", "value": false, "limit": true, "code": "lower"},
		},
	},
	"no policy at all": {
		"change": {"password": {"upper": null, "lower": null, "digit": null, "special": null}},
		"deny": {
			{"path": "password.upper", "value": null, "limit": true, "code": "upper"},
			{"path": "password.lower", "value": null, "limit": true, "code": "lower"},
			{"path": "password.digit", "value": null, "limit": true, "code": "digit"},
			{"path": "password.special", "value": null, "limit": true, "code": "special"},
		},
	},
	"no password is accepted": {
		"change": {"password": {"none": true, "upper": null, "lower": null, "digit": null, "special": null}},
		"deny": set(),
	},
	"special characters not agreed": {
		"change": {"password": {"special": false}, "terms": {"password": {"special": false}}},
		"deny": set(),
	},
	"no word about going without passwords": {
		"change": {"password": {"none": null, "digit": false}},
		"deny": {{"path": "password.digit", "value": false, "limit": true, "code": "digit"}},
	},
	"none agreed": {
		"change": {"password": {"upper": false, "lower": false, "digit": false, "special": false}, "terms": {"password": {"upper": false, "lower": false, "digit": false, "special": false}}},
		"deny": set(),
	},
}

facts := ["password/none", "password/upper", "password/lower", "password/digit", "password/special", "audience", "terms/password/upper", "terms/password/lower", "terms/password/digit", "terms/password/special"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := password_composition.deny with input as object.union(good, c.change)
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
		found := password_composition.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	password_composition.deny == set() with input as {}
	not password_composition.applies with input as {}
}

test_applies if {
	password_composition.applies with input as good
	password_composition.applies with input as object.union(good, {"audience": "admin"})
	not password_composition.applies with input as object.union(good, {"audience": "customer"})
	not password_composition.applies with input as json.remove(good, ["audience"])
}
