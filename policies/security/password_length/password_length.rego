# METADATA
# title: Passwords are long enough
# description: Staff passwords have at least the agreed number of characters.
# schemas:
#   - input: schema.sign_in
# custom:
#   id: SEC-010
#   kind: sign_in
#   needs: [password.min_length, password.none]
#   scope: [audience]
#   terms: [password.min_length]
#   clauses: [BB-LOG-4]
#   gdpr: ["32(1)(b)"]
#   severity: high
#   title_nl: Wachtwoorden zijn lang genoeg
#   description_nl: Wachtwoorden van medewerkers hebben minstens het afgesproken aantal tekens.
#   remediation: >-
#     Raise the minimum length: Active Directory fine-grained policy, the generator policy of the password manager, a
#     Vault password policy. Entra ID's own policy cannot be changed: stop accepting passwords there (passkeys or
#     Windows Hello).
#   remediation_nl: >-
#     Verhoog de minimale lengte: fine-grained policy in Active Directory, het generatorbeleid van de
#     wachtwoordmanager, een password policy in Vault. Het eigen beleid van Entra ID is niet te wijzigen: sta daar
#     geen wachtwoorden meer toe (passkeys of Windows Hello).
#   messages:
#     default:
#       en: "a password may have {value} characters; agreed: at least {limit}"
#       nl: "een wachtwoord mag {value} tekens hebben; afgesproken: minstens {limit}"
#     no_minimum:
#       en: "no minimum length is set; agreed: at least {limit}"
#       nl: "er is geen minimale lengte ingesteld; afgesproken: minstens {limit}"
package waarborg.security.password_length

applies if input.audience in {"admin", "staff"}

# Where no password is ever accepted, its length does not matter.
accepted if input.password.none != true

deny contains {"path": "password.min_length", "value": length, "limit": input.terms.password.min_length} if {
	accepted
	length := input.password.min_length
	is_number(length)
	length < input.terms.password.min_length
}

deny contains {
	"path": "password.min_length",
	"value": null,
	"limit": input.terms.password.min_length,
	"code": "no_minimum",
} if {
	accepted
	is_null(input.password.min_length)
}
