# METADATA
# title: People with access work in an agreed country
# description: >-
#   Whoever can reach personal data works in the EEA or in a country that is agreed. Reading along for support from
#   another country is a transfer too.
# schemas:
#   - input: schema.grant
# custom:
#   id: TRF-005
#   kind: grant
#   needs: [country]
#   scope: [personal_data, principal_type]
#   terms: ["access.countries?"]
#   clauses: [VWO-8.1, VWO-1.7]
#   gdpr: ["44", "32(4)"]
#   severity: high
#   title_nl: Mensen met toegang werken in een afgesproken land
#   description_nl: >-
#     Wie bij persoonsgegevens kan, werkt in de EER of in een afgesproken land. Meekijken voor ondersteuning vanuit
#     een ander land is ook doorgifte.
#   remediation: >-
#     Withdraw the access, let a colleague in the EEA do the work, or agree the country with the controller first and
#     record the ground for the transfer. Conditional Access in Entra ID can block sign-ins from other countries.
#   remediation_nl: >-
#     Trek de toegang in, laat een collega in de EER het werk doen, of spreek het land eerst af met de
#     verwerkingsverantwoordelijke en leg de grondslag voor de doorgifte vast. Voorwaardelijke toegang in Entra ID kan
#     aanmelden vanuit andere landen blokkeren.
#   messages:
#     default:
#       en: "someone with access works in {value}; agreed outside the EEA: {limit}"
#       nl: "iemand met toegang werkt in {value}; afgesproken buiten de EER: {limit}"
#     no_country:
#       en: "it is not known from which country this access is used"
#       nl: "niet bekend is vanuit welk land deze toegang wordt gebruikt"
#     unclear_territory:
#       en: "it is not settled whether {value} counts as inside the EEA; ask your data protection officer"
#       nl: "het staat niet vast of {value} bij de EER hoort; vraag het aan uw functionaris gegevensbescherming"
package waarborg.transfers.access_country

import data.waarborg.lib.geo

# A service account works nowhere: where its system stands is judged as a datastore or a flow.
applies if {
	input.personal_data == true
	input.principal_type in {"person", "group", "guest"}
}

deny contains {"path": "country", "value": upper(input.country), "limit": agreed} if {
	is_string(input.country)
	geo.outside({"country": input.country})
	not upper(input.country) in agreed
}

unsure contains {"path": "country", "value": input.country, "code": "no_country"} if nowhere

unsure contains {"path": "country", "value": upper(input.country), "code": "unclear_territory"} if {
	is_string(input.country)
	not nowhere
	geo.place({"country": input.country}).undecided == true
	not upper(input.country) in agreed
}

nowhere if input.country in {null, ""}

default agreed := []

agreed := input.terms.access.countries
