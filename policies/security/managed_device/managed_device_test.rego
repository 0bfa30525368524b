package waarborg.security.managed_device_test

import data.waarborg.security.managed_device

# What meets the agreement; each case below changes some of it.
good := {"form": "laptop", "company_owned": true, "managed": true}

cases := {
	"a managed company laptop": {"change": {}, "deny": set()},
	"a laptop of one's own": {
		"change": {"company_owned": false, "managed": false},
		"deny": {
			{"path": "company_owned", "value": false, "limit": true, "code": "private"},
			{"path": "managed", "value": false, "limit": true},
		},
	},
	"not managed": {"change": {"managed": null}, "deny": {{"path": "managed", "value": null, "limit": true}}},
	"no owner": {
		"change": {"company_owned": null},
		"deny": {{"path": "company_owned", "value": null, "limit": true, "code": "private"}},
	},
}

facts := ["company_owned", "managed", "form"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := managed_device.deny with input as object.union(good, c.change)
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
		found := managed_device.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	managed_device.deny == set() with input as {}
	not managed_device.applies with input as {}
}

test_applies if {
	managed_device.applies with input as good
	managed_device.applies with input as object.union(good, {"form": "desktop"})
	not managed_device.applies with input as object.union(good, {"form": "server"})
	not managed_device.applies with input as object.union(good, {"form": "phone"})
	not managed_device.applies with input as json.remove(good, ["form"])
}
