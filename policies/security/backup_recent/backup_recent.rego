# METADATA
# title: The last backup is recent
# description: The last successful backup of a production datastore with personal data is no older than agreed.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SEC-007
#   kind: datastore
#   needs: [backup.last_success]
#   scope: [personal_data, environment, engine]
#   terms: [backup.max_age_hours]
#   clauses: [VWO-2.1.4, BB-BES-1]
#   gdpr: ["32(1)(b)", "32(1)(c)"]
#   severity: high
#   title_nl: De laatste back-up is recent
#   description_nl: >-
#     De laatste geslaagde back-up van een productieopslag met persoonsgegevens is niet ouder dan afgesproken.
#   remediation: >-
#     Look up why the backup job failed and run it again: Azure Backup jobs, pgBackRest info, the Elastic snapshot
#     lifecycle history, or the raft snapshots of Vault. Set an alert on failed jobs.
#   remediation_nl: >-
#     Zoek uit waarom de back-up mislukte en voer hem opnieuw uit: taken van Azure Backup, pgBackRest info, de
#     geschiedenis van Elastic snapshots, of de raft-snapshots van Vault. Stel een melding in voor mislukte taken.
#   messages:
#     default:
#       en: "the last successful backup was at {value}; agreed: at most {limit} hours ago"
#       nl: "de laatste geslaagde back-up was op {value}; afgesproken: hoogstens {limit} uur geleden"
#     never:
#       en: "no backup has ever succeeded"
#       nl: "er is nog nooit een back-up gelukt"
#     future:
#       en: "the last backup has a date in the future: {value}"
#       nl: "de laatste back-up heeft een datum in de toekomst: {value}"
package waarborg.security.backup_recent

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

hour_ns := 3600000000000

age_ns := data.now.ns - time.parse_rfc3339_ns(input.backup.last_success) if is_string(input.backup.last_success)

deny contains {
	"path": "backup.last_success",
	"value": input.backup.last_success,
	"limit": input.terms.backup.max_age_hours,
} if {
	age_ns > input.terms.backup.max_age_hours * hour_ns
}

deny contains {
	"path": "backup.last_success",
	"value": null,
	"limit": input.terms.backup.max_age_hours,
	"code": "never",
} if {
	is_null(input.backup.last_success)
}

# A clock may differ a little; more than an hour is no time that a backup succeeded.
deny contains {
	"path": "backup.last_success",
	"value": input.backup.last_success,
	"limit": input.terms.backup.max_age_hours,
	"code": "future",
} if {
	age_ns < -1 * hour_ns
}
