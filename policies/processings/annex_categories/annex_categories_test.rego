package waarborg.processings.annex_categories_test

import data.waarborg.processings.annex_categories

terms := {"processings": {
	"customers": {"categories": ["birth_date", "email", "name"], "open": true},
	"portals": {"categories": ["email", "name"], "open": false},
}}

app(application, categories) := {"application": application, "data_categories": categories, "terms": terms}

test_listed if {
	annex_categories.deny == set() with input as app("portals", ["email", "name"])
	annex_categories.unsure == set() with input as app("customers", ["birth_date", "name"])
}

test_no_category_in_use if {
	every none in [[], null] {
		annex_categories.deny == set() with input as app("portals", none)
		annex_categories.unsure == set() with input as app("portals", none)
	}
}

test_not_listed if {
	annex_categories.deny == {
		{"path": "data_categories", "value": "birth_date", "limit": ["email", "name"]},
		{"path": "data_categories", "value": "iban", "limit": ["email", "name"]},
	} with input as app("portals", ["birth_date", "iban", "name"])
	annex_categories.unsure == set() with input as app("portals", ["birth_date", "iban", "name"])
}

test_the_catch_all if {
	annex_categories.deny == set() with input as app("customers", ["income", "name"])
	annex_categories.unsure == {{"path": "data_categories", "value": "income", "code": "open_wording"}} with input as app("customers", ["income", "name"])
}

test_an_application_that_annex_a_does_not_know if {
	annex_categories.deny == {{
		"path": "application", "value": "games",
		"limit": ["customers", "portals"], "code": "no_section",
	}} with input as app("games", ["name"])
}

test_of_no_application if {
	annex_categories.deny == set() with input as app(null, ["name"])
	annex_categories.unsure == {{"path": "application", "value": null, "code": "no_application"}} with input as app(null, ["name"])
}

test_unknown_is_not_denied if {
	every path in ["application", "data_categories", "terms"] {
		annex_categories.deny == set() with input as without(app("portals", ["iban"]), path)
		annex_categories.unsure == set() with input as without(app("customers", ["income"]), path)
	}
}

without(object, key) := {k: v | some k, v in object; k != key}
