package waarborg.subprocessors.datastore_categories_test

import data.waarborg.subprocessors.datastore_categories

row := {"categories": ["name", "email", "phone"], "open_groups": ["basic"]}

thing(categories) := {"personal_data": true, "provider": "cloud", "data_categories": categories, "terms": {"register": {"cloud": row}}}

denied(category) := {"path": "data_categories", "value": category, "limit": ["name", "email", "phone"]}

open(category) := {"path": "data_categories", "value": category, "code": "open_wording"}

test_named if {
	datastore_categories.deny == set() with input as thing(["name", "phone"])
	datastore_categories.unsure == set() with input as thing(["name", "phone"])
}

test_bank_account_is_named_for_nobody if {
	datastore_categories.deny == {denied("iban")} with input as thing(["iban", "name"])
	datastore_categories.unsure == set() with input as thing(["iban", "name"])
}

test_open_wording if {
	datastore_categories.deny == set() with input as thing(["birth_date", "housing_situation", "marital_status", "name", "profile_photo"])
	datastore_categories.unsure == {open("birth_date"), open("housing_situation"), open("marital_status"), open("profile_photo")} with input as thing([
		"birth_date",
		"housing_situation",
		"marital_status",
		"name",
		"profile_photo",
	])
}

test_what_nobody_classified_is_a_question if {
	datastore_categories.deny == set() with input as thing(["free_text", "unclassified"])
	datastore_categories.unsure == {open("free_text"), open("unclassified")} with input as thing(["free_text", "unclassified"])
}

test_a_group_that_is_not_open if {
	datastore_categories.deny == {denied("employer"), denied("working_hours")} with input as thing(["employer", "working_hours"])
	datastore_categories.deny == {denied("no_such_category"), denied("bsn")} with input as thing(["no_such_category", "bsn"])
}

test_on_no_register if {
	datastore_categories.deny == {{"path": "provider", "value": "stranger", "limit": "register", "code": "not_registered"}} with input as object.union(
		thing(["name"]),
		{"provider": "stranger"},
	)
	datastore_categories.deny == {{"path": "provider", "value": null, "limit": "register", "code": "not_registered"}} with input as object.union(
		thing(["name"]),
		{"provider": null},
	)
	datastore_categories.unsure == set() with input as object.union(thing(["birth_date"]), {"provider": "stranger"})
	datastore_categories.deny == set() with input as object.union(thing([]), {"provider": "stranger"})
	datastore_categories.deny == set() with input as object.union(thing(null), {"provider": null})
}

test_unknown_is_not_denied if {
	every path in ["provider", "data_categories", "terms"] {
		datastore_categories.deny == set() with input as without(thing(["iban"]), path)
		datastore_categories.unsure == set() with input as without(thing(["birth_date"]), path)
	}
}

test_personal_data_of_no_category if {
	every none in [[], null] {
		datastore_categories.deny == set() with input as thing(none)
		datastore_categories.unsure == {{"path": "data_categories", "value": null, "code": "no_categories"}} with input as thing(none)
	}
}

test_applies if {
	datastore_categories.applies with input as {"personal_data": true, "provider": "cloud"}
	datastore_categories.applies with input as {"personal_data": true, "provider": null}
	not datastore_categories.applies with input as {"personal_data": true, "provider": "own"}
	not datastore_categories.applies with input as {"personal_data": false, "provider": "cloud"}
	not datastore_categories.applies with input as {"personal_data": true}
	not datastore_categories.applies with input as {"provider": "cloud"}
}

without(object, key) := {k: v | some k, v in object; k != key}
