package terraform

const roleDefinitionType = "azurerm_role_definition"

// policyType is the type whose resources make one sign_in together.
const policyType = "azuread_conditional_access_policy"

// attached are the types whose mapping tells something of another resource.
var attached = map[string]bool{
	"azurerm_storage_account_network_rules": true, "azurerm_storage_account_customer_managed_key": true, "azurerm_storage_container": true,
	"azurerm_storage_management_policy": true, "azurerm_storage_object_replication": true,
	"azurerm_postgresql_flexible_server_configuration": true, "azurerm_postgresql_flexible_server_firewall_rule": true,
	"azurerm_postgresql_firewall_rule": true, "azurerm_mysql_flexible_server_configuration": true,
	"azurerm_mysql_flexible_server_firewall_rule": true, "azurerm_mssql_firewall_rule": true,
	"azurerm_mssql_server_extended_auditing_policy": true, "azurerm_mssql_database_extended_auditing_policy": true,
	"azurerm_mssql_server_transparent_data_encryption": true, "azurerm_mssql_failover_group": true,
	"azurerm_monitor_diagnostic_setting": true, "azurerm_private_endpoint": true,
	"azurerm_data_protection_backup_instance_blob_storage":               true,
	"azurerm_data_protection_backup_instance_postgresql_flexible_server": true,
	"azurerm_data_protection_backup_instance_mysql_flexible_server":      true,
	"azurerm_backup_protected_file_share":                                true, "azurerm_network_security_rule": true,
}

// copied are the types of which some, by their create_mode, are a copy of another one and tell that of it.
var copied = map[string]bool{pgFlexible: true, myFlexible: true, sqlDatabase: true}

// named are the types that others refer to by name.
var named = map[string]bool{account: true, pgSingle: true, myFlexible: true, recoveryVault: true, securityGroup: true}

// grants are the types that give a right to somebody, so that their instance keys are often names of people.
var grants = map[string]bool{"azurerm_role_assignment": true, "azurerm_pim_eligible_role_assignment": true,
	"azurerm_pim_active_role_assignment": true, "azurerm_key_vault_access_policy": true}

// asks are the types whose facts also depend on resources that they refer to: what they stand in, are a right on or use.
// Types that tell something of another resource need not be listed.
var asks = map[string]bool{
	"azurerm_storage_share": true, "azurerm_storage_queue": true, "azurerm_postgresql_flexible_server_database": true,
	"azurerm_postgresql_database": true, "azurerm_mysql_flexible_database": true, sqlDatabase: true,
	"azurerm_role_assignment": true, "azurerm_pim_eligible_role_assignment": true, "azurerm_pim_active_role_assignment": true,
	"azurerm_key_vault_access_policy": true, "azurerm_firewall": true, "azurerm_application_gateway": true,
}
