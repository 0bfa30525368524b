# METADATA
# title: SQL databases are encrypted at rest
# description: SQL databases are encrypted at rest.
# custom:
#   id: BENCH-12
#   kinds: [terraform.azurerm_mssql_database]
#   needs: [transparent_data_encryption_enabled]
#   severity: critical
#   title_nl: SQL-databases zijn versleuteld in rust
#   description_nl: SQL-databases zijn versleuteld in rust.
#   remediation: Set transparent_data_encryption_enabled to true.
#   remediation_nl: Zet transparent_data_encryption_enabled op true.
#   messages:
#     default:
#       en: "the database is not encrypted"
#       nl: "de database is niet versleuteld"
package team.bench.tde

# Not set counts as off, as in the rule for conftest.
deny contains {"path": "transparent_data_encryption_enabled", "value": input.transparent_data_encryption_enabled, "limit": true} if {
	input.transparent_data_encryption_enabled != true
}
