package main

import rego.v1

eea := {"westeurope", "northeurope", "germanywestcentral", "germanynorth", "francecentral", "francesouth", "swedencentral", "norwayeast", "polandcentral", "italynorth", "spaincentral"}

changes contains r if {
	some r in input.resource_changes
	r.mode == "managed"
	not r.change.actions[0] == "delete"
}

deny contains msg if {
	some r in changes
	loc := r.change.after.location
	not loc in eea
	msg := sprintf("%s: outside EEA", [r.address])
}

deny contains msg if {
	some r in changes
	r.type == "azurerm_storage_account"
	r.change.after.min_tls_version != "TLS1_2"
	msg := sprintf("%s: tls", [r.address])
}

deny contains msg if {
	some r in changes
	r.type == "azurerm_storage_account"
	r.change.after.public_network_access_enabled
	msg := sprintf("%s: public", [r.address])
}

deny contains msg if {
	some r in changes
	r.type == "azurerm_storage_account"
	r.change.after.allow_nested_items_to_be_public
	msg := sprintf("%s: public blobs", [r.address])
}

deny contains msg if {
	some r in changes
	r.type == "azurerm_storage_account"
	not r.change.after.https_traffic_only_enabled
	msg := sprintf("%s: https", [r.address])
}

deny contains msg if {
	some r in changes
	r.type == "azurerm_storage_account"
	some b in r.change.after.blob_properties
	b.delete_retention_policy[0].days > 90
	msg := sprintf("%s: retention", [r.address])
}

deny contains msg if {
	some r in changes
	r.type == "azurerm_storage_account"
	some n in r.change.after.network_rules
	n.default_action != "Deny"
	msg := sprintf("%s: network", [r.address])
}

deny contains msg if {
	some r in changes
	r.type == "azurerm_postgresql_flexible_server"
	r.change.after.backup_retention_days < 7
	msg := sprintf("%s: backup", [r.address])
}

deny contains msg if {
	some r in changes
	r.type == "azurerm_postgresql_flexible_server"
	r.change.after.public_network_access_enabled
	msg := sprintf("%s: pg public", [r.address])
}

deny contains msg if {
	some r in changes
	r.type == "azurerm_postgresql_flexible_server"
	r.change.after.authentication[0].password_auth_enabled
	msg := sprintf("%s: pg pwd", [r.address])
}

deny contains msg if {
	some r in changes
	r.type == "azurerm_postgresql_flexible_server"
	r.change.after.geo_redundant_backup_enabled
	msg := sprintf("%s: pg geo", [r.address])
}

deny contains msg if {
	some r in changes
	r.type == "azurerm_mssql_database"
	not r.change.after.transparent_data_encryption_enabled
	msg := sprintf("%s: tde", [r.address])
}

deny contains msg if {
	some r in changes
	r.type == "azurerm_mssql_database"
	r.change.after.short_term_retention_policy[0].retention_days < 7
	msg := sprintf("%s: ret", [r.address])
}

deny contains msg if {
	some r in changes
	r.type == "azurerm_role_assignment"
	r.change.after.role_definition_name == "Owner"
	r.change.after.principal_type == "User"
	msg := sprintf("%s: owner", [r.address])
}

deny contains msg if {
	some r in changes
	r.type == "azurerm_role_assignment"
	r.change.after.role_definition_name == "Contributor"
	r.change.after.principal_type == "User"
	msg := sprintf("%s: contrib", [r.address])
}

deny contains msg if {
	some r in changes
	r.type == "azurerm_log_analytics_workspace"
	r.change.after.retention_in_days > 180
	msg := sprintf("%s: log ret", [r.address])
}

deny contains msg if {
	some r in changes
	r.type == "azurerm_elastic_cloud_elasticsearch"
	not endswith(r.change.after.elastic_cloud_email_address, ".nl")
	msg := sprintf("%s: elastic", [r.address])
}

deny contains msg if {
	some r in changes
	r.change.after.tags
	not r.change.after.tags.owner
	msg := sprintf("%s: owner tag", [r.address])
}

deny contains msg if {
	some r in changes
	r.change.after.tags.data == "personal"
	r.change.after.tags.env == "dev"
	r.type == "azurerm_mssql_database"
	msg := sprintf("%s: personal in dev", [r.address])
}

deny contains msg if {
	some r in changes
	r.change.after.tags
	not r.change.after.tags.application
	msg := sprintf("%s: app tag", [r.address])
}
