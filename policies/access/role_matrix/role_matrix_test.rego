package waarborg.access.role_matrix_test

import data.waarborg.access.role_matrix

good := {"personal_data": true, "approved": true}

test_within_the_matrix if {
	role_matrix.applies with input as good
	role_matrix.deny == set() with input as good
}

test_outside_the_matrix if {
	role_matrix.deny == {{"path": "approved", "value": false, "limit": true}} with input as object.union(good, {"approved": false})
}

test_absent_is_not_approved if {
	role_matrix.deny == {{"path": "approved", "value": null, "limit": true}} with input as object.union(good, {"approved": null})
}

test_unknown_is_not_denied if {
	role_matrix.deny == set() with input as {"personal_data": true}
}

test_only_personal_data if {
	not role_matrix.applies with input as object.union(good, {"personal_data": false})
	not role_matrix.applies with input as object.union(good, {"personal_data": null})
	not role_matrix.applies with input as {"approved": false}
}
