package waarborg.retention.instruction_test

import data.waarborg.retention.instruction

good := {
	"personal_data": true,
	"engine": "blob",
	"retention": {"automatic_days": 365, "instruction": "wn-2026-03"},
	"terms": {"instructions": ["wn-2025-11", "wn-2026-03"]},
}

ids := ["wn-2025-11", "wn-2026-03"]

test_instructed if {
	instruction.applies with input as good
	instruction.deny == set() with input as good
}

test_not_of_this_customer if {
	expected := {{"path": "retention.instruction", "value": "hs-2026-01", "limit": ids}}
	instruction.deny == expected with input as object.union(good, {"retention": {"instruction": "hs-2026-01"}})
}

test_a_customer_without_instructions if {
	expected := {{"path": "retention.instruction", "value": "wn-2026-03", "limit": []}}
	instruction.deny == expected with input as object.union(good, {"terms": {"instructions": []}})
}

test_on_nobodys_word if {
	expected := {{"path": "retention.instruction", "value": null, "limit": ids, "code": "none"}}
	instruction.deny == expected with input as object.union(good, {"retention": {"instruction": null}})
}

test_unknown_is_not_denied if {
	every value in ["hs-2026-01", null] {
		bad := object.union(good, {"retention": {"instruction": value}})
		instruction.deny == set() with input as without(bad, "terms")
		instruction.deny == set() with input as without(bad, "retention")
	}
}

test_what_it_is_not_about if {
	every change in [
		{"personal_data": false},
		{"personal_data": null},
		{"engine": "log"},
		{"retention": {"automatic_days": null}},
	] {
		not instruction.applies with input as object.union(good, change)
	}
	every path in ["personal_data", "engine", "retention"] {
		not instruction.applies with input as without(good, path)
	}
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
