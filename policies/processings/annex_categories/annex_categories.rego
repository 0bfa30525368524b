# METADATA
# title: Applications hold only the data of Annex A
# description: >-
#   Each category of data in use by an application is listed for it in Annex A. What only the catch-all of Annex A
#   could cover is for the controller to decide.
# schemas:
#   - input: schema.processing
# custom:
#   id: PRC-001
#   kind: processing
#   needs: [application, data_categories]
#   terms: [processings]
#   clauses: [BA-5.1.basic, BA-5.1.contact, BA-5.2.basic, BA-5.2.contact, BA-5.2.financial, BA-5.3.basic, BA-5.3.contact, BA-5.3.financial, BA-5.4.basic, BA-5.4.contact]
#   gdpr: ["28(3)", "5(1)(c)"]
#   severity: high
#   title_nl: Applicaties bevatten alleen de gegevens van Bijlage A
#   description_nl: >-
#     Elke categorie gegevens die een applicatie gebruikt, staat daarvoor in Bijlage A. Over wat alleen onder de
#     restcategorie van Bijlage A kan vallen, beslist de verwerkingsverantwoordelijke.
#   remediation: >-
#     Delete the data and remove the field from the application, its database and its search index, or have the
#     controller add the category to Annex A in writing.
#   remediation_nl: >-
#     Verwijder de gegevens en haal het veld uit de applicatie, de database en de zoekindex, of laat de
#     verwerkingsverantwoordelijke de categorie schriftelijk aan Bijlage A toevoegen.
#   messages:
#     default:
#       en: "{value} is in use, but Annex A lists for this application only: {limit}"
#       nl: "{value} is in gebruik, maar Bijlage A noemt voor deze applicatie alleen: {limit}"
#     no_section:
#       en: "Annex A has no section for the application {value}; it has: {limit}"
#       nl: "Bijlage A heeft geen onderdeel voor de applicatie {value}; wel voor: {limit}"
#     open_wording:
#       en: "Annex A does not list {value}; whether its catch-all covers it, the controller must say"
#       nl: "Bijlage A noemt {value} niet; of de restcategorie dit dekt, moet de verwerkingsverantwoordelijke zeggen"
#     no_application:
#       en: "the data map does not say to which application these data belong"
#       nl: "de gegevenskaart zegt niet bij welke applicatie deze gegevens horen"
package waarborg.processings.annex_categories

deny contains {"path": "data_categories", "value": category, "limit": agreed.categories} if {
	some category in unlisted
	not agreed.open == true
}

deny contains {"path": "application", "value": input.application, "limit": applications, "code": "no_section"} if {
	is_string(input.application)
	is_null(agreed)
}

unsure contains {"path": "data_categories", "value": category, "code": "open_wording"} if {
	some category in unlisted
	agreed.open == true
}

unsure contains {"path": "application", "value": null, "code": "no_application"} if is_null(input.application)

unlisted contains category if {
	is_object(agreed)
	some category in input.data_categories
	not category in agreed.categories
}

agreed := object.get(input.terms.processings, input.application, null)

applications := sort(object.keys(input.terms.processings))
