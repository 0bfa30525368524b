package waarborg.processings.sensitive_data_test

import data.waarborg.processings.sensitive_data

terms := {"processings": {
	"customers": {"categories": ["birth_date", "email", "name"], "open": true},
	"portals": {"categories": ["email", "name"], "open": false},
}}

app(application, categories) := {"application": application, "data_categories": categories, "terms": terms}

denied(category) := {"path": "data_categories", "value": category, "limit": ["birth_date", "email", "name"]}

test_nothing_sensitive if {
	every categories in [["income", "name"], [], null] {
		sensitive_data.deny == set() with input as app("customers", categories)
		sensitive_data.unsure == set() with input as app("customers", categories)
	}
}

test_the_catch_all_is_not_enough if {
	sensitive_data.deny == {denied("bsn"), denied("health"), denied("nationality")} with input as app("customers", [
		"bsn",
		"health",
		"name",
		"nationality",
	])
}

test_listed_by_name if {
	listed := {"processings": {"care": {"categories": ["health", "name"], "open": false}}}
	sensitive_data.deny == set() with input as {"application": "care", "data_categories": ["health", "name"], "terms": listed}
}

test_an_application_that_annex_a_does_not_know if {
	sensitive_data.deny == {{"path": "data_categories", "value": "bsn", "limit": []}} with input as app("games", ["bsn"])
}

test_of_no_application if {
	sensitive_data.deny == set() with input as app(null, ["bsn"])
	sensitive_data.unsure == {{"path": "application", "value": null, "code": "no_application"}} with input as app(null, ["bsn"])
	sensitive_data.unsure == set() with input as app(null, ["name"])
}

test_unknown_is_not_denied if {
	every path in ["application", "data_categories", "terms"] {
		sensitive_data.deny == set() with input as without(app("customers", ["bsn"]), path)
		sensitive_data.unsure == set() with input as without(app("customers", ["bsn"]), path)
	}
}

without(object, key) := {k: v | some k, v in object; k != key}
