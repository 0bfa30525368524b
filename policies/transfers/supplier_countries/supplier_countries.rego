# METADATA
# title: Suppliers work where the register says
# description: >-
#   A supplier with personal data processes them, and has access to them, from the countries of its row in the
#   register. A row that says "inside the EEA" means no other country at all.
# schemas:
#   - input: schema.supplier
# custom:
#   id: TRF-007
#   kind: supplier
#   needs: [register_id, countries, access_countries]
#   scope: [personal_data]
#   terms: [register]
#   clauses: [BC-1, BC-2]
#   gdpr: ["28(2)", "28(3)(a)", "44"]
#   severity: critical
#   title_nl: Leveranciers werken waar het register zegt
#   description_nl: >-
#     Een leverancier met persoonsgegevens verwerkt die, en kan erbij, vanuit de landen van zijn regel in het
#     register. Een regel "binnen de EER" betekent geen enkel ander land.
#   remediation: >-
#     Have the supplier keep the data and its support in the EEA (an Azure region and the EU Data Boundary, an Elastic
#     Cloud region in the EEA and support from the EEA), or announce the change of the register to the controllers
#     first.
#   remediation_nl: >-
#     Laat de leverancier de gegevens en de ondersteuning in de EER houden (een Azure-regio en de EU Data Boundary,
#     een Elastic Cloud-regio in de EER en ondersteuning vanuit de EER), of meld de wijziging van het register eerst
#     aan de verwerkingsverantwoordelijken.
#   messages:
#     default:
#       en: "the supplier processes data in {value}; on the register: {limit}"
#       nl: "de leverancier verwerkt gegevens in {value}; in het register: {limit}"
#     access:
#       en: "the supplier's people have access from {value}; on the register: {limit}"
#       nl: "medewerkers van de leverancier kunnen erbij vanuit {value}; in het register: {limit}"
#     no_country:
#       en: "it is not known in which country the supplier works"
#       nl: "niet bekend is in welk land de leverancier werkt"
#     unclear_territory:
#       en: "it is not settled whether {value} counts as inside the EEA; ask your data protection officer"
#       nl: "het staat niet vast of {value} bij de EER hoort; vraag het aan uw functionaris gegevensbescherming"
package waarborg.transfers.supplier_countries

import data.waarborg.lib.geo
import data.waarborg.lib.register

applies if input.personal_data == true

deny contains {"path": "countries", "value": upper(country), "limit": limit(listed)} if {
	listed := register_countries
	some country in input.countries
	geo.outside({"country": country})
	not upper(country) in listed
}

deny contains {"path": "access_countries", "value": upper(country), "limit": limit(listed), "code": "access"} if {
	listed := register_access
	some country in input.access_countries
	geo.outside({"country": country})
	not upper(country) in listed
}

unsure contains {"path": "countries", "value": upper(country), "code": "unclear_territory"} if {
	some country in input.countries
	geo.place({"country": country}).undecided == true
}

unsure contains {"path": "access_countries", "value": upper(country), "code": "unclear_territory"} if {
	some country in input.access_countries
	geo.place({"country": country}).undecided == true
}

unsure contains {"path": "countries", "value": null, "code": "no_country"} if input.countries in {null, []}

# The row names countries outside the EEA only where it does not say that all stays inside.
register_countries := row.countries if {
	row.eea == false
} else := [] if is_known

register_access := row.access_countries if {
	row.eea == false
} else := [] if is_known

row := register.entry(input.terms.register, input.register_id)

# A supplier on no register has a null row: known, and without any country outside the EEA.
is_known if is_null(row)

is_known if row.eea == true

limit(listed) := listed if {
	count(listed) > 0
} else := "EEA"
