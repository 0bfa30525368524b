# METADATA
# title: No sub-processor works before its notice has ended
# description: >-
#   A supplier that was announced is in use only from the day on which its announcement takes effect, and never
#   while an objection is open.
# schemas:
#   - input: schema.supplier
# custom:
#   id: SUB-006
#   kind: supplier
#   needs: [register_id]
#   scope: [personal_data]
#   terms: [register]
#   clauses: [VWO-7.1]
#   gdpr: ["28(2)"]
#   severity: high
#   title_nl: Geen subverwerker werkt voordat de meldtermijn voorbij is
#   description_nl: >-
#     Een gemelde leverancier wordt pas gebruikt vanaf de dag waarop de melding ingaat, en nooit zolang er een bezwaar
#     openstaat.
#   remediation: >-
#     Stop using the supplier until the notice period is over and each objection is settled with the controller;
#     record the settlement in the register.
#   remediation_nl: >-
#     Stop met de leverancier tot de meldtermijn voorbij is en elk bezwaar met de verwerkingsverantwoordelijke is
#     opgelost; leg de oplossing vast in het register.
#   messages:
#     default:
#       en: "the supplier is in use, but the change takes effect on {value}; today is {limit}"
#       nl: "de leverancier is in gebruik, maar de wijziging gaat in op {value}; vandaag is {limit}"
#     not_effective:
#       en: "the supplier is in use, was announced on {value}, and no day is set on which the change takes effect"
#       nl: "de leverancier is in gebruik en gemeld op {value}, maar er is geen dag waarop de wijziging ingaat"
#     objection:
#       en: "objections that are still open: {value}"
#       nl: "bezwaren die nog openstaan: {value}"
#     not_registered:
#       en: "this supplier is not on the register, so no announcement can be found"
#       nl: "deze leverancier staat niet in het register, dus er is geen melding te vinden"
package waarborg.subprocessors.notice_period

import data.waarborg.lib.register

applies if input.personal_data == true

deny contains {"path": "register_id", "value": row.effective, "limit": data.now.date} if {
	is_string(row.effective)
	row.effective > data.now.date
}

# Without either date the sub-processor was there from the start: Annex C itself authorises it.
deny contains {"path": "register_id", "value": row.announced, "limit": "effective", "code": "not_effective"} if {
	is_string(row.announced)
	object.get(row, "effective", null) == null
}

deny contains {"path": "register_id", "value": row.open_objections, "limit": 0, "code": "objection"} if row.open_objections > 0

unsure contains {"path": "register_id", "value": input.register_id, "code": "not_registered"} if is_null(row)

row := register.entry(input.terms.register, input.register_id)
