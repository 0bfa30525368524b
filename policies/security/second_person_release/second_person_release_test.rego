package waarborg.security.second_person_release_test

import data.waarborg.security.second_person_release

# What meets the agreement; each case below changes some of it.
good := {"environment": "production", "required_reviewers": 1, "author_can_approve": false, "direct": false, "terms": {"four_eyes": {"approvals": 1}}}

cases := {
	"a second person, through the pipeline": {"change": {}, "deny": set()},
	"no approval": {
		"change": {"required_reviewers": 0},
		"deny": {{"path": "required_reviewers", "value": 0, "limit": 1}},
	},
	"no protection at all": {
		"change": {"required_reviewers": null, "author_can_approve": null},
		"deny": {{"path": "required_reviewers", "value": null, "limit": 1, "code": "none"}},
	},
	"the author's own approval is enough": {
		"change": {"author_can_approve": true},
		"deny": {{"path": "author_can_approve", "value": true, "limit": false, "code": "author"}},
	},
	"the author and someone else": {
		"change": {"author_can_approve": true, "required_reviewers": 2},
		"deny": set(),
	},
	"outside the pipeline": {
		"change": {"direct": true},
		"deny": {{"path": "direct", "value": true, "limit": false, "code": "direct"}},
	},
	"there is no other way": {"change": {"direct": null}, "deny": set()},
	"no setting for the author": {"change": {"author_can_approve": null}, "deny": set()},
}

facts := ["required_reviewers", "author_can_approve", "direct", "environment", "terms/four_eyes/approvals"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := second_person_release.deny with input as object.union(good, c.change)
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
		found := second_person_release.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	second_person_release.deny == set() with input as {}
	not second_person_release.applies with input as {}
}

test_applies if {
	second_person_release.applies with input as good
	second_person_release.applies with input as object.union(good, {"environment": "prod"})
	second_person_release.applies with input as object.union(good, {"environment": null})
	not second_person_release.applies with input as object.union(good, {"environment": "test"})
	not second_person_release.applies with input as json.remove(good, ["environment"])
}
