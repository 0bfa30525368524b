# METADATA
# title: No sub-processor works before its notice has ended
# description: >-
#   A supplier that was not there from the start of the contract is announced with the agreed notice, is in use only
#   from the day on which the change takes effect, and never while an objection is open.
# schemas:
#   - input: schema.supplier
# custom:
#   id: SUB-006
#   kind: supplier
#   needs: [register_id]
#   scope: [personal_data]
#   terms: [register, contract, subprocessors.notice_working_days]
#   clauses: [VWO-7.1]
#   gdpr: ["28(2)"]
#   severity: high
#   title_nl: Geen subverwerker werkt voordat de meldtermijn voorbij is
#   description_nl: >-
#     Een leverancier die er bij de start van het contract nog niet was, is met de afgesproken termijn gemeld, wordt pas
#     gebruikt vanaf de dag waarop de wijziging ingaat, en nooit zolang er een bezwaar openstaat.
#   remediation: >-
#     Stop using the supplier until the notice period is over and each objection is settled with the controller;
#     record the settlement in the register. After too short a notice, announce the change anew and set the day on which
#     it takes effect so late that the agreed working days fit in between.
#   remediation_nl: >-
#     Stop met de leverancier tot de meldtermijn voorbij is en elk bezwaar met de verwerkingsverantwoordelijke is
#     opgelost; leg de oplossing vast in het register. Was de melding te kort van tevoren, meld de wijziging dan
#     opnieuw en zet de ingangsdatum zo laat dat de afgesproken werkdagen ertussen passen.
#   messages:
#     default:
#       en: "the supplier is in use, but the change takes effect on {value}; today is {limit}"
#       nl: "de leverancier is in gebruik, maar de wijziging gaat in op {value}; vandaag is {limit}"
#     not_effective:
#       en: "the supplier is in use, was announced on {value}, and no day is set on which the change takes effect"
#       nl: "de leverancier is in gebruik en gemeld op {value}, maar er is geen dag waarop de wijziging ingaat"
#     not_announced:
#       en: "the change takes effect on {value}, after the start of the contract on {limit}, and no announcement is on the register"
#       nl: "de wijziging gaat in op {value}, na de start van het contract op {limit}, en in het register staat geen melding"
#     notice_too_short:
#       en: "the supplier was announced {value} days before the change takes effect; the agreed {limit} working days do not fit in that"
#       nl: "de leverancier is {value} dagen voor de ingangsdatum gemeld; de afgesproken {limit} werkdagen passen daar niet in"
#     objection:
#       en: "an objection against this sub-processor is still open"
#       nl: "er staat nog een bezwaar tegen deze subverwerker open"
#     not_registered:
#       en: "this supplier is not on the register, so no announcement can be found"
#       nl: "deze leverancier staat niet in het register, dus er is geen melding te vinden"
package waarborg.subprocessors.notice_period

import data.waarborg.lib.notice
import data.waarborg.lib.register

applies if input.personal_data == true

deny contains notice.early("register_id", row)

deny contains notice.without_day("register_id", row)

deny contains notice.unannounced("register_id", row, input.terms.contract.start)

deny contains notice.short("register_id", row, input.terms.contract.start, input.terms.subprocessors.notice_working_days)

deny contains notice.objection("register_id", row)

unsure contains {"path": "register_id", "value": input.register_id, "code": "not_registered"} if is_null(row)

row := register.entry(input.terms.register, input.register_id)
