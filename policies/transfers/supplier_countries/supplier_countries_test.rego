package waarborg.transfers.supplier_countries_test

import data.waarborg.transfers.supplier_countries

supplier(countries, access) := {
	"personal_data": true,
	"register_id": "cloud",
	"countries": countries,
	"access_countries": access,
	"terms": {"register": {"cloud": {"eea": true, "countries": ["NL", "US"], "access_countries": ["US"]}}},
}

outside(countries, access) := object.union(supplier(countries, access), {"terms": {"register": {"cloud": {"eea": false}}}})

test_inside if {
	supplier_countries.deny == set() with input as supplier(["NL", "ie"], ["DE"])
	supplier_countries.unsure == set() with input as supplier(["NL"], ["DE"])
	supplier_countries.deny == set() with input as supplier(["NL"], null)
}

test_a_row_that_says_inside_the_eea_means_it if {
	supplier_countries.deny == {{"path": "countries", "value": "US", "limit": "EEA"}} with input as supplier(["NL", "us"], [])
	supplier_countries.deny == {{
		"path": "access_countries", "value": "US",
		"limit": "EEA", "code": "access",
	}} with input as supplier(["NL"], ["US"])
}

test_a_row_that_names_countries if {
	supplier_countries.deny == set() with input as outside(["NL", "US"], ["US"])
	supplier_countries.deny == {
		{"path": "countries", "value": "IN", "limit": ["NL", "US"]},
		{"path": "access_countries", "value": "IN", "limit": ["US"], "code": "access"},
	} with input as outside(["IN"], ["IN"])
}

test_on_no_register if {
	every id in [null, "stranger"] {
		supplier_countries.deny == {{"path": "countries", "value": "US", "limit": "EEA"}} with input as object.union(supplier(["US"], []), {"register_id": id})
	}
}

test_a_person_must_say if {
	supplier_countries.unsure == {{"path": "countries", "value": null, "code": "no_country"}} with input as supplier(null, [])
	supplier_countries.unsure == {{"path": "countries", "value": null, "code": "no_country"}} with input as supplier([], [])
	supplier_countries.unsure == {
		{"path": "countries", "value": "SJ", "code": "unclear_territory"},
		{"path": "access_countries", "value": "GI", "code": "unclear_territory"},
	} with input as supplier(["SJ"], ["GI"])
}

test_unknown_is_not_denied if {
	supplier_countries.deny == set() with input as without(supplier(["US"], ["US"]), "register_id")
	supplier_countries.deny == set() with input as without(supplier(["US"], ["US"]), "terms")
	supplier_countries.deny == set() with input as without(supplier(["US"], ["NL"]), "countries")
	supplier_countries.deny == set() with input as without(supplier(["NL"], ["US"]), "access_countries")
	supplier_countries.unsure == set() with input as without(supplier([], []), "countries")
}

test_applies if {
	supplier_countries.applies with input as {"personal_data": true}
	not supplier_countries.applies with input as {"personal_data": false}
	not supplier_countries.applies with input as {}
}

without(object, key) := {k: v | some k, v in object; k != key}
