# METADATA
# title: PostgreSQL backups stay in their region
# description: PostgreSQL backups stay in their region.
# custom:
#   id: BENCH-11
#   kinds: [terraform.azurerm_postgresql_flexible_server]
#   needs: [geo_redundant_backup_enabled]
#   severity: medium
#   title_nl: Back-ups van PostgreSQL blijven in hun regio
#   description_nl: Back-ups van PostgreSQL blijven in hun regio.
#   remediation: Set geo_redundant_backup_enabled to false.
#   remediation_nl: Zet geo_redundant_backup_enabled op false.
#   messages:
#     default:
#       en: "backups go to a second region"
#       nl: "back-ups gaan naar een tweede regio"
package team.bench.pg_geo

deny contains {"path": "geo_redundant_backup_enabled", "value": true, "limit": false} if {
	input.geo_redundant_backup_enabled == true
}
