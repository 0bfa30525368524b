# METADATA
# title: Secret stores cannot be purged at once
# description: >-
#   A vault with keys and secrets cannot be destroyed before its waiting time ends, for the data it protects would be
#   lost with it.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SEC-041
#   kind: datastore
#   needs: [deletion.purge_protection]
#   scope: [engine]
#   clauses: [VWO-2.1.2]
#   gdpr: ["32(1)(b)", "32(2)"]
#   severity: high
#   title_nl: Kluizen kunnen niet meteen worden gewist
#   description_nl: >-
#     Een kluis met sleutels en geheimen kan niet worden vernietigd voordat de wachttijd om is, want de gegevens die
#     de kluis beschermt, gaan dan mee verloren.
#   remediation: >-
#     Azure Key Vault: enable_purge_protection = true, with soft-delete days of 7 to 90. It cannot be turned off
#     again.
#   remediation_nl: >-
#     Azure Key Vault: enable_purge_protection = true, met 7 tot 90 dagen soft delete. Dit is daarna niet meer uit te
#     zetten.
#   messages:
#     default:
#       en: "the vault can be destroyed at once"
#       nl: "de kluis is meteen te vernietigen"
package waarborg.security.purge_protection

applies if input.engine == "secrets"

deny contains {
	"path": "deletion.purge_protection",
	"value": input.deletion.purge_protection,
	"limit": true,
} if input.deletion.purge_protection != true
