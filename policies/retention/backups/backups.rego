# METADATA
# title: Backups are not kept longer than agreed
# description: Backups of personal data end within the agreed number of days, so that deleted data are really gone.
# schemas:
#   - input: schema.datastore
# custom:
#   id: RET-003
#   kind: datastore
#   needs: [backup.retention_days]
#   scope: [personal_data, backup.enabled]
#   terms: [backup.max_retention_days]
#   clauses: [BA-3]
#   gdpr: ["5(1)(e)", "28(3)(a)", "28(3)(g)"]
#   severity: high
#   title_nl: Back-ups worden niet langer bewaard dan afgesproken
#   description_nl: Back-ups van persoonsgegevens vervallen binnen het afgesproken aantal dagen, zodat gewiste
#     gegevens echt weg zijn.
#   remediation: "Shorten the retention of the backups and remove older ones. Azure Database: backup_retention_days;
#     Azure SQL: also the long-term retention policy. Azure Backup: the policy's daily, weekly, monthly and yearly
#     points. PostgreSQL on own hardware: the retention of pg_basebackup sets and the WAL archive. Elastic: the
#     snapshot lifecycle's expire_after."
#   remediation_nl: "Verkort de bewaartermijn van de back-ups en verwijder oudere. Azure Database:
#     backup_retention_days; Azure SQL: ook het beleid voor langdurige bewaring. Azure Backup: de dag-, week-,
#     maand- en jaarpunten van het beleid. PostgreSQL op eigen hardware: de termijn van pg_basebackup-sets en het
#     WAL-archief. Elastic: expire_after van de snapshot lifecycle."
#   messages:
#     default:
#       en: "backups are kept for {value} days; agreed: at most {limit}"
#       nl: "back-ups worden {value} dagen bewaard; afgesproken: hoogstens {limit}"
#     no_end:
#       en: "no end is set for backups; agreed: at most {limit} days"
#       nl: "voor back-ups is geen einde ingesteld; afgesproken: hoogstens {limit} dagen"
package waarborg.retention.backups

applies if {
	input.personal_data == true
	input.backup.enabled == true
}

deny contains {
	"path": "backup.retention_days",
	"value": input.backup.retention_days,
	"limit": input.terms.backup.max_retention_days,
} if {
	input.backup.retention_days > input.terms.backup.max_retention_days
}

deny contains {
	"path": "backup.retention_days",
	"value": null,
	"limit": input.terms.backup.max_retention_days,
	"code": "no_end",
} if {
	is_null(input.backup.retention_days)
}
