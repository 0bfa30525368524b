package waarborg.access.through_roles_test

import data.waarborg.access.through_roles

bad := {"personal_data": true, "principal_type": "person", "direct": true}

test_given_directly if {
	through_roles.applies with input as bad
	through_roles.applies with input as object.union(bad, {"principal_type": "guest"})
	through_roles.deny == {{"path": "direct", "value": true, "limit": false}} with input as bad
}

test_through_a_role if {
	every value in [false, null] {
		through_roles.deny == set() with input as object.union(bad, {"direct": value})
	}
}

test_unknown_is_not_denied if {
	through_roles.deny == set() with input as without(bad, "direct")
}

test_what_it_is_not_about if {
	every change in [{"personal_data": false}, {"personal_data": null}, {"principal_type": "service"}, {"principal_type": "group"}] {
		not through_roles.applies with input as object.union(bad, change)
	}
	every path in ["personal_data", "principal_type"] {
		not through_roles.applies with input as without(bad, path)
	}
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
