# METADATA
# title: Personal data are reached with personal accounts
# description: No account that several people use reaches personal data. Break-glass accounts have a rule of their
#   own.
# schemas:
#   - input: schema.grant
# custom:
#   id: ACC-003
#   kind: grant
#   needs: [shared]
#   scope: [personal_data, principal_type, break_glass]
#   clauses: [BB-LOG-3]
#   gdpr: ["32(1)(b)", "32(4)"]
#   severity: high
#   title_nl: Persoonsgegevens zijn alleen te bereiken met persoonlijke accounts
#   description_nl: Geen account dat meerdere mensen gebruiken, kan bij persoonsgegevens. Voor noodaccounts geldt een
#     eigen regel.
#   remediation: "Give each person an account of their own and close the shared one. Azure: assign the role to an
#     Entra group of personal accounts. PostgreSQL: a login role per person that is a member of a role without
#     login. Vault: a personal sign-in instead of a shared token or AppRole. Elastic: single sign-on; nobody uses
#     the built-in elastic user."
#   remediation_nl: "Geef ieder een eigen account en sluit het gedeelde account. Azure: wijs de rol toe aan een
#     Entra-groep van persoonlijke accounts. PostgreSQL: een inlogrol per persoon die lid is van een rol zonder
#     login. Vault: persoonlijk aanmelden in plaats van een gedeeld token of een gedeelde AppRole. Elastic: single
#     sign-on; niemand gebruikt de ingebouwde gebruiker elastic."
#   messages:
#     default:
#       en: "several people use this account, and it can reach personal data"
#       nl: "meerdere mensen gebruiken dit account, en het kan bij persoonsgegevens"
package waarborg.access.personal_accounts

# A group is of several people by nature, and everybody (public) has a rule of its own. A service account that people
# share is as impersonal as any other.
applies if {
	input.personal_data == true
	input.principal_type in {"person", "guest", "service"}
	input.break_glass != true
}

deny contains {"path": "shared", "value": true, "limit": false} if input.shared == true
