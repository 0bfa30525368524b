# METADATA
# title: The customer keeps its own accounts in order
# description: In a customer's own sign-in, outsiders are marked as guests and no accounts lie unused. This is the
#   customer's duty; telling it is a service.
# schemas:
#   - input: schema.sign_in
# custom:
#   id: ACC-017
#   kind: sign_in
#   needs: [unmarked_guests, stale_users]
#   scope: [audience]
#   clauses: [AV-16.3, AV-12.2]
#   gdpr: ["32(1)(b)", "32(4)", "5(1)(e)"]
#   severity: low
#   title_nl: De klant houdt zijn eigen accounts op orde
#   description_nl: In de aanmelding van een klant zelf zijn buitenstaanders als gast gemerkt en zijn er geen
#     ongebruikte accounts. Dit is de plicht van de klant; het melden is een dienst.
#   remediation: Tell the customer's administrator how many accounts it concerns and where to find them; the
#     customer marks outsiders as guests and removes accounts that nobody uses.
#   remediation_nl: Meld de beheerder van de klant om hoeveel accounts het gaat en waar ze te vinden zijn; de klant
#     merkt buitenstaanders als gast en verwijdert accounts die niemand gebruikt.
#   messages:
#     guests:
#       en: "accounts of outsiders that the customer did not mark as guests: {value}"
#       nl: "accounts van buitenstaanders die de klant niet als gast heeft gemerkt: {value}"
#     stale:
#       en: "enabled accounts of the customer that were not used for longer than agreed: {value}"
#       nl: "actieve accounts van de klant die langer niet zijn gebruikt dan afgesproken: {value}"
package waarborg.access.customer_accounts

applies if input.audience == "customer"

deny contains {"path": "unmarked_guests", "value": input.unmarked_guests, "limit": 0, "code": "guests"} if {
	input.unmarked_guests > 0
}

deny contains {"path": "stale_users", "value": input.stale_users, "limit": 0, "code": "stale"} if input.stale_users > 0
