# METADATA
# title: Data go only to sub-processors on the register
# description: >-
#   A sub-processor that receives personal data is on the register. A recipient of no stated kind counts as one.
# schemas:
#   - input: schema.flow
# custom:
#   id: SUB-008
#   kind: flow
#   needs: [recipient]
#   scope: [personal_data, recipient_type]
#   terms: [register]
#   clauses: [AV-3.5, VWO-7.1]
#   gdpr: ["28(2)"]
#   severity: high
#   waivable: false
#   title_nl: Gegevens gaan alleen naar subverwerkers in het register
#   description_nl: >-
#     Een subverwerker die persoonsgegevens krijgt, staat in het register. Een ontvanger zonder opgegeven soort telt
#     als subverwerker.
#   remediation: >-
#     Stop the supplier from reaching personal data, or make it a sub-processor: sign a data processing agreement,
#     announce it to the controllers with the agreed notice, and enter it in the register.
#   remediation_nl: >-
#     Zorg dat de leverancier niet meer bij persoonsgegevens kan, of maak hem subverwerker: teken een
#     verwerkersovereenkomst, meld hem met de afgesproken termijn aan de verwerkingsverantwoordelijken en zet hem in
#     het register.
#   messages:
#     default:
#       en: "data go to {value}, which is not on the register of sub-processors"
#       nl: "er gaan gegevens naar {value}, die niet in het register van subverwerkers staat"
#     no_recipient:
#       en: "personal data leave, and nobody knows to whom"
#       nl: "er gaan persoonsgegevens weg, en niemand weet naar wie"
package waarborg.subprocessors.recipient_registered

import data.waarborg.lib.register

applies if {
	input.personal_data == true
	type := input.recipient_type
	not type in {"controller", "authority", "third-party", "own"}
}

deny contains {"path": "recipient", "value": input.recipient, "limit": "register"} if {
	is_string(input.recipient)
	is_null(register.entry(input.terms.register, input.recipient))
}

deny contains {"path": "recipient", "value": null, "limit": "register", "code": "no_recipient"} if is_null(input.recipient)
