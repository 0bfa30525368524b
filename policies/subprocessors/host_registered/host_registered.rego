# METADATA
# title: Personal data are hosted by us or by a sub-processor
# description: A datastore with personal data runs on our own hardware or with a host that is on the register.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SUB-002
#   kind: datastore
#   needs: [provider]
#   scope: [personal_data]
#   terms: [register]
#   clauses: [AV-3.5, BC-1, VWO-7.1]
#   gdpr: ["28(2)"]
#   severity: high
#   waivable: false
#   title_nl: Persoonsgegevens staan bij onszelf of bij een subverwerker
#   description_nl: >-
#     Een opslag met persoonsgegevens draait op eigen apparatuur of bij een host die in het register staat.
#   remediation: >-
#     Stop the supplier from reaching personal data, or make it a sub-processor: sign a data processing agreement,
#     announce it to the controllers with the agreed notice, and enter it in the register.
#   remediation_nl: >-
#     Zorg dat de leverancier niet meer bij persoonsgegevens kan, of maak hem subverwerker: teken een
#     verwerkersovereenkomst, meld hem met de afgesproken termijn aan de verwerkingsverantwoordelijken en zet hem in
#     het register.
#   messages:
#     default:
#       en: "the host {value} is not on the register of sub-processors"
#       nl: "de host {value} staat niet in het register van subverwerkers"
#     no_host:
#       en: "nobody hosts this datastore according to the data map"
#       nl: "volgens de gegevenskaart is er voor deze opslag geen host"
package waarborg.subprocessors.host_registered

import data.waarborg.lib.register

applies if input.personal_data == true

deny contains {"path": "provider", "value": input.provider, "limit": "register"} if {
	is_string(input.provider)
	input.provider != "own"
	is_null(register.entry(input.terms.register, input.provider))
}

# An absent host is no host of our own: somebody has the data.
deny contains {"path": "provider", "value": null, "limit": "register", "code": "no_host"} if is_null(input.provider)
