# METADATA
# title: A retention setting rests on the controller's instruction
# description: Where a store deletes personal data by itself, the period comes from an instruction of the
#   controller, for the processor does not decide on the storage period. Logs have agreed bounds of their own.
# schemas:
#   - input: schema.datastore
# custom:
#   id: RET-007
#   kind: datastore
#   needs: [retention.instruction]
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
#     and name that instruction in the data map of this store. If the controller does not want the period, change
#     the setting.
#   remediation_nl: Laat de verwerkingsverantwoordelijke de termijn schriftelijk bevestigen, leg die vast bij de
#     instructies van de klant, en noem die instructie in de gegevenskaart van deze opslag. Wil de
#     verwerkingsverantwoordelijke de termijn niet, pas dan de instelling aan.
#   messages:
#     default:
#       en: "the retention setting rests on instruction {value}, which is not one of this customer"
#       nl: "de bewaarinstelling berust op instructie {value}, en die is niet van deze klant"
#     none:
#       en: "the retention setting rests on no instruction of the controller"
#       nl: "de bewaarinstelling berust op geen instructie van de verwerkingsverantwoordelijke"
package waarborg.retention.instruction

applies if {
	input.personal_data == true
	input.engine != "log"
	is_number(input.retention.automatic_days)
}

deny contains {
	"path": "retention.instruction",
	"value": input.retention.instruction,
	"limit": input.terms.instructions,
} if {
	is_string(input.retention.instruction)
	not input.retention.instruction in input.terms.instructions
}

deny contains {
	"path": "retention.instruction",
	"value": null,
	"limit": input.terms.instructions,
	"code": "none",
} if {
	is_null(input.retention.instruction)
}
