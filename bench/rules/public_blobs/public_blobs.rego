# METADATA
# title: No blob can be made public
# description: No blob can be made public.
# custom:
#   id: BENCH-04
#   kinds: [terraform.azurerm_storage_account]
#   needs: [allow_nested_items_to_be_public]
#   severity: critical
#   title_nl: Geen blob kan openbaar gemaakt worden
#   description_nl: Geen blob kan openbaar gemaakt worden.
#   remediation: Set allow_nested_items_to_be_public to false.
#   remediation_nl: Zet allow_nested_items_to_be_public op false.
#   messages:
#     default:
#       en: "blobs can be made public"
#       nl: "blobs kunnen openbaar gemaakt worden"
package team.bench.public_blobs

deny contains {"path": "allow_nested_items_to_be_public", "value": true, "limit": false} if {
	input.allow_nested_items_to_be_public == true
}
