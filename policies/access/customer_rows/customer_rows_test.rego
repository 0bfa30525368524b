package waarborg.access.customer_rows_test

import data.waarborg.access.customer_rows

bad := {
	"personal_data": true,
	"tenancy": {"isolation": "row_level_security", "unprotected": ["public.files"]},
}

test_a_table_without_policy if {
	expected := {{"path": "tenancy.unprotected", "value": ["public.files"], "limit": []}}
	customer_rows.applies with input as bad
	customer_rows.deny == expected with input as bad
}

test_every_table_is_covered if {
	every value in [[], null] {
		customer_rows.deny == set() with input as object.union(bad, {"tenancy": {"unprotected": value}})
	}
}

test_unknown_is_not_denied if {
	customer_rows.deny == set() with input as {"personal_data": true, "tenancy": {"isolation": "row_level_security"}}
}

test_what_it_is_not_about if {
	every isolation in ["none", "database", "dedicated", null] {
		not customer_rows.applies with input as object.union(bad, {"tenancy": {"isolation": isolation}})
	}
	not customer_rows.applies with input as object.union(bad, {"personal_data": false})
	not customer_rows.applies with input as object.union(bad, {"personal_data": null})
	not customer_rows.applies with input as without(bad, "personal_data")
	not customer_rows.applies with input as {"personal_data": true, "tenancy": {"unprotected": ["public.files"]}}
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
