# METADATA
# title: Every sub-processor has signed a processing agreement
# description: >-
#   The register has the date on which the supplier signed a data processing agreement with the same duties as ours.
# schemas:
#   - input: schema.supplier
# custom:
#   id: SUB-003
#   kind: supplier
#   needs: [register_id]
#   scope: [personal_data]
#   terms: [register]
#   clauses: [VWO-7.2, AV-3.5]
#   gdpr: ["28(4)"]
#   severity: high
#   title_nl: Elke subverwerker heeft een verwerkersovereenkomst
#   description_nl: >-
#     In het register staat de datum waarop de leverancier een verwerkersovereenkomst met dezelfde plichten als de
#     onze heeft getekend.
#   remediation: >-
#     Sign a data processing agreement with the same data protection duties (for Microsoft the Products and Services
#     DPA, for Elastic its DPA), file it, and enter its date in the register.
#   remediation_nl: >-
#     Teken een verwerkersovereenkomst met dezelfde plichten (bij Microsoft de Products and Services DPA, bij Elastic
#     hun DPA), bewaar die, en zet de datum in het register.
#   messages:
#     default:
#       en: "there is no data processing agreement with this sub-processor on the register"
#       nl: "in het register staat geen verwerkersovereenkomst met deze subverwerker"
#     future:
#       en: "the data processing agreement is dated {value}, after today ({limit})"
#       nl: "de verwerkersovereenkomst is gedateerd op {value}, na vandaag ({limit})"
#     not_registered:
#       en: "this supplier is not on the register, so its agreement cannot be found"
#       nl: "deze leverancier staat niet in het register, dus de overeenkomst is niet te vinden"
package waarborg.subprocessors.agreement_signed

import data.waarborg.lib.register

applies if input.personal_data == true

deny contains {"path": "register_id", "value": input.register_id, "limit": "agreement"} if {
	is_object(row)
	object.get(row, "agreement", null) == null
}

deny contains {"path": "register_id", "value": row.agreement, "limit": data.now.date, "code": "future"} if {
	is_string(row.agreement)
	row.agreement > data.now.date
}

unsure contains {"path": "register_id", "value": input.register_id, "code": "not_registered"} if is_null(row)

row := register.entry(input.terms.register, input.register_id)
