package waarborg.processings.live_test_data_test

import data.waarborg.processings.live_test_data

store(live) := {"personal_data": true, "environment": "test", "live_data": live}

live := {{"path": "live_data", "value": "live", "limit": ["masked", "none"]}}

test_not_live if {
	every kind in ["none", "masked"] {
		live_test_data.deny == set() with input as store(kind)
		live_test_data.unsure == set() with input as store(kind)
	}
}

test_live if {
	every environment in ["test", "acceptance", "development", "sandbox"] {
		live_test_data.deny == live with input as object.union(store("live"), {"environment": environment})
	}
	live_test_data.deny == {{"path": "live_data", "value": "scrambled", "limit": ["masked", "none"]}} with input as store("scrambled")
}

test_agreed if {
	live_test_data.deny == set() with input as object.union(store("live"), {"terms": {"tests": {"live_data_allowed": true}}})
	live_test_data.deny == live with input as object.union(store("live"), {"terms": {"tests": {"live_data_allowed": false}}})
	live_test_data.unsure == set() with input as {
		"personal_data": true, "environment": null, "live_data": null,
		"terms": {"tests": {"live_data_allowed": true}},
	}
}

test_not_stated if {
	live_test_data.deny == set() with input as store(null)
	live_test_data.unsure == {{"path": "live_data", "value": null, "code": "not_stated"}} with input as store(null)
	live_test_data.deny == set() with input as object.union(store("live"), {"environment": null})
	live_test_data.unsure == {{"path": "environment", "value": null, "code": "no_environment"}} with input as object.union(
		store("live"),
		{"environment": null},
	)
}

test_unknown_is_not_denied if {
	every path in ["environment", "live_data"] {
		live_test_data.deny == set() with input as without(store("live"), path)
		live_test_data.unsure == set() with input as without(store("live"), path)
	}
}

test_applies if {
	live_test_data.applies with input as {"personal_data": true, "environment": "test"}
	live_test_data.applies with input as {"personal_data": true, "environment": null}
	not live_test_data.applies with input as {"personal_data": true, "environment": "production"}
	not live_test_data.applies with input as {"personal_data": false, "environment": "test"}
	not live_test_data.applies with input as {"personal_data": true}
	not live_test_data.applies with input as {"environment": "test"}
}

without(object, key) := {k: v | some k, v in object; k != key}
