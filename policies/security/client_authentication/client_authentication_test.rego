package waarborg.security.client_authentication_test

import data.waarborg.security.client_authentication

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "engine": "postgresql", "authentication": {"trust_entries": 0, "insecure_methods": [], "no_tls_entries": 0}}

cases := {
	"credentials over TLS": {"change": {}, "deny": set()},
	"one trust rule": {
		"change": {"authentication": {"trust_entries": 1}},
		"deny": {{"path": "authentication.trust_entries", "value": 1, "limit": 0}},
	},
	"insecure methods": {
		"change": {"authentication": {"insecure_methods": ["ident", "password"]}},
		"deny": {{"path": "authentication.insecure_methods", "value": ["ident", "password"], "limit": [], "code": "methods"}},
	},
	"without TLS": {
		"change": {"authentication": {"no_tls_entries": 2}},
		"deny": {{"path": "authentication.no_tls_entries", "value": 2, "limit": 0, "code": "no_tls"}},
	},
	"no host rules": {
		"change": {"authentication": {"trust_entries": null, "insecure_methods": null, "no_tls_entries": null}},
		"deny": set(),
	},
}

facts := ["authentication/trust_entries", "authentication/insecure_methods", "authentication/no_tls_entries", "personal_data", "engine"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := client_authentication.deny with input as object.union(good, c.change)
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
		found := client_authentication.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	client_authentication.deny == set() with input as {}
	not client_authentication.applies with input as {}
}

test_applies if {
	client_authentication.applies with input as good
	not client_authentication.applies with input as object.union(good, {"personal_data": false})
	not client_authentication.applies with input as object.union(good, {"engine": "blob"})
	not client_authentication.applies with input as object.union(good, {"personal_data": null})
	not client_authentication.applies with input as object.union(good, {"personal_data": null})
	not client_authentication.applies with input as json.remove(good, ["personal_data"])
	not client_authentication.applies with input as json.remove(good, ["engine"])
}
