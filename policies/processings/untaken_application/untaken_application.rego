# METADATA
# title: No records of an application that is not taken
# description: A customer's records exist only in the applications that it takes.
# schemas:
#   - input: schema.dataset
# custom:
#   id: PRC-008
#   kind: dataset
#   needs: [application, records]
#   terms: [applications]
#   clauses: [VWO-1.2, BA-3, BA-5.0]
#   gdpr: ["28(3)(a)", "5(1)(c)", "5(1)(e)"]
#   severity: high
#   title_nl: Geen gegevens van een applicatie die niet is afgenomen
#   description_nl: Gegevens van een klant staan alleen in de applicaties die de klant afneemt.
#   remediation: >-
#     Ask the controller whether it wants the records back, return them, and delete them in the database, the search
#     index and the files; check first that the contract register names all applications it takes.
#   remediation_nl: >-
#     Vraag de verwerkingsverantwoordelijke of die de gegevens terug wil, geef ze terug, en verwijder ze uit database,
#     zoekindex en bestanden; controleer eerst of het contractregister alle afgenomen applicaties noemt.
#   messages:
#     default:
#       en: "there are records of {value}, which the customer does not take; it takes: {limit}"
#       nl: "er zijn gegevens van {value}, die de klant niet afneemt; wel afgenomen: {limit}"
#     no_application:
#       en: "the data map does not say to which application these data belong"
#       nl: "de gegevenskaart zegt niet bij welke applicatie deze gegevens horen"
package waarborg.processings.untaken_application

deny contains {"path": "application", "value": input.application, "limit": input.terms.applications} if {
	input.records == true
	is_string(input.application)
	not input.application in input.terms.applications
}

unsure contains {"path": "application", "value": null, "code": "no_application"} if {
	input.records == true
	is_null(input.application)
}
