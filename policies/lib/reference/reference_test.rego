package waarborg.lib.reference_test

import data.waarborg.lib.reference

test_there if {
	reference.region("azure", "westeurope").country == "NL"
	reference.special("azure", "global")
	reference.in_eea("NL")
	reference.in_eea("RE")
	reference.unclear("GI")
	reference.decision("GB").until == "2031-12-27"
	reference.group("iban") == "financial"
}

test_not_there if {
	not reference.region("azure", "global")
	not reference.region("moon", "crater")
	not reference.special("azure", "westeurope")
	not reference.in_eea("GB")
	not reference.in_eea("CW")
	not reference.unclear("GB")
	not reference.decision("NL")
	not reference.group("dream")
}

groups := {"basic", "contact", "financial", "professional", "special", "unclassified"}

# The tables themselves: thirty countries, every partner region is a region of the same provider, no EEA country has a
# decision, and every entry says how certain it is.
test_tables if {
	count(data.reference.geo.eea) == 30
	[r | some p, rs in data.reference.geo.regions; some r, e in rs; is_string(e.paired); not data.reference.geo.regions[p][e.paired]] == []
	[c | some rs in data.reference.geo.regions; some e in rs; c := e.certainty; not c in {"verified", "likely", "uncertain"}] == []
	[c | some c in data.reference.geo.eea; data.reference.adequacy[c]] == []
	[c | some c, d in data.reference.adequacy; not d.scope in {"all", "partial"}] == []
	[c | some c, e in data.reference.categories; not e.group in groups] == []
	data.reference.scc.decision == "(EU) 2021/914"
}
