# METADATA
# title: Maintenance is short and at quiet times
# description: Maintenance in the last 30 days took no longer than agreed, preferably outside office hours.
# schemas:
#   - input: schema.service
# custom:
#   id: SEC-053
#   kind: service
#   needs: [maintenance_minutes, maintenance_office_minutes]
#   terms: [availability.maintenance_minutes]
#   clauses: [AV-6.7]
#   gdpr: ["32(1)(b)", "32(1)(c)"]
#   severity: low
#   title_nl: Onderhoud is kort en op rustige momenten
#   description_nl: Onderhoud in de afgelopen 30 dagen duurde niet langer dan afgesproken, liefst buiten kantooruren.
#   remediation: >-
#     Plan maintenance in the evening or at night, use rolling updates, and write down why when it must be in office
#     hours.
#   remediation_nl: >-
#     Plan onderhoud 's avonds of 's nachts, werk met rollende updates, en leg vast waarom als het toch in kantooruren
#     moet.
#   messages:
#     default:
#       en: "maintenance took {value} minutes; agreed: at most {limit}"
#       nl: "onderhoud duurde {value} minuten; afgesproken: hoogstens {limit}"
#     office:
#       en: "{value} minutes of maintenance fell in office hours; the agreement prefers quiet times: was it necessary?"
#       nl: "{value} minuten onderhoud vielen in kantooruren; de afspraak is liefst op rustige momenten: was het nodig?"
package waarborg.security.maintenance

# Absent: there was none.
deny contains {
	"path": "maintenance_minutes",
	"value": number,
	"limit": input.terms.availability.maintenance_minutes,
} if {
	number := input.maintenance_minutes
	is_number(number)
	number > input.terms.availability.maintenance_minutes
}

# "Preferably" (AV-6.7) forbids nothing: a person decides whether there was a reason.
unsure contains {"path": "maintenance_office_minutes", "code": "office", "value": minutes} if {
	minutes := input.maintenance_office_minutes
	is_number(minutes)
	minutes > 0
}
