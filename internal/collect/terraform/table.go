package terraform

// mapping makes the nodes and satellites of one resource. It reads the resource's values alone; what it has to know of
// other resources it asks when all have been read.
type mapping func(*graph, resource)

// table has the mapping of every type that is read; nothing changes it. docs/collectors/terraform.md lists the facts of
// each type.
var table = map[string]mapping{
	account:                                 storageAccount,
	"azurerm_storage_account_network_rules": storageNetworkRules,
	"azurerm_storage_account_customer_managed_key": storageKey,
	"azurerm_storage_container":                    storageContainer,
	"azurerm_storage_management_policy":            storageLifecycle,
	"azurerm_storage_object_replication":           storageReplication,
	"azurerm_storage_share":                        storagePart("file_share"),
	"azurerm_storage_queue":                        storagePart("queue"),

	pgFlexible: postgresFlexible,
	"azurerm_postgresql_flexible_server_configuration": serverSetting(pgFlexible, "server_id"),
	"azurerm_postgresql_flexible_server_firewall_rule": firewallRule(pgFlexible, "server_id"),
	"azurerm_postgresql_flexible_server_database":      serverDatabase("postgresql", "server_id", pgFlexible),
	pgSingle:                           postgresSingle,
	"azurerm_postgresql_firewall_rule": firewallRule(pgSingle, "server_name"),
	"azurerm_postgresql_database":      serverDatabase("postgresql", "server_name", pgSingle),

	myFlexible: mysqlFlexible,
	"azurerm_mysql_flexible_server_configuration": serverSetting(myFlexible, "server_name"),
	"azurerm_mysql_flexible_server_firewall_rule": firewallRule(myFlexible, "server_name"),
	"azurerm_mysql_flexible_database":             serverDatabase("mysql", "server_name", myFlexible),

	sqlServer:                     sqlServerNode,
	sqlDatabase:                   sqlDatabaseNode,
	"azurerm_mssql_firewall_rule": firewallRule(sqlServer, "server_id"),
	"azurerm_mssql_server_extended_auditing_policy":    auditingPolicy(sqlServer, "server_id"),
	"azurerm_mssql_database_extended_auditing_policy":  auditingPolicy(sqlDatabase, "database_id"),
	"azurerm_mssql_server_transparent_data_encryption": serverEncryption,
	"azurerm_mssql_failover_group":                     failoverGroup,

	"azurerm_cosmosdb_account":            cosmosAccount,
	"azurerm_key_vault":                   keyVault,
	"azurerm_key_vault_key":               keyVaultKey,
	"azurerm_key_vault_access_policy":     accessKeyVault,
	"azurerm_log_analytics_workspace":     logWorkspace,
	"azurerm_elastic_cloud_elasticsearch": elasticCloud,
	"azurerm_monitor_diagnostic_setting":  diagnosticSetting,
	"azurerm_private_endpoint":            privateEndpoint,

	recoveryVault: recoveryVaultNode,
	backupVault:   backupVaultNode,
	"azurerm_data_protection_backup_policy_blob_storage":                 blobBackupPolicy,
	"azurerm_data_protection_backup_policy_postgresql_flexible_server":   databaseBackupPolicy,
	"azurerm_data_protection_backup_policy_mysql_flexible_server":        databaseBackupPolicy,
	"azurerm_data_protection_backup_instance_blob_storage":               backupInstance(account, "storage_account_id", "vault_id", "backup_policy_id"),
	"azurerm_data_protection_backup_instance_postgresql_flexible_server": backupInstance(pgFlexible, "server_id", "vault_id", "backup_policy_id"),
	"azurerm_data_protection_backup_instance_mysql_flexible_server":      backupInstance(myFlexible, "server_id", "vault_id", "backup_policy_id"),
	"azurerm_backup_protected_file_share":                                backupInstance(account, "source_storage_account_id", "recovery_vault_name", "backup_policy_id"),

	"azurerm_role_assignment":              roleAssignment,
	"azurerm_pim_eligible_role_assignment": pimEligible,
	"azurerm_pim_active_role_assignment":   pimActive,
	"azurerm_role_definition":              roleDefinition,

	securityGroup:                             securityGroupNode,
	"azurerm_network_security_rule":           securityRule,
	"azurerm_firewall":                        firewallNode,
	"azurerm_firewall_policy":                 firewallPolicy,
	"azurerm_application_gateway":             applicationGateway,
	"azurerm_web_application_firewall_policy": gatewayPolicy,
	"azurerm_frontdoor_firewall_policy":       frontDoorPolicy,
	"azurerm_cdn_frontdoor_firewall_policy":   frontDoorPolicy,

	"azuread_conditional_access_policy": conditionalAccess,
}

// notMapped are types that can hold personal data and have no mapping; that they are in a file is told.
var notMapped = map[string]bool{
	"azurerm_redis_cache": true, "azurerm_managed_redis": true, "azurerm_managed_disk": true, "azurerm_search_service": true,
	"azurerm_servicebus_namespace": true, "azurerm_eventhub_namespace": true, "azurerm_data_factory": true,
	"azurerm_synapse_workspace": true, "azurerm_databricks_workspace": true, "azurerm_kusto_cluster": true,
	"azurerm_mssql_managed_instance": true, "azurerm_mssql_managed_database": true, "azurerm_mariadb_server": true,
	"azurerm_mysql_server": true, "azurerm_sql_server": true, "azurerm_sql_database": true, "azurerm_netapp_volume": true,
	"azurerm_application_insights": true, "azurerm_backup_protected_vm": true, "azurerm_app_configuration": true,
	"azurerm_mongo_cluster": true, "azurerm_cosmosdb_postgresql_cluster": true, "azurerm_healthcare_fhir_service": true,
	"azurerm_healthcare_dicom_service": true, "azurerm_storage_data_lake_gen2_filesystem": true, "azurerm_signalr_service": true,
	"azurerm_cosmosdb_cassandra_cluster": true, "azurerm_fabric_capacity": true, "azurerm_dashboard_grafana": true, "azurerm_container_group": true,
	"azurerm_purview_account": true, "azurerm_communication_service": true, "azurerm_bot_service_azure_bot": true, "azurerm_cognitive_account": true,
	"azurerm_virtual_machine": true, "azurerm_linux_virtual_machine_scale_set": true, "azurerm_windows_virtual_machine_scale_set": true,
	"azurerm_linux_virtual_machine": true, "azurerm_windows_virtual_machine": true, "azurerm_storage_table": true,
}
