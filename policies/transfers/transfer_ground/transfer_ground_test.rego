package waarborg.transfers.transfer_ground_test

import data.waarborg.transfers.transfer_ground

scc := {"ground": "scc", "ground_until": null, "tia": "2025-06-01"}

store(region, row) := {
	"personal_data": true,
	"location": {"provider": "azure", "region": region},
	"copies": [],
	"provider": "microsoft",
	"terms": {"register": {"microsoft": row}},
}

none := {"ground": "none", "ground_until": null, "tia": null}

denied(value, limit, code) := {{"path": "location", "value": value, "limit": limit, "code": code}}

test_in_the_eea if {
	transfer_ground.deny == set() with input as store("westeurope", none) with data.now.date as "2026-11-23"
	transfer_ground.unsure == set() with input as store("westeurope", none) with data.now.date as "2026-11-23"
}

test_the_united_kingdom_until_the_decision_ends if {
	transfer_ground.deny == set() with input as store("uksouth", none) with data.now.date as "2026-11-23"
	transfer_ground.unsure == set() with input as store("uksouth", none) with data.now.date as "2026-11-23"
	transfer_ground.deny == set() with input as store("uksouth", none) with data.now.date as "2031-12-27"
	transfer_ground.deny == denied("uksouth (GB)", "2031-12-27", "ended") with input as store("uksouth", none)
		with data.now.date as "2031-12-28"
}

test_no_ground if {
	transfer_ground.deny == {{
		"path": "location", "value": "centralindia (IN)",
		"limit": ["adequacy", "bcr", "scc"],
	}} with input as store("centralindia", none) with data.now.date as "2026-11-23"
}

test_clauses_with_an_assessment if {
	transfer_ground.deny == set() with input as store("centralindia", scc) with data.now.date as "2026-11-23"
	transfer_ground.deny == denied("centralindia (IN)", "tia", "no_tia") with input as store("centralindia", object.union(scc, {"tia": null})) with data.now.date as "2026-11-23"
}

test_a_ground_ends_after_its_last_day if {
	row := object.union(scc, {"ground_until": "2026-11-23"})
	transfer_ground.deny == set() with input as store("centralindia", row) with data.now.date as "2026-11-23"
	transfer_ground.deny == denied("centralindia (IN)", "2026-11-23", "expired") with input as store("centralindia", row)
		with data.now.date as "2026-11-24"
}

test_a_partial_decision_needs_the_register if {
	transfer_ground.deny == set() with input as store("eastus", none) with data.now.date as "2026-11-23"
	transfer_ground.unsure == {{"path": "location", "value": "eastus (US)", "code": "partial_decision"}} with input as store("eastus", none) with data.now.date as "2026-11-23"
	transfer_ground.unsure == set() with input as store("eastus", {"ground": "adequacy", "ground_until": null, "tia": null}) with data.now.date as "2026-11-23"
}

test_copies_count if {
	copies := [{"role": "backup", "location": {"provider": "azure", "region": "southindia"}}, {"role": "paired", "location": {"provider": "azure", "region": "centralindia"}}]
	transfer_ground.deny == {{
		"path": "copies", "value": "southindia (IN)",
		"limit": ["adequacy", "bcr", "scc"],
	}} with input as object.union(store("westeurope", none), {"copies": copies}) with data.now.date as "2026-11-23"
	transfer_ground.unsure == {{"path": "copies", "value": null, "code": "no_region"}} with input as object.union(
		store("westeurope", none),
		{"copies": [{"role": "backup", "location": {}}]},
	)
		with data.now.date as "2026-11-23"
}

test_our_own_hardware_is_on_no_register if {
	own := object.union(without(store("centralindia", scc), "location"), {"provider": "own", "location": {"country": "IN"}})
	transfer_ground.deny == {{"path": "location", "value": "IN", "limit": ["adequacy", "bcr", "scc"]}} with input as own with data.now.date as "2026-11-23"
	transfer_ground.deny == {{
		"path": "location", "value": "IN",
		"limit": ["adequacy", "bcr", "scc"],
	}} with input as object.union(own, {"provider": null}) with data.now.date as "2026-11-23"
}

test_a_region_that_nobody_knows if {
	transfer_ground.deny == denied("nowhere", "EEA", "unknown_region") with input as store("nowhere", scc) with data.now.date as "2026-11-23"
}

test_unknown_is_not_denied if {
	bad := store("centralindia", none)
	every path in ["location", "provider", "terms"] {
		transfer_ground.deny == set() with input as without(bad, path) with data.now.date as "2026-11-23"
		transfer_ground.unsure == set() with input as without(bad, path) with data.now.date as "2026-11-23"
	}
	transfer_ground.unsure == {{"path": "location", "value": null, "code": "no_region"}} with input as object.union(bad, {"location": null}) with data.now.date as "2026-11-23"
}

test_applies if {
	transfer_ground.applies with input as {"personal_data": true}
	not transfer_ground.applies with input as {"personal_data": false}
	not transfer_ground.applies with input as {}
}

without(object, key) := {k: v | some k, v in object; k != key}
