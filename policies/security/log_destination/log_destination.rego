# METADATA
# title: Logs are kept outside the datastore
# description: The logs of a datastore with personal data are sent to a place where they are kept.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SEC-029
#   kind: datastore
#   needs: [log_sinks]
#   scope: [personal_data]
#   clauses: [BB-DAT-4]
#   gdpr: ["32(1)(b)", "32(1)(d)", "33(5)"]
#   severity: medium
#   title_nl: Logs worden buiten de gegevensopslag bewaard
#   description_nl: De logs van een gegevensopslag met persoonsgegevens gaan naar een plaats waar ze worden bewaard.
#   remediation: >-
#     Azure: add a diagnostic setting to a Log Analytics workspace or storage account in the EEA. PostgreSQL: send the
#     log to syslog or a collector. Elastic: ship audit logs to a monitoring cluster.
#   remediation_nl: >-
#     Azure: voeg een diagnostic setting toe naar een Log Analytics-werkruimte of opslagaccount in de EER. PostgreSQL:
#     stuur het log naar syslog of een verzamelaar. Elastic: stuur auditlogs naar een monitoringcluster.
#   messages:
#     default:
#       en: "logs are sent nowhere"
#       nl: "logs gaan nergens naartoe"
package waarborg.security.log_destination

applies if input.personal_data == true

deny contains {"path": "log_sinks", "value": 0, "limit": 1} if nowhere

nowhere if is_null(input.log_sinks)

nowhere if input.log_sinks == []
