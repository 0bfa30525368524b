# METADATA
# title: No store stands with a host before its notice has ended
# description: >-
#   The host of a datastore with personal data was announced with the agreed notice, is used from the day on which the
#   change takes effect, and no customer whose data are there has an open objection to it.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SUB-009
#   kind: datastore
#   needs: [provider]
#   scope: [personal_data, provider]
#   terms: [register, contract, subprocessors.notice_working_days]
#   clauses: [VWO-7.1]
#   gdpr: ["28(2)"]
#   severity: high
#   title_nl: Geen opslag staat bij een host voordat de meldtermijn voorbij is
#   description_nl: >-
#     De host van een opslag met persoonsgegevens is met de afgesproken termijn gemeld, wordt gebruikt vanaf de dag waarop
#     de wijziging ingaat, en geen klant met gegevens in die opslag heeft een bezwaar openstaan.
#   remediation: >-
#     Keep the store with a host that is in use already until the notice period is over and each objection is settled with
#     the controller; record the settlement in the register. If the register is behind, export it anew.
#   remediation_nl: >-
#     Houd de opslag bij een host die al in gebruik is tot de meldtermijn voorbij is en elk bezwaar met de
#     verwerkingsverantwoordelijke is opgelost; leg de oplossing vast in het register. Loopt het register achter,
#     exporteer het dan opnieuw.
#   messages:
#     default:
#       en: "the host may be used from {value}; today is {limit}"
#       nl: "de host mag worden gebruikt vanaf {value}; vandaag is {limit}"
#     not_effective:
#       en: "the host was announced on {value}, and no day is set on which the change takes effect"
#       nl: "de host is gemeld op {value}, maar er is geen dag waarop de wijziging ingaat"
#     not_announced:
#       en: "the change of host takes effect on {value}, after the start of the contract on {limit}, and no announcement is on the register"
#       nl: "de wijziging van host gaat in op {value}, na de start van het contract op {limit}, en in het register staat geen melding"
#     notice_too_short:
#       en: "the host was announced {value} days before the change takes effect; the agreed {limit} working days do not fit in that"
#       nl: "de host is {value} dagen voor de ingangsdatum gemeld; de afgesproken {limit} werkdagen passen daar niet in"
#     objection:
#       en: "an objection against this host is still open"
#       nl: "er staat nog een bezwaar tegen deze host open"
#     not_registered:
#       en: "the host {value} is not on the register, so no announcement can be found"
#       nl: "de host {value} staat niet in het register, dus er is geen melding te vinden"
#     no_host:
#       en: "nobody hosts this datastore according to the data map, so no announcement can be found"
#       nl: "volgens de gegevenskaart is er voor deze opslag geen host, dus er is geen melding te vinden"
package waarborg.subprocessors.host_notice

import data.waarborg.lib.notice
import data.waarborg.lib.register

applies if {
	input.personal_data == true
	input.provider != "own"
}

deny contains notice.early("provider", row)

deny contains notice.without_day("provider", row)

deny contains notice.unannounced("provider", row, input.terms.contract.start)

deny contains notice.short("provider", row, input.terms.contract.start, input.terms.subprocessors.notice_working_days)

deny contains notice.objection("provider", row)

# That a host is not on the register is said by the rule about registered hosts.
unsure contains {"path": "provider", "value": input.provider, "code": "not_registered"} if {
	is_string(input.provider)
	is_null(row)
}

unsure contains {"path": "provider", "value": null, "code": "no_host"} if is_null(input.provider)

row := register.entry(input.terms.register, input.provider)
