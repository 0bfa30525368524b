# METADATA
# title: People get their rights through roles or groups
# description: Rights to personal data come from a role or group that fits somebody's work, not from a grant to the
#   person.
# schemas:
#   - input: schema.grant
# custom:
#   id: ACC-011
#   kind: grant
#   needs: [direct]
#   scope: [personal_data, principal_type]
#   clauses: [BB-LOG-1, BB-DAT-3]
#   gdpr: ["28(3)(b)", "32(1)(b)", "32(4)"]
#   severity: medium
#   title_nl: Mensen krijgen rechten via rollen of groepen
#   description_nl: Rechten op persoonsgegevens komen van een rol of groep die bij het werk past, niet van een
#     toekenning aan de persoon zelf.
#   remediation: "Give the right to a role or group and make the person a member. Azure: assign the role to an Entra
#     group. PostgreSQL: GRANT to a role without login and grant that role to the person. Vault: put the policy on
#     an identity group. Elastic: use a role mapping on a group."
#   remediation_nl: "Geef het recht aan een rol of groep en maak de persoon lid. Azure: wijs de rol toe aan een
#     Entra-groep. PostgreSQL: GRANT aan een rol zonder login en geef die rol aan de persoon. Vault: zet de policy
#     op een identity group. Elastic: gebruik een role mapping op een groep."
#   messages:
#     default:
#       en: "this right to personal data was given to a person directly, not through a role or group"
#       nl: "dit recht op persoonsgegevens is rechtstreeks aan een persoon gegeven, niet via een rol of groep"
package waarborg.access.through_roles

applies if {
	input.personal_data == true
	input.principal_type in {"person", "guest"}
}

deny contains {"path": "direct", "value": true, "limit": false} if input.direct == true
