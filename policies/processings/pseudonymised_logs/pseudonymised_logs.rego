# METADATA
# title: Logs hold pseudonyms, not names
# description: Logs with personal data hold ids that only a separate table can turn into people.
# schemas:
#   - input: schema.datastore
# custom:
#   id: PRC-007
#   kind: datastore
#   needs: [pseudonymised]
#   scope: [personal_data, engine]
#   clauses: [BB-PSE-1]
#   gdpr: ["32(1)(a)", "4(5)", "25(1)"]
#   severity: medium
#   title_nl: Logs bevatten pseudoniemen, geen namen
#   description_nl: >-
#     Logs met persoonsgegevens bevatten nummers die alleen met een aparte tabel tot personen te herleiden zijn.
#   remediation: >-
#     Log user ids in place of names, e-mail addresses and numbers, and keep the table that resolves them elsewhere,
#     with other rights (for instance a Key Vault or a separate PostgreSQL schema). In Elastic an ingest pipeline can
#     hash the field.
#   remediation_nl: >-
#     Log gebruikers-ID's in plaats van namen, e-mailadressen en nummers, en bewaar de tabel waarmee ze te herleiden
#     zijn elders, met andere rechten (bijvoorbeeld een Key Vault of een apart PostgreSQL-schema). In Elastic kan een
#     ingest pipeline het veld hashen.
#   messages:
#     default:
#       en: "this log names people; agreed: pseudonyms where possible"
#       nl: "deze log noemt personen; afgesproken: waar mogelijk pseudoniemen"
package waarborg.processings.pseudonymised_logs

applies if {
	input.personal_data == true
	input.engine == "log"
}

deny contains {"path": "pseudonymised", "value": false, "limit": true} if input.pseudonymised in {false, null}
