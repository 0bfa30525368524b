package waarborg.security.backup_kept_test

import data.waarborg.security.backup_kept

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "environment": "production", "engine": "postgresql", "backup": {"enabled": true, "retention_days": 14}, "terms": {"backup": {"min_retention_days": 14}}}

cases := {
	"exactly the agreed days": {"change": {}, "deny": set()},
	"a day too few": {
		"change": {"backup": {"retention_days": 13}},
		"deny": {{"path": "backup.retention_days", "value": 13, "limit": 14}},
	},
	"no backups": {
		"change": {"backup": {"enabled": false, "retention_days": null}},
		"deny": {{"path": "backup.enabled", "value": false, "limit": true, "code": "no_backup"}},
	},
	"no backups, though days are set": {
		"change": {"backup": {"enabled": false, "retention_days": 7}},
		"deny": {{"path": "backup.enabled", "value": false, "limit": true, "code": "no_backup"}},
	},
	"the store cannot be backed up": {
		"change": {"backup": {"enabled": null, "retention_days": null}},
		"deny": {{"path": "backup.enabled", "value": null, "limit": true, "code": "no_backup"}},
	},
	"kept for ever": {"change": {"backup": {"retention_days": null}}, "deny": set()},
	"no backups exist, though days are set": {
		"change": {"backup": {"enabled": null, "retention_days": 7}},
		"deny": {{"path": "backup.enabled", "value": null, "limit": true, "code": "no_backup"}},
	},
}

facts := ["backup/enabled", "backup/retention_days", "personal_data", "environment", "engine", "terms/backup/min_retention_days"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := backup_kept.deny with input as object.union(good, c.change)
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
		found := backup_kept.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	backup_kept.deny == set() with input as {}
	not backup_kept.applies with input as {}
}

test_applies if {
	backup_kept.applies with input as good
	backup_kept.applies with input as object.union(good, {"engine": null})
	backup_kept.applies with input as object.union(good, {"environment": "prod"})
	backup_kept.applies with input as object.union(good, {"environment": null})
	not backup_kept.applies with input as object.union(good, {"personal_data": false})
	not backup_kept.applies with input as object.union(good, {"environment": "test"})
	not backup_kept.applies with input as object.union(good, {"engine": "backup"})
	not backup_kept.applies with input as object.union(good, {"engine": "queue"})
	not backup_kept.applies with input as object.union(good, {"personal_data": null})
	not backup_kept.applies with input as object.union(good, {"personal_data": null})
	not backup_kept.applies with input as object.union(good, {"personal_data": null})
	not backup_kept.applies with input as object.union(good, {"personal_data": null})
	not backup_kept.applies with input as json.remove(good, ["personal_data"])
	not backup_kept.applies with input as json.remove(good, ["environment"])
	not backup_kept.applies with input as json.remove(good, ["engine"])
}
