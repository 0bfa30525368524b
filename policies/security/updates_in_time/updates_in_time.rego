# METADATA
# title: Security updates are installed in time
# description: A device or server misses no critical or important update for longer than agreed.
# schemas:
#   - input: schema.endpoint
# custom:
#   id: SEC-020
#   kind: endpoint
#   needs: [missing_critical_since, missing_high_since]
#   terms: [patch.critical_days, patch.high_days]
#   clauses: [BB-BES-6]
#   gdpr: ["32(1)(b)", "32(1)(d)"]
#   severity: high
#   title_nl: Beveiligingsupdates worden op tijd geïnstalleerd
#   description_nl: Een apparaat of server mist geen kritieke of belangrijke update langer dan afgesproken.
#   remediation: >-
#     Install the missing updates: Azure Update Manager, Intune update rings, unattended-upgrades, a new image or
#     container. Set a schedule that is shorter than the agreed days.
#   remediation_nl: >-
#     Installeer de ontbrekende updates: Azure Update Manager, update rings in Intune, unattended-upgrades, een nieuw
#     image of een nieuwe container. Kies een ritme dat korter is dan het afgesproken aantal
#     dagen.
#   messages:
#     default:
#       en: "a critical update is missing since {value}; agreed: at most {limit} days"
#       nl: "een kritieke update ontbreekt sinds {value}; afgesproken: hoogstens {limit} dagen"
#     high:
#       en: "an important update is missing since {value}; agreed: at most {limit} days"
#       nl: "een belangrijke update ontbreekt sinds {value}; afgesproken: hoogstens {limit} dagen"
package waarborg.security.updates_in_time

# days is the number of whole days from a date, of which only the day counts, to the day of assessment.
days(date) := (time.parse_ns("2006-01-02", data.now.date) - time.parse_ns("2006-01-02", substring(date, 0, 10))) / 86400000000000

deny contains {"path": "missing_critical_since", "value": date, "limit": input.terms.patch.critical_days} if {
	date := input.missing_critical_since
	is_string(date)
	days(date) > input.terms.patch.critical_days
}

deny contains {
	"path": "missing_high_since",
	"value": date,
	"limit": input.terms.patch.high_days,
	"code": "high",
} if {
	date := input.missing_high_since
	is_string(date)
	days(date) > input.terms.patch.high_days
}
