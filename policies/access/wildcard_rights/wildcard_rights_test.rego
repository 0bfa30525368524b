package waarborg.access.wildcard_rights_test

import data.waarborg.access.wildcard_rights

bad := {"personal_data": true, "break_glass": false, "wildcard": true}

test_a_wildcard if {
	wildcard_rights.applies with input as bad
	wildcard_rights.deny == {{"path": "wildcard", "value": true, "limit": false}} with input as bad
}

test_named_rights if {
	every value in [false, null] {
		wildcard_rights.deny == set() with input as object.union(bad, {"wildcard": value})
	}
}

test_unknown_is_not_denied if {
	wildcard_rights.deny == set() with input as without(bad, "wildcard")
}

test_what_it_is_not_about if {
	not wildcard_rights.applies with input as object.union(bad, {"break_glass": true})
	not wildcard_rights.applies with input as object.union(bad, {"personal_data": false})
	not wildcard_rights.applies with input as object.union(bad, {"personal_data": null})
	not wildcard_rights.applies with input as without(bad, "break_glass")
	not wildcard_rights.applies with input as without(bad, "personal_data")
	wildcard_rights.applies with input as object.union(bad, {"break_glass": null})
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
