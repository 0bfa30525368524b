# METADATA
# title: Suppliers outside the EEA have a ground for the transfer
# description: >-
#   For every country outside the EEA where a supplier processes personal data, or from where it has access, a
#   ground for the transfer is in force.
# schemas:
#   - input: schema.supplier
# custom:
#   id: TRF-008
#   kind: supplier
#   needs: [register_id, countries, access_countries]
#   scope: [personal_data]
#   terms: [register]
#   clauses: [VWO-8.1]
#   gdpr: ["28(4)", "44", "45", "46"]
#   severity: critical
#   waivable: false
#   title_nl: Leveranciers buiten de EER hebben een grondslag voor doorgifte
#   description_nl: >-
#     Voor elk land buiten de EER waar een leverancier persoonsgegevens verwerkt, of vanwaar hij erbij kan, geldt een
#     grondslag voor doorgifte.
#   remediation: >-
#     Move the data to the EEA, or agree the standard contractual clauses (EU) 2021/914 with the recipient (module 3
#     for a sub-processor), make and date the transfer impact assessment, and enter both in the register.
#   remediation_nl: >-
#     Haal de gegevens naar de EER, of sluit met de ontvanger de modelbepalingen (EU) 2021/914 (module 3 voor een
#     subverwerker), maak en dateer de beoordeling van de doorgifte (TIA) en zet beide in het register.
#   messages:
#     default:
#       en: "the supplier works from {value}, and no ground for the transfer is on the register; accepted: {limit}"
#       nl: "de leverancier werkt vanuit {value}, en in het register staat geen grondslag voor de doorgifte; mogelijk: {limit}"
#     ended:
#       en: "the supplier works from {value}; the adequacy decision ended on {limit} and the register gives no other ground"
#       nl: "de leverancier werkt vanuit {value}; het adequaatheidsbesluit liep af op {limit} en het register geeft geen andere grondslag"
#     expired:
#       en: "the supplier works from {value}; the ground on the register ended on {limit}"
#       nl: "de leverancier werkt vanuit {value}; de grondslag in het register liep af op {limit}"
#     no_tia:
#       en: "the supplier works from {value} on standard clauses or binding rules without an assessment of the transfer (TIA)"
#       nl: "de leverancier werkt vanuit {value} op grond van modelbepalingen of bindende regels zonder beoordeling van de doorgifte (TIA)"
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
#       en: "the supplier works from {value}, where the adequacy decision covers only some recipients; find out whether this one is covered and enter the ground in the register"
#       nl: "de leverancier werkt vanuit {value}; het adequaatheidsbesluit geldt daar voor een deel van de ontvangers; zoek uit of deze eronder valt en zet de grondslag in het register"
package waarborg.transfers.supplier_ground

import data.waarborg.lib.ground
import data.waarborg.lib.register

applies if input.personal_data == true

deny contains ground.finding(path, {"country": country}, row) if some country in countries[path]

unsure contains ground.question(path, {"country": country}, row) if some country in countries[path]

unsure contains {"path": "countries", "value": null, "code": "no_region"} if input.countries in {null, []}

countries.countries contains country if some country in input.countries

countries.access_countries contains country if some country in input.access_countries

row := register.entry(input.terms.register, input.register_id)
