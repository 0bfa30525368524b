package waarborg.lib.register_test

import data.waarborg.lib.register

row := {"categories": ["email", "name"], "open_groups": ["basic"]}

test_entry if {
	register.entry({"a": row}, "a") == row
	register.entry({"a": row}, "b") == null
	register.entry({"a": row}, null) == null
	register.entry({}, "a") == null
}

test_admits if {
	register.admits(row, "name") == "named"
	register.admits(row, "birth_date") == "open"
	register.admits(row, "phone") == "no"
	register.admits(row, "iban") == "no"
	register.admits(row, "no_such_category") == "no"
	register.admits(null, "name") == "no"
}

test_finding if {
	register.finding("data_categories", row, "iban") == {"path": "data_categories", "value": "iban", "limit": ["email", "name"]}
	not register.finding("data_categories", row, "birth_date")
	not register.finding("data_categories", row, "name")
}

test_question if {
	register.question("data_categories", row, "birth_date") == {"path": "data_categories", "value": "birth_date", "code": "open_wording"}
	not register.question("data_categories", row, "iban")
	not register.question("data_categories", row, "name")
}
