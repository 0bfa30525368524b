package arm

// translation says what a type of Azure is to package terraform.
type translation struct {
	azurerm string
	fields  []attribute
	owner   string               // attribute that gets the id of what the resource belongs to, or its name if it ends in _name
	up      int                  // how many steps up that stands: 1 for what it stands in; 0 if there is none
	scoped  string               // attribute that gets the id of what the resource is an extension of
	into    bool                 // not a resource of its own to terraform: its fields are those of what it stands in
	each    func(body any) []any // its parts, which terraform has as resources of their own; nil: it is one itself
}

// attribute is one attribute of the azurerm type, and where its value stands in the resource.
type attribute struct {
	to   string
	from string          // members, separated by dots; the whole resource if empty
	by   func(v any) any // what it means; nil: the same
}

var (
	enabled = words(map[string]any{"enabled": true, "disabled": false})
	region  = attribute{"location", "location", nil}
	tags    = attribute{"tags", "tags", nil}
)

// table has the translation of each type, by its name in lower case; nothing changes it. What each type can hold is in
// Azure's reference of templates, https://learn.microsoft.com/azure/templates/.
var table = map[string]translation{
	"microsoft.storage/storageaccounts": {azurerm: "azurerm_storage_account", fields: []attribute{
		region, tags,
		{"account_kind", "kind", nil},
		{"account_replication_type", "sku.name", replication},
		{"customer_managed_key", "properties.encryption", storageKey},
		{"https_traffic_only_enabled", "properties.supportsHttpsTrafficOnly", nil},
		{"min_tls_version", "properties.minimumTlsVersion", nil},
		{"shared_access_key_enabled", "properties.allowSharedKeyAccess", nil},
		{"allow_nested_items_to_be_public", "properties.allowBlobPublicAccess", nil},
		{"public_network_access_enabled", "properties.publicNetworkAccess", enabled},
		{"network_rules", "properties.networkAcls", block(
			attribute{"default_action", "defaultAction", nil}, attribute{"ip_rules", "ipRules", each("value")})},
	}},
	"microsoft.storage/storageaccounts/blobservices": {azurerm: "azurerm_storage_account", up: 1, into: true, fields: []attribute{
		{"blob_properties", "properties", block(
			attribute{"versioning_enabled", "isVersioningEnabled", nil},
			attribute{"delete_retention_policy", "deleteRetentionPolicy", softDelete})},
	}},
	"microsoft.storage/storageaccounts/fileservices": {azurerm: "azurerm_storage_account", up: 1, into: true, fields: []attribute{
		{"share_properties", "properties", block(attribute{"retention_policy", "shareDeleteRetentionPolicy", softDelete})},
	}},
	"microsoft.storage/storageaccounts/blobservices/containers": {azurerm: "azurerm_storage_container", owner: "storage_account_id", up: 2,
		fields: []attribute{{"container_access_type", "properties.publicAccess",
			words(map[string]any{"none": "private", "blob": "blob", "container": "container"})}}},
	"microsoft.storage/storageaccounts/managementpolicies": {azurerm: "azurerm_storage_management_policy", owner: "storage_account_id", up: 1,
		fields: []attribute{{"rule", "properties.policy.rules", blocks(
			attribute{"enabled", "enabled", nil},
			attribute{"actions", "definition.actions", block(attribute{"base_blob", "baseBlob", block(
				attribute{"delete_after_days_since_modification_greater_than", "delete.daysAfterModificationGreaterThan", nil},
				attribute{"delete_after_days_since_creation_greater_than", "delete.daysAfterCreationGreaterThan", nil})})},
			attribute{"filters", "definition.filters", block(
				attribute{"blob_types", "blobTypes", nil}, attribute{"prefix_match", "prefixMatch", nil},
				attribute{"match_blob_index_tag", "blobIndexMatch", blocks(attribute{"name", "name", nil})})})}}},
	"microsoft.storage/storageaccounts/fileservices/shares":  {azurerm: "azurerm_storage_share", owner: "storage_account_id", up: 2},
	"microsoft.storage/storageaccounts/queueservices/queues": {azurerm: "azurerm_storage_queue", owner: "storage_account_id", up: 2},
	"microsoft.storage/storageaccounts/objectreplicationpolicies": {azurerm: "azurerm_storage_object_replication", fields: []attribute{
		{"source_storage_account_id", "properties.sourceAccount", ownerID},
		{"destination_storage_account_id", "properties.destinationAccount", id},
	}},

	"microsoft.dbforpostgresql/flexibleservers": {azurerm: "azurerm_postgresql_flexible_server", fields: append(flexible,
		attribute{"authentication", "properties.authConfig", block(attribute{"password_auth_enabled", "passwordAuth", enabled})})},
	"microsoft.dbforpostgresql/flexibleservers/configurations": {azurerm: "azurerm_postgresql_flexible_server_configuration",
		owner: "server_id", up: 1, fields: setting},
	"microsoft.dbforpostgresql/flexibleservers/firewallrules": {azurerm: "azurerm_postgresql_flexible_server_firewall_rule",
		owner: "server_id", up: 1, fields: addresses},
	"microsoft.dbforpostgresql/flexibleservers/databases": {azurerm: "azurerm_postgresql_flexible_server_database", owner: "server_id", up: 1},
	"microsoft.dbforpostgresql/servers": {azurerm: "azurerm_postgresql_server", fields: []attribute{
		region, tags,
		{"ssl_enforcement_enabled", "properties.sslEnforcement", enabled},
		{"ssl_minimal_tls_version_enforced", "properties.minimalTlsVersion", nil},
		{"backup_retention_days", "properties.storageProfile.backupRetentionDays", nil},
		{"geo_redundant_backup_enabled", "properties.storageProfile.geoRedundantBackup", enabled},
		{"public_network_access_enabled", "properties.publicNetworkAccess", enabled},
	}},
	"microsoft.dbforpostgresql/servers/firewallrules": {azurerm: "azurerm_postgresql_firewall_rule", owner: "server_name", up: 1, fields: addresses},
	"microsoft.dbforpostgresql/servers/databases":     {azurerm: "azurerm_postgresql_database", owner: "server_name", up: 1},

	"microsoft.dbformysql/flexibleservers": {azurerm: "azurerm_mysql_flexible_server", fields: flexible},
	"microsoft.dbformysql/flexibleservers/configurations": {azurerm: "azurerm_mysql_flexible_server_configuration",
		owner: "server_name", up: 1, fields: setting},
	"microsoft.dbformysql/flexibleservers/firewallrules": {azurerm: "azurerm_mysql_flexible_server_firewall_rule",
		owner: "server_name", up: 1, fields: addresses},
	"microsoft.dbformysql/flexibleservers/databases": {azurerm: "azurerm_mysql_flexible_database", owner: "server_name", up: 1},

	"microsoft.sql/servers": {azurerm: "azurerm_mssql_server", fields: []attribute{
		region, tags,
		{"minimum_tls_version", "properties.minimalTlsVersion", words(map[string]any{"none": "Disabled"})},
		{"public_network_access_enabled", "properties.publicNetworkAccess", enabled},
		{"azuread_administrator", "properties.administrators", block(attribute{"azuread_authentication_only", "azureADOnlyAuthentication", nil})},
	}},
	"microsoft.sql/servers/azureadonlyauthentications": {azurerm: "azurerm_mssql_server", up: 1, into: true, fields: []attribute{
		{"azuread_administrator", "properties", block(attribute{"azuread_authentication_only", "azureADOnlyAuthentication", nil})},
	}},
	"microsoft.sql/servers/firewallrules":            {azurerm: "azurerm_mssql_firewall_rule", owner: "server_id", up: 1, fields: addresses},
	"microsoft.sql/servers/auditingsettings":         {azurerm: "azurerm_mssql_server_extended_auditing_policy", owner: "server_id", up: 1, fields: auditing},
	"microsoft.sql/servers/extendedauditingsettings": {azurerm: "azurerm_mssql_server_extended_auditing_policy", owner: "server_id", up: 1, fields: auditing},
	"microsoft.sql/servers/encryptionprotector": {azurerm: "azurerm_mssql_server_transparent_data_encryption", owner: "server_id", up: 1,
		fields: []attribute{{"key_vault_key_id", "properties", protectorKey(false)}, {"managed_hsm_key_id", "properties", protectorKey(true)}}},
	"microsoft.sql/servers/failovergroups": {azurerm: "azurerm_mssql_failover_group", owner: "server_id", up: 1, fields: []attribute{
		{"partner_server", "properties.partnerServers", blocks(attribute{"id", "id", id})}}},
	"microsoft.sql/servers/databases": {azurerm: "azurerm_mssql_database", owner: "server_id", up: 1, fields: []attribute{
		tags,
		{"zone_redundant", "properties.zoneRedundant", nil},
		{"storage_account_type", "properties.requestedBackupStorageRedundancy", nil},
		{"create_mode", "properties.createMode", nil},
		{"creation_source_database_id", "properties.sourceDatabaseId", id},
	}},
	"microsoft.sql/servers/databases/auditingsettings": {azurerm: "azurerm_mssql_database_extended_auditing_policy",
		owner: "database_id", up: 1, fields: auditing},
	"microsoft.sql/servers/databases/extendedauditingsettings": {azurerm: "azurerm_mssql_database_extended_auditing_policy",
		owner: "database_id", up: 1, fields: auditing},
	"microsoft.sql/servers/databases/transparentdataencryption": {azurerm: "azurerm_mssql_database", up: 1, into: true, fields: []attribute{
		{"transparent_data_encryption_enabled", "properties.state", enabled}}},
	"microsoft.sql/servers/databases/backupshorttermretentionpolicies": {azurerm: "azurerm_mssql_database", up: 1, into: true, fields: []attribute{
		{"short_term_retention_policy", "properties", block(attribute{"retention_days", "retentionDays", nil})}}},
	"microsoft.sql/servers/databases/backuplongtermretentionpolicies": {azurerm: "azurerm_mssql_database", up: 1, into: true, fields: []attribute{
		{"long_term_retention_policy", "properties", block(attribute{"weekly_retention", "weeklyRetention", nil},
			attribute{"monthly_retention", "monthlyRetention", nil}, attribute{"yearly_retention", "yearlyRetention", nil})}}},

	"microsoft.documentdb/databaseaccounts": {azurerm: "azurerm_cosmosdb_account", fields: []attribute{
		region, tags,
		{"minimal_tls_version", "properties.minimalTlsVersion", nil},
		{"key_vault_key_id", "properties.keyVaultKeyUri", nil},
		{"local_authentication_disabled", "properties.disableLocalAuth", nil},
		{"public_network_access_enabled", "properties.publicNetworkAccess", enabled},
		{"is_virtual_network_filter_enabled", "properties.isVirtualNetworkFilterEnabled", nil},
		{"ip_range_filter", "properties.ipRules", each("ipAddressOrRange")},
		{"geo_location", "properties.locations", blocks(attribute{"location", "locationName", nil}, attribute{"zone_redundant", "isZoneRedundant", nil})},
		{"backup", "properties.backupPolicy", block(attribute{"type", "type", nil},
			attribute{"retention_in_hours", "periodicModeProperties.backupRetentionIntervalInHours", nil},
			attribute{"storage_redundancy", "periodicModeProperties.backupStorageRedundancy", nil},
			attribute{"tier", "continuousModeProperties.tier", nil})},
	}},

	"microsoft.keyvault/vaults": {azurerm: "azurerm_key_vault", fields: []attribute{
		region, tags,
		{"soft_delete_retention_days", "properties", vaultSoftDelete},
		{"purge_protection_enabled", "properties.enablePurgeProtection", nil},
		{"public_network_access_enabled", "properties.publicNetworkAccess", enabled},
		{"network_acls", "properties.networkAcls", block(
			attribute{"default_action", "defaultAction", nil}, attribute{"ip_rules", "ipRules", each("value")})},
	}},
	"microsoft.keyvault/vaults/keys": {azurerm: "azurerm_key_vault_key", fields: []attribute{
		tags,
		{"key_type", "properties.kty", nil},
		{"expiration_date", "properties.attributes.exp", fromUnix},
		{"rotation_policy", "properties.rotationPolicy", rotation},
	}},
	"microsoft.keyvault/vaults/accesspolicies": {azurerm: "azurerm_key_vault_access_policy", owner: "key_vault_id", up: 1,
		each: func(body any) []any { return list(get(body, "properties.accessPolicies")) }, fields: []attribute{
			{"object_id", "objectId", nil},
			{"key_permissions", "permissions.keys", nil},
			{"secret_permissions", "permissions.secrets", nil},
			{"certificate_permissions", "permissions.certificates", nil},
			{"storage_permissions", "permissions.storage", nil},
		}},

	"microsoft.operationalinsights/workspaces": {azurerm: "azurerm_log_analytics_workspace", fields: []attribute{
		region, tags,
		{"retention_in_days", "properties.retentionInDays", nil},
		{"internet_query_enabled", "properties.publicNetworkAccessForQuery", enabled},
		{"local_authentication_disabled", "properties.features.disableLocalAuth", nil},
	}},
	"microsoft.elastic/monitors": {azurerm: "azurerm_elastic_cloud_elasticsearch", fields: []attribute{region, tags}},
	"microsoft.insights/diagnosticsettings": {azurerm: "azurerm_monitor_diagnostic_setting", scoped: "target_resource_id", fields: []attribute{
		{"log_analytics_workspace_id", "properties.workspaceId", id},
		{"storage_account_id", "properties.storageAccountId", id},
		{"eventhub_authorization_rule_id", "properties.eventHubAuthorizationRuleId", nil},
		{"partner_solution_id", "properties.marketplacePartnerId", nil},
		{"enabled_log", "properties.logs", blocks(attribute{"category", "category", nil},
			attribute{"category_group", "categoryGroup", nil}, attribute{"enabled", "enabled", nil})},
	}},

	"microsoft.network/privateendpoints": {azurerm: "azurerm_private_endpoint", fields: []attribute{
		{"private_service_connection", "properties", connections}}},
	"microsoft.network/networksecuritygroups": {azurerm: "azurerm_network_security_group", fields: []attribute{
		tags, {"security_rule", "properties", securityRules}}},
	"microsoft.network/networksecuritygroups/securityrules": {azurerm: "azurerm_network_security_rule",
		owner: "network_security_group_name", up: 1, fields: portRule("properties.")},

	"microsoft.authorization/roleassignments": {azurerm: "azurerm_role_assignment", scoped: "scope", fields: []attribute{
		{"principal_id", "properties.principalId", nil},
		{"principal_type", "properties.principalType", nil},
		{"role_definition_id", "properties.roleDefinitionId", role},
	}},
	"microsoft.authorization/roledefinitions": {azurerm: "azurerm_role_definition", fields: []attribute{
		{"permissions", "properties.permissions", blocks(attribute{"actions", "actions", nil}, attribute{"data_actions", "dataActions", nil})},
	}},
}

// flexible are the attributes that flexible servers of PostgreSQL and MySQL have in common.
var flexible = []attribute{
	region, tags,
	{"backup_retention_days", "properties.backup.backupRetentionDays", nil},
	{"geo_redundant_backup_enabled", "properties.backup.geoRedundantBackup", enabled},
	{"public_network_access_enabled", "properties.network.publicNetworkAccess", enabled},
	{"delegated_subnet_id", "properties.network.delegatedSubnetResourceId", made},
	{"high_availability", "properties.highAvailability", highAvailability},
	{"customer_managed_key", "properties.dataEncryption", serverKey},
	{"create_mode", "properties.createMode", nil},
	{"source_server_id", "properties.sourceServerResourceId", id},
}

var (
	setting   = []attribute{{"value", "properties.value", nil}}
	addresses = []attribute{{"start_ip_address", "properties.startIpAddress", nil}, {"end_ip_address", "properties.endIpAddress", nil}}
	auditing  = []attribute{{"enabled", "properties.state", enabled}, {"retention_in_days", "properties.retentionDays", nil},
		{"audit_actions_and_groups", "properties.auditActionsAndGroups", nil}}
)

func portRule(at string) []attribute {
	return []attribute{
		{"direction", at + "direction", nil}, {"access", at + "access", nil}, {"protocol", at + "protocol", nil},
		{"source_address_prefix", at + "sourceAddressPrefix", nil}, {"source_address_prefixes", at + "sourceAddressPrefixes", nil},
		{"destination_port_range", at + "destinationPortRange", nil}, {"destination_port_ranges", at + "destinationPortRanges", nil},
	}
}

// notMapped are types that can hold personal data and have no translation; that they are in a file is told.
var notMapped = map[string]bool{
	"microsoft.cache/redis": true, "microsoft.cache/redisenterprise": true, "microsoft.cache/redisenterprise/databases": true,
	"microsoft.compute/disks": true, "microsoft.compute/snapshots": true, "microsoft.compute/virtualmachines": true,
	"microsoft.compute/virtualmachinescalesets": true, "microsoft.search/searchservices": true, "microsoft.servicebus/namespaces": true,
	"microsoft.eventhub/namespaces": true, "microsoft.datafactory/factories": true, "microsoft.synapse/workspaces": true,
	"microsoft.databricks/workspaces": true, "microsoft.kusto/clusters": true, "microsoft.sql/managedinstances": true,
	"microsoft.sql/managedinstances/databases": true, "microsoft.dbformariadb/servers": true, "microsoft.dbformysql/servers": true,
	"microsoft.dbforpostgresql/servergroupsv2": true, "microsoft.documentdb/mongoclusters": true,
	"microsoft.documentdb/cassandraclusters": true, "microsoft.netapp/netappaccounts/capacitypools/volumes": true,
	"microsoft.insights/components": true, "microsoft.appconfiguration/configurationstores": true,
	"microsoft.storage/storageaccounts/tableservices/tables": true, "microsoft.storagesync/storagesyncservices": true,
	"microsoft.recoveryservices/vaults": true, "microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems": true,
	"microsoft.dataprotection/backupvaults": true, "microsoft.dataprotection/backupvaults/backupinstances": true,
	"microsoft.fabric/capacities": true, "microsoft.healthcareapis/workspaces": true, "microsoft.healthcareapis/workspaces/fhirservices": true,
	"microsoft.cognitiveservices/accounts": true, "microsoft.machinelearningservices/workspaces": true,
	"microsoft.keyvault/managedhsms": true, "microsoft.network/applicationgateways": true, "microsoft.network/azurefirewalls": true,
	"microsoft.resources/deploymentscripts": true,
	// Rights that are asked for, rather than given for good.
	"microsoft.authorization/roleeligibilityschedulerequests": true, "microsoft.authorization/roleassignmentschedulerequests": true,
}
