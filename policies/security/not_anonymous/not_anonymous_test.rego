package waarborg.security.not_anonymous_test

import data.waarborg.security.not_anonymous

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "network": {"anonymous": false}}

cases := {
	"no anonymous access": {"change": {}, "deny": set()},
	"anonymous access": {
		"change": {"network": {"anonymous": true}},
		"deny": {{"path": "network.anonymous", "value": true, "limit": false}},
	},
	"the store has no such setting": {"change": {"network": {"anonymous": null}}, "deny": set()},
}

facts := ["network/anonymous", "personal_data"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := not_anonymous.deny with input as object.union(good, c.change)
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
		found := not_anonymous.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	not_anonymous.deny == set() with input as {}
	not not_anonymous.applies with input as {}
}

test_applies if {
	not_anonymous.applies with input as good
	not not_anonymous.applies with input as object.union(good, {"personal_data": false})
	not not_anonymous.applies with input as object.union(good, {"personal_data": null})
	not not_anonymous.applies with input as object.union(good, {"personal_data": null})
	not not_anonymous.applies with input as object.union(good, {"personal_data": null})
	not not_anonymous.applies with input as object.union(good, {"personal_data": null})
	not not_anonymous.applies with input as object.union(good, {"personal_data": null})
	not not_anonymous.applies with input as object.union(good, {"personal_data": null})
	not not_anonymous.applies with input as json.remove(good, ["personal_data"])
}
