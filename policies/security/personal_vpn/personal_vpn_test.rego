package waarborg.security.personal_vpn_test

import data.waarborg.security.personal_vpn

# What meets the agreement; each case below changes some of it.
good := {"audience": "staff", "vpn": true, "vpn_personal": true}

cases := {
	"a personal VPN": {"change": {}, "deny": set()},
	"no VPN": {
		"change": {"vpn": false, "vpn_personal": null},
		"deny": {{"path": "vpn", "value": false, "limit": true}},
	},
	"a shared VPN": {
		"change": {"vpn_personal": false},
		"deny": {{"path": "vpn_personal", "value": false, "limit": true, "code": "shared"}},
	},
	"no VPN exists": {
		"change": {"vpn": null, "vpn_personal": null},
		"deny": {{"path": "vpn", "value": null, "limit": true}},
	},
	"no credential at all": {
		"change": {"vpn_personal": null},
		"deny": {{"path": "vpn_personal", "value": null, "limit": true, "code": "shared"}},
	},
}

facts := ["vpn", "vpn_personal", "audience"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := personal_vpn.deny with input as object.union(good, c.change)
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
		found := personal_vpn.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	personal_vpn.deny == set() with input as {}
	not personal_vpn.applies with input as {}
}

test_applies if {
	personal_vpn.applies with input as good
	personal_vpn.applies with input as object.union(good, {"audience": "admin"})
	not personal_vpn.applies with input as object.union(good, {"audience": "customer"})
	not personal_vpn.applies with input as json.remove(good, ["audience"])
}
