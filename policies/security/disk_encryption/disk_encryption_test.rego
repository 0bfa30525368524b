package waarborg.security.disk_encryption_test

import data.waarborg.security.disk_encryption

# What meets the agreement; each case below changes some of it.
good := {"disk_encrypted": true}

cases := {
	"encrypted": {"change": {}, "deny": set()},
	"not encrypted": {
		"change": {"disk_encrypted": false},
		"deny": {{"path": "disk_encrypted", "value": false, "limit": true}},
	},
	"no encryption exists": {
		"change": {"disk_encrypted": null},
		"deny": {{"path": "disk_encrypted", "value": null, "limit": true}},
	},
}

facts := ["disk_encrypted"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := disk_encryption.deny with input as object.union(good, c.change)
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
		found := disk_encryption.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	disk_encryption.deny == set() with input as {}
}
