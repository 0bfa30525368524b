package waarborg.access.sudo_policies_test

import data.waarborg.access.sudo_policies

test_root_like_policies if {
	expected := {{"path": "sudo_policies", "value": ["admin", "ops"], "limit": []}}
	sudo_policies.deny == expected with input as {"sudo_policies": ["admin", "ops"]}
}

test_one_is_too_many if {
	sudo_policies.deny == {{"path": "sudo_policies", "value": ["x"], "limit": []}} with input as {"sudo_policies": ["x"]}
}

test_none if {
	sudo_policies.deny == set() with input as {"sudo_policies": []}
	sudo_policies.deny == set() with input as {"sudo_policies": null}
}

test_unknown_is_not_denied if {
	sudo_policies.deny == set() with input as {}
}
