package waarborg.security.customer_keys_test

import data.waarborg.security.customer_keys

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "encryption": {"key_custody": "customer"}, "terms": {"encryption": {"customer_keys": true}}}

cases := {
	"an own key": {"change": {}, "deny": set()},
	"in a hardware module": {"change": {"encryption": {"key_custody": "hsm"}}, "deny": set()},
	"a key of the platform": {
		"change": {"encryption": {"key_custody": "platform"}},
		"deny": {{"path": "encryption.key_custody", "value": "platform", "limit": ["customer", "hsm"]}},
	},
	"no key": {
		"change": {"encryption": {"key_custody": null}},
		"deny": {{"path": "encryption.key_custody", "value": null, "limit": ["customer", "hsm"], "code": "none"}},
	},
	"not agreed, so the platform may": {
		"change": {"encryption": {"key_custody": "platform"}, "terms": {"encryption": {"customer_keys": false}}},
		"deny": set(),
	},
	"nothing agreed, and no key": {
		"change": {"encryption": {"key_custody": null}, "terms": {"encryption": {"customer_keys": false}}},
		"deny": set(),
	},
}

facts := ["encryption/key_custody", "personal_data", "terms/encryption/customer_keys"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := customer_keys.deny with input as object.union(good, c.change)
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
		found := customer_keys.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	customer_keys.deny == set() with input as {}
	not customer_keys.applies with input as {}
}

test_applies if {
	customer_keys.applies with input as good
	not customer_keys.applies with input as object.union(good, {"personal_data": false})
	not customer_keys.applies with input as object.union(good, {"encryption": {"key_custody": "platform"}, "terms": {"encryption": {"customer_keys": false}}})
	not customer_keys.applies with input as object.union(good, {"personal_data": null})
	not customer_keys.applies with input as json.remove(good, ["personal_data"])
}
