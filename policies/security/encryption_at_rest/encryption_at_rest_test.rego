package waarborg.security.encryption_at_rest_test

import data.waarborg.security.encryption_at_rest

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "encryption": {"at_rest": true}, "terms": {"encryption": {"at_rest": true}}}

cases := {
	"encrypted": {"change": {}, "deny": set()},
	"not encrypted": {
		"change": {"encryption": {"at_rest": false}},
		"deny": {{"path": "encryption.at_rest", "value": false, "limit": true}},
	},
	"the store has no encryption": {
		"change": {"encryption": {"at_rest": null}},
		"deny": {{"path": "encryption.at_rest", "value": null, "limit": true}},
	},
}

facts := ["encryption/at_rest", "personal_data", "terms/encryption/at_rest"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := encryption_at_rest.deny with input as object.union(good, c.change)
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
		found := encryption_at_rest.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	encryption_at_rest.deny == set() with input as {}
	not encryption_at_rest.applies with input as {}
}

test_applies if {
	encryption_at_rest.applies with input as good
	encryption_at_rest.applies with input as object.union(good, {"terms": {"encryption": null}})
	not encryption_at_rest.applies with input as object.union(good, {"personal_data": false})
	not encryption_at_rest.applies with input as object.union(good, {"terms": {"encryption": {"at_rest": false}}})
	not encryption_at_rest.applies with input as object.union(good, {"personal_data": null})
	not encryption_at_rest.applies with input as json.remove(good, ["personal_data"])
}
