# METADATA
# title: A first password must be changed
# description: The password that comes with the customer's first administrator login must be changed at first use.
# schemas:
#   - input: schema.sign_in
# custom:
#   id: SEC-044
#   kind: sign_in
#   needs: [initial_secret_change, password.none]
#   scope: [audience]
#   clauses: [AV-16.1]
#   gdpr: ["32(1)(b)"]
#   severity: medium
#   title_nl: Een eerste wachtwoord moet worden gewijzigd
#   description_nl: >-
#     Het eerste wachtwoord van de beheerder van de klant moet bij het eerste gebruik worden gewijzigd.
#   remediation: >-
#     Require a new password at first sign-in, or send an invitation link that expires in place of a password.
#   remediation_nl: >-
#     Eis een nieuw wachtwoord bij de eerste keer inloggen, of stuur in plaats van een wachtwoord een uitnodiging die
#     verloopt.
#   messages:
#     default:
#       en: "a first password may stay in use"
#       nl: "een eerste wachtwoord mag in gebruik blijven"
package waarborg.security.first_password

applies if input.audience == "customer"

deny contains {"path": "initial_secret_change", "value": input.initial_secret_change, "limit": true} if {
	# Where no password is ever accepted, there is no first one.
	input.password.none != true
	input.initial_secret_change != true
}
