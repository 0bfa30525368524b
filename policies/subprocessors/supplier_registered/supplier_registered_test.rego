package waarborg.subprocessors.supplier_registered_test

import data.waarborg.subprocessors.supplier_registered

terms := {"register": {"cloud": {"name": "Cloud"}}}

supplier(id) := {"personal_data": true, "register_id": id, "terms": terms}

test_on_the_register if {
	supplier_registered.deny == set() with input as supplier("cloud")
}

test_not_there if {
	every id in [null, "", "clouds", "Cloud"] {
		supplier_registered.deny == {{"path": "register_id", "value": id, "limit": "register"}} with input as supplier(id)
	}
}

test_an_empty_register_holds_nobody if {
	supplier_registered.deny == {{"path": "register_id", "value": "cloud", "limit": "register"}} with input as {
		"personal_data": true, "register_id": "cloud",
		"terms": {"register": {}},
	}
}

test_unknown_is_not_denied if {
	supplier_registered.deny == set() with input as {"personal_data": true, "terms": terms}
	supplier_registered.deny == set() with input as {"personal_data": true, "register_id": null}
}

test_applies if {
	supplier_registered.applies with input as {"personal_data": true}
	not supplier_registered.applies with input as {"personal_data": false}
	not supplier_registered.applies with input as {"personal_data": null}
	not supplier_registered.applies with input as {}
}
