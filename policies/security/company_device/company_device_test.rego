package waarborg.security.company_device_test

import data.waarborg.security.company_device

# What meets the agreement; each case below changes some of it.
good := {"audience": "staff", "company_device": true}

cases := {
	"company devices only": {"change": {}, "deny": set()},
	"any device": {
		"change": {"company_device": false},
		"deny": {{"path": "company_device", "value": false, "limit": true}},
	},
	"no such condition": {
		"change": {"company_device": null},
		"deny": {{"path": "company_device", "value": null, "limit": true}},
	},
}

facts := ["company_device", "audience"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := company_device.deny with input as object.union(good, c.change)
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
		found := company_device.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	company_device.deny == set() with input as {}
	not company_device.applies with input as {}
}

test_applies if {
	company_device.applies with input as good
	company_device.applies with input as object.union(good, {"audience": "admin"})
	not company_device.applies with input as object.union(good, {"audience": "customer"})
	not company_device.applies with input as json.remove(good, ["audience"])
}
