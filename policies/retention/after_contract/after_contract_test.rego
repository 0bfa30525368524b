package waarborg.retention.after_contract_test

import data.waarborg.retention.after_contract

now := {"ns": time.parse_rfc3339_ns("2026-11-23T10:00:00Z"), "date": "2026-11-23"}

bad := {
	"records": true,
	"terms": {
		"contract": {"start": "2020-01-01", "end": "2026-09-30", "ended": "2026-10-23"},
		"exit": {"deletion_days": 30},
	},
}

test_a_day_too_late if {
	after_contract.applies with input as bad with data.now as now
	after_contract.deny == {{"path": "records", "value": true, "limit": 30}} with input as bad with data.now as now
}

test_one_changed_fact_mends_it if {
	every change in [
		{"records": false},
		{"records": null},
		{"terms": {"contract": {"ended": "2026-10-24"}}},
		{"terms": {"contract": {"ended": "2027-10-24"}}},
		{"terms": {"exit": {"deletion_days": 31}}},
	] {
		after_contract.deny == set() with input as object.union(bad, change) with data.now as now
	}
}

test_a_running_contract if {
	every contract in [{"start": "2020-01-01"}, {"start": "2020-01-01", "end": "2026-01-01", "ended": null}] {
		input_ := {"records": true, "terms": {"contract": contract, "exit": {"deletion_days": 30}}}
		not after_contract.applies with input as input_ with data.now as now
		after_contract.deny == set() with input as input_ with data.now as now
	}
}

test_unknown_is_not_denied if {
	no_limit := {"records": true, "terms": {"contract": bad.terms.contract}}
	no_contract := {"records": true, "terms": {"exit": bad.terms.exit}}
	after_contract.deny == set() with input as without(bad, "records") with data.now as now
	after_contract.deny == set() with input as no_limit with data.now as now
	after_contract.deny == set() with input as no_contract with data.now as now
	after_contract.applies with input as no_contract with data.now as now
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
