package waarborg.access.people_who_left_test

import data.waarborg.access.people_who_left

bad := {"personal_data": true, "principal_type": "person", "left": true, "enabled": true}

test_left_and_enabled if {
	expected := {{"path": "enabled", "value": true, "limit": false}}
	people_who_left.applies with input as bad
	people_who_left.deny == expected with input as bad
	people_who_left.applies with input as object.union(bad, {"principal_type": "guest"})
}

test_an_account_that_cannot_be_disabled if {
	expected := {{"path": "enabled", "value": null, "limit": false}}
	people_who_left.deny == expected with input as object.union(bad, {"enabled": null})
}

test_one_changed_fact_mends_it if {
	every change in [{"enabled": false}, {"left": false}, {"left": null}] {
		people_who_left.deny == set() with input as object.union(bad, change)
	}
}

test_unknown_is_not_denied if {
	every path in ["left", "enabled"] {
		people_who_left.deny == set() with input as without(bad, path)
	}
}

test_what_it_is_not_about if {
	every change in [{"personal_data": false}, {"personal_data": null}, {"principal_type": "service"}, {"principal_type": "group"}] {
		not people_who_left.applies with input as object.union(bad, change)
	}
	every path in ["personal_data", "principal_type"] {
		not people_who_left.applies with input as without(bad, path)
	}
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
