# METADATA
# title: Files, objects and indices are deleted automatically
# description: Stores of files, objects, logs and search documents with personal data delete by themselves after a
#   number of days, for there nobody looks at each record.
# schemas:
#   - input: schema.datastore
# custom:
#   id: RET-006
#   kind: datastore
#   needs: [retention.automatic_days]
#   scope: [personal_data, engine]
#   clauses: [BA-3, BB-INV-2]
#   gdpr: ["5(1)(e)", "28(3)(a)"]
#   severity: high
#   title_nl: Bestanden, objecten en indexen worden automatisch gewist
#   description_nl: Opslag van bestanden, objecten, logs en zoekdocumenten met persoonsgegevens wist vanzelf na een
#     aantal dagen, want daar kijkt niemand naar elk gegeven.
#   remediation: "Set a rule that deletes, with the period that the controller gave. Azure Blob Storage: a
#     management policy with a delete action. Azure Files: a scheduled job that deletes, as there is no lifecycle
#     rule. Log Analytics: a retention period. Elastic: a lifecycle policy with a delete phase on each index."
#   remediation_nl: "Stel een regel in die wist, met de termijn die de verwerkingsverantwoordelijke gaf. Azure Blob
#     Storage: een management policy met een delete-actie. Azure Files: een geplande taak die wist, want er is geen
#     lifecycle-regel. Log Analytics: een bewaartermijn. Elastic: een lifecycle-beleid met een delete-fase op elke
#     index."
#   messages:
#     default:
#       en: "nothing in this store is ever deleted by itself"
#       nl: "niets in deze opslag wordt vanzelf gewist"
package waarborg.retention.automatic_deletion

applies if {
	input.personal_data == true
	input.engine in {"blob", "file_share", "log", "elasticsearch"}
}

deny contains {"path": "retention.automatic_days", "value": null, "limit": "a number of days"} if {
	is_null(input.retention.automatic_days)
}
