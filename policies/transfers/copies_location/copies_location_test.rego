package waarborg.transfers.copies_location_test

import data.waarborg.transfers.copies_location

terms := {"regions": {"eea_only": true}}

store(copies) := {"personal_data": true, "copies": copies, "terms": terms}

copy(role, region) := {"role": role, "location": {"provider": "azure", "region": region}}

test_no_copy if {
	copies_location.deny == set() with input as store([])
	copies_location.deny == set() with input as store(null)
	copies_location.unsure == set() with input as store(null)
}

test_copies_in_the_eea if {
	copies_location.deny == set() with input as store([copy("replica", "northeurope"), copy("paired", "westeurope"), copy("paired", "swedencentral")])
}

test_every_role_counts if {
	every role in ["replica", "backup", "archive", "failover"] {
		copies_location.deny == {{"path": "copies", "value": "eastus (US)", "limit": "EEA"}} with input as store([
			copy("replica", "westeurope"),
			copy(role, "eastus"),
		])
	}
}

test_the_pair_counts_not_the_region if {
	copies_location.deny == {{"path": "copies", "value": "ukwest (GB)", "limit": "EEA"}} with input as store([copy("paired", "uksouth")])
	copies_location.deny == set() with input as store([copy("paired", "polandcentral")])
	copies_location.unsure == set() with input as store([copy("paired", "polandcentral")])
}

test_a_pair_that_leaves if {
	regions := {"team": {"inside": {"country": "NL", "paired": "outside"}, "outside": {"country": "US"}}}
	copies_location.deny == {{"path": "copies", "value": "outside (US)", "limit": "EEA"}} with data.team_regions as regions
		with input as store([{"role": "paired", "location": {"provider": "team", "region": "inside"}}])
}

test_a_region_that_nobody_knows if {
	denied := {{"path": "copies", "value": "eastus2euap", "limit": "EEA", "code": "unknown_region"}}
	copies_location.deny == denied with input as store([copy("backup", "eastus2euap")])
	copies_location.deny == denied with input as store([copy("paired", "eastus2euap")])
}

test_nobody_says_where if {
	copies_location.unsure == {{"path": "copies", "value": null, "code": "no_region"}} with input as store([{"role": "backup", "location": {}}])
	copies_location.unsure == {{"path": "copies", "value": null, "code": "no_region"}} with input as store([{"role": "paired", "location": {"country": "NL"}}])
	copies_location.deny == set() with input as store([{"role": "backup", "location": {}}])
}

test_agreed_countries if {
	agreed := {"regions": {"eea_only": true, "countries": ["NL"]}}
	copies_location.deny == {{
		"path": "copies", "value": "northeurope (IE)",
		"limit": ["NL"], "code": "other_country",
	}} with input as object.union(store([copy("paired", "westeurope")]), {"terms": agreed})
}

test_no_limit_is_agreed if {
	free := {"personal_data": true, "copies": [copy("backup", "eastus"), copy("backup", "global")], "terms": {"regions": {"eea_only": false}}}
	copies_location.deny == set() with input as free
	copies_location.unsure == set() with input as free
}

test_unknown_is_not_denied if {
	copies_location.deny == set() with input as {"personal_data": true, "terms": terms}
	copies_location.deny == set() with input as without(store([copy("replica", "eastus")]), "terms")
}

test_applies if {
	copies_location.applies with input as {"personal_data": true}
	not copies_location.applies with input as {"personal_data": false}
	not copies_location.applies with input as {}
}

without(object, key) := {k: v | some k, v in object; k != key}
