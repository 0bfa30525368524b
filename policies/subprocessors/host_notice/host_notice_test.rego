package waarborg.subprocessors.host_notice_test

import data.waarborg.subprocessors.host_notice

row := {"announced": "2026-10-01", "effective": "2026-11-23", "open_objections": 0}

store(r) := {"personal_data": true, "provider": "cloud", "terms": {
	"register": {"cloud": r},
	"contract": {"start": "2026-01-01"},
	"subprocessors": {"notice_working_days": 20},
}}

test_in_effect_since_today if {
	host_notice.deny == set() with input as store(row) with data.now.date as "2026-11-23"
	host_notice.unsure == set() with input as store(row) with data.now.date as "2026-11-23"
}

test_before_its_day if {
	host_notice.deny == {{"path": "provider", "value": "2026-11-23", "limit": "2026-11-22"}} with input as store(row)
		with data.now.date as "2026-11-22"
}

test_announced_without_a_day if {
	host_notice.deny == {{
		"path": "provider", "value": "2026-10-01",
		"limit": "effective", "code": "not_effective",
	}} with input as store(object.union(row, {"effective": null})) with data.now.date as "2026-11-23"
}

test_never_announced if {
	host_notice.deny == {{
		"path": "provider", "value": "2026-11-23",
		"limit": "2026-01-01", "code": "not_announced",
	}} with input as store(object.union(row, {"announced": null})) with data.now.date as "2026-11-23"
}

test_notice_too_short if {
	short := store(object.union(row, {"announced": "2026-11-09"}))
	host_notice.deny == {{
		"path": "provider", "value": 14,
		"limit": 20, "code": "notice_too_short",
	}} with input as short with data.now.date as "2026-11-23"

	# The same notice is enough where fewer days were agreed.
	fewer := object.union(short, {"terms": {"subprocessors": {"notice_working_days": 10}}})
	host_notice.deny == set() with input as fewer with data.now.date as "2026-11-23"
}

test_an_objection_is_open if {
	host_notice.deny == {{"path": "provider", "code": "objection"}} with input as store(object.union(row, {"open_objections": 1}))
		with data.now.date as "2026-11-23"
}

test_there_from_the_start if {
	host_notice.deny == set() with input as store({"announced": null, "effective": null, "open_objections": 0}) with data.now.date as "2026-11-23"
}

test_not_on_the_register if {
	stranger := object.union(store(row), {"provider": "stranger"})
	host_notice.deny == set() with input as stranger with data.now.date as "2026-11-23"
	host_notice.unsure == {{"path": "provider", "value": "stranger", "code": "not_registered"}} with input as stranger with data.now.date as "2026-11-23"
}

test_no_host if {
	nobody := object.union(store(row), {"provider": null})
	host_notice.deny == set() with input as nobody with data.now.date as "2026-11-23"
	host_notice.unsure == {{"path": "provider", "value": null, "code": "no_host"}} with input as nobody with data.now.date as "2026-11-23"
}

test_unknown_is_not_denied if {
	bad := store({"announced": null, "effective": "2099-01-01", "open_objections": 1})
	every path in ["provider", "terms"] {
		host_notice.deny == set() with input as json.remove(bad, [path]) with data.now.date as "2026-11-23"
		host_notice.unsure == set() with input as json.remove(bad, [path]) with data.now.date as "2026-11-23"
	}
}

test_applies if {
	host_notice.applies with input as {"personal_data": true, "provider": "cloud"}
	host_notice.applies with input as {"personal_data": true, "provider": null}
	not host_notice.applies with input as {"personal_data": true, "provider": "own"}
	not host_notice.applies with input as {"personal_data": false, "provider": "cloud"}
	not host_notice.applies with input as {}
}
