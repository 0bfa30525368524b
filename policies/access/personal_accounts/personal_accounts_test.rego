package waarborg.access.personal_accounts_test

import data.waarborg.access.personal_accounts

bad := {"personal_data": true, "principal_type": "person", "break_glass": false, "shared": true}

test_a_shared_account if {
	expected := {{"path": "shared", "value": true, "limit": false}}
	every type in ["person", "guest", "service"] {
		personal_accounts.applies with input as object.union(bad, {"principal_type": type})
		personal_accounts.deny == expected with input as object.union(bad, {"principal_type": type})
	}
}

test_a_personal_account if {
	every value in [false, null] {
		personal_accounts.deny == set() with input as object.union(bad, {"shared": value})
	}
}

test_unknown_is_not_denied if {
	personal_accounts.deny == set() with input as without(bad, "shared")
}

test_what_it_is_not_about if {
	personal_accounts.applies with input as object.union(bad, {"break_glass": null})
	every change in [
		{"personal_data": false},
		{"personal_data": null},
		{"principal_type": "group"},
		{"principal_type": "public"},
		{"break_glass": true},
	] {
		not personal_accounts.applies with input as object.union(bad, change)
	}
	every path in ["personal_data", "principal_type", "break_glass"] {
		not personal_accounts.applies with input as without(bad, path)
	}
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
