# METADATA
# title: Storage accounts refuse what no rule allows
# description: Storage accounts refuse what no rule allows.
# custom:
#   id: BENCH-07
#   kinds: [terraform.azurerm_storage_account]
#   needs: [network_rules]
#   severity: high
#   title_nl: Opslagaccounts weigeren wat geen regel toestaat
#   description_nl: Opslagaccounts weigeren wat geen regel toestaat.
#   remediation: Set default_action of network_rules to Deny.
#   remediation_nl: Zet default_action van network_rules op Deny.
#   messages:
#     default:
#       en: "the default action is {value}; asked: {limit}"
#       nl: "de standaardactie is {value}; gevraagd: {limit}"
package team.bench.network

deny contains {"path": "network_rules", "value": rules.default_action, "limit": "Deny"} if {
	some rules in input.network_rules
	rules.default_action != "Deny"
}
