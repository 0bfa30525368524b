package waarborg.security.log_destination_test

import data.waarborg.security.log_destination

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "log_sinks": [{"kind": "log_analytics", "location": {"provider": "azure", "region": "westeurope"}}]}

cases := {
	"a workspace": {"change": {}, "deny": set()},
	"nowhere": {"change": {"log_sinks": []}, "deny": {{"path": "log_sinks", "value": 0, "limit": 1}}},
	"no logs exist": {"change": {"log_sinks": null}, "deny": {{"path": "log_sinks", "value": 0, "limit": 1}}},
}

facts := ["log_sinks", "personal_data"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := log_destination.deny with input as object.union(good, c.change)
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
		found := log_destination.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	log_destination.deny == set() with input as {}
	not log_destination.applies with input as {}
}

test_applies if {
	log_destination.applies with input as good
	not log_destination.applies with input as object.union(good, {"personal_data": false})
	not log_destination.applies with input as object.union(good, {"personal_data": null})
	not log_destination.applies with input as object.union(good, {"personal_data": null})
	not log_destination.applies with input as object.union(good, {"personal_data": null})
	not log_destination.applies with input as object.union(good, {"personal_data": null})
	not log_destination.applies with input as object.union(good, {"personal_data": null})
	not log_destination.applies with input as object.union(good, {"personal_data": null})
	not log_destination.applies with input as json.remove(good, ["personal_data"])
}
