# METADATA
# title: Deleted blobs go within 90 days
# description: Deleted blobs go within 90 days.
# custom:
#   id: BENCH-06
#   kinds: [terraform.azurerm_storage_account]
#   needs: [blob_properties]
#   severity: medium
#   title_nl: Verwijderde blobs zijn binnen 90 dagen weg
#   description_nl: Verwijderde blobs zijn binnen 90 dagen weg.
#   remediation: Lower days of delete_retention_policy.
#   remediation_nl: Verlaag days van delete_retention_policy.
#   messages:
#     default:
#       en: "deleted blobs stay for {value} days; at most {limit}"
#       nl: "verwijderde blobs blijven {value} dagen; hoogstens {limit}"
package team.bench.soft_delete

deny contains {"path": "blob_properties", "value": days, "limit": 90} if {
	some blob in input.blob_properties
	days := blob.delete_retention_policy[0].days
	days > 90
}
