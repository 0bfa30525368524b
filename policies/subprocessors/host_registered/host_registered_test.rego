package waarborg.subprocessors.host_registered_test

import data.waarborg.subprocessors.host_registered

terms := {"register": {"cloud": {"name": "Cloud"}}}

ours := {"country": "NL"}

store(host) := {"personal_data": true, "provider": host, "location": ours, "terms": terms}

at(host, location) := object.union(store(host), {"location": location})

test_ours_or_registered if {
	host_registered.deny == set() with input as store("own")
	host_registered.deny == set() with input as store("cloud")
}

test_own_hardware_in_a_cloud if {
	every provider in ["aws", "azure", "elastic", "gcp", "Azure"] {
		claimed := at("own", {"provider": provider, "region": "westeurope"})
		host_registered.deny == {{"path": "provider", "value": provider, "limit": "register", "code": "not_ours"}} with input as claimed
		host_registered.unsure == set() with input as claimed
	}
}

test_own_hardware_elsewhere if {
	every location in [ours, {"provider": "own-room", "region": "groningen"}] {
		host_registered.deny == set() with input as at("own", location)
		host_registered.unsure == set() with input as at("own", location)
	}
}

test_own_hardware_nowhere if {
	every location in [null, {}] {
		nowhere := object.union(json.remove(store("own"), ["location"]), {"location": location})
		host_registered.deny == set() with input as nowhere
		host_registered.unsure == {{"path": "provider", "value": "own", "code": "no_place"}} with input as nowhere
	}
}

test_a_host_in_its_cloud if {
	every location in [null, {"provider": "azure", "region": "westeurope"}] {
		host_registered.deny == set() with input as object.union(store("cloud"), {"location": location})
		host_registered.unsure == set() with input as object.union(store("cloud"), {"location": location})
	}
}

test_not_there if {
	every host in ["other", "Own", "clouds", ""] {
		host_registered.deny == {{"path": "provider", "value": host, "limit": "register"}} with input as store(host)
	}
	host_registered.deny == {{"path": "provider", "value": null, "limit": "register", "code": "no_host"}} with input as store(null)
}

test_unknown_is_not_denied if {
	host_registered.deny == set() with input as {"personal_data": true, "terms": terms}
	host_registered.deny == set() with input as {"personal_data": true, "location": {"provider": "azure"}, "terms": terms}
	every host in ["own", "cloud"] {
		host_registered.deny == set() with input as {"personal_data": true, "provider": host, "terms": terms}
		host_registered.unsure == set() with input as {"personal_data": true, "provider": host, "terms": terms}
	}
	host_registered.deny == set() with input as {"personal_data": true, "provider": "other"}
}

test_applies if {
	host_registered.applies with input as {"personal_data": true}
	not host_registered.applies with input as {"personal_data": false}
	not host_registered.applies with input as {"personal_data": null}
	not host_registered.applies with input as {}
}
