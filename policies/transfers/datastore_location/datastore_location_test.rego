package waarborg.transfers.datastore_location_test

import data.waarborg.transfers.datastore_location

terms := {"regions": {"eea_only": true}}

store(location) := {"personal_data": true, "location": location, "terms": terms}

azure(region) := {"provider": "azure", "region": region}

test_in_the_eea if {
	every location in [azure("westeurope"), azure("norwayeast"), {"country": "NL"}, {"provider": "elastic", "region": "azure-westeurope"}] {
		datastore_location.deny == set() with input as store(location)
		datastore_location.unsure == set() with input as store(location)
	}
}

test_outside if {
	datastore_location.deny == {{"path": "location", "value": "uksouth (GB)", "limit": "EEA"}} with input as store(azure("uksouth"))
	datastore_location.deny == {{"path": "location", "value": "switzerlandnorth (CH)", "limit": "EEA"}} with input as store(azure("switzerlandnorth"))
	datastore_location.deny == {{"path": "location", "value": "US", "limit": "EEA"}} with input as store({"country": "US"})
}

test_a_region_that_nobody_knows if {
	denied := {{"path": "location", "value": "westeurope2", "limit": "EEA", "code": "unknown_region"}}
	datastore_location.deny == denied with input as store(azure("westeurope2"))
	datastore_location.deny == set() with input as store(azure("westeurope2"))
		with data.team_regions as {"azure": {"westeurope2": {"country": "NL"}}}
}

test_nobody_says_where if {
	every location in [null, {}, {"provider": "azure"}] {
		datastore_location.deny == set() with input as store(location)
		datastore_location.unsure == {{"path": "location", "value": null, "code": "no_region"}} with input as store(location)
	}
	datastore_location.unsure == {{"path": "location", "value": "global", "code": "no_region"}} with input as store(azure("global"))
	datastore_location.unsure == {{"path": "location", "value": "GI", "code": "unclear_territory"}} with input as store({"country": "GI"})
}

test_agreed_countries if {
	agreed := {"personal_data": true, "location": azure("northeurope"), "terms": {"regions": {"eea_only": true, "countries": ["NL"]}}}
	datastore_location.deny == {{
		"path": "location", "value": "northeurope (IE)",
		"limit": ["NL"], "code": "other_country",
	}} with input as agreed
	datastore_location.deny == set() with input as object.union(agreed, {"location": azure("westeurope")})
}

test_no_limit_is_agreed if {
	free := {"personal_data": true, "location": azure("uksouth"), "terms": {"regions": {"eea_only": false}}}
	datastore_location.deny == set() with input as free
	datastore_location.unsure == set() with input as object.union(free, {"location": azure("global")})
	datastore_location.deny == set() with input as without(free, "terms")
}

test_unknown_is_not_denied if {
	datastore_location.deny == set() with input as {"personal_data": true, "terms": terms}
	datastore_location.unsure == set() with input as {"personal_data": true, "terms": terms}
}

test_applies if {
	datastore_location.applies with input as {"personal_data": true}
	not datastore_location.applies with input as {"personal_data": false}
	not datastore_location.applies with input as {"personal_data": null}
	not datastore_location.applies with input as {}
}

without(object, key) := {k: v | some k, v in object; k != key}
