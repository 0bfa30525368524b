package waarborg.retention.automatic_deletion_test

import data.waarborg.retention.automatic_deletion

good := {"personal_data": true, "engine": "blob", "retention": {"automatic_days": 365}}

test_deletes_by_itself if {
	automatic_deletion.deny == set() with input as good
	automatic_deletion.deny == set() with input as object.union(good, {"retention": {"automatic_days": 1}})
}

test_keeps_for_ever if {
	expected := {{"path": "retention.automatic_days", "value": null, "limit": "a number of days"}}
	every engine in ["blob", "file_share", "log", "elasticsearch"] {
		bad := object.union(good, {"engine": engine, "retention": {"automatic_days": null}})
		automatic_deletion.applies with input as bad
		automatic_deletion.deny == expected with input as bad
	}
}

test_unknown_is_not_denied if {
	automatic_deletion.deny == set() with input as without(good, "retention")
	automatic_deletion.deny == set() with input as object.union(without(good, "retention"), {"retention": {}})
}

test_what_it_is_not_about if {
	every engine in ["postgresql", "backup", "secrets", null] {
		not automatic_deletion.applies with input as object.union(good, {"engine": engine})
	}
	not automatic_deletion.applies with input as object.union(good, {"personal_data": false})
	not automatic_deletion.applies with input as object.union(good, {"personal_data": null})
	not automatic_deletion.applies with input as without(good, "engine")
	not automatic_deletion.applies with input as without(good, "personal_data")
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
