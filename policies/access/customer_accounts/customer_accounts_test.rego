package waarborg.access.customer_accounts_test

import data.waarborg.access.customer_accounts

good := {"audience": "customer", "unmarked_guests": 0, "stale_users": 0}

test_in_order if {
	customer_accounts.deny == set() with input as good
	customer_accounts.deny == set() with input as object.union(good, {"unmarked_guests": null, "stale_users": null})
}

test_each_one_counts if {
	every path, code in {"unmarked_guests": "guests", "stale_users": "stale"} {
		expected := {{"path": path, "value": 1, "limit": 0, "code": code}}
		customer_accounts.deny == expected with input as object.union(good, {path: 1})
	}
}

test_both_at_once if {
	expected := {
		{"path": "unmarked_guests", "value": 5, "limit": 0, "code": "guests"},
		{"path": "stale_users", "value": 6, "limit": 0, "code": "stale"},
	}
	customer_accounts.deny == expected with input as {"audience": "customer", "unmarked_guests": 5, "stale_users": 6}
}

test_unknown_is_not_denied if {
	customer_accounts.deny == set() with input as {"audience": "customer"}
}

test_only_customers if {
	customer_accounts.applies with input as good
	every audience in ["staff", "admin", null] {
		not customer_accounts.applies with input as object.union(good, {"audience": audience})
	}
	not customer_accounts.applies with input as without(good, "audience")
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
