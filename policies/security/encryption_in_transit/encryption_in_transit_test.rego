package waarborg.security.encryption_in_transit_test

import data.waarborg.security.encryption_in_transit

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "encryption": {"tls_required": true, "min_tls": "1.2"}, "terms": {"encryption": {"min_tls": "1.2"}}}

cases := {
	"TLS 1.2 or newer": {"change": {}, "deny": set()},
	"newer than agreed": {"change": {"encryption": {"min_tls": "1.3"}}, "deny": set()},
	"TLS 1.1 is still accepted": {
		"change": {"encryption": {"min_tls": "1.1"}},
		"deny": {{"path": "encryption.min_tls", "value": "1.1", "limit": "1.2"}},
	},
	"plain connections": {
		"change": {"encryption": {"tls_required": false}},
		"deny": {{"path": "encryption.tls_required", "value": false, "limit": true, "code": "plain"}},
	},
	"no TLS at all": {
		"change": {"encryption": {"tls_required": null, "min_tls": null}},
		"deny": {
			{"path": "encryption.tls_required", "value": null, "limit": true, "code": "plain"},
			{"path": "encryption.min_tls", "value": null, "limit": "1.2", "code": "no_minimum"},
		},
	},
	"a version that does not exist": {
		"change": {"encryption": {"min_tls": "1.20"}},
		"deny": {{"path": "encryption.min_tls", "value": "1.20", "limit": "1.2"}},
	},
	"a stricter agreement": {
		"change": {"terms": {"encryption": {"min_tls": "1.3"}}},
		"deny": {{"path": "encryption.min_tls", "value": "1.2", "limit": "1.3"}},
	},
}

facts := ["encryption/tls_required", "encryption/min_tls", "personal_data", "terms/encryption/min_tls"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := encryption_in_transit.deny with input as object.union(good, c.change)
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
		found := encryption_in_transit.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	encryption_in_transit.deny == set() with input as {}
	not encryption_in_transit.applies with input as {}
}

test_applies if {
	encryption_in_transit.applies with input as good
	not encryption_in_transit.applies with input as object.union(good, {"personal_data": false})
	not encryption_in_transit.applies with input as object.union(good, {"personal_data": null})
	not encryption_in_transit.applies with input as object.union(good, {"personal_data": null})
	not encryption_in_transit.applies with input as object.union(good, {"personal_data": null})
	not encryption_in_transit.applies with input as object.union(good, {"personal_data": null})
	not encryption_in_transit.applies with input as object.union(good, {"personal_data": null})
	not encryption_in_transit.applies with input as object.union(good, {"personal_data": null})
	not encryption_in_transit.applies with input as json.remove(good, ["personal_data"])
}
