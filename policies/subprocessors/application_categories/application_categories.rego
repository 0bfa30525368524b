# METADATA
# title: An application's data may be kept by its host
# description: >-
#   Each category of data of an application is named in the sub-processor table for the host that keeps it. What
#   only falls under open wording is for the controller to decide.
# schemas:
#   - input: schema.processing
# custom:
#   id: SUB-004
#   kind: processing
#   needs: [data_categories]
#   scope: [provider]
#   terms: [register]
#   clauses: [BC-1, BC-2, BA-5.2.financial, BA-5.3.financial]
#   gdpr: ["28(2)", "28(3)(a)"]
#   severity: high
#   title_nl: De gegevens van een applicatie mogen bij de host staan
#   description_nl: >-
#     Elke categorie gegevens van een applicatie staat in de subverwerkerstabel bij de host die ze bewaart. Over wat
#     alleen onder een open omschrijving valt, beslist de verwerkingsverantwoordelijke.
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
package waarborg.subprocessors.application_categories

import data.waarborg.lib.register

applies if input.provider != "own"

deny contains register.finding("data_categories", row, category) if some category in input.data_categories

deny contains {"path": "provider", "value": input.provider, "limit": "register", "code": "not_registered"} if {
	is_null(row)
	some _ in input.data_categories
}

unsure contains register.question("data_categories", row, category) if some category in input.data_categories

row := register.entry(input.terms.register, input.provider)
