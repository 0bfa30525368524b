# METADATA
# title: Applications are available as agreed
# description: >-
#   An application was available in the last 30 days for at least the agreed part of the time, in hundredths of a
#   percent.
# schemas:
#   - input: schema.service
# custom:
#   id: SEC-038
#   kind: service
#   needs: [uptime_basis_points]
#   terms: [availability.uptime_basis_points]
#   clauses: [BB-BES-1, VWO-2.1.4]
#   gdpr: ["32(1)(b)"]
#   severity: medium
#   title_nl: Applicaties zijn beschikbaar zoals afgesproken
#   description_nl: >-
#     Een applicatie was de afgelopen 30 dagen minstens het afgesproken deel van de tijd beschikbaar, in honderdsten
#     van een procent.
#   remediation: >-
#     Find the causes of the downtime in the monitoring, mend them, and consider more redundancy or capacity alerts.
#     Loss of availability that was not planned may be a personal data breach: assess it.
#   remediation_nl: >-
#     Zoek in de monitoring de oorzaken van de uitval, verhelp ze, en overweeg meer redundantie of meldingen over
#     capaciteit. Ongeplande uitval kan een datalek zijn: beoordeel dat.
#   messages:
#     default:
#       en: "available in {value} of every 10,000 minutes; agreed: at least {limit}"
#       nl: "beschikbaar in {value} van elke 10.000 minuten; afgesproken: minstens {limit}"
#     unmeasured:
#       en: "nobody measures the availability"
#       nl: "niemand meet de beschikbaarheid"
package waarborg.security.availability

deny contains {
	"path": "uptime_basis_points",
	"value": uptime,
	"limit": input.terms.availability.uptime_basis_points,
} if {
	uptime := input.uptime_basis_points
	is_number(uptime)
	uptime < input.terms.availability.uptime_basis_points
}

# That nobody measures is no violation of what was agreed, but proves nothing either.
unsure contains {
	"path": "uptime_basis_points",
	"code": "unmeasured",
	"value": null,
} if is_null(input.uptime_basis_points)
