package waarborg.lib.geo_test

import data.waarborg.lib.geo

in_eea(country) := {"country": country, "known": true, "eea": true, "undecided": false}

outside(country) := {"country": country, "known": true, "eea": false, "undecided": false}

unknown := {"country": null, "known": false, "eea": false, "undecided": false}

undecided(country) := {"country": country, "known": true, "eea": false, "undecided": true}

places := [
	[{"provider": "azure", "region": "westeurope"}, in_eea("NL")],
	[{"provider": "azure", "region": "West Europe"}, in_eea("NL")],
	[{"provider": "Azure", "region": "northeurope"}, in_eea("IE")],
	[{"provider": "azure", "region": "norwayeast"}, in_eea("NO")],
	[{"provider": "azure", "region": "uksouth"}, outside("GB")],
	[{"provider": "azure", "region": "switzerlandnorth"}, outside("CH")],
	[{"provider": "elastic", "region": "azure-westeurope"}, in_eea("NL")],
	[{"provider": "elastic", "region": "gcp-europe-west2"}, outside("GB")],
	[{"provider": "aws", "region": "eu-central-1"}, in_eea("DE")],
	[{"provider": "aws", "region": "eu-central-2"}, outside("CH")],
	[{"provider": "gcp", "region": "europe-north1"}, in_eea("FI")],
	# The table wins over what somebody wrote beside it.
	[{"provider": "azure", "region": "eastus", "country": "NL"}, outside("US")],
	# Look-alikes: a canary, a stage, another provider's name, an invented one, no provider at all.
	[{"provider": "azure", "region": "eastus2euap"}, unknown],
	[{"provider": "azure", "region": "westeuropestage"}, unknown],
	[{"provider": "aws", "region": "westeurope"}, unknown],
	[{"provider": "azure", "region": "westeurope2", "country": "NL"}, unknown],
	[{"region": "westeurope"}, unknown],
	[{"country": "NL"}, in_eea("NL")],
	[{"country": "nl"}, in_eea("NL")],
	[{"country": "GF"}, in_eea("GF")],
	[{"country": "IS"}, in_eea("IS")],
	[{"country": "GB"}, outside("GB")],
	[{"country": "CW"}, outside("CW")],
	[{"country": "BQ"}, outside("BQ")],
	[{"country": "Netherlands"}, outside("NETHERLANDS")],
	[{"country": "GI"}, undecided("GI")],
	[{"country": "SJ"}, undecided("SJ")],
	[{"provider": "azure", "region": "global"}, undecided(null)],
	[{"provider": "azure", "region": "europe"}, undecided(null)],
	[{"provider": "azure", "region": "uk", "country": "NL"}, undecided(null)],
	[{"provider": "azure"}, undecided(null)],
	[{"provider": "", "region": "", "country": ""}, undecided(null)],
	[{}, undecided(null)],
	[null, undecided(null)],
]

test_places if {
	[c | some c in places; geo.place(c[0]) != c[1]] == []
}

test_a_team_adds_a_region if {
	oslo := {"provider": "hetzner", "region": "osl1"}
	geo.place(oslo) == unknown
	geo.place(oslo) == in_eea("NO") with data.team_regions as {"hetzner": {"osl1": {"country": "NO"}}}
	geo.place(oslo) == outside("US") with data.team_regions as {"hetzner": {"osl1": {"country": "US"}}}
}

test_a_team_cannot_move_a_shipped_region if {
	team := {"azure": {"eastus": {"country": "NL"}}}
	geo.place({"provider": "azure", "region": "eastus"}) == outside("US") with data.team_regions as team
}

test_paired if {
	geo.paired({"provider": "azure", "region": "westeurope"}) == {"provider": "azure", "region": "northeurope"}
	geo.paired({"provider": "azure", "region": "brazilsouth"}) == {"provider": "azure", "region": "southcentralus"}
	not geo.paired({"provider": "azure", "region": "polandcentral"})
	not geo.paired({"provider": "azure", "region": "nowhere"})
}

copies := [
	[{"role": "replica", "location": {"provider": "azure", "region": "eastus"}}, [{"provider": "azure", "region": "eastus"}]],
	[{"role": "replica", "location": {"country": "NL"}}, [{"country": "NL"}]],
	[{"role": "replica", "location": {"provider": "team", "region": "a"}}, [{"provider": "team", "region": "a"}]],
	[{"role": "paired", "location": {"provider": "azure", "region": "uksouth"}}, [{"provider": "azure", "region": "ukwest"}]],
	[{"role": "paired", "location": {"provider": "azure", "region": "polandcentral"}}, []],
	[{"role": "paired", "location": {"provider": "azure", "region": "nowhere"}}, [{"provider": "azure", "region": "nowhere"}]],
	[{"role": "paired", "location": {"provider": "azure", "region": "global"}}, [{"provider": "azure", "region": "global"}]],
	[{"role": "paired", "location": {"country": "NL"}}, [{}]],
	[{"role": "paired", "location": null}, [{}]],
	[{"role": "paired", "location": {"provider": "team", "region": "a"}}, [{}]],
	[{"role": "paired", "location": {"provider": "team", "region": "b"}}, []],
	[{"role": "paired", "location": {"provider": "team", "region": "c"}}, [{"provider": "team", "region": "a"}]],
]

team := {"a": {"country": "NL"}, "b": {"country": "NL", "paired": null}, "c": {"country": "NL", "paired": "a"}}

test_copies if {
	wrong := [c |
		some c in copies
		got := [l | l := geo.copy_location(c[0])]
		got != c[1]
	] with data.team_regions.team as team
	wrong == []
}

test_labels if {
	geo.label({"provider": "azure", "region": "UK South"}) == "uksouth (GB)"
	geo.label({"provider": "azure", "region": "nowhere"}) == "nowhere"
	geo.label({"country": "us"}) == "US"
	geo.label({}) == null
	geo.label(null) == null
}

uk := {"provider": "azure", "region": "uksouth"}

test_finding if {
	geo.finding("location", uk, true, null) == {"path": "location", "value": "uksouth (GB)", "limit": "EEA"}
	geo.finding("location", {"country": "DE"}, true, ["NL"]) == {
		"path": "location", "value": "DE",
		"limit": ["NL"], "code": "other_country",
	}
	geo.finding("location", uk, false, ["NL"]).code == "other_country"
	geo.finding("location", {"provider": "azure", "region": "nowhere"}, false, ["NL"]).code == "unknown_region"
	geo.finding("location", {"provider": "azure", "region": "nowhere"}, true, null).code == "unknown_region"
	not geo.finding("location", uk, false, ["GB"])
	not geo.finding("location", uk, false, null)
	not geo.finding("location", {"provider": "azure", "region": "nowhere"}, false, null)
	not geo.finding("location", {"country": "NL"}, true, ["NL"])
	not geo.finding("location", {"provider": "azure", "region": "global"}, true, ["NL"])
}

test_question if {
	geo.question("location", {}) == {"path": "location", "value": null, "code": "no_region"}
	geo.question("location", {"provider": "azure", "region": "global"}) == {"path": "location", "value": "global", "code": "no_region"}
	geo.question("location", {"country": "GI"}) == {"path": "location", "value": "GI", "code": "unclear_territory"}
	not geo.question("location", uk)
}
