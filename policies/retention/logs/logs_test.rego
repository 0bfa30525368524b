package waarborg.retention.logs_test

import data.waarborg.retention.logs

good := {
	"engine": "log",
	"retention": {"automatic_days": 180},
	"terms": {"log": {"retention_min_days": 180, "retention_max_days": 365}},
}

kept(days) := object.union(good, {"retention": {"automatic_days": days}})

violation(days, limit, code) := {{"path": "retention.automatic_days", "value": days, "limit": limit, "code": code}}

test_within_the_bounds if {
	logs.applies with input as good
	every days in [180, 200, 365] {
		logs.deny == set() with input as kept(days)
	}
}

test_outside_the_bounds if {
	logs.deny == violation(179, 180, "too_short") with input as kept(179)
	logs.deny == violation(0, 180, "too_short") with input as kept(0)
	logs.deny == violation(366, 365, "too_long") with input as kept(366)
}

test_never_deleted if {
	logs.deny == violation(null, 365, "no_end") with input as kept(null)
}

test_one_bound_is_enough_to_fail if {
	logs.deny == violation(10, 180, "too_short") with input as object.union(
		without(kept(10), "terms"),
		{"terms": {"log": {"retention_min_days": 180}}},
	)
}

test_unknown_is_not_denied if {
	logs.deny == set() with input as without(good, "retention")
	every days in [null, 0, 4000] {
		logs.deny == set() with input as without(kept(days), "terms")
	}
}

test_only_logs if {
	not logs.applies with input as object.union(good, {"engine": "blob"})
	not logs.applies with input as without(good, "engine")
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
