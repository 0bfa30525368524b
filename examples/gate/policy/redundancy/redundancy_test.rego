package team.databases.redundancy_test

import data.team.databases.redundancy

good := {"environment": "production", "engine": "postgresql", "redundancy": "zone"}

test_a_second_zone if redundancy.deny == set() with input as good

test_none if {
	redundancy.deny == {{"path": "redundancy", "value": "none"}} with input as object.union(good, {"redundancy": "none"})
}

test_applies_to_databases_of_production if {
	redundancy.applies with input as good
	not redundancy.applies with input as object.union(good, {"environment": "test"})
	not redundancy.applies with input as object.union(good, {"engine": "blob"})
}
