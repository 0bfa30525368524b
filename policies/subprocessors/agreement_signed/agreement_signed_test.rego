package waarborg.subprocessors.agreement_signed_test

import data.waarborg.subprocessors.agreement_signed

supplier(agreement) := {"personal_data": true, "register_id": "cloud", "terms": {"register": {"cloud": {"agreement": agreement}}}}

test_signed if {
	agreement_signed.deny == set() with input as supplier("2024-05-01") with data.now.date as "2026-11-23"
	agreement_signed.deny == set() with input as supplier("2026-11-23") with data.now.date as "2026-11-23"
	agreement_signed.unsure == set() with input as supplier("2024-05-01") with data.now.date as "2026-11-23"
}

test_not_signed if {
	agreement_signed.deny == {{"path": "register_id", "value": "cloud", "limit": "agreement"}} with input as supplier(null) with data.now.date as "2026-11-23"
	agreement_signed.deny == {{
		"path": "register_id", "value": "cloud",
		"limit": "agreement",
	}} with input as {"personal_data": true, "register_id": "cloud", "terms": {"register": {"cloud": {}}}} with data.now.date as "2026-11-23"
}

test_signed_tomorrow if {
	agreement_signed.deny == {{
		"path": "register_id", "value": "2026-11-24",
		"limit": "2026-11-23", "code": "future",
	}} with input as supplier("2026-11-24") with data.now.date as "2026-11-23"
}

test_on_no_register if {
	every id in [null, "stranger"] {
		not_found := object.union(supplier("2024-05-01"), {"register_id": id})
		agreement_signed.deny == set() with input as not_found with data.now.date as "2026-11-23"
		agreement_signed.unsure == {{"path": "register_id", "value": id, "code": "not_registered"}} with input as not_found with data.now.date as "2026-11-23"
	}
}

test_unknown_is_not_denied if {
	every path in ["register_id", "terms"] {
		agreement_signed.deny == set() with input as without(supplier(null), path) with data.now.date as "2026-11-23"
		agreement_signed.unsure == set() with input as without(supplier(null), path) with data.now.date as "2026-11-23"
	}
}

test_applies if {
	agreement_signed.applies with input as {"personal_data": true}
	not agreement_signed.applies with input as {"personal_data": false}
	not agreement_signed.applies with input as {"personal_data": null}
	not agreement_signed.applies with input as {}
}

without(object, key) := {k: v | some k, v in object; k != key}
