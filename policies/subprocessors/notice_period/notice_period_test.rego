package waarborg.subprocessors.notice_period_test

import data.waarborg.subprocessors.notice_period

row := {"announced": "2026-10-01", "effective": "2026-11-23", "open_objections": 0}

supplier(r) := {"personal_data": true, "register_id": "cloud", "terms": {
	"register": {"cloud": r},
	"contract": {"start": "2026-01-01"},
	"subprocessors": {"notice_working_days": 20},
}}

# with_notice is a supplier announced on a day and used from another, where n working days are agreed.
with_notice(announced, effective, n) := object.union(
	supplier({"announced": announced, "effective": effective, "open_objections": 0}),
	{"terms": {"subprocessors": {"notice_working_days": n}}},
)

test_in_effect_since_today if {
	notice_period.deny == set() with input as supplier(row) with data.now.date as "2026-11-23"
	notice_period.unsure == set() with input as supplier(row) with data.now.date as "2026-11-23"
}

# Working days agreed, the day of the announcement, the first day that may be long enough. 2026-09-06 is a Sunday, after
# which working days pass fastest.
shortest := [
	[0, "2026-09-06", "2026-09-06"],
	[1, "2026-09-06", "2026-09-07"],
	[5, "2026-09-06", "2026-09-11"],
	[6, "2026-09-06", "2026-09-14"],
	[10, "2026-09-06", "2026-09-18"],
	[20, "2026-09-06", "2026-10-02"],
	[21, "2026-09-06", "2026-10-05"],
	[30, "2026-09-06", "2026-10-16"],
]

days := {0: 0, 1: 1, 5: 5, 6: 8, 10: 12, 20: 26, 21: 29, 30: 40}

test_long_enough if {
	wrong := [c |
		some c in shortest
		found := notice_period.deny with input as with_notice(c[1], c[2], c[0]) with data.now.date as "2026-11-23"
		found != set()
	]
	wrong == []
}

test_one_day_short if {
	wrong := [c |
		some c in shortest
		found := notice_period.deny with input as with_notice(day_after(c[1]), c[2], c[0]) with data.now.date as "2026-11-23"
		found != {{"path": "register_id", "value": days[c[0]] - 1, "limit": c[0], "code": "notice_too_short"}}
	]
	wrong == []
}

day_after(date) := sprintf("%04d-%02d-%02d", time.date(time.add_date(time.parse_rfc3339_ns(sprintf("%sT00:00:00Z", [date])), 0, 0, 1)))

test_longer_notice_for_this_customer if {
	# Enough for 20 working days, not for the 40 of this customer.
	notice_period.deny == {{
		"path": "register_id", "value": 53,
		"limit": 40, "code": "notice_too_short",
	}} with input as with_notice("2026-10-01", "2026-11-23", 40) with data.now.date as "2026-11-23"
}

test_short_and_too_early if {
	notice_period.deny == {
		{"path": "register_id", "value": "2026-11-30", "limit": "2026-11-23"},
		{"path": "register_id", "value": 7, "limit": 20, "code": "notice_too_short"},
	} with input as with_notice("2026-11-23", "2026-11-30", 20) with data.now.date as "2026-11-23"
}

test_engaged_at_the_start if {
	every effective in ["2024-01-01", "2026-01-01"] {
		every announced in [effective, null] {
			notice_period.deny == set() with input as with_notice(announced, effective, 20) with data.now.date as "2026-11-23"
		}
	}
}

test_never_announced if {
	late := {"path": "register_id", "value": "2026-01-02", "limit": "2026-01-01", "code": "not_announced"}
	every r in [{"announced": null, "effective": "2026-01-02"}, {"effective": "2026-01-02"}] {
		notice_period.deny == {late} with input as supplier(r) with data.now.date as "2026-11-23"
	}
}

test_nothing_agreed_is_no_violation if {
	short := with_notice("2026-11-01", "2026-11-02", 20)
	every path in ["terms/contract", "terms/subprocessors"] {
		notice_period.deny == set() with input as json.remove(short, [path]) with data.now.date as "2026-11-23"
	}
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
	every n in [1, 2] {
		notice_period.deny == {{"path": "register_id", "code": "objection"}} with input as supplier(object.union(row, {"open_objections": n}))
			with data.now.date as "2026-11-23"
	}
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
