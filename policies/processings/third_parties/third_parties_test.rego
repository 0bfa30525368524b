package waarborg.processings.third_parties_test

import data.waarborg.processings.third_parties

terms := {"instructions": ["INS-1", "INS-2"]}

flow(instruction) := {"personal_data": true, "recipient_type": "third-party", "instruction": instruction, "terms": terms}

test_instructed if {
	every id in ["INS-1", "INS-2"] {
		third_parties.unsure == set() with input as flow(id)
	}
}

test_no_instruction_of_this_customer if {
	every id in [null, "INS-3", "ins-1", ""] {
		third_parties.unsure == {{"path": "instruction", "code": "no_ground"}} with input as flow(id)
	}
	third_parties.unsure == {{"path": "instruction", "code": "no_ground"}} with input as object.union(flow("INS-1"), {"terms": {"instructions": []}})
}

test_unknown_asks_nothing if {
	third_parties.unsure == set() with input as json.remove(flow("INS-3"), ["instruction"])
	third_parties.unsure == set() with input as json.remove(flow("INS-3"), ["terms"])
	third_parties.unsure == set() with input as {}
}

test_applies if {
	every recipient in ["authority", "third-party"] {
		third_parties.applies with input as {"personal_data": true, "recipient_type": recipient}
		not third_parties.applies with input as {"personal_data": false, "recipient_type": recipient}
		not third_parties.applies with input as {"personal_data": null, "recipient_type": recipient}
		not third_parties.applies with input as {"recipient_type": recipient}
	}
	every recipient in ["sub-processor", "controller", "own", null] {
		not third_parties.applies with input as {"personal_data": true, "recipient_type": recipient}
	}
	not third_parties.applies with input as {"personal_data": true}
}
