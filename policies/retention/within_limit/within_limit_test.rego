package waarborg.retention.within_limit_test

import data.waarborg.retention.within_limit

now := {"ns": time.parse_rfc3339_ns("2026-11-23T10:00:00Z"), "date": "2026-11-23"}

good := {
	"application": "customers",
	"class": "tenant_file",
	"oldest": "2024-11-23",
	"terms": {"retention": {"customers": {"tenant_file": {"days": 730}}}},
}

test_within_the_limit if {
	every oldest in ["2024-11-23", "2026-11-23", "2031-01-01", "9999-12-31", null] {
		within_limit.deny == set() with input as object.union(good, {"oldest": oldest}) with data.now as now
		within_limit.unsure == set() with input as object.union(good, {"oldest": oldest}) with data.now as now
	}
}

test_a_day_too_old if {
	every oldest in ["2024-11-22", "1899-12-31", "0001-01-01"] {
		expected := {{"path": "oldest", "value": oldest, "limit": 730}}
		within_limit.deny == expected with input as object.union(good, {"oldest": oldest}) with data.now as now
		within_limit.unsure == set() with input as object.union(good, {"oldest": oldest}) with data.now as now
	}
}

test_a_shorter_limit_flips_it if {
	stricter := object.union(good, {"terms": {"retention": {"customers": {"tenant_file": {"days": 729}}}}})
	within_limit.deny == {{"path": "oldest", "value": "2024-11-23", "limit": 729}} with input as stricter with data.now as now
}

test_nothing_is_to_be_kept if {
	none := object.union(good, {"oldest": "2026-11-22", "terms": {"retention": {"customers": {"tenant_file": {"days": 0}}}}})
	within_limit.deny == {{"path": "oldest", "value": "2026-11-22", "limit": 0}} with input as none with data.now as now
}

test_no_limit_is_for_the_controller if {
	expected := {{"path": "oldest", "code": "no_limit", "value": "2024-11-23"}}
	every change in [{"class": "contact_note"}, {"application": "social"}, {"class": null}] {
		within_limit.deny == set() with input as object.union(good, change) with data.now as now
		within_limit.unsure == expected with input as object.union(good, change) with data.now as now
	}
	none := object.union(good, {"terms": {"retention": {"customers": {"tenant_file": {"days": null}}}}})
	within_limit.deny == set() with input as none with data.now as now
	within_limit.unsure == expected with input as none with data.now as now
	within_limit.deny == set() with input as without(good, "terms") with data.now as now
	within_limit.unsure == expected with input as without(good, "terms") with data.now as now
}

test_no_limit_but_nothing_to_keep if {
	empty := object.union(without(good, "terms"), {"oldest": null})
	within_limit.deny == set() with input as empty with data.now as now
	within_limit.unsure == set() with input as empty with data.now as now
}

test_no_date if {
	every oldest in ["31-12-2031", "01-02-1999", "20260101", "unknown", ""] {
		expected := {{"path": "oldest", "code": "no_date", "value": oldest}}
		within_limit.deny == set() with input as object.union(good, {"oldest": oldest}) with data.now as now
		within_limit.unsure == expected with input as object.union(good, {"oldest": oldest}) with data.now as now
	}
}

test_unknown_is_not_denied if {
	bad := object.union(good, {"oldest": "2001-01-01"})
	every path in ["application", "class", "oldest"] {
		within_limit.deny == set() with input as without(bad, path) with data.now as now
		within_limit.unsure == set() with input as without(bad, path) with data.now as now
	}
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
