# METADATA
# title: The secret store uses TLS and lasting storage
# description: A secret store is reached over TLS only and does not keep its secrets in memory alone.
# schemas:
#   - input: schema.secret_store
# custom:
#   id: SEC-042
#   kind: secret_store
#   needs: [tls, storage]
#   clauses: [VWO-2.1.2]
#   gdpr: ["32(1)(a)", "32(1)(b)"]
#   severity: critical
#   title_nl: De kluis gebruikt TLS en blijvende opslag
#   description_nl: >-
#     Een kluis voor geheimen is alleen via TLS bereikbaar en bewaart geheimen niet alleen in het geheugen.
#   remediation: >-
#     Vault: set tls_cert_file and tls_key_file on every listener, take out tls_disable, and use integrated storage
#     (raft). Never run a server in dev mode outside tests.
#   remediation_nl: >-
#     Vault: stel tls_cert_file en tls_key_file in op elke listener, haal tls_disable weg, en gebruik integrated
#     storage (raft). Draai een server nooit in dev-modus buiten tests.
#   messages:
#     default:
#       en: "the secret store is reached without TLS"
#       nl: "de kluis is zonder TLS bereikbaar"
#     storage:
#       en: "secrets are kept in memory and are lost at a restart ({value})"
#       nl: "geheimen staan alleen in het geheugen en zijn weg bij een herstart ({value})"
package waarborg.security.secret_store_safe

deny contains {"path": "tls", "value": input.tls, "limit": true} if input.tls != true

# Absent: the platform keeps the store. Vault has inmem, inmem_ha and inmem_transactional.
deny contains {"path": "storage", "value": storage, "limit": "raft", "code": "storage"} if {
	storage := input.storage
	is_string(storage)
	startswith(storage, "inmem")
}
