package waarborg.security.password_hashing_test

import data.waarborg.security.password_hashing

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "engine": "postgresql", "authentication": {"password_hash": "scram-sha-256", "weak_hashes": 0}}

cases := {
	"SCRAM only": {"change": {}, "deny": set()},
	"MD5": {
		"change": {"authentication": {"password_hash": "md5"}},
		"deny": {{"path": "authentication.password_hash", "value": "md5", "limit": "scram-sha-256"}},
	},
	"one old password": {
		"change": {"authentication": {"weak_hashes": 1}},
		"deny": {{"path": "authentication.weak_hashes", "value": 1, "limit": 0, "code": "weak"}},
	},
	"no passwords": {"change": {"authentication": {"password_hash": null, "weak_hashes": null}}, "deny": set()},
}

facts := ["authentication/password_hash", "authentication/weak_hashes", "personal_data", "engine"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := password_hashing.deny with input as object.union(good, c.change)
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
		found := password_hashing.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	password_hashing.deny == set() with input as {}
	not password_hashing.applies with input as {}
}

test_applies if {
	password_hashing.applies with input as good
	not password_hashing.applies with input as object.union(good, {"personal_data": false})
	not password_hashing.applies with input as object.union(good, {"engine": "blob"})
	not password_hashing.applies with input as object.union(good, {"personal_data": null})
	not password_hashing.applies with input as object.union(good, {"personal_data": null})
	not password_hashing.applies with input as json.remove(good, ["personal_data"])
	not password_hashing.applies with input as json.remove(good, ["engine"])
}
