# METADATA
# title: Data go to third parties on a ground that is written down
# description: >-
#   Personal data go to a third party or an authority on a documented instruction of the controller. On any other ground
#   that the agreement admits, a person must say which.
# schemas:
#   - input: schema.flow
# custom:
#   id: PRC-009
#   kind: flow
#   needs: [instruction]
#   scope: [personal_data, recipient_type]
#   terms: [instructions]
#   clauses: [VWO-1.8, VWO-1.5]
#   gdpr: ["28(3)(a)", "29", "48"]
#   severity: high
#   title_nl: Gegevens gaan naar derden op een vastgelegde grond
#   description_nl: >-
#     Persoonsgegevens gaan naar een derde of een overheid op een vastgelegde instructie van de
#     verwerkingsverantwoordelijke. Bij elke andere grond die de overeenkomst toelaat, moet iemand zeggen welke het is.
#   remediation: >-
#     Find out on which ground of VWO-1.8 the data go. If there is none, stop the flow. If the controller wants it, have
#     it say so in writing, record that among the customer's instructions, and name it under `instruction` of this flow
#     in the data map. On a legal duty or an order of an authority, tell the controller before any data go (VWO-1.9).
#   remediation_nl: >-
#     Zoek uit op welke grond van VWO-1.8 de gegevens gaan. Is er geen, stop dan de stroom. Wil de
#     verwerkingsverantwoordelijke het, laat dat dan op schrift zetten, leg het vast bij de instructies van de klant, en
#     noem het onder `instruction` van deze stroom in de gegevenskaart. Bij een wettelijke plicht of een bevel van een
#     overheid: licht de verwerkingsverantwoordelijke in voordat er gegevens gaan (VWO-1.9).
#   messages:
#     no_ground:
#       en: "no instruction of this customer covers this flow; on which ground of VWO-1.8 do the data go: to perform the contract, a written order, a legal duty, or an order of an authority?"
#       nl: "geen instructie van deze klant dekt deze stroom; op welke grond van VWO-1.8 gaan de gegevens: de uitvoering van het contract, een schriftelijke opdracht, een wettelijke plicht of een bevel van een overheid?"
package waarborg.processings.third_parties

applies if {
	input.personal_data == true
	input.recipient_type in {"authority", "third-party"}
}

# VWO-1.8 admits grounds that no system knows, so a lack of an instruction is a question. The id is left out: it may be of
# another customer, of whom this one is to hear nothing.
unsure contains {"path": "instruction", "code": "no_ground"} if is_null(input.instruction)

unsure contains {"path": "instruction", "code": "no_ground"} if {
	is_string(input.instruction)
	not input.instruction in input.terms.instructions
}
