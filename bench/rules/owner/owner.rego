# METADATA
# title: Nobody is made owner
# description: Nobody is made owner.
# custom:
#   id: BENCH-14
#   kinds: [terraform.azurerm_role_assignment]
#   needs: [principal_type, role_definition_name]
#   severity: high
#   title_nl: Niemand wordt eigenaar
#   description_nl: Niemand wordt eigenaar.
#   remediation: Give a narrower role, or give it to a group.
#   remediation_nl: Geef een kleinere rol, of geef hem aan een groep.
#   messages:
#     default:
#       en: "a person gets the role {value}"
#       nl: "een persoon krijgt de rol {value}"
package team.bench.owner

deny contains {"path": "role_definition_name", "value": "Owner"} if {
	input.role_definition_name == "Owner"
	input.principal_type == "User"
}
