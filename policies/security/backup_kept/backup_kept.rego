# METADATA
# title: Personal data are backed up and backups kept long enough
# description: A production datastore with personal data has backups, kept for at least the agreed number of days.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SEC-006
#   kind: datastore
#   needs: [backup.enabled, backup.retention_days]
#   scope: [personal_data, environment, engine]
#   terms: [backup.min_retention_days]
#   clauses: [VWO-2.1.4, BB-BES-1]
#   gdpr: ["32(1)(b)", "32(1)(c)"]
#   severity: high
#   title_nl: Er zijn back-ups en ze blijven lang genoeg bewaard
#   description_nl: >-
#     Een productieopslag met persoonsgegevens heeft back-ups, die minstens het afgesproken aantal dagen worden
#     bewaard.
#   remediation: >-
#     Azure: set the backup retention of the server or the backup policy of the vault. PostgreSQL: schedule base
#     backups with WAL archiving (pgBackRest) and set their retention. Vault: schedule raft snapshots. Elastic: set a
#     snapshot lifecycle policy.
#   remediation_nl: >-
#     Azure: stel de bewaartermijn van de back-ups van de server in, of het back-upbeleid van de kluis. PostgreSQL:
#     plan back-ups met WAL-archivering (pgBackRest) en stel de bewaartermijn in. Vault: plan raft-snapshots. Elastic:
#     stel een snapshot lifecycle policy in.
#   messages:
#     default:
#       en: "backups are kept for {value} days; agreed: at least {limit}"
#       nl: "back-ups blijven {value} dagen bewaard; afgesproken: minstens {limit}"
#     no_backup:
#       en: "there are no backups"
#       nl: "er zijn geen back-ups"
package waarborg.security.backup_kept

# A backup needs none of its own; a queue and a log hold what passes, not the records of the controller.
exempt := {"backup", "log", "queue"}

applies if {
	input.personal_data == true
	environment := input.environment
	not environment in trial
	engine := input.engine
	not engine in exempt
}

# An environment by any other name counts as production.
trial := {"acceptance", "development", "test"}

deny contains {
	"path": "backup.enabled",
	"value": input.backup.enabled,
	"limit": true,
	"code": "no_backup",
} if input.backup.enabled != true

# No retention at all means that backups are never deleted: long enough here, too long for another rule.
deny contains {"path": "backup.retention_days", "value": days, "limit": input.terms.backup.min_retention_days} if {
	input.backup.enabled == true
	days := input.backup.retention_days
	is_number(days)
	days < input.terms.backup.min_retention_days
}
