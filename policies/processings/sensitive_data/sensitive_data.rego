# METADATA
# title: No sensitive data that are not agreed
# description: >-
#   Health data, citizen service numbers (BSN) and nationality are in use only where Annex A lists them by name. The
#   catch-all of Annex A cannot cover them.
# schemas:
#   - input: schema.processing
# custom:
#   id: PRC-003
#   kind: processing
#   needs: [application, data_categories]
#   terms: [processings]
#   clauses: [BA-5.1.other, BA-5.2.other, BA-5.3.other, BA-5.4.other, VWO-1.2]
#   gdpr: ["5(1)(c)", "9", "87"]
#   severity: critical
#   title_nl: Geen gevoelige gegevens die niet zijn afgesproken
#   description_nl: >-
#     Gezondheidsgegevens, burgerservicenummers (BSN) en nationaliteit worden alleen gebruikt waar Bijlage A ze met
#     name noemt. De restcategorie van Bijlage A is daarvoor niet genoeg.
#   remediation: >-
#     Stop collecting these data, delete them everywhere (database, search index, files and, as they expire, backups),
#     and tell the controller what was found. Only the controller can have them listed, on a legal basis of its own.
#   remediation_nl: >-
#     Stop met verzamelen, verwijder deze gegevens overal (database, zoekindex, bestanden en, zodra ze verlopen,
#     back-ups), en vertel de verwerkingsverantwoordelijke wat er is gevonden. Alleen de verwerkingsverantwoordelijke
#     kan ze in Bijlage A laten opnemen, op een eigen wettelijke grondslag.
#   messages:
#     default:
#       en: "{value} is in use, and Annex A does not list it by name"
#       nl: "{value} is in gebruik, en Bijlage A noemt dit niet met name"
#     no_application:
#       en: "the data map does not say to which application these data belong"
#       nl: "de gegevenskaart zegt niet bij welke applicatie deze gegevens horen"
package waarborg.processings.sensitive_data

import data.waarborg.lib.reference

deny contains {"path": "data_categories", "value": category, "limit": listed} if {
	is_string(input.application)
	some category in sensitive
	not category in listed
}

# Without an application no section of Annex A can be looked up, so a person must say whose data these are.
unsure contains {"path": "application", "value": null, "code": "no_application"} if {
	is_null(input.application)
	count(sensitive) > 0
}

sensitive contains category if {
	some category in input.data_categories
	reference.group(category) == "special"
}

listed := object.get(input.terms.processings, [input.application, "categories"], [])
