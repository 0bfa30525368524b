package waarborg.security.not_public_test

import data.waarborg.security.not_public

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "network": {"public": false, "allowed_ranges": ["10.0.0.0/8", "fd12:3456::/8", "192.0.2.0/28"]}}

cases := {
	"private, with named ranges": {"change": {}, "deny": set()},
	"no range": {"change": {"network": {"allowed_ranges": []}}, "deny": set()},
	"no firewall rules exist": {"change": {"network": {"allowed_ranges": null}}, "deny": set()},
	"a public address": {
		"change": {"network": {"public": true}},
		"deny": {{"path": "network.public", "value": true, "limit": false}},
	},
	"the whole internet": {
		"change": {"network": {"allowed_ranges": ["0.0.0.0/0", "::/0"]}},
		"deny": {
			{"path": "network.allowed_ranges", "value": "0.0.0.0/0", "limit": [], "code": "range"},
			{"path": "network.allowed_ranges", "value": "::/0", "limit": [], "code": "range"},
		},
	},
	"the internet in two halves": {
		"change": {"network": {"allowed_ranges": ["0.0.0.0/1", "128.0.0.0/1"]}},
		"deny": {
			{"path": "network.allowed_ranges", "value": "0.0.0.0/1", "limit": [], "code": "range"},
			{"path": "network.allowed_ranges", "value": "128.0.0.0/1", "limit": [], "code": "range"},
		},
	},
	"first and last address": {
		"change": {"network": {"allowed_ranges": ["0.0.0.0-255.255.255.255"]}},
		"deny": {{"path": "network.allowed_ranges", "value": "0.0.0.0-255.255.255.255", "limit": [], "code": "range"}},
	},
	"every service in Azure": {
		"change": {"network": {"allowed_ranges": ["0.0.0.0-0.0.0.0"]}},
		"deny": {{"path": "network.allowed_ranges", "value": "0.0.0.0-0.0.0.0", "limit": [], "code": "azure"}},
	},
	"the widest IPv4 range that passes": {
		"change": {"network": {"allowed_ranges": ["11.0.0.0/8"]}},
		"deny": set(),
	},
	"one wider": {
		"change": {"network": {"allowed_ranges": ["10.0.0.0/7"]}},
		"deny": {{"path": "network.allowed_ranges", "value": "10.0.0.0/7", "limit": [], "code": "range"}},
	},
	"an IPv6 range of a provider and one wider": {
		"change": {"network": {"allowed_ranges": ["2001:db8::/32", "2001:db8::/31"]}},
		"deny": {{"path": "network.allowed_ranges", "value": "2001:db8::/31", "limit": [], "code": "range"}},
	},
	"public does not exist": {"change": {"network": {"public": null}}, "deny": set()},
	"unique local addresses": {
		"change": {"network": {"allowed_ranges": ["fc00::/7", "fe80::/10"]}},
		"deny": set(),
	},
}

facts := ["network/public", "network/allowed_ranges", "personal_data"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := not_public.deny with input as object.union(good, c.change)
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
		found := not_public.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	not_public.deny == set() with input as {}
	not not_public.applies with input as {}
}

test_applies if {
	not_public.applies with input as good
	not not_public.applies with input as object.union(good, {"personal_data": false})
	not not_public.applies with input as object.union(good, {"personal_data": null})
	not not_public.applies with input as object.union(good, {"personal_data": null})
	not not_public.applies with input as object.union(good, {"personal_data": null})
	not not_public.applies with input as object.union(good, {"personal_data": null})
	not not_public.applies with input as object.union(good, {"personal_data": null})
	not not_public.applies with input as object.union(good, {"personal_data": null})
	not not_public.applies with input as json.remove(good, ["personal_data"])
}
