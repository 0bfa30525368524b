# METADATA
# title: All data are classified
# description: >-
#   Every field with personal data has a category. Free text and fields without one may hold anything, so a person
#   must look.
# schemas:
#   - input: schema.processing
# custom:
#   id: PRC-002
#   kind: processing
#   needs: [data_categories]
#   clauses: [BA-5.1.other, BA-5.2.other, BA-5.3.other, BA-5.4.other]
#   gdpr: ["28(3)", "5(1)(c)"]
#   severity: medium
#   title_nl: Alle gegevens zijn ingedeeld
#   description_nl: >-
#     Elk veld met persoonsgegevens heeft een categorie. In vrije tekst en niet-ingedeelde velden kan alles staan, dus
#     daar moet iemand naar kijken.
#   remediation: >-
#     Give each field a category in the data map. For free text, agree with the controller what may be written there,
#     tell users so, and record the decision.
#   remediation_nl: >-
#     Geef elk veld een categorie in de gegevenskaart. Spreek voor vrije tekst met de verwerkingsverantwoordelijke af
#     wat er mag staan, vertel dat aan gebruikers, en leg het besluit vast.
#   messages:
#     unclassified:
#       en: "some fields have no category yet"
#       nl: "een aantal velden heeft nog geen categorie"
#     free_text:
#       en: "free text may hold any personal data; the controller must say what it is for"
#       nl: "in vrije tekst kan elk persoonsgegeven staan; de verwerkingsverantwoordelijke moet zeggen waarvoor die is"
#     not_in_catalogue:
#       en: "the category {value} is not in the catalogue"
#       nl: "de categorie {value} staat niet in de lijst"
package waarborg.processings.unclassified_data

import data.waarborg.lib.reference

unsure contains {"path": "data_categories", "value": category, "code": category} if {
	some category in input.data_categories
	category in {"free_text", "unclassified"}
}

unsure contains {"path": "data_categories", "value": category, "code": "not_in_catalogue"} if {
	some category in input.data_categories
	not reference.group(category)
}
