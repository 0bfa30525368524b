package waarborg.subprocessors.supplier_categories_test

import data.waarborg.subprocessors.supplier_categories

row := {"categories": ["name", "email", "phone"], "open_groups": ["basic"]}

thing(categories) := {"personal_data": true, "register_id": "cloud", "data_categories": categories, "terms": {"register": {"cloud": row}}}

denied(category) := {"path": "data_categories", "value": category, "limit": ["name", "email", "phone"]}

open(category) := {"path": "data_categories", "value": category, "code": "open_wording"}

test_named if {
	supplier_categories.deny == set() with input as thing(["name", "phone"])
	supplier_categories.unsure == set() with input as thing(["name", "phone"])
}

test_bank_account_is_named_for_nobody if {
	supplier_categories.deny == {denied("iban")} with input as thing(["iban", "name"])
	supplier_categories.unsure == set() with input as thing(["iban", "name"])
}

test_open_wording if {
	supplier_categories.deny == set() with input as thing(["birth_date", "housing_situation", "marital_status", "name", "profile_photo"])
	supplier_categories.unsure == {open("birth_date"), open("housing_situation"), open("marital_status"), open("profile_photo")} with input as thing([
		"birth_date",
		"housing_situation",
		"marital_status",
		"name",
		"profile_photo",
	])
}

test_what_nobody_classified_is_a_question if {
	supplier_categories.deny == set() with input as thing(["free_text", "unclassified"])
	supplier_categories.unsure == {open("free_text"), open("unclassified")} with input as thing(["free_text", "unclassified"])
}

test_a_group_that_is_not_open if {
	supplier_categories.deny == {denied("employer"), denied("working_hours")} with input as thing(["employer", "working_hours"])
	supplier_categories.deny == {denied("no_such_category"), denied("bsn")} with input as thing(["no_such_category", "bsn"])
}

test_on_no_register if {
	supplier_categories.deny == {{"path": "register_id", "value": "stranger", "limit": "register", "code": "not_registered"}} with input as object.union(
		thing(["name"]),
		{"register_id": "stranger"},
	)
	supplier_categories.deny == {{"path": "register_id", "value": null, "limit": "register", "code": "not_registered"}} with input as object.union(
		thing(["name"]),
		{"register_id": null},
	)
	supplier_categories.unsure == set() with input as object.union(thing(["birth_date"]), {"register_id": "stranger"})
	supplier_categories.deny == set() with input as object.union(thing([]), {"register_id": "stranger"})
	supplier_categories.deny == set() with input as object.union(thing(null), {"register_id": null})
}

test_unknown_is_not_denied if {
	every path in ["register_id", "data_categories", "terms"] {
		supplier_categories.deny == set() with input as without(thing(["iban"]), path)
		supplier_categories.unsure == set() with input as without(thing(["birth_date"]), path)
	}
}

test_personal_data_of_no_category if {
	every none in [[], null] {
		supplier_categories.deny == set() with input as thing(none)
		supplier_categories.unsure == {{"path": "data_categories", "value": null, "code": "no_categories"}} with input as thing(none)
	}
}

test_applies if {
	supplier_categories.applies with input as {"personal_data": true}
	not supplier_categories.applies with input as {"personal_data": false}
	not supplier_categories.applies with input as {"personal_data": null}
	not supplier_categories.applies with input as {}
}

without(object, key) := {k: v | some k, v in object; k != key}
