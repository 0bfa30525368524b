package waarborg.access.reviewed_test

import data.waarborg.access.reviewed

now := {"ns": time.parse_rfc3339_ns("2026-11-23T10:00:00Z"), "date": "2026-11-23"}

good := {"personal_data": true, "last_review": "2026-05-27", "terms": {"access": {"review_days": 180}}}

test_exactly_in_time if {
	every date in ["2026-05-27", "2026-05-27T00:00:00Z", "2026-11-23", "2026-11-23T23:59:59Z"] {
		reviewed.deny == set() with input as object.union(good, {"last_review": date}) with data.now as now
		reviewed.unsure == set() with input as object.union(good, {"last_review": date}) with data.now as now
	}
}

test_a_day_too_late if {
	every date in ["2026-05-26", "0001-01-01"] {
		expected := {{"path": "last_review", "value": date, "limit": 180}}
		reviewed.deny == expected with input as object.union(good, {"last_review": date}) with data.now as now
	}
}

test_never if {
	expected := {{"path": "last_review", "value": null, "limit": 180, "code": "never"}}
	reviewed.deny == expected with input as object.union(good, {"last_review": null}) with data.now as now
	reviewed.unsure == set() with input as object.union(good, {"last_review": null}) with data.now as now
}

test_still_to_come if {
	every date in ["2026-11-24", "9999-12-31", "31-12-2025", "soon"] {
		expected := {{"path": "last_review", "code": "future", "value": date}}
		reviewed.deny == set() with input as object.union(good, {"last_review": date}) with data.now as now
		reviewed.unsure == expected with input as object.union(good, {"last_review": date}) with data.now as now
	}
}

test_unknown_is_not_denied if {
	late := object.union(good, {"last_review": "2020-01-01"})
	every path in ["last_review", "terms"] {
		reviewed.deny == set() with input as without(late, path) with data.now as now
		reviewed.unsure == set() with input as without(late, path) with data.now as now
	}
}

test_only_personal_data if {
	reviewed.applies with input as good
	not reviewed.applies with input as object.union(good, {"personal_data": false})
	not reviewed.applies with input as object.union(good, {"personal_data": null})
	not reviewed.applies with input as without(good, "personal_data")
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
