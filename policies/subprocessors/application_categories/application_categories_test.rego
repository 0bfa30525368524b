package waarborg.subprocessors.application_categories_test

import data.waarborg.subprocessors.application_categories

row := {"categories": ["name", "email", "phone"], "open_groups": ["basic"]}

thing(categories) := {"provider": "cloud", "data_categories": categories, "terms": {"register": {"cloud": row}}}

denied(category) := {"path": "data_categories", "value": category, "limit": ["name", "email", "phone"]}

open(category) := {"path": "data_categories", "value": category, "code": "open_wording"}

test_named if {
	application_categories.deny == set() with input as thing(["name", "phone"])
	application_categories.unsure == set() with input as thing(["name", "phone"])
}

test_bank_account_is_named_for_nobody if {
	application_categories.deny == {denied("iban")} with input as thing(["iban", "name"])
	application_categories.unsure == set() with input as thing(["iban", "name"])
}

test_open_wording if {
	application_categories.deny == set() with input as thing(["birth_date", "housing_situation", "marital_status", "name", "profile_photo"])
	application_categories.unsure == {open("birth_date"), open("housing_situation"), open("marital_status"), open("profile_photo")} with input as thing([
		"birth_date",
		"housing_situation",
		"marital_status",
		"name",
		"profile_photo",
	])
}

test_what_nobody_classified_is_a_question if {
	application_categories.deny == set() with input as thing(["free_text", "unclassified"])
	application_categories.unsure == {open("free_text"), open("unclassified")} with input as thing(["free_text", "unclassified"])
}

test_a_group_that_is_not_open if {
	application_categories.deny == {denied("employer"), denied("working_hours")} with input as thing(["employer", "working_hours"])
	application_categories.deny == {denied("no_such_category"), denied("bsn")} with input as thing(["no_such_category", "bsn"])
}

test_on_no_register if {
	application_categories.deny == {{"path": "provider", "value": "stranger", "limit": "register", "code": "not_registered"}} with input as object.union(
		thing(["name"]),
		{"provider": "stranger"},
	)
	application_categories.deny == {{"path": "provider", "value": null, "limit": "register", "code": "not_registered"}} with input as object.union(
		thing(["name"]),
		{"provider": null},
	)
	application_categories.unsure == set() with input as object.union(thing(["birth_date"]), {"provider": "stranger"})
	application_categories.deny == set() with input as object.union(thing([]), {"provider": "stranger"})
	application_categories.deny == set() with input as object.union(thing(null), {"provider": null})
}

test_unknown_is_not_denied if {
	every path in ["provider", "data_categories", "terms"] {
		application_categories.deny == set() with input as without(thing(["iban"]), path)
		application_categories.unsure == set() with input as without(thing(["birth_date"]), path)
	}
}

test_no_category_in_use if {
	every none in [[], null] {
		application_categories.deny == set() with input as thing(none)
		application_categories.unsure == set() with input as thing(none)
	}
}

test_applies if {
	application_categories.applies with input as {"provider": "cloud"}
	application_categories.applies with input as {"provider": null}
	not application_categories.applies with input as {"provider": "own"}
	not application_categories.applies with input as {}
}

without(object, key) := {k: v | some k, v in object; k != key}
