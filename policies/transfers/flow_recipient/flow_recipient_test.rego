package waarborg.transfers.flow_recipient_test

import data.waarborg.transfers.flow_recipient

scc := {"ground": "scc", "ground_until": null, "tia": "2025-06-01"}

flow(country, row) := {
	"personal_data": true,
	"location": {"country": country},
	"recipient": "mailer",
	"terms": {"register": {"mailer": row}},
}

none := {"ground": null, "ground_until": null, "tia": null}

test_in_the_eea if {
	flow_recipient.deny == set() with input as flow("NL", none) with data.now.date as "2026-11-23"
	flow_recipient.unsure == set() with input as flow("NL", none) with data.now.date as "2026-11-23"
}

test_adequate if {
	flow_recipient.deny == set() with input as flow("GB", none) with data.now.date as "2031-12-27"
	flow_recipient.deny == {{
		"path": "location", "value": "GB",
		"limit": "2031-12-27", "code": "ended",
	}} with input as flow("GB", none) with data.now.date as "2031-12-28"
}

test_clauses if {
	flow_recipient.deny == set() with input as flow("IN", scc) with data.now.date as "2026-11-23"
	flow_recipient.deny == {{"path": "location", "value": "IN", "limit": "tia", "code": "no_tia"}} with input as flow("IN", object.union(scc, {"tia": null})) with data.now.date as "2026-11-23"
	flow_recipient.deny == {{"path": "location", "value": "IN", "limit": ["adequacy", "bcr", "scc"]}} with input as flow("IN", none) with data.now.date as "2026-11-23"
}

test_a_recipient_on_no_register if {
	every recipient in ["controller", "stranger", null] {
		flow_recipient.deny == {{
			"path": "location", "value": "IN",
			"limit": ["adequacy", "bcr", "scc"],
		}} with input as object.union(flow("IN", scc), {"recipient": recipient}) with data.now.date as "2026-11-23"
	}
}

test_a_person_must_say if {
	flow_recipient.unsure == {{"path": "location", "value": "US", "code": "partial_decision"}} with input as flow("US", none) with data.now.date as "2026-11-23"
	flow_recipient.unsure == {{"path": "location", "value": null, "code": "no_region"}} with input as object.union(flow("NL", none), {"location": null}) with data.now.date as "2026-11-23"
}

test_unknown_is_not_denied if {
	every path in ["location", "recipient", "terms"] {
		flow_recipient.deny == set() with input as without(flow("IN", none), path) with data.now.date as "2026-11-23"
		flow_recipient.unsure == set() with input as without(flow("US", none), path) with data.now.date as "2026-11-23"
	}
}

test_applies if {
	flow_recipient.applies with input as {"personal_data": true}
	not flow_recipient.applies with input as {"personal_data": false}
	not flow_recipient.applies with input as {}
}

without(object, key) := {k: v | some k, v in object; k != key}
