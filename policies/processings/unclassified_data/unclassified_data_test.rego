package waarborg.processings.unclassified_data_test

import data.waarborg.processings.unclassified_data

app(categories) := {"data_categories": categories}

test_all_classified if {
	every categories in [["email", "name"], [], null] {
		unclassified_data.unsure == set() with input as app(categories)
	}
}

test_a_person_must_look if {
	unclassified_data.unsure == {
		{"path": "data_categories", "value": "unclassified", "code": "unclassified"},
		{"path": "data_categories", "value": "free_text", "code": "free_text"},
	} with input as app(["free_text", "name", "unclassified"])
}

test_a_category_that_nobody_knows if {
	unclassified_data.unsure == {{"path": "data_categories", "value": "shoe_size", "code": "not_in_catalogue"}} with input as app(["name", "shoe_size"])
}

test_unknown if {
	unclassified_data.unsure == set() with input as {}
}
