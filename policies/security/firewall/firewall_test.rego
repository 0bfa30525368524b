package waarborg.security.firewall_test

import data.waarborg.security.firewall

# What meets the agreement; each case below changes some of it.
good := {"firewall": true, "default_deny_inbound": true}

cases := {
	"a firewall that denies by default": {"change": {}, "deny": set()},
	"no firewall": {
		"change": {"firewall": false, "default_deny_inbound": false},
		"deny": {{"path": "firewall", "value": false, "limit": true}},
	},
	"allowed by default": {
		"change": {"default_deny_inbound": false},
		"deny": {{"path": "default_deny_inbound", "value": false, "limit": true, "code": "default_allow"}},
	},
	"no default": {
		"change": {"default_deny_inbound": null},
		"deny": {{"path": "default_deny_inbound", "value": null, "limit": true, "code": "default_allow"}},
	},
	"no such thing as a firewall": {
		"change": {"firewall": null, "default_deny_inbound": null},
		"deny": {{"path": "firewall", "value": null, "limit": true}},
	},
}

facts := ["firewall", "default_deny_inbound"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := firewall.deny with input as object.union(good, c.change)
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
		found := firewall.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	firewall.deny == set() with input as {}
}
