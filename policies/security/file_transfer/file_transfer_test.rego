package waarborg.security.file_transfer_test

import data.waarborg.security.file_transfer

# What meets the agreement; each case below changes some of it.
good := {"personal_data": true, "mechanism": "sftp", "encrypted": true, "personal_account": true}

cases := {
	"SFTP with an account each": {"change": {}, "deny": set()},
	"plain mail": {
		"change": {"mechanism": "mail", "encrypted": false, "personal_account": null},
		"deny": {{"path": "encrypted", "value": false, "limit": true}},
	},
	"encrypted mail": {"change": {"mechanism": "mail", "personal_account": null}, "deny": set()},
	"a link for anyone": {
		"change": {"mechanism": "link", "personal_account": false},
		"deny": {{"path": "personal_account", "value": false, "limit": true, "code": "shared"}},
	},
	"a portal without accounts": {
		"change": {"mechanism": "portal", "personal_account": null},
		"deny": {{"path": "personal_account", "value": null, "limit": true, "code": "shared"}},
	},
	"no encryption": {
		"change": {"encrypted": null},
		"deny": {{"path": "encrypted", "value": null, "limit": true}},
	},
}

facts := ["encrypted", "personal_account", "personal_data", "mechanism"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := file_transfer.deny with input as object.union(good, c.change)
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
		found := file_transfer.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	file_transfer.deny == set() with input as {}
	not file_transfer.applies with input as {}
}

test_applies if {
	file_transfer.applies with input as good
	file_transfer.applies with input as object.union(good, {"mechanism": "link"})
	file_transfer.applies with input as object.union(good, {"mechanism": "mail"})
	file_transfer.applies with input as object.union(good, {"mechanism": "portal"})
	not file_transfer.applies with input as object.union(good, {"personal_data": false})
	not file_transfer.applies with input as object.union(good, {"mechanism": "api"})
	not file_transfer.applies with input as object.union(good, {"personal_data": null})
	not file_transfer.applies with input as json.remove(good, ["personal_data"])
	not file_transfer.applies with input as json.remove(good, ["mechanism"])
}
