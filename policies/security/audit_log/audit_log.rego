# METADATA
# title: Access to personal data is logged
# description: A datastore with personal data logs who reads, changes and deletes.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SEC-027
#   kind: datastore
#   needs: [audit.enabled, audit.reads, audit.writes]
#   scope: [personal_data]
#   clauses: [BB-DAT-4]
#   gdpr: ["32(1)(b)", "32(1)(d)", "33(5)"]
#   severity: high
#   title_nl: Toegang tot persoonsgegevens wordt gelogd
#   description_nl: Een gegevensopslag met persoonsgegevens logt lezen, wijzigen en verwijderen.
#   remediation: >-
#     Azure: diagnostic settings for StorageRead, StorageWrite and StorageDelete, SQL auditing, or pgaudit on
#     PostgreSQL. PostgreSQL: pgaudit.log = read, write. Elastic: xpack.security.audit.enabled with access events.
#   remediation_nl: >-
#     Azure: diagnostic settings voor StorageRead, StorageWrite en StorageDelete, SQL-auditing, of pgaudit op
#     PostgreSQL. PostgreSQL: pgaudit.log = read, write. Elastic: xpack.security.audit.enabled met
#     toegangsgebeurtenissen.
#   messages:
#     default:
#       en: "nothing is logged"
#       nl: "er wordt niets gelogd"
#     reads:
#       en: "reading is not logged"
#       nl: "lezen wordt niet gelogd"
#     writes:
#       en: "changes and deletions are not logged"
#       nl: "wijzigen en verwijderen worden niet gelogd"
package waarborg.security.audit_log

applies if input.personal_data == true

deny contains {"path": "audit.enabled", "value": input.audit.enabled, "limit": true} if input.audit.enabled != true

deny contains {"path": "audit.reads", "value": input.audit.reads, "limit": true, "code": "reads"} if {
	input.audit.enabled == true
	input.audit.reads != true
}

deny contains {"path": "audit.writes", "value": input.audit.writes, "limit": true, "code": "writes"} if {
	input.audit.enabled == true
	input.audit.writes != true
}
