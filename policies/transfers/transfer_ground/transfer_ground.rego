# METADATA
# title: Data outside the EEA have a ground for the transfer
# description: >-
#   Where personal data or a copy lie outside the EEA, an adequacy decision is in force, or the register has
#   standard clauses or binding rules with a transfer impact assessment. An agreement between the parties cannot
#   replace this.
# schemas:
#   - input: schema.datastore
# custom:
#   id: TRF-004
#   kind: datastore
#   needs: [location, copies, provider]
#   scope: [personal_data]
#   terms: [register]
#   clauses: [VWO-8.1]
#   gdpr: ["44", "45", "46"]
#   severity: critical
#   waivable: false
#   title_nl: Gegevens buiten de EER hebben een grondslag voor doorgifte
#   description_nl: >-
#     Staan persoonsgegevens of een kopie buiten de EER, dan geldt er een adequaatheidsbesluit of staan in het
#     register modelbepalingen of bindende regels met een beoordeling van de doorgifte. Een afspraak tussen partijen
#     kan dit niet vervangen.
#   remediation: >-
#     Move the data to the EEA, or agree the standard contractual clauses (EU) 2021/914 with the recipient (module 3
#     for a sub-processor), make and date the transfer impact assessment, and enter both in the register.
#   remediation_nl: >-
#     Haal de gegevens naar de EER, of sluit met de ontvanger de modelbepalingen (EU) 2021/914 (module 3 voor een
#     subverwerker), maak en dateer de beoordeling van de doorgifte (TIA) en zet beide in het register.
#   messages:
#     default:
#       en: "the data lie in {value}, and no ground for the transfer is on the register; accepted: {limit}"
#       nl: "de gegevens staan in {value}, en in het register staat geen grondslag voor de doorgifte; mogelijk: {limit}"
#     ended:
#       en: "the data lie in {value}; the adequacy decision ended on {limit} and the register gives no other ground"
#       nl: "de gegevens staan in {value}; het adequaatheidsbesluit liep af op {limit} en het register geeft geen andere grondslag"
#     expired:
#       en: "the data lie in {value}; the ground on the register ended on {limit}"
#       nl: "de gegevens staan in {value}; de grondslag in het register liep af op {limit}"
#     no_tia:
#       en: "the data lie in {value} on standard clauses or binding rules without an assessment of the transfer (TIA)"
#       nl: "de gegevens staan in {value} op grond van modelbepalingen of bindende regels zonder beoordeling van de doorgifte (TIA)"
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
#       en: "the data lie in {value}, where the adequacy decision covers only some recipients; find out whether this one is covered and enter the ground in the register"
#       nl: "de gegevens staan in {value}; het adequaatheidsbesluit geldt daar voor een deel van de ontvangers; zoek uit of deze eronder valt en zet de grondslag in het register"
package waarborg.transfers.transfer_ground

import data.waarborg.lib.geo
import data.waarborg.lib.ground
import data.waarborg.lib.register

applies if input.personal_data == true

deny contains ground.finding(path, location, row) if some location in locations[path]

unsure contains ground.question(path, location, row) if some location in locations[path]

locations.location contains input.location

locations.copies contains geo.copy_location(copy) if some copy in input.copies

row := register.entry(input.terms.register, input.provider)
