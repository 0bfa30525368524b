# METADATA
# title: Personal data are encrypted at rest
# description: A datastore with personal data encrypts what it writes to disk, unless the agreement says it need not.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SEC-001
#   kind: datastore
#   needs: [encryption.at_rest]
#   scope: [personal_data]
#   terms: ["encryption.at_rest?"]
#   clauses: [VWO-2.1.2]
#   gdpr: ["32(1)(a)"]
#   severity: critical
#   title_nl: Opgeslagen persoonsgegevens zijn versleuteld
#   description_nl: >-
#     Een gegevensopslag met persoonsgegevens versleutelt wat op schijf staat, tenzij is afgesproken dat dit niet
#     hoeft.
#   remediation: >-
#     Azure: turn on transparent data encryption (SQL) or use a managed service, where encryption at rest is on.
#     PostgreSQL of one's own: put the data folder on an encrypted volume. Elastic of one's own: encrypt the disks of
#     every data node; Elastic Cloud does so itself.
#   remediation_nl: >-
#     Azure: zet transparent data encryption aan (SQL) of gebruik een beheerde dienst, waar dit standaard aan staat.
#     Eigen PostgreSQL: zet de datamap op een versleutelde schijf. Eigen Elastic: versleutel de schijven van elke
#     datanode; Elastic Cloud doet dit zelf.
#   messages:
#     default:
#       en: "the data are stored without encryption"
#       nl: "de gegevens zijn onversleuteld opgeslagen"
package waarborg.security.encryption_at_rest

applies if {
	input.personal_data == true
	not input.terms.encryption.at_rest == false
}

deny contains {
	"path": "encryption.at_rest",
	"value": input.encryption.at_rest,
	"limit": true,
} if input.encryption.at_rest != true
