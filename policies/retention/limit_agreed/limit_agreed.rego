# METADATA
# title: A retention limit is agreed for each class of data
# description: The controller says how long each class of data is kept. Without its word nobody can tell whether
#   data are kept too long, for the processor does not choose the period.
# schemas:
#   - input: schema.dataset
# custom:
#   id: RET-001
#   kind: dataset
#   needs: [application, class]
#   terms: ["retention?"]
#   clauses: [VWO-1.5, BA-3]
#   gdpr: ["28(10)", "5(1)(e)", "28(3)(a)"]
#   severity: high
#   title_nl: Voor elke soort gegevens is een bewaartermijn afgesproken
#   description_nl: De verwerkingsverantwoordelijke zegt hoe lang elke soort gegevens wordt bewaard. Zonder dat kan
#     niemand zeggen of gegevens te lang worden bewaard, want de verwerker kiest de termijn niet.
#   remediation: Ask the controller for the retention period of this class in writing, and record it as a term
#     (retention.<application>.<class>.days) with its source in the customer's file.
#   remediation_nl: Vraag de verwerkingsverantwoordelijke schriftelijk om de bewaartermijn van deze soort, en leg
#     die met de bron vast als afspraak (retention.<applicatie>.<soort>.days) in het bestand van de klant.
#   messages:
#     no_limit:
#       en: "no retention limit is agreed for data of class {value}; the controller must set it"
#       nl: "voor gegevens van soort {value} is geen bewaartermijn afgesproken; de verwerkingsverantwoordelijke moet die bepalen"
package waarborg.retention.limit_agreed

agreed if is_number(input.terms.retention[input.application][input.class].days)

unsure contains {"path": "class", "code": "no_limit", "value": class} if {
	class := input.class

	# Both must be known, if only to be absent, before a limit can be missed.
	input.application
	not agreed
}
