package waarborg.access.open_to_everybody_test

import data.waarborg.access.open_to_everybody

good := {"personal_data": true, "principal_type": "person"}

named := ["group", "person", "service"]

test_named_principals if {
	open_to_everybody.applies with input as good
	every type in named {
		open_to_everybody.deny == set() with input as object.union(good, {"principal_type": type})
	}
}

test_everybody if {
	expected := {{"path": "principal_type", "value": "public", "limit": named}}
	open_to_everybody.deny == expected with input as object.union(good, {"principal_type": "public"})
}

test_guests if {
	expected := {{"path": "principal_type", "value": "guest", "limit": named, "code": "guest"}}
	open_to_everybody.deny == expected with input as object.union(good, {"principal_type": "guest"})
}

test_unknown_is_not_denied if {
	open_to_everybody.deny == set() with input as {"personal_data": true}
}

test_only_personal_data if {
	not open_to_everybody.applies with input as {"personal_data": false, "principal_type": "public"}
	not open_to_everybody.applies with input as {"personal_data": null, "principal_type": "public"}
	not open_to_everybody.applies with input as {"principal_type": "public"}
}
