package waarborg.security.vpn_credentials_test

import data.waarborg.security.vpn_credentials

# What meets the agreement; each case below changes some of it.
good := {"vpn_personal": true}

cases := {
	"personal credentials": {"change": {}, "deny": set()},
	"a shared key": {
		"change": {"vpn_personal": false},
		"deny": {{"path": "vpn_personal", "value": false, "limit": true}},
	},
}

facts := ["vpn_personal", "vpn_personal"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := vpn_credentials.deny with input as object.union(good, c.change)
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
		found := vpn_credentials.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	vpn_credentials.deny == set() with input as {}
	not vpn_credentials.applies with input as {}
}

test_applies if {
	vpn_credentials.applies with input as good
	vpn_credentials.applies with input as object.union(good, {"vpn_personal": false})
	not vpn_credentials.applies with input as object.union(good, {"vpn_personal": null})
	not vpn_credentials.applies with input as json.remove(good, ["vpn_personal"])
}
