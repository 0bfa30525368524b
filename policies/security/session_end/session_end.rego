# METADATA
# title: Sessions end and accounts lock
# description: An idle session ends within the agreed time, and an account locks after repeated failures.
# schemas:
#   - input: schema.sign_in
# custom:
#   id: SEC-016
#   kind: sign_in
#   needs: [session_minutes, lockout]
#   scope: [audience]
#   terms: ["session.max_minutes?"]
#   clauses: [VWO-2.1.1]
#   gdpr: ["32(1)(b)", "32(4)"]
#   severity: medium
#   title_nl: Sessies eindigen en accounts gaan op slot
#   description_nl: >-
#     Een sessie zonder activiteit eindigt binnen de afgesproken tijd, en een account gaat op slot na herhaalde
#     mislukte pogingen.
#   remediation: >-
#     Entra ID: set the sign-in frequency in Conditional Access and smart lockout. Vault: shorten the token TTL and
#     keep user lockout on. Elastic: xpack.security.session.idleTimeout. Applications: an idle timeout and a lock
#     after repeated failures.
#   remediation_nl: >-
#     Entra ID: stel de aanmeldfrequentie in Conditional Access en smart lockout in. Vault: verkort de TTL van tokens
#     en laat user lockout aan. Elastic: xpack.security.session.idleTimeout. Applicaties: een tijdslimiet bij
#     inactiviteit en een slot na herhaalde mislukte pogingen.
#   messages:
#     default:
#       en: "an idle session ends after {value} minutes; agreed: at most {limit}"
#       nl: "een sessie zonder activiteit eindigt na {value} minuten; afgesproken: hoogstens {limit}"
#     never:
#       en: "an idle session never ends"
#       nl: "een sessie zonder activiteit eindigt nooit"
#     lockout:
#       en: "an account does not lock after repeated failures"
#       nl: "een account gaat niet op slot na herhaalde mislukte pogingen"
package waarborg.security.session_end

applies if input.audience in {"admin", "staff"}

deny contains {"path": "session_minutes", "value": minutes, "limit": input.terms.session.max_minutes} if {
	minutes := input.session_minutes
	is_number(minutes)
	minutes > input.terms.session.max_minutes
}

deny contains {
	"path": "session_minutes",
	"value": null,
	"limit": true,
	"code": "never",
} if is_null(input.session_minutes)

deny contains {"path": "lockout", "value": input.lockout, "limit": true, "code": "lockout"} if input.lockout != true
