package waarborg.security.restore_tested_test

import data.waarborg.security.restore_tested

now := {"ns": 1795435200000000000, "date": "2026-11-23"}

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "environment": "production", "engine": "postgresql", "backup": {"last_restore_test": "2026-08-25"}, "terms": {"backup": {"restore_test_days": 90}}}

cases := {
	"exactly the agreed days ago": {"change": {}, "deny": set()},
	"tested this autumn": {"change": {"backup": {"last_restore_test": "2026-10-01"}}, "deny": set()},
	"a day too long ago": {
		"change": {"backup": {"last_restore_test": "2026-08-24"}},
		"deny": {{"path": "backup.last_restore_test", "value": "2026-08-24", "limit": 90}},
	},
	"tested two years ago": {
		"change": {"backup": {"last_restore_test": "2024-11-01"}},
		"deny": {{"path": "backup.last_restore_test", "value": "2024-11-01", "limit": 90}},
	},
	"never tested": {
		"change": {"backup": {"last_restore_test": null}},
		"deny": {{"path": "backup.last_restore_test", "value": null, "limit": 90, "code": "never"}},
	},
	"today": {"change": {"backup": {"last_restore_test": "2026-11-23"}}, "deny": set()},
	"planned for tomorrow": {
		"change": {"backup": {"last_restore_test": "2026-11-24"}},
		"deny": {{"path": "backup.last_restore_test", "value": "2026-11-24", "limit": 90, "code": "future"}},
	},
	"a time instead of a date": {
		"change": {"backup": {"last_restore_test": "2026-08-25T23:59:59Z"}},
		"deny": set(),
	},
}

facts := ["backup/last_restore_test", "personal_data", "environment", "engine", "terms/backup/restore_test_days"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := restore_tested.deny with input as object.union(good, c.change) with data.now as now
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
		found := restore_tested.deny with input as less with data.now as now
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	restore_tested.deny == set() with input as {} with data.now as now
	not restore_tested.applies with input as {}
}

test_applies if {
	restore_tested.applies with input as good
	not restore_tested.applies with input as object.union(good, {"personal_data": false})
	not restore_tested.applies with input as object.union(good, {"environment": "test"})
	not restore_tested.applies with input as object.union(good, {"engine": "backup"})
	not restore_tested.applies with input as object.union(good, {"engine": "queue"})
	not restore_tested.applies with input as object.union(good, {"personal_data": null})
	not restore_tested.applies with input as object.union(good, {"personal_data": null})
	not restore_tested.applies with input as object.union(good, {"personal_data": null})
	not restore_tested.applies with input as object.union(good, {"personal_data": null})
	not restore_tested.applies with input as json.remove(good, ["personal_data"])
	not restore_tested.applies with input as json.remove(good, ["environment"])
	not restore_tested.applies with input as json.remove(good, ["engine"])
}
