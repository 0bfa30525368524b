package waarborg.subprocessors.recipient_registered_test

import data.waarborg.subprocessors.recipient_registered

terms := {"register": {"mailer": {"name": "Mailer"}}}

flow(recipient) := {"personal_data": true, "recipient_type": "sub-processor", "recipient": recipient, "terms": terms}

test_on_the_register if {
	recipient_registered.deny == set() with input as flow("mailer")
}

test_not_there if {
	every recipient in ["stranger", "Mailer", "own", ""] {
		recipient_registered.deny == {{"path": "recipient", "value": recipient, "limit": "register"}} with input as flow(recipient)
	}
	recipient_registered.deny == {{"path": "recipient", "value": null, "limit": "register", "code": "no_recipient"}} with input as flow(null)
}

test_unknown_is_not_denied if {
	recipient_registered.deny == set() with input as without(flow("stranger"), "recipient")
	recipient_registered.deny == set() with input as without(flow("stranger"), "terms")
}

test_applies if {
	recipient_registered.applies with input as {"personal_data": true, "recipient_type": "sub-processor"}
	recipient_registered.applies with input as {"personal_data": true, "recipient_type": null}
	every type in ["controller", "authority", "third-party", "own"] {
		not recipient_registered.applies with input as {"personal_data": true, "recipient_type": type}
	}
	not recipient_registered.applies with input as {"personal_data": true}
	not recipient_registered.applies with input as {"recipient_type": "sub-processor"}
	not recipient_registered.applies with input as {"personal_data": false, "recipient_type": "sub-processor"}
}

without(object, key) := {k: v | some k, v in object; k != key}
