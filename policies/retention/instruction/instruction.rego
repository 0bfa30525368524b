# METADATA
# title: A retention setting rests on the controller's instruction
# description: Where a store deletes personal data by itself, the period comes from an instruction of the
#   controller, for the processor does not decide on the storage period. Logs have agreed bounds of their own.
# schemas:
#   - input: schema.datastore
# custom:
#   id: RET-007
#   kind: datastore
#   needs: [retention.instructions]
#   scope: [personal_data, engine, retention.automatic_days]
#   terms: [instructions]
#   clauses: [VWO-1.5]
#   gdpr: ["28(10)", "29", "5(1)(e)"]
#   severity: high
#   title_nl: Een bewaarinstelling berust op een instructie van de verwerkingsverantwoordelijke
#   description_nl: Waar een opslag persoonsgegevens vanzelf wist, komt de termijn uit een instructie van de
#     verwerkingsverantwoordelijke, want de verwerker beslist niet over de bewaarduur. Voor logs gelden eigen
#     afgesproken grenzen.
#   remediation: Ask the controller to confirm the period in writing, record it among the customer's instructions,
#     and name it under `instructions` of this store in the data map. If the controller does not want the period,
#     change the setting.
#   remediation_nl: Laat de verwerkingsverantwoordelijke de termijn schriftelijk bevestigen, leg die vast bij de
#     instructies van de klant, en noem die onder `instructions` van deze opslag in de gegevenskaart. Wil de
#     verwerkingsverantwoordelijke de termijn niet, pas dan de instelling aan.
#   messages:
#     default:
#       en: "the retention setting rests on no instruction of this customer"
#       nl: "de bewaarinstelling berust niet op een instructie van deze klant"
#     none:
#       en: "the retention setting rests on no instruction at all"
#       nl: "de bewaarinstelling berust op geen enkele instructie"
package waarborg.retention.instruction

applies if {
	input.personal_data == true
	input.engine != "log"
	is_number(input.retention.automatic_days)
}

# One store can serve several customers, each with an instruction of its own. The ids are left out of the finding: they may
# be of other customers, of whom this one is to hear nothing.
deny contains {"path": "retention.instructions", "limit": input.terms.instructions} if {
	some _ in input.retention.instructions # null is for the next one
	not instructed
}

deny contains {"path": "retention.instructions", "limit": input.terms.instructions, "code": "none"} if {
	input.retention.instructions in {null, []}
}

instructed if {
	some id in input.retention.instructions
	id in input.terms.instructions
}
