# METADATA
# title: Analytics, AI and integrations rest on an instruction
# description: >-
#   Personal data go to telemetry, analytics, AI or an integration only on a written instruction of the controller.
# schemas:
#   - input: schema.flow
# custom:
#   id: PRC-005
#   kind: flow
#   needs: [instruction]
#   scope: [personal_data, feature]
#   terms: [instructions]
#   clauses: [VWO-1.5, VWO-1.2]
#   gdpr: ["28(3)(a)", "28(10)", "29"]
#   severity: high
#   title_nl: Analyse, AI en koppelingen berusten op een instructie
#   description_nl: >-
#     Persoonsgegevens gaan alleen naar telemetrie, analyse, AI of een koppeling op schriftelijke instructie van de
#     verwerkingsverantwoordelijke.
#   remediation: >-
#     Switch the feature off or strip personal data from it (in Azure: diagnostic settings and Application Insights;
#     in Elastic: telemetry and machine learning jobs), or obtain a written instruction, put it in the instruction
#     register, and link the flow to it.
#   remediation_nl: >-
#     Zet de functie uit of haal de persoonsgegevens eruit (in Azure: diagnostische instellingen en Application
#     Insights; in Elastic: telemetrie en machine-learningtaken), of vraag een schriftelijke instructie, zet die in
#     het instructieregister en koppel de stroom eraan.
#   messages:
#     default:
#       en: "the flow rests on an instruction that is not one of this customer"
#       nl: "de stroom berust op een instructie die niet van deze klant is"
#     no_instruction:
#       en: "no instruction of the controller covers this use"
#       nl: "er is geen instructie van de verwerkingsverantwoordelijke voor dit gebruik"
package waarborg.processings.instructed_features

applies if {
	input.personal_data == true
	input.feature in {"ai", "analytics", "integration", "telemetry"}
}

# The id is left out: it may be of another customer, of whom this one is to hear nothing.
deny contains {"path": "instruction", "limit": "instructions"} if {
	is_string(input.instruction)
	not input.instruction in input.terms.instructions
}

deny contains {"path": "instruction", "limit": "instructions", "code": "no_instruction"} if is_null(input.instruction)
