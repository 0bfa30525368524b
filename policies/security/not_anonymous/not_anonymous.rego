# METADATA
# title: Nobody reads personal data without signing in
# description: A datastore with personal data gives no anonymous access.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SEC-004
#   kind: datastore
#   needs: [network.anonymous]
#   scope: [personal_data]
#   clauses: [VWO-2.1.1, VWO-2.1.2, VWO-1.8]
#   gdpr: ["32(1)(b)", "32(4)"]
#   severity: critical
#   title_nl: Niemand leest persoonsgegevens zonder in te loggen
#   description_nl: Een gegevensopslag met persoonsgegevens geeft geen anonieme toegang.
#   remediation: >-
#     Azure: set allow_nested_items_to_be_public (blob anonymous access) to false. Elastic: remove
#     xpack.security.authc.anonymous. PostgreSQL: replace trust in pg_hba.conf by scram-sha-256.
#   remediation_nl: >-
#     Azure: zet allow_nested_items_to_be_public (anonieme toegang tot blobs) op false. Elastic: verwijder
#     xpack.security.authc.anonymous. PostgreSQL: vervang trust in pg_hba.conf door scram-sha-256.
#   messages:
#     default:
#       en: "anyone can read the data without signing in"
#       nl: "iedereen kan de gegevens lezen zonder in te loggen"
package waarborg.security.not_anonymous

applies if input.personal_data == true

deny contains {
	"path": "network.anonymous",
	"value": input.network.anonymous,
	"limit": false,
} if input.network.anonymous == true
