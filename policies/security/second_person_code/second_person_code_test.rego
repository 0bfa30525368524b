package waarborg.security.second_person_code_test

import data.waarborg.security.second_person_code

# What meets the agreement; each case below changes some of it.
good := {"required_reviews": 1, "author_can_approve": false, "stale_approvals_dismissed": true, "bypass_allowed": false, "force_push": false, "terms": {"four_eyes": {"approvals": 1}}}

cases := {
	"a second person, no way round": {"change": {}, "deny": set()},
	"no approval": {
		"change": {"required_reviews": 0},
		"deny": {{"path": "required_reviews", "value": 0, "limit": 1}},
	},
	"no branch protection": {
		"change": {"required_reviews": null, "stale_approvals_dismissed": null, "author_can_approve": null, "bypass_allowed": null, "force_push": true},
		"deny": {
			{"path": "required_reviews", "value": null, "limit": 1, "code": "none"},
			{"path": "stale_approvals_dismissed", "value": null, "limit": true, "code": "stale"},
			{"path": "force_push", "value": true, "limit": false, "code": "force_push"},
		},
	},
	"the author's own approval is enough": {
		"change": {"author_can_approve": true},
		"deny": {{"path": "author_can_approve", "value": true, "limit": false, "code": "author"}},
	},
	"the author and someone else": {"change": {"author_can_approve": true, "required_reviews": 2}, "deny": set()},
	"two agreed, one required": {
		"change": {"terms": {"four_eyes": {"approvals": 2}}},
		"deny": {{"path": "required_reviews", "value": 1, "limit": 2}},
	},
	"old approvals stay": {
		"change": {"stale_approvals_dismissed": false},
		"deny": {{"path": "stale_approvals_dismissed", "value": false, "limit": true, "code": "stale"}},
	},
	"administrators can go round": {
		"change": {"bypass_allowed": true},
		"deny": {{"path": "bypass_allowed", "value": true, "limit": false, "code": "bypass"}},
	},
	"force push": {
		"change": {"force_push": true},
		"deny": {{"path": "force_push", "value": true, "limit": false, "code": "force_push"}},
	},
	"no setting for the author or force push": {
		"change": {"author_can_approve": null, "force_push": null, "bypass_allowed": null},
		"deny": set(),
	},
}

facts := ["required_reviews", "author_can_approve", "stale_approvals_dismissed", "bypass_allowed", "force_push", "terms/four_eyes/approvals"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := second_person_code.deny with input as object.union(good, c.change)
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
		found := second_person_code.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	second_person_code.deny == set() with input as {}
}
