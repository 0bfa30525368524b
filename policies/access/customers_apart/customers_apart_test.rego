package waarborg.access.customers_apart_test

import data.waarborg.access.customers_apart

separations := ["container", "database", "dedicated", "index", "row_level_security", "schema"]

good := {"personal_data": true, "tenancy": {"isolation": "database"}}

test_kept_apart if {
	customers_apart.applies with input as good
	every isolation in separations {
		customers_apart.deny == set() with input as object.union(good, {"tenancy": {"isolation": isolation}})
	}
}

test_not_kept_apart if {
	every isolation in ["none", null, "by the application", ""] {
		expected := {{"path": "tenancy.isolation", "value": isolation, "limit": separations}}
		customers_apart.deny == expected with input as object.union(good, {"tenancy": {"isolation": isolation}})
	}
}

test_unknown_is_not_denied if {
	customers_apart.deny == set() with input as {"personal_data": true}
	customers_apart.deny == set() with input as {"personal_data": true, "tenancy": {}}
}

test_only_personal_data if {
	not customers_apart.applies with input as {"personal_data": false, "tenancy": {"isolation": "none"}}
	not customers_apart.applies with input as {"personal_data": null, "tenancy": {"isolation": "none"}}
	not customers_apart.applies with input as {"tenancy": {"isolation": "none"}}
}
