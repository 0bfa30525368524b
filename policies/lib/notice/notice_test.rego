package waarborg.lib.notice_test

import data.waarborg.lib.notice

row := {"announced": "2026-10-01", "effective": "2026-11-23", "open_objections": 0}

test_early if {
	notice.early("p", row) == {"path": "p", "value": "2026-11-23", "limit": "2026-11-22"} with data.now.date as "2026-11-22"
	not notice.early("p", row) with data.now.date as "2026-11-23"
	not notice.early("p", {"effective": null}) with data.now.date as "2026-11-23"
	not notice.early("p", null) with data.now.date as "2026-11-23"
}

test_without_day if {
	found := {"path": "p", "value": "2026-10-01", "limit": "effective", "code": "not_effective"}
	notice.without_day("p", object.union(row, {"effective": null})) == found
	not notice.without_day("p", row)
	not notice.without_day("p", {"announced": null, "effective": null})
}

test_unannounced if {
	found := {"path": "p", "value": "2026-11-23", "limit": "2026-11-22", "code": "not_announced"}
	notice.unannounced("p", object.union(row, {"announced": null}), "2026-11-22") == found
	not notice.unannounced("p", object.union(row, {"announced": null}), "2026-11-23")
	not notice.unannounced("p", row, "2026-11-22")
}

test_short if {
	notice.short("p", row, "2026-01-01", 40) == {"path": "p", "value": 53, "limit": 40, "code": "notice_too_short"}
	not notice.short("p", row, "2026-01-01", 20)
	not notice.short("p", row, "2026-11-23", 40)
	not notice.short("p", object.union(row, {"announced": null}), "2026-01-01", 40)
}

test_objection if {
	notice.objection("p", {"open_objections": 1}) == {"path": "p", "code": "objection"}
	not notice.objection("p", row)
	not notice.objection("p", null)
}
