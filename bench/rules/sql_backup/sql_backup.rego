# METADATA
# title: SQL backups are kept for a week
# description: SQL backups are kept for a week.
# custom:
#   id: BENCH-13
#   kinds: [terraform.azurerm_mssql_database]
#   needs: [short_term_retention_policy]
#   severity: high
#   title_nl: Back-ups van SQL blijven een week
#   description_nl: Back-ups van SQL blijven een week.
#   remediation: Raise retention_days of short_term_retention_policy.
#   remediation_nl: Verhoog retention_days van short_term_retention_policy.
#   messages:
#     default:
#       en: "backups are kept for {value} days; at least {limit}"
#       nl: "back-ups blijven {value} dagen; minstens {limit}"
package team.bench.sql_backup

deny contains {"path": "short_term_retention_policy", "value": days, "limit": 7} if {
	days := input.short_term_retention_policy[0].retention_days
	days < 7
}
