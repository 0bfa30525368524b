package waarborg.access.unused_rights_test

import data.waarborg.access.unused_rights

now := {"ns": time.parse_rfc3339_ns("2026-11-23T10:00:00Z"), "date": "2026-11-23"}

good := {
	"personal_data": true,
	"break_glass": false,
	"last_used": "2026-08-25T00:00:00Z",
	"terms": {"access": {"unused_days": 90}},
}

test_exactly_in_time if {
	every at in ["2026-08-25T00:00:00Z", "2026-08-25", "2026-11-23T09:59:59Z", "2026-11-23T10:00:05Z"] {
		unused_rights.deny == set() with input as object.union(good, {"last_used": at}) with data.now as now
		unused_rights.unsure == set() with input as object.union(good, {"last_used": at}) with data.now as now
	}
}

test_too_long_ago if {
	every at in ["2026-08-24T23:59:59Z", "0001-01-01T00:00:00Z"] {
		expected := {{"path": "last_used", "value": at, "limit": 90}}
		unused_rights.deny == expected with input as object.union(good, {"last_used": at}) with data.now as now
	}
}

test_never if {
	expected := {{"path": "last_used", "value": null, "limit": 90, "code": "never"}}
	unused_rights.deny == expected with input as object.union(good, {"last_used": null}) with data.now as now
	unused_rights.unsure == set() with input as object.union(good, {"last_used": null}) with data.now as now
}

test_no_time_of_the_past if {
	every at in ["2026-11-24T00:00:00Z", "unknown"] {
		expected := {{"path": "last_used", "code": "future", "value": at}}
		unused_rights.deny == set() with input as object.union(good, {"last_used": at}) with data.now as now
		unused_rights.unsure == expected with input as object.union(good, {"last_used": at}) with data.now as now
	}
}

test_unknown_is_not_denied if {
	unused := object.union(good, {"last_used": "2020-01-01T00:00:00Z"})
	every path in ["last_used", "terms"] {
		unused_rights.deny == set() with input as without(unused, path) with data.now as now
		unused_rights.unsure == set() with input as without(unused, path) with data.now as now
	}
}

test_what_it_is_not_about if {
	unused_rights.applies with input as good
	unused_rights.applies with input as object.union(good, {"break_glass": null})
	not unused_rights.applies with input as object.union(good, {"break_glass": true})
	not unused_rights.applies with input as object.union(good, {"personal_data": false})
	not unused_rights.applies with input as object.union(good, {"personal_data": null})
	not unused_rights.applies with input as without(good, "break_glass")
	not unused_rights.applies with input as without(good, "personal_data")
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
