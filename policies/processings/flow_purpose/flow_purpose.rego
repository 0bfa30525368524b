# METADATA
# title: Data leave for an agreed purpose only
# description: Every flow of personal data serves a purpose of section 4 of Annex A.
# schemas:
#   - input: schema.flow
# custom:
#   id: PRC-004
#   kind: flow
#   needs: [purpose]
#   scope: [personal_data]
#   terms: [purposes]
#   clauses: [VWO-1.6, BA-4.a, BA-4.b, BA-4.c]
#   gdpr: ["5(1)(b)", "28(3)(a)"]
#   severity: high
#   title_nl: Gegevens gaan alleen voor een afgesproken doel weg
#   description_nl: Elke stroom van persoonsgegevens dient een doel uit onderdeel 4 van Bijlage A.
#   remediation: >-
#     Stop the flow, or find the agreed purpose that it serves and record it in the data map. A new purpose needs a
#     written instruction of the controller and an amendment of Annex A.
#   remediation_nl: >-
#     Stop de stroom, of zoek het afgesproken doel dat die dient en leg dat vast in de gegevenskaart. Een nieuw doel
#     vraagt een schriftelijke instructie van de verwerkingsverantwoordelijke en een wijziging van Bijlage A.
#   messages:
#     default:
#       en: "the purpose is {value}; agreed purposes: {limit}"
#       nl: "het doel is {value}; afgesproken doelen: {limit}"
#     no_purpose:
#       en: "personal data leave without any purpose; agreed purposes: {limit}"
#       nl: "er gaan persoonsgegevens weg zonder enig doel; afgesproken doelen: {limit}"
package waarborg.processings.flow_purpose

applies if input.personal_data == true

deny contains {"path": "purpose", "value": input.purpose, "limit": input.terms.purposes} if {
	is_string(input.purpose)
	not input.purpose in input.terms.purposes
}

deny contains {"path": "purpose", "value": null, "limit": input.terms.purposes, "code": "no_purpose"} if is_null(input.purpose)
