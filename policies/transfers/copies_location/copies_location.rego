# METADATA
# title: Copies of personal data lie in the EEA
# description: Replicas, backups, archives, failover copies and the provider's paired region lie in the EEA as well.
# schemas:
#   - input: schema.datastore
# custom:
#   id: TRF-002
#   kind: datastore
#   needs: [copies]
#   scope: [personal_data]
#   terms: [regions.eea_only, "regions.countries?"]
#   clauses: [BC-1, BC-2]
#   gdpr: ["28(3)(a)", "44"]
#   severity: critical
#   title_nl: Kopieën van persoonsgegevens staan in de EER
#   description_nl: >-
#     Replica's, back-ups, archieven, uitwijkkopieën en de gekoppelde regio van de aanbieder staan ook in de EER.
#   remediation: >-
#     Remove the copy or place it in the EEA. Azure geo-redundant storage and backups follow the paired region, so
#     choose zone redundancy (ZRS) or a region whose pair is in the EEA; PostgreSQL read replicas and Elastic snapshot
#     repositories get a region of their own.
#   remediation_nl: >-
#     Verwijder de kopie of zet die in de EER. Geo-redundante opslag en back-ups van Azure volgen de gekoppelde regio:
#     kies zone-redundantie (ZRS) of een regio waarvan de partner in de EER ligt; leesreplica's van PostgreSQL en
#     snapshot-opslag van Elastic krijgen een eigen regio.
#   messages:
#     default:
#       en: "a copy lies in {value}; agreed: inside the EEA"
#       nl: "een kopie staat in {value}; afgesproken: binnen de EER"
#     other_country:
#       en: "a copy lies in {value}; agreed countries: {limit}"
#       nl: "een kopie staat in {value}; afgesproken landen: {limit}"
#     unknown_region:
#       en: "{value} is not in the region table; add it to the workspace's regions when you know its country"
#       nl: "{value} staat niet in de regiotabel; zet de regio bij de regio's van de werkmap zodra u het land weet"
#     no_region:
#       en: "it is not known in which region or country this lies (stated: {value})"
#       nl: "niet bekend is in welke regio of welk land dit staat (opgegeven: {value})"
#     unclear_territory:
#       en: "it is not settled whether {value} counts as inside the EEA; ask your data protection officer"
#       nl: "het staat niet vast of {value} bij de EER hoort; vraag het aan uw functionaris gegevensbescherming"
package waarborg.transfers.copies_location

import data.waarborg.lib.geo

applies if input.personal_data == true

deny contains geo.finding("copies", location, eea_only, countries) if {
	some location in locations
}

unsure contains geo.question("copies", location) if {
	geo.limited(eea_only, countries)
	some location in locations
}

locations contains geo.copy_location(copy) if some copy in input.copies

default eea_only := false

eea_only := input.terms.regions.eea_only

default countries := null

countries := input.terms.regions.countries
