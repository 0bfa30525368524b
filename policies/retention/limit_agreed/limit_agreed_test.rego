package waarborg.retention.limit_agreed_test

import data.waarborg.retention.limit_agreed

good := {
	"application": "customers",
	"class": "tenant_file",
	"terms": {"retention": {"customers": {"tenant_file": {"days": 730}}, "social": {"profile": {"days": 30}}}},
}

limit(days) := {"terms": {"retention": {"customers": {"tenant_file": {"days": days}}}}}

missing(class) := {{"path": "class", "code": "no_limit", "value": class}}

test_agreed if {
	limit_agreed.unsure == set() with input as good
	limit_agreed.unsure == set() with input as object.union(good, {"application": "social", "class": "profile"})
	limit_agreed.unsure == set() with input as object.union(good, limit(0))
}

test_not_agreed if {
	limit_agreed.unsure == missing("profile") with input as object.union(good, {"class": "profile"})
	limit_agreed.unsure == missing("tenant_file") with input as object.union(good, {"application": "social"})
	limit_agreed.unsure == missing("tenant_file") with input as without(good, "terms")
	limit_agreed.unsure == missing("tenant_file") with input as object.union(without(good, "terms"), {"terms": {}})
	limit_agreed.unsure == missing("tenant_file") with input as object.union(good, limit(null))
}

test_absent_has_no_limit if {
	limit_agreed.unsure == missing(null) with input as object.union(good, {"class": null})
	limit_agreed.unsure == missing("tenant_file") with input as object.union(good, {"application": null})
}

test_unknown_says_nothing if {
	bad := without(good, "terms")
	limit_agreed.unsure == set() with input as without(bad, "application")
	limit_agreed.unsure == set() with input as without(bad, "class")
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
