# METADATA
# title: Nobody is made contributor
# description: Nobody is made contributor.
# custom:
#   id: BENCH-15
#   kinds: [terraform.azurerm_role_assignment]
#   needs: [principal_type, role_definition_name]
#   severity: high
#   title_nl: Niemand wordt inzender
#   description_nl: Niemand wordt inzender.
#   remediation: Give a narrower role, or give it to a group.
#   remediation_nl: Geef een kleinere rol, of geef hem aan een groep.
#   messages:
#     default:
#       en: "a person gets the role {value}"
#       nl: "een persoon krijgt de rol {value}"
package team.bench.contributor

deny contains {"path": "role_definition_name", "value": "Contributor"} if {
	input.role_definition_name == "Contributor"
	input.principal_type == "User"
}
