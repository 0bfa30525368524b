package waarborg.access.shared_keys_test

import data.waarborg.access.shared_keys

bad := {"personal_data": true, "engine": "blob", "authentication": {"shared_key": true}}

test_a_key_for_everybody if {
	expected := {{"path": "authentication.shared_key", "value": true, "limit": false}}
	every engine in ["blob", "file_share", "queue", "cosmos"] {
		shared_keys.applies with input as object.union(bad, {"engine": engine})
		shared_keys.deny == expected with input as object.union(bad, {"engine": engine})
	}
}

test_no_such_key if {
	every value in [false, null] {
		shared_keys.deny == set() with input as object.union(bad, {"authentication": {"shared_key": value}})
	}
}

test_unknown_is_not_denied if {
	shared_keys.deny == set() with input as without(bad, "authentication")
}

test_what_it_is_not_about if {
	not shared_keys.applies with input as object.union(bad, {"engine": "postgresql"})
	not shared_keys.applies with input as object.union(bad, {"engine": null})
	not shared_keys.applies with input as object.union(bad, {"personal_data": false})
	not shared_keys.applies with input as object.union(bad, {"personal_data": null})
	not shared_keys.applies with input as without(bad, "engine")
	not shared_keys.applies with input as without(bad, "personal_data")
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
