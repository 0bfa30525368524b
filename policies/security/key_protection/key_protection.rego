# METADATA
# title: Keys cannot be taken out or deleted
# description: A key that protects data cannot be exported from its store, nor deleted out of hand.
# schemas:
#   - input: schema.crypto_key
# custom:
#   id: SEC-052
#   kind: crypto_key
#   needs: [exportable, deletion_allowed]
#   clauses: [VWO-2.1.2]
#   gdpr: ["32(1)(a)", "32(1)(b)", "32(2)"]
#   severity: high
#   title_nl: Sleutels kunnen niet worden meegenomen of verwijderd
#   description_nl: >-
#     Een sleutel die gegevens beschermt, kan niet uit de kluis worden gehaald en niet zomaar worden verwijderd.
#   remediation: >-
#     Vault transit: deletion_allowed = false; exportable cannot be turned off, so make a new key without it and
#     rewrap the data. Azure Key Vault: a new key that is not exportable, and purge protection on the vault.
#   remediation_nl: >-
#     Vault transit: deletion_allowed = false; exportable kan niet uit, dus maak een nieuwe sleutel die niet
#     exportable is en versleutel de gegevens opnieuw (rewrap). Azure Key Vault: een nieuwe, niet-exporteerbare
#     sleutel, en purge protection op de kluis.
#   messages:
#     default:
#       en: "the key can be taken out of its store"
#       nl: "de sleutel kan uit de kluis worden gehaald"
#     deletion:
#       en: "the key can be deleted, and the data with it"
#       nl: "de sleutel kan worden verwijderd, en daarmee de gegevens"
package waarborg.security.key_protection

deny contains {"path": "exportable", "value": input.exportable, "limit": false} if input.exportable == true

deny contains {
	"path": "deletion_allowed",
	"value": input.deletion_allowed,
	"limit": false,
	"code": "deletion",
} if input.deletion_allowed == true
