package waarborg.transfers.supplier_ground_test

import data.waarborg.transfers.supplier_ground

scc := {"ground": "scc", "ground_until": null, "tia": "2025-06-01"}

supplier(countries, access, row) := {
	"personal_data": true,
	"register_id": "cloud",
	"countries": countries,
	"access_countries": access,
	"terms": {"register": {"cloud": row}},
}

none := {"ground": "none", "ground_until": null, "tia": null}

test_in_the_eea if {
	supplier_ground.deny == set() with input as supplier(["NL"], ["DE"], none) with data.now.date as "2026-11-23"
	supplier_ground.unsure == set() with input as supplier(["NL"], null, none) with data.now.date as "2026-11-23"
}

test_a_ground_is_needed_for_each_country if {
	supplier_ground.deny == {
		{"path": "countries", "value": "IN", "limit": ["adequacy", "bcr", "scc"]},
		{"path": "access_countries", "value": "MX", "limit": ["adequacy", "bcr", "scc"]},
	} with input as supplier(["NL", "CH", "IN"], ["MX"], none) with data.now.date as "2026-11-23"
	supplier_ground.deny == set() with input as supplier(["IN"], ["MX"], scc) with data.now.date as "2026-11-23"
}

test_a_ground_ends if {
	row := object.union(scc, {"ground_until": "2026-11-22"})
	supplier_ground.deny == {{
		"path": "countries", "value": "IN",
		"limit": "2026-11-22", "code": "expired",
	}} with input as supplier(["IN"], [], row) with data.now.date as "2026-11-23"
	supplier_ground.deny == {{
		"path": "access_countries", "value": "GB",
		"limit": "2031-12-27", "code": "ended",
	}} with input as supplier(["NL"], ["GB"], none) with data.now.date as "2031-12-28"
}

test_on_no_register if {
	every id in [null, "stranger"] {
		supplier_ground.deny == {{
			"path": "countries", "value": "IN",
			"limit": ["adequacy", "bcr", "scc"],
		}} with input as object.union(supplier(["IN"], [], scc), {"register_id": id}) with data.now.date as "2026-11-23"
	}
}

test_a_person_must_say if {
	supplier_ground.unsure == {{"path": "access_countries", "value": "US", "code": "partial_decision"}} with input as supplier(["NL"], ["US"], none) with data.now.date as "2026-11-23"
	supplier_ground.unsure == {{"path": "countries", "value": null, "code": "no_region"}} with input as supplier(null, [], none) with data.now.date as "2026-11-23"
	supplier_ground.unsure == {{"path": "countries", "value": null, "code": "no_region"}} with input as supplier([], [], none) with data.now.date as "2026-11-23"
}

test_unknown_is_not_denied if {
	bad := supplier(["IN"], ["IN"], none)
	supplier_ground.deny == set() with input as without(bad, "register_id") with data.now.date as "2026-11-23"
	supplier_ground.deny == set() with input as without(bad, "terms") with data.now.date as "2026-11-23"
	supplier_ground.deny == set() with input as without(without(bad, "countries"), "access_countries") with data.now.date as "2026-11-23"
	supplier_ground.unsure == set() with input as without(without(bad, "countries"), "access_countries") with data.now.date as "2026-11-23"
}

test_applies if {
	supplier_ground.applies with input as {"personal_data": true}
	not supplier_ground.applies with input as {"personal_data": false}
	not supplier_ground.applies with input as {}
}

without(object, key) := {k: v | some k, v in object; k != key}
