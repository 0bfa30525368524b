package waarborg.subprocessors.host_region_test

import data.waarborg.subprocessors.host_region

azure(region) := {"provider": "azure", "region": region}

store(location, row) := {"personal_data": true, "provider": "cloud", "location": location, "terms": {"register": {"cloud": row}, "regions": {"eea_only": true}}}

regions := {"regions": {"azure": ["northeurope", "westeurope"]}, "countries": ["BE"]}

countries := {"regions": null, "countries": ["NL", "IE"]}

nothing := {"regions": null, "countries": []}

test_on_the_register if {
	every location in [azure("westeurope"), azure("West Europe"), {"provider": "Azure", "region": "northeurope"}] {
		host_region.deny == set() with input as store(location, regions)
		host_region.unsure == set() with input as store(location, regions)
	}
	host_region.deny == set() with input as store(azure("westeurope"), countries)
	host_region.unsure == set() with input as store(azure("westeurope"), countries)
	host_region.deny == set() with input as store({"country": "IE"}, countries)
}

test_another_region if {
	host_region.deny == {{
		"path": "location", "value": "germanywestcentral (DE)",
		"limit": ["azure northeurope", "azure westeurope"],
	}} with input as store(azure("germanywestcentral"), regions)

	# A region of the same name at another provider is another region, and one that nobody knows is on no register.
	host_region.deny == {{
		"path": "location", "value": "westeurope",
		"limit": ["azure northeurope", "azure westeurope"],
	}} with input as store({"provider": "other", "region": "westeurope"}, regions)
	host_region.deny == {{
		"path": "location", "value": "uksouth (GB)",
		"limit": ["azure northeurope", "azure westeurope"],
	}} with input as store(azure("uksouth"), regions)
}

test_another_country if {
	host_region.deny == {{
		"path": "location", "value": "germanywestcentral (DE)",
		"limit": ["NL", "IE"], "code": "other_country",
	}} with input as store(azure("germanywestcentral"), countries)
	host_region.deny == {{
		"path": "location", "value": "FR",
		"limit": ["NL", "IE"], "code": "other_country",
	}} with input as store({"country": "fr"}, countries)
}

# Outside the EEA is a violation here where nobody agreed on the EEA; else TRF-001 says it.
test_outside_the_eea if {
	abroad := store(azure("uksouth"), countries)
	host_region.deny == set() with input as abroad
	found := {{"path": "location", "value": "uksouth (GB)", "limit": ["NL", "IE"], "code": "other_country"}}
	host_region.deny == found with input as object.union(abroad, {"terms": {"regions": {"eea_only": false}}})
	host_region.deny == found with input as json.remove(abroad, ["terms/regions"])
}

test_the_register_names_no_place if {
	every row in [nothing, {}, {"regions": {}, "countries": []}] {
		host_region.deny == set() with input as store(azure("germanywestcentral"), row)
		host_region.unsure == set() with input as store(azure("germanywestcentral"), row)
	}
}

test_no_region_known if {
	host_region.unsure == {{"path": "location", "value": "NL", "code": "no_region"}} with input as store({"country": "NL"}, regions)
	host_region.unsure == {{"path": "location", "value": null, "code": "no_region"}} with input as store(null, regions)
	host_region.unsure == {{"path": "location", "value": null, "code": "no_region"}} with input as store({}, regions)
	host_region.unsure == {{"path": "location", "value": "atlantis", "code": "no_region"}} with input as store(azure("atlantis"), countries)
}

test_not_on_the_register if {
	stranger := object.union(store(azure("westeurope"), regions), {"provider": "stranger"})
	host_region.deny == set() with input as stranger
	host_region.unsure == {{"path": "location", "value": "stranger", "code": "not_registered"}} with input as stranger
}

test_unknown_is_not_denied if {
	bad := store(azure("germanywestcentral"), regions)
	every path in ["location", "provider", "terms"] {
		host_region.deny == set() with input as json.remove(bad, [path])
	}
}

test_applies if {
	host_region.applies with input as {"personal_data": true, "provider": "cloud"}
	not host_region.applies with input as {"personal_data": true, "provider": "own"}
	not host_region.applies with input as {"personal_data": false, "provider": "cloud"}
	not host_region.applies with input as {}
}
