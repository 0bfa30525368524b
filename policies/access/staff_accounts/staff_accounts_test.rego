package waarborg.access.staff_accounts_test

import data.waarborg.access.staff_accounts

good := {"audience": "staff", "departed_users": 0, "stale_users": 0, "shared_users": 0}

test_all_in_order if {
	staff_accounts.deny == set() with input as good
	staff_accounts.deny == set() with input as object.union(good, {
		"departed_users": null,
		"stale_users": null,
		"shared_users": null,
	})
}

test_each_one_counts if {
	every path, code in {"departed_users": "departed", "stale_users": "stale", "shared_users": "shared"} {
		expected := {{"path": path, "value": 1, "limit": 0, "code": code}}
		staff_accounts.deny == expected with input as object.union(good, {path: 1})
	}
}

test_all_at_once if {
	expected := {
		{"path": "departed_users", "value": 2, "limit": 0, "code": "departed"},
		{"path": "stale_users", "value": 3, "limit": 0, "code": "stale"},
		{"path": "shared_users", "value": 4, "limit": 0, "code": "shared"},
	}
	staff_accounts.deny == expected with input as {
		"audience": "admin",
		"departed_users": 2,
		"stale_users": 3,
		"shared_users": 4,
	}
}

test_unknown_is_not_denied if {
	staff_accounts.deny == set() with input as {"audience": "staff"}
}

test_only_staff if {
	staff_accounts.applies with input as good
	staff_accounts.applies with input as object.union(good, {"audience": "admin"})
	not staff_accounts.applies with input as object.union(good, {"audience": "customer"})
	not staff_accounts.applies with input as without(good, "audience")
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
