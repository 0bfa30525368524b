package waarborg.security.backup_recent_test

import data.waarborg.security.backup_recent

now := {"ns": 1795435200000000000, "date": "2026-11-23"}

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "environment": "production", "engine": "postgresql", "backup": {"last_success": "2026-11-22T12:00:00Z"}, "terms": {"backup": {"max_age_hours": 24}}}

cases := {
	"exactly the agreed hours old": {"change": {}, "deny": set()},
	"this morning": {"change": {"backup": {"last_success": "2026-11-23T06:00:00Z"}}, "deny": set()},
	"a second too old": {
		"change": {"backup": {"last_success": "2026-11-22T11:59:59Z"}},
		"deny": {{"path": "backup.last_success", "value": "2026-11-22T11:59:59Z", "limit": 24}},
	},
	"three days old": {
		"change": {"backup": {"last_success": "2026-11-20T02:00:00Z"}},
		"deny": {{"path": "backup.last_success", "value": "2026-11-20T02:00:00Z", "limit": 24}},
	},
	"never a backup": {
		"change": {"backup": {"last_success": null}},
		"deny": {{"path": "backup.last_success", "value": null, "limit": 24, "code": "never"}},
	},
	"clocks differ by an hour": {"change": {"backup": {"last_success": "2026-11-23T13:00:00Z"}}, "deny": set()},
	"tomorrow": {
		"change": {"backup": {"last_success": "2026-11-24T12:00:00Z"}},
		"deny": {{"path": "backup.last_success", "value": "2026-11-24T12:00:00Z", "limit": 24, "code": "future"}},
	},
}

facts := ["backup/last_success", "personal_data", "environment", "engine", "terms/backup/max_age_hours"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := backup_recent.deny with input as object.union(good, c.change) with data.now as now
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
		found := backup_recent.deny with input as less with data.now as now
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	backup_recent.deny == set() with input as {} with data.now as now
	not backup_recent.applies with input as {}
}

test_applies if {
	backup_recent.applies with input as good
	not backup_recent.applies with input as object.union(good, {"personal_data": false})
	not backup_recent.applies with input as object.union(good, {"environment": "test"})
	not backup_recent.applies with input as object.union(good, {"engine": "backup"})
	not backup_recent.applies with input as object.union(good, {"engine": "queue"})
	not backup_recent.applies with input as object.union(good, {"personal_data": null})
	not backup_recent.applies with input as object.union(good, {"personal_data": null})
	not backup_recent.applies with input as object.union(good, {"personal_data": null})
	not backup_recent.applies with input as object.union(good, {"personal_data": null})
	not backup_recent.applies with input as json.remove(good, ["personal_data"])
	not backup_recent.applies with input as json.remove(good, ["environment"])
	not backup_recent.applies with input as json.remove(good, ["engine"])
}
