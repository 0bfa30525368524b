# METADATA
# title: Datastores are reached without a key for everybody
# description: Storage with personal data refuses the account key that everybody shares, so that each access has a
#   person or a service of its own.
# schemas:
#   - input: schema.datastore
# custom:
#   id: ACC-014
#   kind: datastore
#   needs: [authentication.shared_key]
#   scope: [personal_data, engine]
#   clauses: [BB-LOG-3]
#   gdpr: ["32(1)(b)", "32(4)"]
#   severity: high
#   title_nl: Gegevensopslag heeft geen sleutel die iedereen deelt
#   description_nl: Opslag met persoonsgegevens weigert de accountsleutel die iedereen deelt, zodat bij elke toegang
#     vaststaat welke persoon of dienst het is.
#   remediation: "Switch shared keys off and use Entra ID identities. Azure Storage: shared_access_key_enabled =
#     false (file shares: identity-based access over SMB). Cosmos DB: disable local authentication. Afterwards
#     rotate the keys that were handed out."
#   remediation_nl: "Zet gedeelde sleutels uit en gebruik Entra ID-identiteiten. Azure Storage:
#     shared_access_key_enabled = false (file shares: toegang op basis van identiteit via SMB). Cosmos DB: zet lokale
#     authenticatie uit. Vernieuw daarna de sleutels die zijn uitgedeeld."
#   messages:
#     default:
#       en: "one key gives everybody who has it access to this datastore"
#       nl: "één sleutel geeft iedereen die hem heeft toegang tot deze gegevensopslag"
package waarborg.access.shared_keys

# The engines that have an account key at all.
applies if {
	input.personal_data == true
	input.engine in {"blob", "file_share", "queue", "cosmos"}
}

deny contains {"path": "authentication.shared_key", "value": true, "limit": false} if {
	input.authentication.shared_key == true
}
