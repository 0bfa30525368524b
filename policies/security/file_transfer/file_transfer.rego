# METADATA
# title: Files with personal data are sent securely
# description: >-
#   Personal data sent as files are encrypted on the way, and each recipient signs in with an account of its own.
# schemas:
#   - input: schema.flow
# custom:
#   id: SEC-030
#   kind: flow
#   needs: [encrypted, personal_account]
#   scope: [personal_data, mechanism]
#   clauses: [BB-OVD-3]
#   gdpr: ["32(1)(a)", "5(1)(f)"]
#   severity: high
#   title_nl: Bestanden met persoonsgegevens worden veilig verstuurd
#   description_nl: >-
#     Persoonsgegevens in bestanden zijn onderweg versleuteld, en elke ontvanger logt in met een eigen account.
#   remediation: >-
#     Use the secure file transfer tool: SFTP or a portal with an account for each recipient. Turn off shared accounts
#     and links that open without signing in (Azure Storage: user delegation SAS or local SFTP users). Do not send
#     personal data by plain mail.
#   remediation_nl: >-
#     Gebruik het programma voor veilige bestandsoverdracht: SFTP of een portaal met een account per ontvanger. Zet
#     gedeelde accounts en links zonder inloggen uit (Azure Storage: user delegation SAS of lokale SFTP-gebruikers).
#     Stuur geen persoonsgegevens met gewone mail.
#   messages:
#     default:
#       en: "the transfer is not encrypted"
#       nl: "de overdracht is niet versleuteld"
#     shared:
#       en: "recipients have no account of their own"
#       nl: "ontvangers hebben geen eigen account"
package waarborg.security.file_transfer

# An interface between systems sends no files by hand; its encryption is that of the datastore behind it.
applies if {
	input.personal_data == true
	input.mechanism in {"link", "mail", "portal", "sftp"}
}

deny contains {"path": "encrypted", "value": input.encrypted, "limit": true} if input.encrypted != true

# A mailbox is its owner's.
deny contains {"path": "personal_account", "value": input.personal_account, "limit": true, "code": "shared"} if {
	input.mechanism in {"link", "portal", "sftp"}
	input.personal_account != true
}
