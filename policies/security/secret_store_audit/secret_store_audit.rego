# METADATA
# title: The secret store is audited
# description: A secret store writes every access to at least one audit log.
# schemas:
#   - input: schema.secret_store
# custom:
#   id: SEC-032
#   kind: secret_store
#   needs: [audit_devices]
#   clauses: [BB-DAT-4]
#   gdpr: ["32(1)(b)", "32(1)(d)", "33(5)"]
#   severity: high
#   title_nl: De kluis voor geheimen houdt een log bij
#   description_nl: Een kluis voor geheimen schrijft elke toegang naar minstens één auditlog.
#   remediation: >-
#     Vault: vault audit enable file or syslog, better two, and ship the log. Azure Key Vault: a diagnostic setting
#     with the category AuditEvent.
#   remediation_nl: >-
#     Vault: vault audit enable file of syslog, liefst twee, en stuur het log door. Azure Key Vault: een diagnostic
#     setting met de categorie AuditEvent.
#   messages:
#     default:
#       en: "there is no audit log"
#       nl: "er is geen auditlog"
package waarborg.security.secret_store_audit

deny contains {"path": "audit_devices", "value": 0, "limit": 1} if none

none if is_null(input.audit_devices)

none if input.audit_devices == 0
