package waarborg.access.expired_rights_test

import data.waarborg.access.expired_rights

now := {"ns": time.parse_rfc3339_ns("2026-11-23T10:00:00Z"), "date": "2026-11-23"}

bad := {"personal_data": true, "expires": "2026-11-22T10:00:00Z", "enabled": true}

test_expired_and_active if {
	every at in ["0001-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2026-11-22", "2026-11-23T09:59:59Z", "2026-11-23T10:00:00Z"] {
		expected := {{"path": "expires", "value": at, "limit": "2026-11-23"}}
		expired_rights.deny == expected with input as object.union(bad, {"expires": at}) with data.now as now
	}
}

test_what_cannot_be_disabled_is_active if {
	expected := {{"path": "expires", "value": "2026-11-22T10:00:00Z", "limit": "2026-11-23"}}
	expired_rights.deny == expected with input as object.union(bad, {"enabled": null}) with data.now as now
}

test_one_changed_fact_mends_it if {
	every change in [
		{"enabled": false},
		{"expires": null},
		{"expires": "2026-11-23T10:00:01Z"},
		{"expires": "2026-11-23"},
		{"expires": "9999-12-31T23:59:59Z"},
	] {
		expired_rights.deny == set() with input as object.union(bad, change) with data.now as now
	}
}

test_unknown_is_not_denied if {
	every path in ["expires", "enabled"] {
		expired_rights.deny == set() with input as without(bad, path) with data.now as now
	}
}

test_only_personal_data if {
	expired_rights.applies with input as bad
	not expired_rights.applies with input as object.union(bad, {"personal_data": false})
	not expired_rights.applies with input as object.union(bad, {"personal_data": null})
	not expired_rights.applies with input as without(bad, "personal_data")
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
