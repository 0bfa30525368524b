# METADATA
# title: Passwords are made by a password manager
# description: "Staff do not think up passwords: a password manager generates them."
# schemas:
#   - input: schema.sign_in
# custom:
#   id: SEC-012
#   kind: sign_in
#   needs: [password.none, password.generated]
#   scope: [audience]
#   terms: [password.generated]
#   clauses: [BB-LOG-5]
#   gdpr: ["32(1)(b)"]
#   severity: low
#   title_nl: Een wachtwoordmanager maakt de wachtwoorden
#   description_nl: "Medewerkers bedenken wachtwoorden niet zelf: een wachtwoordmanager maakt ze."
#   remediation: >-
#     Enrol all staff in the password manager and set its generator as the default. For technical accounts let Vault
#     or Azure Key Vault make and rotate the password. Record it in the data map.
#   remediation_nl: >-
#     Geef alle medewerkers de wachtwoordmanager en zet de generator als standaard. Laat voor technische accounts
#     Vault of Azure Key Vault het wachtwoord maken en vernieuwen. Leg dit vast in de gegevenskaart.
#   messages:
#     default:
#       en: "passwords are thought up by people; agreed: a password manager makes them"
#       nl: "mensen bedenken de wachtwoorden; afgesproken: een wachtwoordmanager maakt ze"
package waarborg.security.password_generated

applies if input.audience in {"admin", "staff"}

deny contains {"path": "password.generated", "value": input.password.generated, "limit": true} if {
	# Where no password is ever accepted, there is none to generate.
	input.password.none != true
	input.terms.password.generated == true
	input.password.generated != true
}
