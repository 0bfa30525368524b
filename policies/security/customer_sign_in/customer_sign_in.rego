# METADATA
# title: The customer's users sign in safely
# description: >-
#   Users of the customer have strong passwords that change as agreed, a second factor and sessions that end. This is
#   the customer's duty; the processor shows how it stands.
# schemas:
#   - input: schema.sign_in
# custom:
#   id: SEC-039
#   kind: sign_in
#   needs: [password.none, password.min_length, password.max_age_days, mfa.required, session_minutes]
#   scope: [audience]
#   terms: ["password.min_length?", "password.max_age_days?", "mfa.required?", "session.max_minutes?"]
#   clauses: [VWO-2.5.b, AV-16.5]
#   gdpr: ["24", "32(1)", "32(4)"]
#   severity: medium
#   title_nl: Gebruikers van de klant loggen veilig in
#   description_nl: >-
#     Gebruikers van de klant hebben sterke wachtwoorden die ze zo vaak wijzigen als afgesproken, een tweede factor en
#     sessies die eindigen. Dit is de plicht van de klant; de verwerker laat zien hoe het staat.
#   remediation: >-
#     The customer's administrator: turn on single sign-on with a second factor, or raise the password length, the
#     second factor and the session time in the settings of the application. The processor: make these settings
#     possible, and point them out.
#   remediation_nl: >-
#     De beheerder van de klant: zet single sign-on met een tweede factor aan, of verhoog wachtwoordlengte, tweede
#     factor en sessietijd in de instellingen van de applicatie. De verwerker: maak deze instellingen mogelijk en wijs
#     erop.
#   messages:
#     default:
#       en: "a password stays valid for {value} days; agreed: at most {limit}"
#       nl: "een wachtwoord blijft {value} dagen geldig; afgesproken: hoogstens {limit}"
#     no_change:
#       en: "a password never has to be changed; agreed: every {limit} days"
#       nl: "een wachtwoord hoeft nooit te worden gewijzigd; afgesproken: elke {limit} dagen"
#     length:
#       en: "a password of {value} characters is accepted, shorter than the processor asks of its own staff: is this strong enough?"
#       nl: "een wachtwoord van {value} tekens wordt toegelaten, korter dan de verwerker van eigen medewerkers vraagt: is dit sterk genoeg?"
#     no_length:
#       en: "no password length is required: is this strong enough?"
#       nl: "er is geen wachtwoordlengte verplicht: is dit sterk genoeg?"
#     mfa:
#       en: "a second factor is not required: is the account safe enough?"
#       nl: "een tweede factor is niet verplicht: is het account veilig genoeg?"
#     session:
#       en: "an idle session lasts {value} minutes, longer than the processor allows its own staff: is this safe enough?"
#       nl: "een sessie zonder activiteit duurt {value} minuten, langer dan de verwerker eigen medewerkers toestaat: is dit veilig genoeg?"
#     endless:
#       en: "an idle session never ends: is this safe enough?"
#       nl: "een sessie zonder activiteit eindigt nooit: is dit veilig genoeg?"
package waarborg.security.customer_sign_in

applies if input.audience == "customer"

# AV-16.5 asks for strong passwords that are changed regularly. Only the change may have a number of its own; for the
# rest the processor's own limits are a yardstick, not a duty of the customer, so a person decides.
accepted if input.password.none != true

deny contains {"path": "password.max_age_days", "value": days, "limit": input.terms.password.max_age_days} if {
	accepted
	days := input.password.max_age_days
	is_number(days)
	days > input.terms.password.max_age_days
}

deny contains {
	"path": "password.max_age_days",
	"value": null,
	"limit": input.terms.password.max_age_days,
	"code": "no_change",
} if {
	accepted
	is_null(input.password.max_age_days)
}

unsure contains {"path": "password.min_length", "code": "length", "value": length} if {
	accepted
	length := input.password.min_length
	is_number(length)
	length < input.terms.password.min_length
}

unsure contains {"path": "password.min_length", "code": "no_length", "value": null} if {
	accepted
	is_null(input.password.min_length)
}

unsure contains {"path": "mfa.required", "code": "mfa", "value": input.mfa.required} if {
	input.terms.mfa.required == true
	input.mfa.required != true
}

unsure contains {"path": "session_minutes", "code": "session", "value": minutes} if {
	minutes := input.session_minutes
	is_number(minutes)
	minutes > input.terms.session.max_minutes
}

unsure contains {"path": "session_minutes", "code": "endless", "value": null} if is_null(input.session_minutes)
