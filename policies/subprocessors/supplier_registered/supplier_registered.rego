# METADATA
# title: Every supplier with personal data is on the register
# description: >-
#   A supplier whose people or systems can reach personal data is an authorised sub-processor: it is on the
#   register.
# schemas:
#   - input: schema.supplier
# custom:
#   id: SUB-001
#   kind: supplier
#   needs: [register_id]
#   scope: [personal_data]
#   terms: [register]
#   clauses: [AV-3.5, VWO-7.1]
#   gdpr: ["28(2)"]
#   severity: high
#   waivable: false
#   title_nl: Elke leverancier met persoonsgegevens staat in het register
#   description_nl: >-
#     Een leverancier die met mensen of systemen bij persoonsgegevens kan, is een toegestane subverwerker: hij staat
#     in het register.
#   remediation: >-
#     Stop the supplier from reaching personal data, or make it a sub-processor: sign a data processing agreement,
#     announce it to the controllers with the agreed notice, and enter it in the register.
#   remediation_nl: >-
#     Zorg dat de leverancier niet meer bij persoonsgegevens kan, of maak hem subverwerker: teken een
#     verwerkersovereenkomst, meld hem met de afgesproken termijn aan de verwerkingsverantwoordelijken en zet hem in
#     het register.
#   messages:
#     default:
#       en: "a supplier that can reach personal data is not on the register of sub-processors (looked for: {value})"
#       nl: "een leverancier die bij persoonsgegevens kan, staat niet in het register van subverwerkers (gezocht: {value})"
package waarborg.subprocessors.supplier_registered

import data.waarborg.lib.register

applies if input.personal_data == true

deny contains {"path": "register_id", "value": input.register_id, "limit": "register"} if {
	is_null(register.entry(input.terms.register, input.register_id))
}
