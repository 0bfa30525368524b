# METADATA
# title: Tokens of the secret store are short-lived
# description: No way to sign in to a secret store gives tokens that live longer than agreed.
# schemas:
#   - input: schema.secret_store
# custom:
#   id: SEC-034
#   kind: secret_store
#   needs: [token_max_ttl_hours]
#   terms: [secrets.token_max_ttl_hours]
#   clauses: [VWO-2.1.1]
#   gdpr: ["32(1)(b)", "32(4)"]
#   severity: medium
#   title_nl: Tokens van de kluis zijn kort geldig
#   description_nl: Geen manier van inloggen op een kluis geeft tokens die langer geldig zijn dan afgesproken.
#   remediation: >-
#     Vault: set token_max_ttl on each role, max_lease_ttl on each auth mount (vault auth tune -max-lease-ttl) and
#     avoid periodic tokens for people.
#   remediation_nl: >-
#     Vault: stel token_max_ttl in op elke rol, max_lease_ttl op elke auth mount (vault auth tune -max-lease-ttl), en
#     geef mensen geen periodieke tokens.
#   messages:
#     default:
#       en: "a token may live {value} hours; agreed: at most {limit}"
#       nl: "een token mag {value} uur geldig zijn; afgesproken: hoogstens {limit}"
#     endless:
#       en: "a token may live without end; agreed: at most {limit} hours"
#       nl: "een token mag voor altijd geldig zijn; afgesproken: hoogstens {limit} uur"
package waarborg.security.token_lifetime

deny contains {
	"path": "token_max_ttl_hours",
	"value": number,
	"limit": input.terms.secrets.token_max_ttl_hours,
} if {
	number := input.token_max_ttl_hours
	is_number(number)
	number > input.terms.secrets.token_max_ttl_hours
}

deny contains {
	"path": "token_max_ttl_hours",
	"value": 0,
	"limit": input.terms.secrets.token_max_ttl_hours,
	"code": "endless",
} if endless

endless if is_null(input.token_max_ttl_hours)

endless if input.token_max_ttl_hours == 0
