package waarborg.security.loss_protection_test

import data.waarborg.security.loss_protection

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "engine": "blob", "deletion": {"soft_delete": true, "soft_delete_days": 14, "versioning": false}, "terms": {"deletion": {"soft_delete_min_days": 14}}}

cases := {
	"exactly the agreed days": {"change": {}, "deny": set()},
	"a day too few": {
		"change": {"deletion": {"soft_delete_days": 13}},
		"deny": {{"path": "deletion.soft_delete_days", "value": 13, "limit": 14}},
	},
	"neither soft delete nor versions": {
		"change": {"deletion": {"soft_delete": false, "soft_delete_days": null}},
		"deny": {{"path": "deletion.soft_delete", "value": false, "limit": true, "code": "no_recovery"}},
	},
	"versions only": {
		"change": {"deletion": {"soft_delete": false, "soft_delete_days": null, "versioning": true}},
		"deny": set(),
	},
	"no such settings": {
		"change": {"deletion": {"soft_delete": null, "soft_delete_days": null, "versioning": null}},
		"deny": {{"path": "deletion.soft_delete", "value": null, "limit": true, "code": "no_recovery"}},
	},
	"no days set": {
		"change": {"deletion": {"soft_delete_days": null}},
		"deny": {{"path": "deletion.soft_delete_days", "value": null, "limit": 14, "code": "no_days"}},
	},
	"no soft delete, its days left set": {
		"change": {"deletion": {"soft_delete": false, "soft_delete_days": 3}},
		"deny": {{"path": "deletion.soft_delete", "value": false, "limit": true, "code": "no_recovery"}},
	},
	"soft delete does not exist, its days left set": {
		"change": {"deletion": {"soft_delete": null, "soft_delete_days": 3}},
		"deny": {{"path": "deletion.soft_delete", "value": null, "limit": true, "code": "no_recovery"}},
	},
	"few days, but versions": {"change": {"deletion": {"soft_delete_days": 3, "versioning": true}}, "deny": set()},
	"no days, but versions": {
		"change": {"deletion": {"soft_delete_days": null, "versioning": true}},
		"deny": set(),
	},
	"few days, versions do not exist": {
		"change": {"deletion": {"soft_delete_days": 3, "versioning": null}},
		"deny": {{"path": "deletion.soft_delete_days", "value": 3, "limit": 14}},
	},
	"no days, versions do not exist": {
		"change": {"deletion": {"soft_delete_days": null, "versioning": null}},
		"deny": {{"path": "deletion.soft_delete_days", "value": null, "limit": 14, "code": "no_days"}},
	},
}

facts := ["deletion/soft_delete", "deletion/soft_delete_days", "deletion/versioning", "personal_data", "engine", "terms/deletion/soft_delete_min_days"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := loss_protection.deny with input as object.union(good, c.change)
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
		found := loss_protection.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	loss_protection.deny == set() with input as {}
	not loss_protection.applies with input as {}
}

test_applies if {
	loss_protection.applies with input as good
	loss_protection.applies with input as object.union(good, {"engine": "file_share"})
	loss_protection.applies with input as object.union(good, {"engine": "backup"})
	not loss_protection.applies with input as object.union(good, {"personal_data": false})
	not loss_protection.applies with input as object.union(good, {"engine": "postgresql"})
	not loss_protection.applies with input as object.union(good, {"personal_data": null})
	not loss_protection.applies with input as json.remove(good, ["personal_data"])
	not loss_protection.applies with input as json.remove(good, ["engine"])
}
