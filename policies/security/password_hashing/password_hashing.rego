# METADATA
# title: Database passwords are hashed strongly
# description: >-
#   A PostgreSQL database with personal data stores passwords as SCRAM-SHA-256 and none as MD5 or plain text.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SEC-031
#   kind: datastore
#   needs: [authentication.password_hash, authentication.weak_hashes]
#   scope: [personal_data, engine]
#   clauses: [VWO-2.1.2]
#   gdpr: ["32(1)(a)", "32(1)(b)"]
#   severity: high
#   title_nl: Databasewachtwoorden zijn sterk gehasht
#   description_nl: >-
#     Een PostgreSQL-database met persoonsgegevens bewaart wachtwoorden als SCRAM-SHA-256 en niet als MD5 of leesbare
#     tekst.
#   remediation: >-
#     Set password_encryption = 'scram-sha-256', then set the password of every account with an MD5 hash again. Or
#     turn password login off and sign in with certificates or Entra ID.
#   remediation_nl: >-
#     Zet password_encryption = 'scram-sha-256' en stel daarna het wachtwoord van elk account met een MD5-hash opnieuw
#     in. Of zet inloggen met wachtwoord uit en gebruik certificaten of Entra ID.
#   messages:
#     default:
#       en: "new passwords are stored as {value}; it must be {limit}"
#       nl: "nieuwe wachtwoorden worden bewaard als {value}; dit moet {limit} zijn"
#     weak:
#       en: "{value} accounts have a weakly hashed password"
#       nl: "{value} accounts hebben een zwak gehasht wachtwoord"
package waarborg.security.password_hashing

applies if {
	input.personal_data == true
	input.engine == "postgresql"
}

# Absent: the database stores no passwords.
deny contains {"path": "authentication.password_hash", "value": hash, "limit": "scram-sha-256"} if {
	hash := input.authentication.password_hash
	is_string(hash)
	hash != "scram-sha-256"
}

deny contains {"path": "authentication.weak_hashes", "value": number, "limit": 0, "code": "weak"} if {
	number := input.authentication.weak_hashes
	is_number(number)
	number > 0
}
