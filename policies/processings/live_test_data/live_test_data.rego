# METADATA
# title: No live personal data outside production
# description: >-
#   Test, development and acceptance hold no real personal data, unless the controller agreed to it. Masked data are
#   fine.
# schemas:
#   - input: schema.datastore
# custom:
#   id: PRC-006
#   kind: datastore
#   needs: [live_data]
#   scope: [personal_data, environment]
#   terms: ["tests.live_data_allowed?"]
#   clauses: [BB-PSE-2, VWO-1.6]
#   gdpr: ["5(1)(b)", "5(1)(c)", "32(1)"]
#   severity: high
#   title_nl: Geen echte persoonsgegevens buiten productie
#   description_nl: >-
#     Test, ontwikkeling en acceptatie bevatten geen echte persoonsgegevens, tenzij de verwerkingsverantwoordelijke
#     dat heeft afgesproken. Gemaskeerde gegevens mogen wel.
#   remediation: >-
#     Empty the store and fill it with made-up or masked data (PostgreSQL: an anonymised dump; Azure SQL: a masked
#     copy, since dynamic masking alone leaves the data as they are), or obtain the controller's agreement first.
#   remediation_nl: >-
#     Maak de opslag leeg en vul die met verzonnen of gemaskeerde gegevens (PostgreSQL: een geanonimiseerde dump;
#     Azure SQL: een gemaskeerde kopie, want met alleen dynamische maskering blijven de gegevens zelf ongewijzigd), of
#     spreek het eerst af met de verwerkingsverantwoordelijke.
#   messages:
#     default:
#       en: "real personal data outside production ({value}); allowed without an agreement: {limit}"
#       nl: "echte persoonsgegevens buiten productie ({value}); zonder afspraak mag alleen: {limit}"
#     not_stated:
#       en: "it is not stated whether these data are real or masked"
#       nl: "niet opgegeven is of deze gegevens echt of gemaskeerd zijn"
#     no_environment:
#       en: "it is not stated whether this is production"
#       nl: "niet opgegeven is of dit productie is"
package waarborg.processings.live_test_data

applies if {
	input.personal_data == true
	input.environment != "production"
}

deny contains {"path": "live_data", "value": input.live_data, "limit": ["masked", "none"]} if {
	is_string(input.environment)
	is_string(input.live_data)
	not input.live_data in {"masked", "none"}
	not agreed
}

unsure contains {"path": "live_data", "value": null, "code": "not_stated"} if {
	is_null(input.live_data)
	not agreed
}

unsure contains {"path": "environment", "value": null, "code": "no_environment"} if {
	is_null(input.environment)
	not agreed
}

agreed if input.terms.tests.live_data_allowed == true
