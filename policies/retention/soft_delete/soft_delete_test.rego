package waarborg.retention.soft_delete_test

import data.waarborg.retention.soft_delete

good := {
	"personal_data": true,
	"deletion": {"soft_delete": true, "soft_delete_days": 30},
	"terms": {"deletion": {"soft_delete_max_days": 30}},
}

test_exactly_as_agreed if {
	soft_delete.applies with input as good
	soft_delete.deny == set() with input as good
	soft_delete.deny == set() with input as object.union(good, {"deletion": {"soft_delete_days": 0}})
}

test_a_day_too_long if {
	expected := {{"path": "deletion.soft_delete_days", "value": 31, "limit": 30}}
	soft_delete.deny == expected with input as object.union(good, {"deletion": {"soft_delete_days": 31}})
}

test_without_end if {
	expected := {{"path": "deletion.soft_delete_days", "value": null, "limit": 30, "code": "no_end"}}
	soft_delete.deny == expected with input as object.union(good, {"deletion": {"soft_delete_days": null}})
}

test_unknown_is_not_denied if {
	soft_delete.deny == set() with input as without(good, "deletion")
	every days in [null, 400] {
		soft_delete.deny == set() with input as without(
			object.union(good, {"deletion": {"soft_delete_days": days}}),
			"terms",
		)
	}
}

test_what_it_is_not_about if {
	every on in [false, null] {
		not soft_delete.applies with input as object.union(good, {"deletion": {"soft_delete": on}})
	}
	not soft_delete.applies with input as object.union(good, {"personal_data": false})
	not soft_delete.applies with input as object.union(good, {"personal_data": null})
	not soft_delete.applies with input as without(good, "personal_data")
	not soft_delete.applies with input as without(good, "deletion")
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
