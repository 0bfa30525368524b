# METADATA
# title: People open the secret store with a second factor
# description: Every way by which people sign in to a secret store needs a second factor.
# schemas:
#   - input: schema.secret_store
# custom:
#   id: SEC-035
#   kind: secret_store
#   needs: [human_methods_without_mfa]
#   clauses: [BB-LOG-8c, VWO-2.1.1]
#   gdpr: ["32(1)(b)", "32(4)"]
#   severity: critical
#   title_nl: Mensen openen de kluis met een tweede factor
#   description_nl: Elke manier waarop mensen inloggen op een kluis vraagt een tweede factor.
#   remediation: >-
#     Vault: add a login MFA enforcement (identity/mfa/login-enforcement) on the mount, or let people sign in by OIDC
#     with an identity provider that requires it, and disable userpass and ldap without it.
#   remediation_nl: >-
#     Vault: leg login-MFA op (identity/mfa/login-enforcement) voor de ingang, of laat mensen inloggen met OIDC via
#     een identiteitsdienst die dit eist, en zet userpass en ldap zonder tweede factor uit.
#   messages:
#     default:
#       en: "people can sign in without a second factor by: {value}"
#       nl: "mensen kunnen zonder tweede factor inloggen via: {value}"
package waarborg.security.secret_store_mfa

deny contains {"path": "human_methods_without_mfa", "value": methods, "limit": []} if {
	methods := input.human_methods_without_mfa
	is_array(methods)
	count(methods) > 0
}
