package waarborg.retention.instruction_test

import data.waarborg.retention.instruction

good := {
	"personal_data": true,
	"engine": "blob",
	"retention": {"automatic_days": 365, "instructions": ["hs-2026-01", "wn-2026-03"]},
	"terms": {"instructions": ["wn-2025-11", "wn-2026-03"]},
}

ids := ["wn-2025-11", "wn-2026-03"]

resting_on(list) := object.union(good, {"retention": {"instructions": list}})

test_instructed if {
	instruction.applies with input as good
	every list in [["wn-2026-03"], ["hs-2026-01", "wn-2026-03"], ["wn-2025-11", "wn-2026-03"]] {
		instruction.deny == set() with input as resting_on(list)
	}
}

test_not_of_this_customer if {
	every list in [["hs-2026-01"], ["hs-2026-01", "zz-2026-01"], ["WN-2026-03"], [""]] {
		instruction.deny == {{"path": "retention.instructions", "limit": ids}} with input as resting_on(list)
	}
}

test_a_customer_without_instructions if {
	expected := {{"path": "retention.instructions", "limit": []}}
	instruction.deny == expected with input as object.union(good, {"terms": {"instructions": []}})
}

test_on_nobodys_word if {
	every list in [null, []] {
		instruction.deny == {{"path": "retention.instructions", "limit": ids, "code": "none"}} with input as resting_on(list)
	}
}

test_unknown_is_not_denied if {
	every list in [["hs-2026-01"], [], null] {
		instruction.deny == set() with input as without(resting_on(list), "terms")
		instruction.deny == set() with input as without(resting_on(list), "retention")
		instruction.deny == set() with input as object.union(without(good, "retention"), {"retention": {"automatic_days": 365}})
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
