# METADATA
# title: A datastore holds only data its host may keep
# description: Each category of data in a datastore is named in the sub-processor table for its host.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SUB-005
#   kind: datastore
#   needs: [data_categories]
#   scope: [personal_data, provider]
#   terms: [register]
#   clauses: [BC-1, BC-2]
#   gdpr: ["28(2)", "28(3)(a)"]
#   severity: high
#   title_nl: Een opslag bevat alleen gegevens die de host mag hebben
#   description_nl: Elke categorie gegevens in een opslag staat in de subverwerkerstabel bij de host.
#   remediation: >-
#     Remove these data from this host, or have the sub-processor table name the category: announce the change to the
#     controllers and amend the register. In Azure and PostgreSQL that means moving the column or encrypting it with a
#     key the host does not have; in Elastic, leaving the field out of the mapping and reindexing.
#   remediation_nl: >-
#     Haal deze gegevens weg bij deze host, of laat de subverwerkerstabel de categorie noemen: meld de wijziging aan
#     de verwerkingsverantwoordelijken en pas het register aan. In Azure en PostgreSQL betekent dat: de kolom
#     verplaatsen of versleutelen met een sleutel die de host niet heeft; in Elastic: het veld uit de mapping laten en
#     opnieuw indexeren.
#   messages:
#     default:
#       en: "not admitted for this sub-processor: {value} (its row in the table: {limit})"
#       nl: "niet toegestaan bij deze subverwerker: {value} (zijn regel in de tabel: {limit})"
#     open_wording:
#       en: "ask the controller whether the open wording of the sub-processor table covers: {value}"
#       nl: "vraag de verwerkingsverantwoordelijke of de open omschrijving in de subverwerkerstabel dit dekt: {value}"
#     not_registered:
#       en: "the host {value} is not on the register, so it may have no category of data"
#       nl: "de host {value} staat niet in het register en mag dus geen enkel gegeven hebben"
#     no_categories:
#       en: "it holds personal data, but not a single category is stated"
#       nl: "hier staan persoonsgegevens, maar er is geen enkele categorie genoemd"
package waarborg.subprocessors.datastore_categories

import data.waarborg.lib.register

applies if {
	input.personal_data == true
	input.provider != "own"
}

deny contains register.finding("data_categories", row, category) if some category in input.data_categories

deny contains {"path": "provider", "value": input.provider, "limit": "register", "code": "not_registered"} if {
	is_null(row)
	some _ in input.data_categories
}

unsure contains register.question("data_categories", row, category) if some category in input.data_categories

unsure contains {"path": "data_categories", "value": null, "code": "no_categories"} if input.data_categories in {null, []}

row := register.entry(input.terms.register, input.provider)
