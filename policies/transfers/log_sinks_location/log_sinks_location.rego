# METADATA
# title: Logs about personal data stay in the EEA
# description: Logs and metrics of a datastore with personal data go to places in the EEA only.
# schemas:
#   - input: schema.datastore
# custom:
#   id: TRF-003
#   kind: datastore
#   needs: [log_sinks]
#   scope: [personal_data]
#   terms: [regions.eea_only, "regions.countries?"]
#   clauses: [BC-1]
#   gdpr: ["28(3)(a)", "44"]
#   severity: high
#   title_nl: Logs over persoonsgegevens blijven in de EER
#   description_nl: Logs en metingen van een opslag met persoonsgegevens gaan alleen naar plekken in de EER.
#   remediation: >-
#     Send the diagnostic settings to a Log Analytics workspace, storage account or event hub in the EEA (Azure), or
#     the syslog and audit devices of Vault and PostgreSQL to a collector in the EEA, and delete what was sent
#     elsewhere.
#   remediation_nl: >-
#     Stuur de diagnostische instellingen naar een Log Analytics-werkruimte, opslagaccount of event hub in de EER
#     (Azure), of de syslog- en auditbestemmingen van Vault en PostgreSQL naar een verzamelpunt in de EER, en
#     verwijder wat elders terechtkwam.
#   messages:
#     default:
#       en: "logs go to {value}; agreed: inside the EEA"
#       nl: "logs gaan naar {value}; afgesproken: binnen de EER"
#     other_country:
#       en: "logs go to {value}; agreed countries: {limit}"
#       nl: "logs gaan naar {value}; afgesproken landen: {limit}"
#     unknown_region:
#       en: "{value} is not in the region table; add it to the workspace's regions when you know its country"
#       nl: "{value} staat niet in de regiotabel; zet de regio bij de regio's van de werkmap zodra u het land weet"
#     no_region:
#       en: "it is not known in which region or country this lies (stated: {value})"
#       nl: "niet bekend is in welke regio of welk land dit staat (opgegeven: {value})"
#     unclear_territory:
#       en: "it is not settled whether {value} counts as inside the EEA; ask your data protection officer"
#       nl: "het staat niet vast of {value} bij de EER hoort; vraag het aan uw functionaris gegevensbescherming"
package waarborg.transfers.log_sinks_location

import data.waarborg.lib.geo

applies if input.personal_data == true

deny contains geo.finding("log_sinks", location, eea_only, countries) if {
	some location in locations
}

unsure contains geo.question("log_sinks", location) if {
	geo.limited(eea_only, countries)
	some location in locations
}

locations contains sink.location if some sink in input.log_sinks

default eea_only := false

eea_only := input.terms.regions.eea_only

default countries := null

countries := input.terms.regions.countries
