# METADATA
# title: Rights to personal data name what they are for
# description: Rights name the actions and the data they cover. A pattern that covers more than was named is only
#   for break-glass accounts.
# schemas:
#   - input: schema.grant
# custom:
#   id: ACC-005
#   kind: grant
#   needs: [wildcard]
#   scope: [personal_data, break_glass]
#   clauses: [BB-DAT-2]
#   gdpr: ["32(1)(b)", "5(1)(f)"]
#   severity: high
#   title_nl: Rechten op persoonsgegevens zeggen precies waarvoor ze gelden
#   description_nl: Rechten noemen de handelingen en de gegevens waarvoor ze gelden. Een patroon dat meer omvat dan
#     bedoeld, is er alleen voor noodaccounts.
#   remediation: "Replace the wildcard by named rights. Azure: assign the role on the one resource, not on the
#     subscription, and use a role without * in its data actions. PostgreSQL: take SUPERUSER, pg_read_all_data and
#     pg_write_all_data away and grant named tables. Vault: name paths instead of a closing * and list the
#     capabilities. Elastic: name indices and privileges instead of * and all."
#   remediation_nl: "Vervang het jokerteken door benoemde rechten. Azure: wijs de rol toe op die ene resource, niet
#     op de subscription, en gebruik een rol zonder * in de data actions. PostgreSQL: haal SUPERUSER,
#     pg_read_all_data en pg_write_all_data weg en geef rechten op benoemde tabellen. Vault: noem paden in plaats
#     van een * aan het eind, en som de capabilities op. Elastic: noem indices en rechten in plaats van * en all."
#   messages:
#     default:
#       en: "a pattern gives more rights to personal data than were named"
#       nl: "een patroon geeft meer rechten op persoonsgegevens dan er benoemd zijn"
package waarborg.access.wildcard_rights

applies if {
	input.personal_data == true
	input.break_glass != true
}

deny contains {"path": "wildcard", "value": true, "limit": false} if input.wildcard == true
