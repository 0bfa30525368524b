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

# Who was engaged by the start of the contract is in its Annex C (VWO-7.3) and needed no announcement.
deny contains {"path": "register_id", "value": row.effective, "limit": input.terms.contract.start, "code": "not_announced"} if {
	engaged_later
	object.get(row, "announced", null) == null
}

deny contains {"path": "register_id", "value": notice_days, "limit": working_days, "code": "notice_too_short"} if {
	engaged_later
	notice_days < fewest_days
}

# How many customers object is no business of another customer, so the finding has no number.
deny contains {"path": "register_id", "code": "objection"} if row.open_objections > 0

unsure contains {"path": "register_id", "value": input.register_id, "code": "not_registered"} if is_null(row)

engaged_later if {
	is_string(row.effective)
	row.effective > input.terms.contract.start
}

notice_days := (midnight_ns(row.effective) - midnight_ns(row.announced)) / day_ns if is_string(row.announced)

midnight_ns(date) := time.parse_rfc3339_ns(sprintf("%sT00:00:00Z", [date]))

day_ns := 86400000000000

working_days := input.terms.subprocessors.notice_working_days

# The fewest calendar days that so many working days can take: two days of a weekend come after each five. This is a sound
# lower bound that knows no holidays: a shorter notice is surely too short, and a longer one may still be. The exact count
# needs the calendar of the workflow for changes of sub-processors.
fewest_days := max([0, working_days + (2 * floor((working_days - 1) / 5))])

row := register.entry(input.terms.register, input.register_id)
