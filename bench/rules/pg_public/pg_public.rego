# METADATA
# title: PostgreSQL servers have no public endpoint
# description: PostgreSQL servers have no public endpoint.
# custom:
#   id: BENCH-09
#   kinds: [terraform.azurerm_postgresql_flexible_server]
#   needs: [public_network_access_enabled]
#   severity: high
#   title_nl: PostgreSQL-servers hebben geen openbaar eindpunt
#   description_nl: PostgreSQL-servers hebben geen openbaar eindpunt.
#   remediation: Set public_network_access_enabled to false.
#   remediation_nl: Zet public_network_access_enabled op false.
#   messages:
#     default:
#       en: "the server has a public endpoint"
#       nl: "de server heeft een openbaar eindpunt"
package team.bench.pg_public

deny contains {"path": "public_network_access_enabled", "value": true, "limit": false} if {
	input.public_network_access_enabled == true
}
