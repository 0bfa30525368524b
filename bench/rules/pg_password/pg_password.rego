# METADATA
# title: PostgreSQL servers take no passwords
# description: PostgreSQL servers take no passwords.
# custom:
#   id: BENCH-10
#   kinds: [terraform.azurerm_postgresql_flexible_server]
#   needs: [authentication]
#   severity: medium
#   title_nl: PostgreSQL-servers nemen geen wachtwoorden
#   description_nl: PostgreSQL-servers nemen geen wachtwoorden.
#   remediation: Set password_auth_enabled to false.
#   remediation_nl: Zet password_auth_enabled op false.
#   messages:
#     default:
#       en: "the server takes passwords"
#       nl: "de server neemt wachtwoorden aan"
package team.bench.pg_password

deny contains {"path": "authentication", "value": true, "limit": false} if {
	input.authentication[0].password_auth_enabled == true
}
