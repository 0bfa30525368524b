package waarborg.access.delete_apart_test

import data.waarborg.access.delete_apart

bad := {
	"personal_data": true,
	"principal_type": "person",
	"break_glass": false,
	"rights": ["delete", "read", "write"],
}

test_all_in_one_grant if {
	expected := {{"path": "rights", "value": ["delete", "read", "write"], "limit": ["read", "write"]}}
	every type in ["person", "guest", "group"] {
		delete_apart.applies with input as object.union(bad, {"principal_type": type})
		delete_apart.deny == expected with input as object.union(bad, {"principal_type": type})
	}
}

test_told_apart if {
	every rights in [["read", "write"], ["delete", "read"], ["delete", "write"], ["administer"], [], null] {
		delete_apart.deny == set() with input as object.union(bad, {"rights": rights})
	}
}

test_unknown_is_not_denied if {
	delete_apart.deny == set() with input as without(bad, "rights")
}

test_what_it_is_not_about if {
	delete_apart.applies with input as object.union(bad, {"break_glass": null})
	every change in [
		{"personal_data": false},
		{"personal_data": null},
		{"principal_type": "service"},
		{"principal_type": "public"},
		{"break_glass": true},
	] {
		not delete_apart.applies with input as object.union(bad, change)
	}
	every path in ["personal_data", "principal_type", "break_glass"] {
		not delete_apart.applies with input as without(bad, path)
	}
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
