# METADATA
# title: Resources say who owns them
# description: Resources say who owns them.
# custom:
#   id: BENCH-18
#   kinds:
#     - terraform.azurerm_storage_account
#     - terraform.azurerm_postgresql_flexible_server
#     - terraform.azurerm_mssql_database
#     - terraform.azurerm_role_assignment
#     - terraform.azurerm_log_analytics_workspace
#     - terraform.azurerm_elastic_cloud_elasticsearch
#   needs: [tags.owner]
#   severity: low
#   title_nl: Resources zeggen van wie ze zijn
#   description_nl: Resources zeggen van wie ze zijn.
#   remediation: Set the tag owner.
#   remediation_nl: Zet de tag owner.
#   messages:
#     default:
#       en: "there is no tag owner"
#       nl: "er is geen tag owner"
package team.bench.owner_tag

deny contains {"path": "tags.owner", "value": null} if is_null(input.tags.owner)
