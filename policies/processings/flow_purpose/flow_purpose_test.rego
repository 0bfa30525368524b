package waarborg.processings.flow_purpose_test

import data.waarborg.processings.flow_purpose

terms := {"purposes": ["deliver", "access", "security"]}

flow(purpose) := {"personal_data": true, "purpose": purpose, "terms": terms}

test_agreed if {
	every purpose in ["deliver", "access", "security"] {
		flow_purpose.deny == set() with input as flow(purpose)
	}
}

test_not_agreed if {
	every purpose in ["marketing", "Deliver", ""] {
		flow_purpose.deny == {{"path": "purpose", "value": purpose, "limit": ["deliver", "access", "security"]}} with input as flow(purpose)
	}
	flow_purpose.deny == {{
		"path": "purpose", "value": null,
		"limit": ["deliver", "access", "security"], "code": "no_purpose",
	}} with input as flow(null)
}

test_unknown_is_not_denied if {
	flow_purpose.deny == set() with input as {"personal_data": true, "terms": terms}
	flow_purpose.deny == set() with input as {"personal_data": true, "purpose": "marketing"}
	flow_purpose.deny == set() with input as {"personal_data": true, "purpose": null}
}

test_applies if {
	flow_purpose.applies with input as {"personal_data": true}
	not flow_purpose.applies with input as {"personal_data": false}
	not flow_purpose.applies with input as {"personal_data": null}
	not flow_purpose.applies with input as {}
}
