# METADATA
# title: Suppliers get only the data of their row
# description: Each category of data that a supplier can reach is named in its row of the sub-processor table.
# schemas:
#   - input: schema.supplier
# custom:
#   id: SUB-007
#   kind: supplier
#   needs: [register_id, data_categories]
#   scope: [personal_data]
#   terms: [register]
#   clauses: [BC-1, BC-2, BC-3]
#   gdpr: ["28(2)", "28(3)(a)"]
#   severity: high
#   title_nl: Leveranciers krijgen alleen de gegevens van hun regel
#   description_nl: Elke categorie gegevens waar een leverancier bij kan, staat in zijn regel van de subverwerkerstabel.
#   remediation: >-
#     Take the category away from the supplier: withdraw the role, mask the field, or encrypt the disk so that
#     physical access shows nothing. Or have the table name it: announce the change and amend the register.
#   remediation_nl: >-
#     Neem de leverancier de categorie af: trek de rol in, maskeer het veld, of versleutel de schijf zodat fysieke
#     toegang niets toont. Of laat de tabel de categorie noemen: meld de wijziging en pas het register aan.
#   messages:
#     default:
#       en: "a supplier can reach {value}; its row allows only: {limit}"
#       nl: "een leverancier kan bij {value}; zijn regel staat alleen toe: {limit}"
#     open_wording:
#       en: "ask the controller whether the open wording of the sub-processor table covers: {value}"
#       nl: "vraag de verwerkingsverantwoordelijke of de open omschrijving in de subverwerkerstabel dit dekt: {value}"
#     not_registered:
#       en: "the supplier {value} is not on the register, so it may have no category of data"
#       nl: "de leverancier {value} staat niet in het register en mag dus geen enkel gegeven hebben"
#     no_categories:
#       en: "the supplier can reach personal data, but not a single category is stated"
#       nl: "de leverancier kan bij persoonsgegevens, maar er is geen enkele categorie genoemd"
package waarborg.subprocessors.supplier_categories

import data.waarborg.lib.register

applies if input.personal_data == true

deny contains register.finding("data_categories", row, category) if some category in input.data_categories

deny contains {"path": "register_id", "value": input.register_id, "limit": "register", "code": "not_registered"} if {
	is_null(row)
	some _ in input.data_categories
}

unsure contains register.question("data_categories", row, category) if some category in input.data_categories

unsure contains {"path": "data_categories", "value": null, "code": "no_categories"} if input.data_categories in {null, []}

row := register.entry(input.terms.register, input.register_id)
