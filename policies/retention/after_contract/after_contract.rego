# METADATA
# title: Nothing is left after the contract has ended
# description: Once the contract has ended and the agreed number of days has passed, no record of the customer is
#   left.
# schemas:
#   - input: schema.dataset
# custom:
#   id: RET-008
#   kind: dataset
#   needs: [records]
#   terms: [contract, exit.deletion_days]
#   clauses: [BA-3, VWO-6.4]
#   gdpr: ["28(3)(g)", "17", "5(1)(e)"]
#   severity: critical
#   title_nl: Na het einde van het contract is er niets meer over
#   description_nl: Als het contract is geëindigd en het afgesproken aantal dagen voorbij is, zijn er geen gegevens
#     van de klant meer over.
#   remediation: Check that the customer chose between return and deletion and received what it asked for, then
#     delete the records in this store and in search indices, files, exports and at sub-processors, and record the
#     deletion. Where a law asks for longer storage, record that ground as a waiver with an end date.
#   remediation_nl: Ga na dat de klant heeft gekozen tussen teruggeven en wissen en heeft gekregen waar hij om
#     vroeg; wis dan de gegevens in deze opslag en in zoekindexen, bestanden, exports en bij subverwerkers, en leg
#     het wissen vast. Eist een wet langer bewaren, leg die grond dan vast als uitzondering met einddatum.
#   messages:
#     default:
#       en: "there are still records more than {limit} days after the end of the contract"
#       nl: "er zijn nog gegevens, meer dan {limit} dagen na het einde van het contract"
package waarborg.retention.after_contract

# An agreement that does not say how long its contract runs does not switch the rule off.
applies if not running

running if {
	input.terms.contract
	not ended
}

ended if is_string(input.terms.contract.ended)

last_end := sprintf("%04d-%02d-%02d", time.date(time.add_date(data.now.ns, 0, 0, 0 - input.terms.exit.deletion_days)))

deny contains {"path": "records", "value": true, "limit": input.terms.exit.deletion_days} if {
	input.records == true
	ended
	input.terms.contract.ended < last_end
}
