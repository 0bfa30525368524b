package waarborg.subprocessors.notice_period_test

import data.waarborg.subprocessors.notice_period

row := {"announced": "2026-10-01", "effective": "2026-11-23", "open_objections": 0}

supplier(r) := {"personal_data": true, "register_id": "cloud", "terms": {"register": {"cloud": r}}}

test_in_effect_since_today if {
	notice_period.deny == set() with input as supplier(row) with data.now.date as "2026-11-23"
	notice_period.unsure == set() with input as supplier(row) with data.now.date as "2026-11-23"
}

test_from_the_start if {
	notice_period.deny == set() with input as supplier({"announced": null, "effective": null, "open_objections": 0}) with data.now.date as "2026-11-23"
}

test_before_its_day if {
	notice_period.deny == {{"path": "register_id", "value": "2026-11-23", "limit": "2026-11-22"}} with input as supplier(row)
		with data.now.date as "2026-11-22"
}

test_announced_without_a_day if {
	notice_period.deny == {{
		"path": "register_id", "value": "2026-10-01",
		"limit": "effective", "code": "not_effective",
	}} with input as supplier(object.union(row, {"effective": null})) with data.now.date as "2026-11-23"
}

test_objections if {
	notice_period.deny == {{
		"path": "register_id", "value": 2,
		"limit": 0, "code": "objection",
	}} with input as supplier(object.union(row, {"open_objections": 2})) with data.now.date as "2026-11-23"
	notice_period.deny == set() with input as supplier(object.union(row, {"open_objections": 0})) with data.now.date as "2026-11-23"
}

test_on_no_register if {
	every id in [null, "stranger"] {
		not_found := object.union(supplier(row), {"register_id": id})
		notice_period.deny == set() with input as not_found with data.now.date as "2026-11-23"
		notice_period.unsure == {{"path": "register_id", "value": id, "code": "not_registered"}} with input as not_found with data.now.date as "2026-11-23"
	}
}

test_unknown_is_not_denied if {
	bad := supplier(object.union(row, {"effective": "2099-01-01", "open_objections": 1}))
	every path in ["register_id", "terms"] {
		notice_period.deny == set() with input as without(bad, path) with data.now.date as "2026-11-23"
		notice_period.unsure == set() with input as without(bad, path) with data.now.date as "2026-11-23"
	}
}

test_applies if {
	notice_period.applies with input as {"personal_data": true}
	not notice_period.applies with input as {"personal_data": false}
	not notice_period.applies with input as {"personal_data": null}
	not notice_period.applies with input as {}
}

without(object, key) := {k: v | some k, v in object; k != key}
