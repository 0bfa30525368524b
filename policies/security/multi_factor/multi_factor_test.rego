package waarborg.security.multi_factor_test

import data.waarborg.security.multi_factor

# What meets the agreement; each case below changes some of it.
good := {"audience": "staff", "mfa": {"required": true, "exclusions": 1, "coverage_percent": 100}, "legacy_auth": false, "terms": {"mfa": {"required": true, "max_exclusions": 1}}}

cases := {
	"everybody": {"change": {}, "deny": set()},
	"not required": {
		"change": {"mfa": {"required": false}},
		"deny": {{"path": "mfa.required", "value": false, "limit": true}},
	},
	"one exclusion too many": {
		"change": {"mfa": {"exclusions": 2}},
		"deny": {{"path": "mfa.exclusions", "value": 2, "limit": 1, "code": "exclusions"}},
	},
	"nobody is excluded": {"change": {"mfa": {"exclusions": null}}, "deny": set()},
	"one in a hundred has none": {
		"change": {"mfa": {"coverage_percent": 99}},
		"deny": {{"path": "mfa.coverage_percent", "value": 99, "limit": 100, "code": "coverage"}},
	},
	"old protocols": {
		"change": {"legacy_auth": true},
		"deny": {{"path": "legacy_auth", "value": true, "limit": false, "code": "legacy"}},
	},
	"old protocols do not exist": {"change": {"legacy_auth": null}, "deny": set()},
	"no multi-factor exists": {
		"change": {"mfa": {"required": null, "exclusions": null, "coverage_percent": null}},
		"deny": {
			{"path": "mfa.required", "value": null, "limit": true},
			{"path": "mfa.coverage_percent", "value": null, "limit": 100, "code": "no_coverage"},
		},
	},
	"agreed not to be needed": {
		"change": {"mfa": {"required": false, "exclusions": 9, "coverage_percent": 0}, "legacy_auth": true, "terms": {"mfa": {"required": false}}},
		"deny": set(),
	},
	"agreed not to be needed, and nobody has it": {
		"change": {"mfa": {"required": false, "coverage_percent": null}, "terms": {"mfa": {"required": false}}},
		"deny": set(),
	},
}

facts := ["mfa/required", "mfa/exclusions", "mfa/coverage_percent", "legacy_auth", "audience", "terms/mfa/required", "terms/mfa/max_exclusions"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := multi_factor.deny with input as object.union(good, c.change)
		found != c.deny
	}
	wrong == {}
}

# To know less never adds a violation.
test_unknown_is_no_violation if {
	wrong := {[name, path] |
		some name, c in cases
		some path in facts
		less := json.remove(object.union(good, c.change), [path])
		found := multi_factor.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	multi_factor.deny == set() with input as {}
	not multi_factor.applies with input as {}
}

test_applies if {
	multi_factor.applies with input as good
	multi_factor.applies with input as object.union(good, {"audience": "admin"})
	not multi_factor.applies with input as object.union(good, {"audience": "customer"})
	not multi_factor.applies with input as json.remove(good, ["audience"])
}
