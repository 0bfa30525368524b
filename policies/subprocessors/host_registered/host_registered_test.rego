package waarborg.subprocessors.host_registered_test

import data.waarborg.subprocessors.host_registered

terms := {"register": {"cloud": {"name": "Cloud"}}}

store(host) := {"personal_data": true, "provider": host, "terms": terms}

test_ours_or_registered if {
	host_registered.deny == set() with input as store("own")
	host_registered.deny == set() with input as store("cloud")
}

test_not_there if {
	every host in ["other", "Own", "clouds", ""] {
		host_registered.deny == {{"path": "provider", "value": host, "limit": "register"}} with input as store(host)
	}
	host_registered.deny == {{"path": "provider", "value": null, "limit": "register", "code": "no_host"}} with input as store(null)
}

test_unknown_is_not_denied if {
	host_registered.deny == set() with input as {"personal_data": true, "terms": terms}
	host_registered.deny == set() with input as {"personal_data": true, "provider": "other"}
}

test_applies if {
	host_registered.applies with input as {"personal_data": true}
	not host_registered.applies with input as {"personal_data": false}
	not host_registered.applies with input as {"personal_data": null}
	not host_registered.applies with input as {}
}
