# METADATA
# title: Storage accounts have no public endpoint
# description: Storage accounts have no public endpoint.
# custom:
#   id: BENCH-03
#   kinds: [terraform.azurerm_storage_account]
#   needs: [public_network_access_enabled]
#   severity: high
#   title_nl: Opslagaccounts hebben geen openbaar eindpunt
#   description_nl: Opslagaccounts hebben geen openbaar eindpunt.
#   remediation: Set public_network_access_enabled to false.
#   remediation_nl: Zet public_network_access_enabled op false.
#   messages:
#     default:
#       en: "the account has a public endpoint"
#       nl: "het account heeft een openbaar eindpunt"
package team.bench.public

deny contains {"path": "public_network_access_enabled", "value": true, "limit": false} if {
	input.public_network_access_enabled == true
}
