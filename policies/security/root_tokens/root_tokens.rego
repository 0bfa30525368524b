# METADATA
# title: No root token is alive
# description: A secret store has no more live root tokens than agreed, as a rule none.
# schemas:
#   - input: schema.secret_store
# custom:
#   id: SEC-033
#   kind: secret_store
#   needs: [root_tokens]
#   terms: [secrets.root_tokens]
#   clauses: [VWO-2.1.1]
#   gdpr: ["32(1)(b)", "32(4)"]
#   severity: critical
#   title_nl: Er zijn geen geldige root-tokens
#   description_nl: Een kluis voor geheimen heeft niet meer geldige root-tokens dan afgesproken, in de regel geen.
#   remediation: >-
#     Vault: look up tokens with the policy root by their accessor and revoke them (vault token revoke -accessor);
#     make a new one with vault operator generate-root only when needed.
#   remediation_nl: >-
#     Vault: zoek tokens met de policy root op via hun accessor en trek ze in (vault token revoke -accessor); maak
#     alleen als het nodig is een nieuwe met vault operator generate-root.
#   messages:
#     default:
#       en: "live root tokens: {value}; agreed: at most {limit}"
#       nl: "geldige root-tokens: {value}; afgesproken: hoogstens {limit}"
package waarborg.security.root_tokens

# Absent: the store knows no root tokens.
deny contains {"path": "root_tokens", "value": number, "limit": input.terms.secrets.root_tokens} if {
	number := input.root_tokens
	is_number(number)
	number > input.terms.secrets.root_tokens
}
