# METADATA
# title: Technical protection stands
# description: Nobody removed or went round the technical protection of an application.
# schemas:
#   - input: schema.service
# custom:
#   id: SEC-040
#   kind: service
#   needs: [protection_bypassed]
#   clauses: [AV-12.6]
#   gdpr: ["32(1)(b)"]
#   severity: high
#   title_nl: De technische bescherming is intact
#   description_nl: Niemand heeft de technische bescherming van een applicatie verwijderd of omzeild.
#   remediation: >-
#     Look up in the logs of the web application firewall and the application who went round the protection, restore
#     it, and speak to the customer. Assess whether personal data were seen: that may be a breach.
#   remediation_nl: >-
#     Zoek in de logs van de web application firewall en de applicatie op wie de bescherming omzeilde, herstel die,
#     en bespreek het met de klant. Beoordeel of persoonsgegevens zijn gezien: dat kan een datalek zijn.
#   messages:
#     default:
#       en: "technical protection was removed or gone round"
#       nl: "technische bescherming is verwijderd of omzeild"
package waarborg.security.protection_intact

deny contains {
	"path": "protection_bypassed",
	"value": input.protection_bypassed,
	"limit": false,
} if input.protection_bypassed == true
