# METADATA
# title: Weaknesses that were found are mended in time
# description: No critical or serious finding in source code stays open for longer than agreed.
# schemas:
#   - input: schema.repository
# custom:
#   id: SEC-050
#   kind: repository
#   needs: [oldest_critical, oldest_high]
#   terms: [vulnerability.critical_days, vulnerability.high_days]
#   clauses: [VWO-2.1.3, VWO-2.1.2]
#   gdpr: ["32(1)(b)", "32(1)(d)"]
#   severity: high
#   title_nl: Gevonden kwetsbaarheden worden op tijd verholpen
#   description_nl: Geen kritieke of ernstige bevinding in de broncode blijft langer open dan afgesproken.
#   remediation: >-
#     Update the dependency or change the code, and release it. A false finding: dismiss it in the scanner with a
#     reason, so that it does not count as open.
#   remediation_nl: >-
#     Werk het onderdeel bij of pas de code aan, en breng dit uit. Een onterechte bevinding: sluit die in de scanner
#     met een reden, zodat die niet als open telt.
#   messages:
#     default:
#       en: "a critical weakness is open since {value}; agreed: at most {limit} days"
#       nl: "een kritieke kwetsbaarheid staat open sinds {value}; afgesproken: hoogstens {limit} dagen"
#     high:
#       en: "a serious weakness is open since {value}; agreed: at most {limit} days"
#       nl: "een ernstige kwetsbaarheid staat open sinds {value}; afgesproken: hoogstens {limit} dagen"
package waarborg.security.weaknesses_mended

# days is the number of whole days from a date, of which only the day counts, to the day of assessment.
days(date) := (time.parse_ns("2006-01-02", data.now.date) - time.parse_ns("2006-01-02", substring(date, 0, 10))) / 86400000000000

deny contains {"path": "oldest_critical", "value": date, "limit": input.terms.vulnerability.critical_days} if {
	date := input.oldest_critical
	is_string(date)
	days(date) > input.terms.vulnerability.critical_days
}

deny contains {
	"path": "oldest_high",
	"value": date,
	"limit": input.terms.vulnerability.high_days,
	"code": "high",
} if {
	date := input.oldest_high
	is_string(date)
	days(date) > input.terms.vulnerability.high_days
}
