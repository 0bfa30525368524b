# METADATA
# title: PostgreSQL backups are kept for a week
# description: PostgreSQL backups are kept for a week.
# custom:
#   id: BENCH-08
#   kinds: [terraform.azurerm_postgresql_flexible_server]
#   needs: [backup_retention_days]
#   severity: high
#   title_nl: Back-ups van PostgreSQL blijven een week
#   description_nl: Back-ups van PostgreSQL blijven een week.
#   remediation: Raise backup_retention_days.
#   remediation_nl: Verhoog backup_retention_days.
#   messages:
#     default:
#       en: "backups are kept for {value} days; at least {limit}"
#       nl: "back-ups blijven {value} dagen; minstens {limit}"
package team.bench.backup

deny contains {"path": "backup_retention_days", "value": input.backup_retention_days, "limit": 7} if {
	is_number(input.backup_retention_days)
	input.backup_retention_days < 7
}
