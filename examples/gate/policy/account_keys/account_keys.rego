# METADATA
# title: Storage accounts take no account keys
# description: Access to a storage account goes by a person's or service's own identity, never by the key of the account.
# custom:
#   id: TEAM-STO-001
#   kinds: [terraform.azurerm_storage_account]
#   needs: [shared_access_key_enabled]
#   severity: high
#   title_nl: Opslagaccounts nemen geen accountsleutels aan
#   description_nl: Toegang tot een opslagaccount gaat met de eigen identiteit van een persoon of dienst, nooit met de sleutel van het account.
#   remediation: Set shared_access_key_enabled to false, and give access by role.
#   remediation_nl: Zet shared_access_key_enabled op false en geef toegang met rollen.
#   messages:
#     default:
#       en: "the account takes its keys"
#       nl: "het account neemt zijn sleutels aan"
#     not_set:
#       en: "shared_access_key_enabled is not set, and then the account takes its keys"
#       nl: "shared_access_key_enabled is niet gezet, en dan neemt het account zijn sleutels aan"
package team.storage.account_keys

deny contains {"path": "shared_access_key_enabled", "value": true, "limit": false} if input.shared_access_key_enabled == true

# Not set is not the same as off: the provider's default is true.
deny contains {"path": "shared_access_key_enabled", "value": null, "limit": false, "code": "not_set"} if {
	is_null(input.shared_access_key_enabled)
}
