# METADATA
# title: Passwords have the agreed kinds of characters
# description: Staff passwords need capital and small letters, digits and special characters as agreed.
# schemas:
#   - input: schema.sign_in
# custom:
#   id: SEC-011
#   kind: sign_in
#   needs: [password.none, password.upper, password.lower, password.digit, password.special]
#   scope: [audience]
#   terms: [password.upper, password.lower, password.digit, password.special]
#   clauses: [BB-LOG-4]
#   gdpr: ["32(1)(b)"]
#   severity: medium
#   title_nl: Wachtwoorden hebben de afgesproken soorten tekens
#   description_nl: >-
#     Wachtwoorden van medewerkers hebben hoofdletters, kleine letters, cijfers en speciale tekens zoals afgesproken.
#   remediation: >-
#     Require the missing kinds in the password policy: Active Directory fine-grained policy, the generator policy of
#     the password manager, PostgreSQL with a passwordcheck module, a Vault password policy. Entra ID's own policy
#     cannot be changed: stop accepting passwords there.
#   remediation_nl: >-
#     Eis de ontbrekende soorten in het wachtwoordbeleid: fine-grained policy in Active Directory, het generatorbeleid
#     van de wachtwoordmanager, een passwordcheck-module in PostgreSQL, een password policy in Vault. Het eigen beleid
#     van Entra ID is niet te wijzigen: sta daar geen wachtwoorden meer toe.
#   messages:
#     upper:
#       en: "a password need not have a capital letter; agreed: it must"
#       nl: "een wachtwoord hoeft geen hoofdletter te hebben; afgesproken: verplicht"
#     lower:
#       en: "a password need not have a small letter; agreed: it must"
#       nl: "een wachtwoord hoeft geen kleine letter te hebben; afgesproken: verplicht"
#     digit:
#       en: "a password need not have a digit; agreed: it must"
#       nl: "een wachtwoord hoeft geen cijfer te hebben; afgesproken: verplicht"
#     special:
#       en: "a password need not have a special character; agreed: it must"
#       nl: "een wachtwoord hoeft geen speciaal teken te hebben; afgesproken: verplicht"
package waarborg.security.password_composition

applies if input.audience in {"admin", "staff"}

# Where no password is ever accepted, its composition does not matter.
accepted if input.password.none != true

deny contains {"path": "password.upper", "value": input.password.upper, "limit": true, "code": "upper"} if {
	accepted
	input.terms.password.upper == true
	input.password.upper != true
}

deny contains {"path": "password.lower", "value": input.password.lower, "limit": true, "code": "lower"} if {
	accepted
	input.terms.password.lower == true
	input.password.lower != true
}

deny contains {"path": "password.digit", "value": input.password.digit, "limit": true, "code": "digit"} if {
	accepted
	input.terms.password.digit == true
	input.password.digit != true
}

deny contains {"path": "password.special", "value": input.password.special, "limit": true, "code": "special"} if {
	accepted
	input.terms.password.special == true
	input.password.special != true
}
