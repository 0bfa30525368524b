# METADATA
# description: >-
#   Judges whether a transfer has a ground of Chapter V of the GDPR in force on the day of assessment: an adequacy
#   decision (45), or standard clauses or binding rules with an assessment of the transfer (46), by the register.
package waarborg.lib.ground

import data.waarborg.lib.geo
import data.waarborg.lib.reference

# status says how a country outside the EEA stands for a party. row is the party's entry in the register, or null.
# A decision that covers some recipients alone is enough only where the register says that it is the ground.
status(country, row) := "ok" if {
	decided(country)
	reference.decision(country).scope == "all"
} else := "expired" if {
	stated(row)
	row.ground_until < data.now.date
} else := "ok" if {
	by_contract(row)
	is_string(row.tia)
	row.tia <= data.now.date
} else := "no_tia" if {
	by_contract(row)
} else := "ok" if {
	row.ground == "adequacy"
	decided(country)
} else := "partial_decision" if {
	decided(country)
} else := "ended" if {
	is_string(reference.decision(country).until)
} else := "none"

# finding is what a rule denies of a transfer to a location.
finding(path, location, row) := {"path": path, "value": geo.label(location), "limit": "EEA", "code": "unknown_region"} if {
	geo.place(location).known == false
} else := {"path": path, "value": geo.label(location), "limit": limit(code, place.country, row), "code": code} if {
	geo.outside(location)
	place := geo.place(location)
	code := status(place.country, row)
	code in {"expired", "no_tia", "ended"}
} else := {"path": path, "value": geo.label(location), "limit": ["adequacy", "bcr", "scc"]} if {
	geo.outside(location)
	status(geo.place(location).country, row) == "none"
}

# question is what a person must decide of a transfer before a rule can pass.
question(path, location, row) := geo.question(path, location) if {
	geo.place(location).undecided == true
} else := {"path": path, "value": geo.label(location), "code": "partial_decision"} if {
	geo.outside(location)
	status(geo.place(location).country, row) == "partial_decision"
}

limit("expired", _, row) := row.ground_until

limit("no_tia", _, _) := "tia"

limit("ended", country, _) := reference.decision(country).until

# decided holds while an adequacy decision is in force; its last day counts.
decided(country) if {
	decision := reference.decision(country)
	decision.from <= data.now.date
	not ended(decision)
}

ended(decision) if {
	is_string(decision.until)
	decision.until < data.now.date
}

by_contract(row) if row.ground in {"scc", "bcr"}

# stated holds where the register names a ground with a last day. A null would compare as smaller than any date.
stated(row) if {
	row.ground in {"adequacy", "scc", "bcr"}
	is_string(row.ground_until)
}
