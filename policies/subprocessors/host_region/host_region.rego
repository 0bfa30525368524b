# METADATA
# title: A store stands where the register says
# description: >-
#   A datastore with personal data lies in a region that the register names for its host, or in a country of the host's
#   row where it names countries alone. Where it names neither, only the agreed countries count.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SUB-010
#   kind: datastore
#   needs: [location]
#   scope: [personal_data, provider]
#   terms: [register, "regions.eea_only?"]
#   clauses: [BC-1, BC-2, VWO-7.1]
#   gdpr: ["28(2)", "28(3)(a)"]
#   severity: high
#   title_nl: Een opslag staat waar het register zegt
#   description_nl: >-
#     Een opslag met persoonsgegevens staat in een regio die het register bij de host noemt, of in een land uit de regel
#     van de host als daar alleen landen staan. Staat geen van beide er, dan tellen alleen de afgesproken landen.
#   remediation: >-
#     Keep the store in a region that the register names for this host, or announce the new region to the controllers with
#     the agreed notice and enter it in the register. If the register is behind, export it anew.
#   remediation_nl: >-
#     Zet de opslag in een regio die het register bij deze host noemt, of meld de nieuwe regio met de afgesproken termijn
#     aan de verwerkingsverantwoordelijken en zet die in het register. Loopt het register achter, exporteer het dan opnieuw.
#   messages:
#     default:
#       en: "{value} is not among the regions of this host on the register: {limit}"
#       nl: "{value} hoort niet bij de regio's van deze host in het register: {limit}"
#     other_country:
#       en: "{value} is in no country that the register names for this host: {limit}"
#       nl: "{value} ligt in geen land dat het register bij deze host noemt: {limit}"
#     no_region:
#       en: "the region is not known, so it cannot be held against the register (stated: {value})"
#       nl: "de regio is niet bekend, dus niet met het register te vergelijken (opgegeven: {value})"
#     not_registered:
#       en: "the host {value} is not on the register, so no region of it is"
#       nl: "de host {value} staat niet in het register, dus ook geen regio ervan"
package waarborg.subprocessors.host_region

import data.waarborg.lib.geo
import data.waarborg.lib.register

applies if {
	input.personal_data == true
	input.provider != "own"
}

deny contains {"path": "location", "value": geo.label(location), "limit": allowed} if {
	some location in locations
	is_string(geo.region(location))
	named
	not listed(location)
}

deny contains {"path": "location", "value": geo.label(location), "limit": row.countries, "code": "other_country"} if {
	some location in locations
	by_country
	place := geo.place(location)
	is_string(place.country)
	not place.country in row.countries
	not said_elsewhere(location)
}

unsure contains {"path": "location", "value": geo.label(location), "code": "no_region"} if {
	some location in locations
	named
	not geo.region(location)
}

unsure contains {"path": "location", "value": geo.label(location), "code": "no_region"} if {
	some location in locations
	by_country
	not is_string(geo.place(location).country)
}

unsure contains {"path": "location", "value": null, "code": "no_region"} if is_null(input.location)

unsure contains {"path": "location", "value": input.provider, "code": "not_registered"} if is_null(row)

# What lies outside the EEA where that was agreed is said by the rule about datastores in the EEA.
said_elsewhere(location) if {
	input.terms.regions.eea_only == true
	geo.outside(location)
}

locations contains input.location if is_object(input.location)

# named holds where the register names regions; by_country where it names countries alone.
named if {
	is_object(row.regions)
	count(row.regions) > 0
}

by_country if {
	not named
	count(row.countries) > 0
}

listed(location) if geo.region(location) in row.regions[geo.provider(location)]

allowed := sort([sprintf("%s %s", [provider, region]) | some provider, list in row.regions; some region in list])

row := register.entry(input.terms.register, input.provider)
