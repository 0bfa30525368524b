# METADATA
# title: Staff work on managed company devices
# description: Laptops and desktops are the company's and under device management.
# schemas:
#   - input: schema.endpoint
# custom:
#   id: SEC-047
#   kind: endpoint
#   needs: [company_owned, managed]
#   scope: [form]
#   clauses: [BB-LOG-8a]
#   gdpr: ["32(1)(b)", "32(4)"]
#   severity: high
#   title_nl: Medewerkers werken op beheerde zakelijke apparaten
#   description_nl: Laptops en desktops zijn van het bedrijf en staan onder apparaatbeheer.
#   remediation: >-
#     Enrol the device in the device management (Intune), or remove it and give the person a company laptop.
#   remediation_nl: >-
#     Neem het apparaat op in het apparaatbeheer (Intune), of verwijder het en geef een zakelijke laptop.
#   messages:
#     default:
#       en: "the device is not managed"
#       nl: "het apparaat wordt niet beheerd"
#     private:
#       en: "the device is not owned by the company"
#       nl: "het apparaat is niet van het bedrijf"
package waarborg.security.managed_device

applies if input.form in {"desktop", "laptop"}

deny contains {
	"path": "company_owned",
	"value": input.company_owned,
	"limit": true,
	"code": "private",
} if input.company_owned != true

deny contains {"path": "managed", "value": input.managed, "limit": true} if input.managed != true
