package waarborg.retention.backups_test

import data.waarborg.retention.backups

good := {
	"personal_data": true,
	"backup": {"enabled": true, "retention_days": 35},
	"terms": {"backup": {"max_retention_days": 35}},
}

test_exactly_as_agreed if {
	backups.applies with input as good
	backups.deny == set() with input as good
	backups.deny == set() with input as object.union(good, {"backup": {"retention_days": 0}})
}

test_a_day_too_long if {
	expected := {{"path": "backup.retention_days", "value": 36, "limit": 35}}
	backups.deny == expected with input as object.union(good, {"backup": {"retention_days": 36}})
}

test_without_end if {
	expected := {{"path": "backup.retention_days", "value": null, "limit": 35, "code": "no_end"}}
	backups.deny == expected with input as object.union(good, {"backup": {"retention_days": null}})
}

test_unknown_is_not_denied if {
	backups.deny == set() with input as without(good, "backup")
	every days in [null, 400] {
		backups.deny == set() with input as without(object.union(good, {"backup": {"retention_days": days}}), "terms")
	}
}

test_what_it_is_not_about if {
	every enabled in [false, null] {
		not backups.applies with input as object.union(good, {"backup": {"enabled": enabled}})
	}
	not backups.applies with input as object.union(good, {"personal_data": false})
	not backups.applies with input as object.union(good, {"personal_data": null})
	not backups.applies with input as without(good, "personal_data")
	not backups.applies with input as without(good, "backup")
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
