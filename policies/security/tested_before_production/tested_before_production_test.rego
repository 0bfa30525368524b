package waarborg.security.tested_before_production_test

import data.waarborg.security.tested_before_production

# What meets the agreement; each case below changes some of it.
good := {"environment": "production", "stages": ["development", "test", "acceptance"]}

cases := {
	"development, test and acceptance": {"change": {}, "deny": set()},
	"straight to production": {
		"change": {"stages": []},
		"deny": {{"path": "stages", "value": [], "limit": ["development", "test", "acceptance"], "code": "none"}},
	},
	"no stages exist": {
		"change": {"stages": null},
		"deny": {{"path": "stages", "value": [], "limit": ["development", "test", "acceptance"], "code": "none"}},
	},
	"acceptance left out": {
		"change": {"stages": ["development", "test"]},
		"deny": {{"path": "stages", "value": ["development", "test"], "limit": ["development", "test", "acceptance"]}},
	},
	"in the wrong order": {
		"change": {"stages": ["test", "development", "acceptance"]},
		"deny": {{"path": "stages", "value": ["test", "development", "acceptance"], "limit": ["development", "test", "acceptance"]}},
	},
	"other stages between": {
		"change": {"stages": ["development", "security", "test", "acceptance", "canary"]},
		"deny": set(),
	},
	"back to development after acceptance": {
		"change": {"stages": ["development", "test", "acceptance", "development"]},
		"deny": set(),
	},
	"acceptance before test": {
		"change": {"stages": ["development", "acceptance", "test"]},
		"deny": {{"path": "stages", "value": ["development", "acceptance", "test"], "limit": ["development", "test", "acceptance"]}},
	},
}

facts := ["stages", "environment"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := tested_before_production.deny with input as object.union(good, c.change)
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
		found := tested_before_production.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	tested_before_production.deny == set() with input as {}
	not tested_before_production.applies with input as {}
}

test_applies if {
	tested_before_production.applies with input as good
	tested_before_production.applies with input as object.union(good, {"environment": "prod"})
	tested_before_production.applies with input as object.union(good, {"environment": null})
	not tested_before_production.applies with input as object.union(good, {"environment": "test"})
	not tested_before_production.applies with input as json.remove(good, ["environment"])
}
