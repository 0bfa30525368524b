# METADATA
# title: Personal data are hosted by us or by a sub-processor
# description: >-
#   A datastore with personal data runs on our own hardware or with a host that is on the register. What the
#   source reports of its place must not contradict that it is ours.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SUB-002
#   kind: datastore
#   needs: [provider, location]
#   scope: [personal_data]
#   terms: [register]
#   clauses: [AV-3.5, BC-1, VWO-7.1]
#   gdpr: ["28(2)"]
#   severity: high
#   waivable: false
#   title_nl: Persoonsgegevens staan bij onszelf of bij een subverwerker
#   description_nl: >-
#     Een opslag met persoonsgegevens draait op eigen apparatuur of bij een host die in het register staat. Wat de bron
#     over de plaats meldt, mag eigen apparatuur niet tegenspreken.
#   remediation: >-
#     Stop the supplier from reaching personal data, or make it a sub-processor: sign a data processing agreement,
#     announce it to the controllers with the agreed notice, and enter it in the register. If the data map names the
#     wrong host, correct `provider` of this store there.
#   remediation_nl: >-
#     Zorg dat de leverancier niet meer bij persoonsgegevens kan, of maak hem subverwerker: teken een
#     verwerkersovereenkomst, meld hem met de afgesproken termijn aan de verwerkingsverantwoordelijken en zet hem in
#     het register. Noemt de gegevenskaart de verkeerde host, verbeter daar dan `provider` van deze opslag.
#   messages:
#     default:
#       en: "the host {value} is not on the register of sub-processors"
#       nl: "de host {value} staat niet in het register van subverwerkers"
#     not_ours:
#       en: "the data map says that we host this ourselves, but it runs at {value}"
#       nl: "volgens de gegevenskaart hosten we dit zelf, maar het draait bij {value}"
#     no_place:
#       en: "we are said to host this ourselves, and it is not known where it stands, so nobody can check that"
#       nl: "we zouden dit zelf hosten, maar niet bekend is waar het staat, dus niemand kan dat nagaan"
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

# A cloud region is never our own hardware, whatever the data map says.
deny contains {"path": "provider", "value": input.location.provider, "limit": "register", "code": "not_ours"} if {
	input.provider == "own"
	lower(input.location.provider) in {"aws", "azure", "elastic", "gcp"}
}

# A location that names neither provider, region nor country says nothing.
unsure contains {"path": "provider", "value": input.provider, "code": "no_place"} if {
	input.provider == "own"
	input.location in {null, {}}
}
