# METADATA
# title: Resources say which application they serve
# description: Resources say which application they serve.
# custom:
#   id: BENCH-20
#   kinds:
#     - terraform.azurerm_storage_account
#     - terraform.azurerm_postgresql_flexible_server
#     - terraform.azurerm_mssql_database
#     - terraform.azurerm_role_assignment
#     - terraform.azurerm_log_analytics_workspace
#     - terraform.azurerm_elastic_cloud_elasticsearch
#   needs: [tags.application]
#   severity: low
#   title_nl: Resources zeggen welke toepassing ze dienen
#   description_nl: Resources zeggen welke toepassing ze dienen.
#   remediation: Set the tag application.
#   remediation_nl: Zet de tag application.
#   messages:
#     default:
#       en: "there is no tag application"
#       nl: "er is geen tag application"
package team.bench.app_tag

deny contains {"path": "tags.application", "value": null} if is_null(input.tags.application)
