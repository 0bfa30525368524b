package waarborg.transfers.log_sinks_location_test

import data.waarborg.transfers.log_sinks_location

terms := {"regions": {"eea_only": true}}

store(sinks) := {"personal_data": true, "log_sinks": sinks, "terms": terms}

sink(kind, region) := {"kind": kind, "location": {"provider": "azure", "region": region}}

test_in_the_eea if {
	log_sinks_location.deny == set() with input as store([sink("log_analytics", "westeurope"), {"kind": "syslog", "location": {"country": "NL"}}])
}

test_logs_that_go_nowhere_leave_nothing if {
	log_sinks_location.deny == set() with input as store([])
	log_sinks_location.deny == set() with input as store(null)
	log_sinks_location.unsure == set() with input as store(null)
}

test_one_sink_outside if {
	log_sinks_location.deny == {{"path": "log_sinks", "value": "eastus (US)", "limit": "EEA"}} with input as store([
		sink("log_analytics", "westeurope"),
		sink("event_hub", "eastus"),
	])
	log_sinks_location.deny == {{
		"path": "log_sinks", "value": "centraluseuap",
		"limit": "EEA", "code": "unknown_region",
	}} with input as store([sink("storage", "centraluseuap")])
}

test_nobody_says_where if {
	log_sinks_location.unsure == {{"path": "log_sinks", "value": null, "code": "no_region"}} with input as store([{"kind": "partner", "location": {}}])
	log_sinks_location.unsure == {{"path": "log_sinks", "value": "global", "code": "no_region"}} with input as store([sink("partner", "global")])
}

test_agreed_countries if {
	agreed := {"regions": {"eea_only": true, "countries": ["NL"]}}
	log_sinks_location.deny == {{
		"path": "log_sinks", "value": "northeurope (IE)",
		"limit": ["NL"], "code": "other_country",
	}} with input as object.union(store([sink("storage", "northeurope")]), {"terms": agreed})
}

test_no_limit_is_agreed if {
	free := {"personal_data": true, "log_sinks": [sink("storage", "eastus"), sink("partner", "global")], "terms": {"regions": {"eea_only": false}}}
	log_sinks_location.deny == set() with input as free
	log_sinks_location.unsure == set() with input as free
}

test_unknown_is_not_denied if {
	log_sinks_location.deny == set() with input as {"personal_data": true, "terms": terms}
	log_sinks_location.deny == set() with input as without(store([sink("storage", "eastus")]), "terms")
}

test_applies if {
	log_sinks_location.applies with input as {"personal_data": true}
	not log_sinks_location.applies with input as {"personal_data": false}
	not log_sinks_location.applies with input as {}
}

without(object, key) := {k: v | some k, v in object; k != key}
