# METADATA
# title: Resources stand in the EEA
# description: Resources stand in the EEA.
# custom:
#   id: BENCH-01
#   kinds:
#     - terraform.azurerm_storage_account
#     - terraform.azurerm_postgresql_flexible_server
#     - terraform.azurerm_mssql_database
#     - terraform.azurerm_role_assignment
#     - terraform.azurerm_log_analytics_workspace
#     - terraform.azurerm_elastic_cloud_elasticsearch
#     - terraform.azurerm_monitor_diagnostic_setting
#     - terraform.azurerm_storage_management_policy
#   needs: [location]
#   severity: critical
#   title_nl: Resources staan in de EER
#   description_nl: Resources staan in de EER.
#   remediation: Choose a region inside the EEA.
#   remediation_nl: Kies een regio binnen de EER.
#   messages:
#     default:
#       en: "{value} is outside the EEA"
#       nl: "{value} ligt buiten de EER"
package team.bench.outside_eea

eea := {
	"westeurope", "northeurope", "germanywestcentral", "germanynorth", "francecentral", "francesouth",
	"swedencentral", "norwayeast", "polandcentral", "italynorth", "spaincentral",
}

deny contains {"path": "location", "value": input.location} if {
	is_string(input.location)
	not input.location in eea
}
