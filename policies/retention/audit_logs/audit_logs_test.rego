package waarborg.retention.audit_logs_test

import data.waarborg.retention.audit_logs

good := {
	"personal_data": true,
	"engine": "mssql",
	"audit": {"enabled": true, "retention_days": 180},
	"terms": {"log": {"retention_min_days": 180, "retention_max_days": 365}},
}

kept(days) := object.union(good, {"audit": {"retention_days": days}})

violation(days, limit, code) := {{"path": "audit.retention_days", "value": days, "limit": limit, "code": code}}

test_within_the_bounds if {
	audit_logs.applies with input as good
	every days in [180, 200, 365] {
		audit_logs.deny == set() with input as kept(days)
		audit_logs.unsure == set() with input as kept(days)
	}
}

test_outside_the_bounds if {
	audit_logs.deny == violation(179, 180, "too_short") with input as kept(179)
	audit_logs.deny == violation(0, 180, "too_short") with input as kept(0)
	audit_logs.deny == violation(366, 365, "too_long") with input as kept(366)
}

test_no_end_here if {
	audit_logs.deny == set() with input as kept(null)
	audit_logs.unsure == {{"path": "audit.retention_days", "code": "no_end", "value": null}} with input as kept(null)
}

test_unknown_is_not_denied if {
	audit_logs.deny == set() with input as without(good, "audit")
	audit_logs.unsure == set() with input as without(good, "audit")
	every days in [0, 4000] {
		audit_logs.deny == set() with input as without(kept(days), "terms")
	}
}

test_what_it_is_not_about if {
	every change in [
		{"personal_data": false},
		{"personal_data": null},
		{"engine": "log"},
		{"audit": {"enabled": false}},
		{"audit": {"enabled": null}},
	] {
		not audit_logs.applies with input as object.union(good, change)
	}
	every path in ["personal_data", "engine", "audit"] {
		not audit_logs.applies with input as without(good, path)
	}
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
