package team.storage.account_keys_test

import data.team.storage.account_keys

test_off if account_keys.deny == set() with input as {"shared_access_key_enabled": false}

test_on if {
	expected := {{"path": "shared_access_key_enabled", "value": true, "limit": false}}
	account_keys.deny == expected with input as {"shared_access_key_enabled": true}
}

test_not_set if {
	expected := {{"path": "shared_access_key_enabled", "value": null, "limit": false, "code": "not_set"}}
	account_keys.deny == expected with input as {"shared_access_key_enabled": null}
}

# Known only after apply: the key is missing, and nothing may be said.
test_unknown_is_no_violation if account_keys.deny == set() with input as {}
