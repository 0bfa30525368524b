# METADATA
# title: Recovery keys of disks are kept
# description: >-
#   The recovery key of an encrypted laptop or desktop is kept by the organisation, so that encryption does not cost
#   the data.
# schemas:
#   - input: schema.endpoint
# custom:
#   id: SEC-046
#   kind: endpoint
#   needs: [recovery_key_escrowed]
#   scope: [form]
#   clauses: [BB-OVD-1]
#   gdpr: ["32(1)(a)", "32(1)(c)"]
#   severity: low
#   title_nl: Herstelsleutels van schijven worden bewaard
#   description_nl: >-
#     De organisatie bewaart de herstelsleutel van een versleutelde laptop of desktop, zodat versleuteling de gegevens
#     niet kost.
#   remediation: >-
#     Let Intune or Entra ID keep the BitLocker key, or the device management keep the FileVault key, and rotate it.
#   remediation_nl: >-
#     Laat Intune of Entra ID de BitLocker-sleutel bewaren, of het apparaatbeheer de FileVault-sleutel, en vernieuw de
#     sleutel.
#   messages:
#     default:
#       en: "the recovery key of the disk is not kept"
#       nl: "de herstelsleutel van de schijf wordt niet bewaard"
package waarborg.security.recovery_key

applies if input.form in {"desktop", "laptop"}

deny contains {
	"path": "recovery_key_escrowed",
	"value": input.recovery_key_escrowed,
	"limit": true,
} if input.recovery_key_escrowed != true
