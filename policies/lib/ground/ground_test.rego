package waarborg.lib.ground_test

import data.waarborg.lib.ground

scc := {"ground": "scc", "ground_until": null, "tia": "2026-01-01"}

cases := [
	# country, register row, status on 2026-11-23
	["CH", null, "ok"],
	["GB", null, "ok"],
	["IN", null, "none"],
	["IN", {"ground": "none", "ground_until": null, "tia": null}, "none"],
	["IN", {"ground": null, "ground_until": null, "tia": null}, "none"],
	["IN", {"ground": "adequacy", "ground_until": null, "tia": null}, "none"],
	["IN", {"ground": "adequacy", "ground_until": null, "tia": "2026-01-01"}, "none"],
	["IN", scc, "ok"],
	["IN", object.union(scc, {"ground": "bcr"}), "ok"],
	["IN", object.union(scc, {"tia": "2026-11-23"}), "ok"],
	["IN", object.union(scc, {"tia": "2026-11-24"}), "no_tia"],
	["IN", object.union(scc, {"tia": null}), "no_tia"],
	["IN", object.union(scc, {"ground_until": "2026-11-23"}), "ok"],
	["IN", object.union(scc, {"ground_until": "2026-11-22"}), "expired"],
	["US", null, "partial_decision"],
	["US", scc, "ok"],
	["US", object.union(scc, {"tia": null}), "no_tia"],
	["US", {"ground": "adequacy", "ground_until": null, "tia": null}, "ok"],
	["US", {"ground": "adequacy", "ground_until": "2026-11-22", "tia": null}, "expired"],
	["US", {"ground": "none", "ground_until": "2020-01-01", "tia": null}, "partial_decision"],
	# A decision for the whole country is enough, whatever the register says.
	["CH", object.union(scc, {"ground_until": "2020-01-01"}), "ok"],
]

test_status if {
	wrong := [c | some c in cases; ground.status(c[0], c[1]) != c[2]] with data.now.date as "2026-11-23"
	wrong == []
	count([c | some c in cases; is_string(ground.status(c[0], c[1]))]) == count(cases) with data.now.date as "2026-11-23"
}

test_last_day_of_a_decision if {
	ground.status("GB", null) == "ok" with data.now.date as "2031-12-27"
	ground.status("GB", null) == "ended" with data.now.date as "2031-12-28"
	ground.status("GB", scc) == "ok" with data.now.date as "2031-12-28"
}

test_before_a_decision if {
	ground.status("BR", null) == "none" with data.now.date as "2026-01-25"
	ground.status("BR", null) == "partial_decision" with data.now.date as "2026-01-26"
}

finding(location, row) := f if {
	f := ground.finding("location", location, row) with data.now.date as "2026-11-23"
}

test_finding if {
	finding({"country": "IN"}, null) == {"path": "location", "value": "IN", "limit": ["adequacy", "bcr", "scc"]}
	finding({"country": "IN"}, object.union(scc, {"tia": null})) == {"path": "location", "value": "IN", "limit": "tia", "code": "no_tia"}
	finding({"country": "IN"}, object.union(scc, {"ground_until": "2026-11-22"})) == {
		"path": "location", "value": "IN",
		"limit": "2026-11-22", "code": "expired",
	}
	finding({"provider": "azure", "region": "nowhere"}, scc) == {
		"path": "location", "value": "nowhere",
		"limit": "EEA", "code": "unknown_region",
	}
	not finding({"country": "IN"}, scc)
	not finding({"country": "US"}, null)
	not finding({"country": "NL"}, null)
	not finding({"country": "NL"}, object.union(scc, {"ground_until": "2020-01-01"}))
	not finding({"country": "GI"}, object.union(scc, {"ground_until": "2020-01-01"}))
	not finding({}, null)
}

test_finding_after_the_decision if {
	f := ground.finding("location", {"country": "GB"}, null) with data.now.date as "2031-12-28"
	f == {"path": "location", "value": "GB", "limit": "2031-12-27", "code": "ended"}
}

question(location, row) := q if {
	q := ground.question("location", location, row) with data.now.date as "2026-11-23"
}

test_question if {
	question({"country": "US"}, null) == {"path": "location", "value": "US", "code": "partial_decision"}
	question({}, null) == {"path": "location", "value": null, "code": "no_region"}
	question({"country": "SJ"}, null).code == "unclear_territory"
	not question({"country": "US"}, scc)
	not question({"country": "IN"}, null)
	not question({"country": "NL"}, null)
}
