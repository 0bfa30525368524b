# METADATA
# title: Personal data lie in the EEA
# description: A datastore with personal data lies in the EEA, and in an agreed country where countries are agreed.
# schemas:
#   - input: schema.datastore
# custom:
#   id: TRF-001
#   kind: datastore
#   needs: [location]
#   scope: [personal_data]
#   terms: [regions.eea_only, "regions.countries?"]
#   clauses: [BC-1, BC-2]
#   gdpr: ["28(3)(a)", "44"]
#   severity: critical
#   title_nl: Persoonsgegevens staan in de EER
#   description_nl: >-
#     Een opslag met persoonsgegevens staat in de EER, en in een afgesproken land als er landen zijn afgesproken.
#   remediation: >-
#     Move the data to a region in the EEA (Azure such as westeurope or northeurope; Elastic Cloud such as
#     azure-westeurope), delete the old copy, and allow only these locations with an Azure Policy (allowed locations,
#     effect Deny).
#   remediation_nl: >-
#     Verplaats de gegevens naar een regio in de EER (Azure bijvoorbeeld westeurope of northeurope; Elastic Cloud
#     bijvoorbeeld azure-westeurope), verwijder de oude kopie, en sta met een Azure Policy (allowed locations, effect
#     Deny) alleen deze locaties toe.
#   messages:
#     default:
#       en: "the data lie in {value}; agreed: inside the EEA"
#       nl: "de gegevens staan in {value}; afgesproken: binnen de EER"
#     other_country:
#       en: "the data lie in {value}; agreed countries: {limit}"
#       nl: "de gegevens staan in {value}; afgesproken landen: {limit}"
#     unknown_region:
#       en: "{value} is not in the region table; add it to the workspace's regions when you know its country"
#       nl: "{value} staat niet in de regiotabel; zet de regio bij de regio's van de werkmap zodra u het land weet"
#     no_region:
#       en: "it is not known in which region or country this lies (stated: {value})"
#       nl: "niet bekend is in welke regio of welk land dit staat (opgegeven: {value})"
#     unclear_territory:
#       en: "it is not settled whether {value} counts as inside the EEA; ask your data protection officer"
#       nl: "het staat niet vast of {value} bij de EER hoort; vraag het aan uw functionaris gegevensbescherming"
package waarborg.transfers.datastore_location

import data.waarborg.lib.geo

applies if input.personal_data == true

deny contains geo.finding("location", location, eea_only, countries) if {
	some location in locations
}

unsure contains geo.question("location", location) if {
	geo.limited(eea_only, countries)
	some location in locations
}

locations contains input.location

default eea_only := false

eea_only := input.terms.regions.eea_only

default countries := null

countries := input.terms.regions.countries
