package waarborg.access.break_glass_test

import data.waarborg.access.break_glass

now := {"ns": time.parse_rfc3339_ns("2026-11-23T10:00:00Z"), "date": "2026-11-23"}

bad := {
	"break_glass": true,
	"expires": null,
	"last_review": "2026-05-26",
	"terms": {"access": {"review_days": 180}},
}

test_reviewed_too_long_ago if {
	expected := {{"path": "last_review", "value": "2026-05-26", "limit": 180}}
	break_glass.deny == expected with input as bad with data.now as now
	break_glass.unsure == set() with input as bad with data.now as now
}

test_never_reviewed if {
	expected := {{"path": "last_review", "value": null, "limit": 180, "code": "never"}}
	break_glass.deny == expected with input as object.union(bad, {"last_review": null}) with data.now as now
}

test_an_end_beyond_the_next_review if {
	expected := {{"path": "last_review", "value": "2026-05-26", "limit": 180}}
	every at in ["2027-05-23T00:00:00Z", "9999-12-31T00:00:00Z"] {
		break_glass.deny == expected with input as object.union(bad, {"expires": at}) with data.now as now
	}
}

test_one_changed_fact_mends_it if {
	every change in [
		{"last_review": "2026-05-27"},
		{"last_review": "2026-11-23"},
		{"expires": "2027-05-22T23:59:59Z"},
		{"expires": "2026-12-01T00:00:00Z"},
		{"expires": "2026-12-01T00:00:00Z", "last_review": null},
		{"expires": "2026-12-01T00:00:00Z", "last_review": "2027-01-01"},
	] {
		break_glass.deny == set() with input as object.union(bad, change) with data.now as now
		break_glass.unsure == set() with input as object.union(bad, change) with data.now as now
	}
}

test_a_review_to_come if {
	expected := {{"path": "last_review", "code": "future", "value": "2027-01-01"}}
	change := {"last_review": "2027-01-01"}
	break_glass.deny == set() with input as object.union(bad, change) with data.now as now
	break_glass.unsure == expected with input as object.union(bad, change) with data.now as now
}

test_unknown_is_not_denied if {
	every change in [{}, {"last_review": null}] {
		every path in ["expires", "last_review", "terms"] {
			break_glass.deny == set() with input as without(object.union(bad, change), path) with data.now as now
			break_glass.unsure == set() with input as without(object.union(bad, change), path) with data.now as now
		}
	}
}

test_only_break_glass_accounts if {
	break_glass.applies with input as bad
	not break_glass.applies with input as object.union(bad, {"break_glass": false})
	not break_glass.applies with input as object.union(bad, {"break_glass": null})
	not break_glass.applies with input as without(bad, "break_glass")
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
