# METADATA
# title: Log entries say who and when
# description: Log entries of a datastore with personal data carry the user and the time.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SEC-028
#   kind: datastore
#   needs: [audit.user_and_time]
#   scope: [personal_data]
#   clauses: [BB-INV-1]
#   gdpr: ["32(1)(b)", "5(1)(f)", "5(2)"]
#   severity: medium
#   title_nl: Het log vermeldt wie en wanneer
#   description_nl: Logregels van een gegevensopslag met persoonsgegevens bevatten de gebruiker en het tijdstip.
#   remediation: >-
#     PostgreSQL: put %m and %u in log_line_prefix. Azure Storage: authenticate with Entra ID rather than the account
#     key, so that the log holds a user. Elastic: keep user.name and @timestamp in the audit events. Let applications
#     pass on their own user.
#   remediation_nl: >-
#     PostgreSQL: zet %m en %u in log_line_prefix. Azure Storage: log in met Entra ID in plaats van de accountsleutel,
#     zodat het log een gebruiker bevat. Elastic: houd user.name en @timestamp in de gebeurtenissen. Laat applicaties
#     hun eigen gebruiker doorgeven.
#   messages:
#     default:
#       en: "log entries do not carry user and time"
#       nl: "logregels bevatten geen gebruiker en tijdstip"
package waarborg.security.audit_user_time

applies if input.personal_data == true

deny contains {
	"path": "audit.user_and_time",
	"value": input.audit.user_and_time,
	"limit": true,
} if input.audit.user_and_time != true
