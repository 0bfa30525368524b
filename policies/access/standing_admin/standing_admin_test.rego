package waarborg.access.standing_admin_test

import data.waarborg.access.standing_admin

bad := {
	"personal_data": true,
	"principal_type": "person",
	"break_glass": false,
	"rights": ["administer", "read"],
	"standing": true,
	"terms": {"access": {"standing_admin_allowed": false}},
}

violation := {"path": "standing", "value": true, "limit": false}

test_a_person_administers_all_the_time if {
	standing_admin.applies with input as bad
	standing_admin.applies with input as object.union(bad, {"principal_type": "guest"})
	standing_admin.deny == {violation} with input as bad
	standing_admin.deny == {violation} with input as object.union(bad, {"principal_type": "guest"})
	standing_admin.unsure == set() with input as bad
}

test_nothing_to_request_is_standing if {
	expected := {object.union(violation, {"value": null})}
	standing_admin.deny == expected with input as object.union(bad, {"standing": null})
}

test_one_changed_fact_mends_it if {
	every change in [
		{"standing": false},
		{"rights": ["delete", "read", "write"]},
		{"rights": []},
		{"rights": null},
		{"terms": {"access": {"standing_admin_allowed": true}}},
	] {
		standing_admin.deny == set() with input as object.union(bad, change)
		group := object.union(bad, {"principal_type": "group"})
		standing_admin.unsure == set() with input as object.union(group, change)
	}
}

test_a_group_is_for_people_to_decide if {
	group := object.union(bad, {"principal_type": "group"})
	standing_admin.applies with input as group
	standing_admin.deny == set() with input as group
	standing_admin.unsure == {{"path": "standing", "code": "group", "value": true}} with input as group
}

test_unknown_is_not_denied if {
	every path in ["rights", "standing", "principal_type", "terms"] {
		standing_admin.deny == set() with input as without(bad, path)
		standing_admin.unsure == set() with input as without(bad, path)
	}
}

test_only_people_and_groups_with_personal_data if {
	not standing_admin.applies with input as object.union(bad, {"principal_type": "service"})
	not standing_admin.applies with input as object.union(bad, {"break_glass": true})
	not standing_admin.applies with input as object.union(bad, {"personal_data": false})
	not standing_admin.applies with input as object.union(bad, {"personal_data": null})
	every path in ["personal_data", "principal_type", "break_glass"] {
		not standing_admin.applies with input as without(bad, path)
	}
	standing_admin.applies with input as object.union(bad, {"break_glass": null})
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
