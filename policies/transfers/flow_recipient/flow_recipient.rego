# METADATA
# title: Data that leave go to the EEA or on a ground
# description: Personal data go to a recipient in the EEA, or to one for whom a ground for the transfer is in force.
# schemas:
#   - input: schema.flow
# custom:
#   id: TRF-006
#   kind: flow
#   needs: [location, recipient]
#   scope: [personal_data]
#   terms: [register]
#   clauses: [VWO-8.1]
#   gdpr: ["44", "45", "46"]
#   severity: critical
#   waivable: false
#   title_nl: Gegevens die weggaan, blijven in de EER of gaan op een grondslag
#   description_nl: >-
#     Persoonsgegevens gaan naar een ontvanger in de EER, of naar een ontvanger voor wie een grondslag voor doorgifte
#     geldt.
#   remediation: >-
#     Move the data to the EEA, or agree the standard contractual clauses (EU) 2021/914 with the recipient (module 3
#     for a sub-processor), make and date the transfer impact assessment, and enter both in the register.
#   remediation_nl: >-
#     Haal de gegevens naar de EER, of sluit met de ontvanger de modelbepalingen (EU) 2021/914 (module 3 voor een
#     subverwerker), maak en dateer de beoordeling van de doorgifte (TIA) en zet beide in het register.
#   messages:
#     default:
#       en: "the recipient is in {value}, and no ground for the transfer is on the register; accepted: {limit}"
#       nl: "de ontvanger zit in {value}, en in het register staat geen grondslag voor de doorgifte; mogelijk: {limit}"
#     ended:
#       en: "the recipient is in {value}; the adequacy decision ended on {limit} and the register gives no other ground"
#       nl: "de ontvanger zit in {value}; het adequaatheidsbesluit liep af op {limit} en het register geeft geen andere grondslag"
#     expired:
#       en: "the recipient is in {value}; the ground on the register ended on {limit}"
#       nl: "de ontvanger zit in {value}; de grondslag in het register liep af op {limit}"
#     no_tia:
#       en: "the recipient is in {value} on standard clauses or binding rules without an assessment of the transfer (TIA)"
#       nl: "de ontvanger zit in {value} op grond van modelbepalingen of bindende regels zonder beoordeling van de doorgifte (TIA)"
#     unknown_region:
#       en: "{value} is not in the region table; add it to the workspace's regions when you know its country"
#       nl: "{value} staat niet in de regiotabel; zet de regio bij de regio's van de werkmap zodra u het land weet"
#     no_region:
#       en: "it is not known in which region or country this lies (stated: {value})"
#       nl: "niet bekend is in welke regio of welk land dit staat (opgegeven: {value})"
#     unclear_territory:
#       en: "it is not settled whether {value} counts as inside the EEA; ask your data protection officer"
#       nl: "het staat niet vast of {value} bij de EER hoort; vraag het aan uw functionaris gegevensbescherming"
#     partial_decision:
#       en: "the recipient is in {value}, where the adequacy decision covers only some recipients; find out whether this one is covered and enter the ground in the register"
#       nl: "de ontvanger zit in {value}; het adequaatheidsbesluit geldt daar voor een deel van de ontvangers; zoek uit of deze eronder valt en zet de grondslag in het register"
package waarborg.transfers.flow_recipient

import data.waarborg.lib.ground
import data.waarborg.lib.register

applies if input.personal_data == true

deny contains ground.finding("location", input.location, row)

unsure contains ground.question("location", input.location, row)

row := register.entry(input.terms.register, input.recipient)
