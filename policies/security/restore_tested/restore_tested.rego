# METADATA
# title: Restoring a backup has been tested
# description: >-
#   Restoring the backups of a production datastore with personal data was tested no longer ago than agreed.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SEC-008
#   kind: datastore
#   needs: [backup.last_restore_test]
#   scope: [personal_data, environment, engine]
#   terms: [backup.restore_test_days]
#   clauses: [VWO-2.1.4]
#   gdpr: ["32(1)(c)", "32(1)(d)"]
#   severity: medium
#   title_nl: Het terugzetten van een back-up is getest
#   description_nl: >-
#     Het terugzetten van back-ups van een productieopslag met persoonsgegevens is niet langer geleden getest dan
#     afgesproken.
#   remediation: >-
#     Restore the last backup into a separate environment that personal data may enter, check the data, remove them,
#     and record the date of the test in the data map.
#   remediation_nl: >-
#     Zet de laatste back-up terug in een aparte omgeving waar persoonsgegevens mogen staan, controleer de gegevens,
#     verwijder ze, en leg de testdatum vast in de gegevenskaart.
#   messages:
#     default:
#       en: "restoring was last tested on {value}; agreed: every {limit} days"
#       nl: "terugzetten is voor het laatst getest op {value}; afgesproken: elke {limit} dagen"
#     never:
#       en: "restoring was never tested; agreed: every {limit} days"
#       nl: "terugzetten is nooit getest; afgesproken: elke {limit} dagen"
#     future:
#       en: "the date of the restore test is still to come: {value}"
#       nl: "de datum van de hersteltest moet nog komen: {value}"
package waarborg.security.restore_tested

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

# days is the number of whole days from a date, of which only the day counts, to the day of assessment.
days(date) := (time.parse_ns("2006-01-02", data.now.date) - time.parse_ns("2006-01-02", substring(date, 0, 10))) / 86400000000000

deny contains {
	"path": "backup.last_restore_test",
	"value": date,
	"limit": input.terms.backup.restore_test_days,
} if {
	date := input.backup.last_restore_test
	is_string(date)
	days(date) > input.terms.backup.restore_test_days
}

deny contains {
	"path": "backup.last_restore_test",
	"value": null,
	"limit": input.terms.backup.restore_test_days,
	"code": "never",
} if {
	is_null(input.backup.last_restore_test)
}

# A planned test proves nothing.
deny contains {
	"path": "backup.last_restore_test",
	"value": date,
	"limit": input.terms.backup.restore_test_days,
	"code": "future",
} if {
	date := input.backup.last_restore_test
	is_string(date)
	days(date) < 0
}
