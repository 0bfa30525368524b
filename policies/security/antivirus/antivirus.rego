# METADATA
# title: Antivirus is on and up to date
# description: >-
#   Laptops, desktops and servers run antivirus in real time with fresh signatures, unless an exception with an end
#   date holds. A person must judge an exception of more than 90 days.
# schemas:
#   - input: schema.endpoint
# custom:
#   id: SEC-019
#   kind: endpoint
#   needs: [antivirus, antivirus_real_time, antivirus_signatures, antivirus_exception_until]
#   scope: [form]
#   terms: [antivirus.signature_hours]
#   clauses: [BB-LOG-7, BB-BES-5]
#   gdpr: ["32(1)(b)"]
#   severity: high
#   title_nl: Antivirus staat aan en is bijgewerkt
#   description_nl: >-
#     Op laptops, desktops en servers draait voortdurend antivirus met verse definities, tenzij een uitzondering met
#     einddatum geldt. Over een uitzondering van meer dan 90 dagen moet iemand oordelen.
#   remediation: >-
#     Turn on Defender for Endpoint (or your product) with real-time protection, and let it fetch signatures several
#     times a day. An exception for a test needs an end date; take it away when the test ends.
#   remediation_nl: >-
#     Zet Defender for Endpoint (of uw product) aan met realtimebeveiliging en laat het enkele keren per dag
#     definities ophalen. Een uitzondering voor een test heeft een einddatum nodig; haal die weg als de test klaar
#     is.
#   messages:
#     default:
#       en: "antivirus is off"
#       nl: "antivirus staat uit"
#     long_exception:
#       en: "an exception from antivirus lasts until {value}, more than 90 days from now: is that still a test?"
#       nl: "een uitzondering op antivirus duurt tot en met {value}, meer dan 90 dagen vanaf nu: is dat nog een test?"
#     real_time:
#       en: "antivirus does not watch in real time"
#       nl: "antivirus kijkt niet voortdurend mee"
#     signatures:
#       en: "the newest signatures are of {value}; agreed: at most {limit} hours old"
#       nl: "de nieuwste definities zijn van {value}; afgesproken: hoogstens {limit} uur oud"
#     future:
#       en: "the newest signatures have a date in the future: {value}"
#       nl: "de nieuwste definities hebben een datum in de toekomst: {value}"
#     no_signatures:
#       en: "antivirus has no signatures; agreed: at most {limit} hours old"
#       nl: "antivirus heeft geen definities; afgesproken: hoogstens {limit} uur oud"
package waarborg.security.antivirus

applies if input.form in {"desktop", "laptop", "server"}

# An exception counts through its last day (BB-LOG-7 admits them for tests).
no_exception if is_null(input.antivirus_exception_until)

no_exception if {
	is_string(input.antivirus_exception_until)
	substring(input.antivirus_exception_until, 0, 10) < data.now.date
}

# BB-LOG-7 admits exceptions for tests; a far end date would switch the duty off for good.
last_plain_day := sprintf("%04d-%02d-%02d", time.date(time.add_date(data.now.ns, 0, 0, 90)))

unsure contains {"path": "antivirus_exception_until", "value": input.antivirus_exception_until, "code": "long_exception"} if {
	is_string(input.antivirus_exception_until)
	substring(input.antivirus_exception_until, 0, 10) > last_plain_day
}

hour_ns := 3600000000000

deny contains {"path": "antivirus", "value": input.antivirus, "limit": true} if {
	no_exception
	input.antivirus != true
}

deny contains {
	"path": "antivirus_real_time",
	"value": input.antivirus_real_time,
	"limit": true,
	"code": "real_time",
} if {
	no_exception
	input.antivirus == true
	input.antivirus_real_time != true
}

deny contains {
	"path": "antivirus_signatures",
	"value": at,
	"limit": input.terms.antivirus.signature_hours,
	"code": "signatures",
} if {
	no_exception
	input.antivirus == true
	at := input.antivirus_signatures
	is_string(at)
	data.now.ns - time.parse_rfc3339_ns(at) > input.terms.antivirus.signature_hours * hour_ns
}

deny contains {
	"path": "antivirus_signatures",
	"value": null,
	"limit": input.terms.antivirus.signature_hours,
	"code": "no_signatures",
} if {
	no_exception
	input.antivirus == true
	is_null(input.antivirus_signatures)
}

# A clock may differ a little; more than an hour is no time at which signatures came.
deny contains {
	"path": "antivirus_signatures",
	"value": at,
	"limit": input.terms.antivirus.signature_hours,
	"code": "future",
} if {
	no_exception
	input.antivirus == true
	at := input.antivirus_signatures
	is_string(at)
	time.parse_rfc3339_ns(at) - data.now.ns > hour_ns
}
