package waarborg.processings.pseudonymised_logs_test

import data.waarborg.processings.pseudonymised_logs

test_pseudonymised if {
	pseudonymised_logs.deny == set() with input as {"pseudonymised": true}
}

test_names if {
	every value in [false, null] {
		pseudonymised_logs.deny == {{"path": "pseudonymised", "value": false, "limit": true}} with input as {"pseudonymised": value}
	}
}

test_unknown_is_not_denied if {
	pseudonymised_logs.deny == set() with input as {}
}

test_applies if {
	pseudonymised_logs.applies with input as {"personal_data": true, "engine": "log"}
	not pseudonymised_logs.applies with input as {"personal_data": true, "engine": "postgresql"}
	not pseudonymised_logs.applies with input as {"personal_data": true, "engine": null}
	not pseudonymised_logs.applies with input as {"personal_data": true}
	not pseudonymised_logs.applies with input as {"personal_data": false, "engine": "log"}
	not pseudonymised_logs.applies with input as {"engine": "log"}
}
