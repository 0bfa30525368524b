package waarborg.transfers.access_country_test

import data.waarborg.transfers.access_country

grant(country) := {"personal_data": true, "principal_type": "person", "country": country, "terms": {"access": {"countries": ["GB"]}}}

test_in_the_eea if {
	every country in ["NL", "nl", "IS", "RE"] {
		access_country.deny == set() with input as grant(country)
		access_country.unsure == set() with input as grant(country)
	}
}

test_agreed_outside_the_eea if {
	access_country.deny == set() with input as grant("GB")
	access_country.deny == {{"path": "country", "value": "GB", "limit": []}} with input as without(grant("GB"), "terms")
}

test_not_agreed if {
	access_country.deny == {{"path": "country", "value": "IN", "limit": ["GB"]}} with input as grant("IN")
	access_country.deny == {{"path": "country", "value": "US", "limit": ["GB"]}} with input as grant("us")
}

test_nobody_says_where if {
	every country in [null, ""] {
		access_country.deny == set() with input as grant(country)
		access_country.unsure == {{"path": "country", "value": country, "code": "no_country"}} with input as grant(country)
	}
	access_country.unsure == {{"path": "country", "value": "GI", "code": "unclear_territory"}} with input as grant("GI")
	access_country.unsure == set() with input as object.union(grant("GI"), {"terms": {"access": {"countries": ["GI"]}}})
}

test_unknown_is_not_denied if {
	access_country.deny == set() with input as without(grant("IN"), "country")
	access_country.unsure == set() with input as without(grant("IN"), "country")
}

test_applies if {
	every type in ["person", "group", "guest"] {
		access_country.applies with input as {"personal_data": true, "principal_type": type}
	}
	not access_country.applies with input as {"personal_data": true, "principal_type": "service"}
	not access_country.applies with input as {"personal_data": true, "principal_type": null}
	not access_country.applies with input as {"personal_data": true}
	not access_country.applies with input as {"personal_data": false, "principal_type": "person"}
	not access_country.applies with input as {"principal_type": "person"}
}

without(object, key) := {k: v | some k, v in object; k != key}
