package waarborg.processings.instructed_features_test

import data.waarborg.processings.instructed_features

terms := {"instructions": ["INS-1", "INS-2"]}

flow(instruction) := {"personal_data": true, "feature": "ai", "instruction": instruction, "terms": terms}

test_instructed if {
	instructed_features.deny == set() with input as flow("INS-2")
}

test_not_instructed if {
	every id in ["INS-3", "ins-1", ""] {
		instructed_features.deny == {{"path": "instruction", "limit": "instructions"}} with input as flow(id)
	}
	instructed_features.deny == {{"path": "instruction", "limit": "instructions", "code": "no_instruction"}} with input as flow(null)
}

test_unknown_is_not_denied if {
	instructed_features.deny == set() with input as without(flow("INS-3"), "instruction")
	instructed_features.deny == set() with input as without(flow("INS-3"), "terms")
}

test_applies if {
	every feature in ["ai", "analytics", "integration", "telemetry"] {
		instructed_features.applies with input as {"personal_data": true, "feature": feature}
		not instructed_features.applies with input as {"personal_data": false, "feature": feature}
		not instructed_features.applies with input as {"feature": feature}
	}
	not instructed_features.applies with input as {"personal_data": true, "feature": "support"}
	not instructed_features.applies with input as {"personal_data": true, "feature": null}
	not instructed_features.applies with input as {"personal_data": true}
}

without(object, key) := {k: v | some k, v in object; k != key}
