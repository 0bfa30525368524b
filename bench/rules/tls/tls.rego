# METADATA
# title: Storage accounts take TLS 1.2
# description: Storage accounts take TLS 1.2.
# custom:
#   id: BENCH-02
#   kinds: [terraform.azurerm_storage_account]
#   needs: [min_tls_version]
#   severity: high
#   title_nl: Opslagaccounts nemen TLS 1.2
#   description_nl: Opslagaccounts nemen TLS 1.2.
#   remediation: Set min_tls_version to TLS1_2.
#   remediation_nl: Zet min_tls_version op TLS1_2.
#   messages:
#     default:
#       en: "{value} is accepted; asked: {limit}"
#       nl: "{value} wordt aangenomen; gevraagd: {limit}"
package team.bench.tls

deny contains {"path": "min_tls_version", "value": input.min_tls_version, "limit": "TLS1_2"} if {
	is_string(input.min_tls_version)
	input.min_tls_version != "TLS1_2"
}
