# METADATA
# title: Storage accounts take HTTPS alone
# description: Storage accounts take HTTPS alone.
# custom:
#   id: BENCH-05
#   kinds: [terraform.azurerm_storage_account]
#   needs: [https_traffic_only_enabled]
#   severity: high
#   title_nl: Opslagaccounts nemen alleen HTTPS
#   description_nl: Opslagaccounts nemen alleen HTTPS.
#   remediation: Set https_traffic_only_enabled to true.
#   remediation_nl: Zet https_traffic_only_enabled op true.
#   messages:
#     default:
#       en: "HTTPS is not asked for"
#       nl: "HTTPS wordt niet geëist"
package team.bench.https

# Not set counts as off, as in the rule for conftest.
deny contains {"path": "https_traffic_only_enabled", "value": input.https_traffic_only_enabled, "limit": true} if {
	input.https_traffic_only_enabled != true
}
