package waarborg.processings.untaken_application_test

import data.waarborg.processings.untaken_application

dataset(application) := {"application": application, "records": true, "terms": {"applications": ["customers", "portals"]}}

test_taken if {
	untaken_application.deny == set() with input as dataset("portals")
	untaken_application.unsure == set() with input as dataset("portals")
}

test_not_taken if {
	every application in ["housing", "Portals", ""] {
		untaken_application.deny == {{
			"path": "application", "value": application,
			"limit": ["customers", "portals"],
		}} with input as dataset(application)
	}
}

test_no_records if {
	every records in [false, null] {
		untaken_application.deny == set() with input as object.union(dataset("housing"), {"records": records})
		untaken_application.unsure == set() with input as object.union(dataset(null), {"records": records})
	}
}

test_of_no_application if {
	untaken_application.deny == set() with input as dataset(null)
	untaken_application.unsure == {{"path": "application", "value": null, "code": "no_application"}} with input as dataset(null)
}

test_unknown_is_not_denied if {
	every path in ["application", "records", "terms"] {
		untaken_application.deny == set() with input as without(dataset("housing"), path)
	}
	untaken_application.unsure == set() with input as without(dataset(null), "records")
}

without(object, key) := {k: v | some k, v in object; k != key}
