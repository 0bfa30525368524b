# METADATA
# title: Disks of work equipment are encrypted
# description: The disks of laptops, desktops, phones and servers are fully encrypted.
# schemas:
#   - input: schema.endpoint
# custom:
#   id: SEC-017
#   kind: endpoint
#   needs: [disk_encrypted]
#   clauses: [BB-OVD-1]
#   gdpr: ["32(1)(a)"]
#   severity: high
#   title_nl: Schijven van apparaten zijn versleuteld
#   description_nl: De schijven van laptops, desktops, telefoons en servers zijn volledig versleuteld.
#   remediation: >-
#     Turn on BitLocker, FileVault or LUKS by the device management (Intune: disk encryption policy, compliance
#     required). Azure servers: encryption at host.
#   remediation_nl: >-
#     Zet BitLocker, FileVault of LUKS aan via het apparaatbeheer (Intune: beleid voor schijfversleuteling, verplicht
#     voor compliance). Azure-servers: encryption at host.
#   messages:
#     default:
#       en: "the disk is not encrypted"
#       nl: "de schijf is niet versleuteld"
package waarborg.security.disk_encryption

deny contains {
	"path": "disk_encrypted",
	"value": input.disk_encrypted,
	"limit": true,
} if input.disk_encrypted != true
