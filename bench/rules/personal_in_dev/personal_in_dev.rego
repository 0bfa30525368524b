# METADATA
# title: No personal data in development
# description: No personal data in development.
# custom:
#   id: BENCH-19
#   kinds: [terraform.azurerm_mssql_database]
#   needs: [tags.data, tags.env]
#   severity: high
#   title_nl: Geen persoonsgegevens in ontwikkeling
#   description_nl: Geen persoonsgegevens in ontwikkeling.
#   remediation: Use made-up data in development.
#   remediation_nl: Gebruik verzonnen gegevens in ontwikkeling.
#   messages:
#     default:
#       en: "personal data stand in development"
#       nl: "er staan persoonsgegevens in ontwikkeling"
package team.bench.personal_in_dev

deny contains {"path": "tags.data", "value": "personal"} if {
	input.tags.data == "personal"
	input.tags.env == "dev"
}
