package terraform

import (
	"encoding/json"
	"fmt"
	"testing"
)

// typeRow is values as the provider gives them, and the facts they become.
type typeRow struct {
	name  string
	of    string
	given []m
	want  expect
}

// typeRows has one row per type or more. Ids are known, as in a state.
func typeRows() []typeRow {
	const acc, pg, sql, db, ws, vault = "azurerm_storage_account.a", "azurerm_postgresql_flexible_server.p",
		"azurerm_mssql_server.s", "azurerm_mssql_database.d", "azurerm_log_analytics_workspace.w", "azurerm_data_protection_backup_vault.v"
	id := func(address string) string {
		steps := splitAddress(address)
		return "/x/" + steps[0] + "/" + steps[1]
	}
	rows := []typeRow{
		{"storage account, all shut", acc, []m{res(acc, m{"location": "West Europe", "account_kind": "StorageV2", "account_replication_type": "ZRS",
			"min_tls_version": "TLS1_2", "https_traffic_only_enabled": true, "public_network_access_enabled": false,
			"allow_nested_items_to_be_public": false, "shared_access_key_enabled": false, "customer_managed_key": l{m{"key_vault_key_id": "x"}},
			"blob_properties": l{m{"versioning_enabled": true, "delete_retention_policy": l{m{"days": 30}}}},
			"tags":            m{"Env": "PROD", "data": "personal", "app": "Housing-1", "owner": "Anna"}})},
			expect{"engine": "blob", "location": `{"provider":"azure","region":"westeurope"}`, "redundancy": "zone", "copies": "[]",
				"encryption.at_rest": "true", "encryption.key_custody": "customer", "encryption.tls_required": "true", "encryption.min_tls": "1.2",
				"network.public": "false", "network.allowed_ranges": "[]", "network.anonymous": "false", "authentication.shared_key": "false",
				"deletion.versioning": "true", "deletion.soft_delete": "true", "deletion.soft_delete_days": "30",
				"environment": "production", "personal_data": "true", "log_sinks": "[]", "audit.enabled": "false", "audit.reads": "false",
				"retention.automatic_days": "null", "network.private_endpoint": "?", "backup.enabled": "?"}},
		{"storage account, older names, open", acc, []m{res(acc, m{"location": "eastus2", "account_replication_type": "RAGZRS", "min_tls_version": "TLS1_0",
			"enable_https_traffic_only": false, "public_network_access_enabled": true, "network_rules": l{m{"default_action": "Allow", "ip_rules": l{}}},
			"allow_nested_items_to_be_public": true, "customer_managed_key": l{}, "blob_properties": l{m{"versioning_enabled": false, "delete_retention_policy": l{}}}})},
			expect{"location": `{"provider":"azure","region":"eastus2"}`, "copies": `[{"location":{"provider":"azure","region":"eastus2"},"role":"paired"}]`,
				"redundancy": "region", "encryption.min_tls": "1.0", "encryption.tls_required": "false", "network.public": "true",
				"network.anonymous": "?not-reported", "encryption.key_custody": "platform", "deletion.soft_delete": "false", "deletion.soft_delete_days": "null",
				"personal_data": "?", "environment": "?"}},
		{"storage account, words nobody knows", acc, []m{res(acc, m{"location": 7, "account_replication_type": "XRS", "min_tls_version": "TLS9", "https_traffic_only_enabled": "yes",
			"public_network_access_enabled": "maybe"})},
			expect{"location": "?malformed", "redundancy": "?unsupported", "copies": "?unsupported", "encryption.min_tls": "?unsupported",
				"encryption.tls_required": "?malformed", "network.public": "?malformed"}},
		{"network rules of their own", acc, []m{res(acc, m{"public_network_access_enabled": true}),
			res("azurerm_storage_account_network_rules.n", m{"storage_account_id": id(acc), "default_action": "Deny", "ip_rules": l{"203.0.113.7", "198.51.100.0/24"}})},
			expect{"network.public": "false", "network.allowed_ranges": `["198.51.100.0/24","203.0.113.7/32"]`}},
		{"network rules that let all in", acc, []m{res(acc, m{"public_network_access_enabled": true}),
			res("azurerm_storage_account_network_rules.n", m{"storage_account_id": id(acc), "default_action": "Deny", "ip_rules": l{"0.0.0.0/1", "128.0.0.0/1"}})},
			expect{"network.public": "true"}},
		{"public container", acc, []m{res(acc, m{"allow_nested_items_to_be_public": true}),
			res("azurerm_storage_container.c", m{"storage_account_name": "st1", "container_access_type": "blob"}),
			res("azurerm_storage_container.d", m{"storage_account_id": id(acc), "container_access_type": "container"})},
			expect{"network.anonymous": "true"}},
		{"public container in an account that forbids it", acc, []m{res(acc, m{"allow_nested_items_to_be_public": false}),
			res("azurerm_storage_container.c", m{"storage_account_id": id(acc), "container_access_type": "blob"})},
			expect{"network.anonymous": "false"}},
		{"lifecycle", acc, []m{res(acc, m{}), res("azurerm_storage_management_policy.l", m{"storage_account_id": id(acc), "rule": l{
			m{"enabled": true, "filters": l{m{"blob_types": l{"blockBlob"}, "prefix_match": l{}}}, "actions": l{m{"base_blob": l{m{
				"delete_after_days_since_modification_greater_than": 400, "delete_after_days_since_creation_greater_than": -1}}}}},
			m{"enabled": true, "filters": l{m{"prefix_match": l{"tmp/"}}}, "actions": l{m{"base_blob": l{m{"delete_after_days_since_modification_greater_than": 1}}}}},
			m{"enabled": false, "actions": l{m{"base_blob": l{m{"delete_after_days_since_modification_greater_than": 2}}}}}}})},
			expect{"retention.automatic_days": "400"}},
		{"lifecycle of a part only", acc, []m{res(acc, m{}), res("azurerm_storage_management_policy.l", m{"storage_account_id": id(acc), "rule": l{
			m{"enabled": true, "filters": l{m{"prefix_match": l{"tmp/"}}}, "actions": l{m{"base_blob": l{m{"delete_after_days_since_modification_greater_than": 1}}}}}}})},
			expect{"retention.automatic_days": "?not-reported"}},
		{"replication to another account", acc, []m{res(acc, m{"location": "westeurope", "account_replication_type": "LRS"}),
			res("azurerm_storage_account.b", m{"location": "uksouth", "account_replication_type": "GRS"}),
			res("azurerm_storage_object_replication.o", m{"source_storage_account_id": id(acc), "destination_storage_account_id": "/x/azurerm_storage_account/b"})},
			expect{"copies": `[{"location":{"provider":"azure","region":"uksouth"},"role":"paired"},{"location":{"provider":"azure","region":"uksouth"},"role":"replica"}]`}},
		{"key by a resource of its own", acc, []m{res(acc, m{"customer_managed_key": l{}}),
			res("azurerm_storage_account_customer_managed_key.k", m{"storage_account_id": id(acc), "key_name": "x"})},
			expect{"encryption.key_custody": "customer"}},
		{"file share", "azurerm_storage_share.f", []m{res(acc, m{"location": "northeurope", "https_traffic_only_enabled": true, "tags": m{"env": "tst", "app": "social"}}),
			res("azurerm_storage_share.f", m{"storage_account_id": id(acc)})},
			expect{"engine": "file_share", "location": `{"provider":"azure","region":"northeurope"}`, "environment": "test", "encryption.tls_required": "true", "deletion.versioning": "?"}},
		{"queue of an account elsewhere", "azurerm_storage_queue.q", []m{res("azurerm_storage_queue.q", m{"storage_account_name": "other"})},
			expect{"engine": "queue", "location": "?not-reported", "copies": "?not-reported", "encryption.at_rest": "?not-reported", "data_categories": "?"}},
		{"diagnostic setting", acc, []m{res(acc, m{}), res(ws, m{"location": "uksouth", "retention_in_days": 365}),
			res("azurerm_monitor_diagnostic_setting.d", m{"target_resource_id": id(acc) + "/blobServices/default", "log_analytics_workspace_id": id(ws),
				"enabled_log": l{m{"category": "StorageWrite"}, m{"category": "StorageDelete"}}})},
			expect{"log_sinks": `[{"kind":"log_analytics","location":{"provider":"azure","region":"uksouth"}}]`, "audit.enabled": "true", "audit.reads": "false",
				"audit.writes": "true", "audit.retention_days": "365"}},
		{"diagnostic setting to elsewhere", acc, []m{res(acc, m{}),
			res("azurerm_monitor_diagnostic_setting.d", m{"target_resource_id": id(acc), "log_analytics_workspace_id": "/other", "enabled_log": l{m{"category_group": "allLogs"}}})},
			expect{"log_sinks": "?not-reported", "audit.enabled": "true", "audit.reads": "true"}},
		{"diagnostic setting with a log switched off", acc, []m{res(acc, m{}), res(ws, m{"location": "westeurope"}),
			res("azurerm_monitor_diagnostic_setting.d", m{"target_resource_id": id(acc), "log_analytics_workspace_id": id(ws), "log": l{m{"category": "StorageRead", "enabled": false}}})},
			expect{"audit.enabled": "false", "log_sinks": `[{"kind":"log_analytics","location":{"provider":"azure","region":"westeurope"}}]`}},
		{"private endpoint", acc, []m{res(acc, m{}), res("azurerm_private_endpoint.e", m{"private_service_connection": l{m{"private_connection_resource_id": id(acc)}}})},
			expect{"network.private_endpoint": "true"}},

		{"postgres", pg, []m{res(pg, m{"location": "westeurope", "backup_retention_days": 14, "geo_redundant_backup_enabled": true, "public_network_access_enabled": true,
			"authentication": l{m{"password_auth_enabled": false}}, "high_availability": l{m{"mode": "ZoneRedundant"}}, "customer_managed_key": l{}}),
			res("azurerm_postgresql_flexible_server_configuration.a", m{"server_id": id(pg), "name": "require_secure_transport", "value": "ON"}),
			res("azurerm_postgresql_flexible_server_configuration.b", m{"server_id": id(pg), "name": "ssl_min_protocol_version", "value": "TLSv1.3"}),
			res("azurerm_postgresql_flexible_server_configuration.c", m{"server_id": id(pg), "name": "password_encryption", "value": "md5"}),
			res("azurerm_postgresql_flexible_server_configuration.d", m{"server_id": id(pg), "name": "pgaudit.log", "value": "WRITE, DDL"}),
			res("azurerm_postgresql_flexible_server_configuration.e", m{"server_id": id(pg), "name": "shared_preload_libraries", "value": "pgaudit,pg_cron"}),
			res("azurerm_postgresql_flexible_server_configuration.f", m{"server_id": id(pg), "name": "log_line_prefix", "value": "%t-%u-"}),
			res("azurerm_postgresql_flexible_server_firewall_rule.r", m{"server_id": id(pg), "start_ip_address": "203.0.113.4", "end_ip_address": "203.0.113.6"})},
			expect{"engine": "postgresql", "encryption.at_rest": "true", "encryption.tls_required": "true", "encryption.min_tls": "1.3", "encryption.key_custody": "platform",
				"authentication.password_login": "false", "authentication.password_hash": "md5", "backup.enabled": "true", "backup.retention_days": "14", "backup.geo_redundant": "true",
				"copies": `[{"location":{"provider":"azure","region":"westeurope"},"role":"paired"}]`, "redundancy": "zone", "network.public": "false",
				"network.allowed_ranges": `["203.0.113.4/31","203.0.113.6/32"]`, "audit.enabled": "true", "audit.writes": "true", "audit.reads": "false", "audit.user_and_time": "true"}},
		{"postgres with pgaudit that is not loaded", pg, []m{res(pg, m{}), res("azurerm_postgresql_flexible_server_configuration.d", m{"server_id": id(pg), "name": "pgaudit.log", "value": "all"})},
			expect{"audit.reads": "?not-reported", "audit.writes": "?not-reported"}},
		{"postgres open to all of Azure", pg, []m{res(pg, m{"public_network_access_enabled": true}),
			res("azurerm_postgresql_flexible_server_firewall_rule.r", m{"server_id": id(pg), "start_ip_address": "0.0.0.0", "end_ip_address": "0.0.0.0"})},
			expect{"network.public": "true", "encryption.tls_required": "?", "audit.enabled": "false"}},
		{"postgres in its own network", pg, []m{res(pg, m{"public_network_access_enabled": true, "delegated_subnet_id": "/subnet"})}, expect{"network.public": "false"}},
		{"postgres replica", pg, []m{res(pg, m{"location": "westeurope", "geo_redundant_backup_enabled": false, "high_availability": l{}}),
			res("azurerm_postgresql_flexible_server.q", m{"location": "uksouth", "create_mode": "Replica", "source_server_id": id(pg)})},
			expect{"copies": `[{"location":{"provider":"azure","region":"uksouth"},"role":"replica"}]`, "redundancy": "region"}},
		{"postgres database", "azurerm_postgresql_flexible_server_database.d", []m{res(pg, m{"location": "westeurope", "backup_retention_days": 7, "tags": m{"app": "customers"}}),
			res("azurerm_postgresql_flexible_server_database.d", m{"server_id": id(pg)})},
			expect{"engine": "postgresql", "backup.retention_days": "7", "encryption.at_rest": "true"}},
		{"postgres single server", "azurerm_postgresql_server.o", []m{res("azurerm_postgresql_server.o", m{"location": "westeurope", "name": "old", "ssl_enforcement_enabled": false,
			"ssl_minimal_tls_version_enforced": "TLSEnforcementDisabled", "public_network_access_enabled": true, "geo_redundant_backup_enabled": false}),
			res("azurerm_postgresql_firewall_rule.r", m{"server_name": "OLD", "start_ip_address": "0.0.0.0", "end_ip_address": "255.255.255.255"})},
			expect{"encryption.tls_required": "false", "encryption.min_tls": "null", "network.public": "true", "network.allowed_ranges": `["0.0.0.0/0"]`, "encryption.at_rest": "?", "copies": "[]"}},
		{"mysql", "azurerm_mysql_flexible_server.y", []m{res("azurerm_mysql_flexible_server.y", m{"name": "my", "location": "westeurope"}),
			res("azurerm_mysql_flexible_server_configuration.t", m{"server_name": "my", "name": "tls_version", "value": "TLSv1.1,TLSv1.2"}),
			res("azurerm_mysql_flexible_server_configuration.u", m{"server_name": "my", "name": "audit_log_enabled", "value": "ON"})},
			expect{"engine": "mysql", "encryption.min_tls": "1.1", "audit.enabled": "true", "encryption.at_rest": "?"}},

		{"sql database", db, []m{res(sql, m{"location": "westeurope", "minimum_tls_version": "1.2", "public_network_access_enabled": false, "azuread_administrator": l{m{"azuread_authentication_only": true}}}),
			res(db, m{"server_id": id(sql), "transparent_data_encryption_enabled": true, "storage_account_type": "Geo", "zone_redundant": true,
				"short_term_retention_policy": l{m{"retention_days": 14}}, "long_term_retention_policy": l{m{"weekly_retention": "P5W", "monthly_retention": "PT0S", "yearly_retention": "P1Y"}}}),
			res("azurerm_mssql_server_extended_auditing_policy.e", m{"server_id": id(sql), "enabled": true, "retention_in_days": 90, "audit_actions_and_groups": l{"BATCH_COMPLETED_GROUP"}}),
			res("azurerm_mssql_server_transparent_data_encryption.t", m{"server_id": id(sql), "key_vault_key_id": "https://kv/keys/k"}),
			res("azurerm_mssql_server.t", m{"location": "northeurope"}),
			res("azurerm_mssql_failover_group.g", m{"server_id": id(sql), "partner_server": l{m{"id": "/x/azurerm_mssql_server/t"}}})},
			expect{"engine": "mssql", "location": `{"provider":"azure","region":"westeurope"}`, "encryption.at_rest": "true", "encryption.min_tls": "1.2", "encryption.key_custody": "customer",
				"network.public": "false", "authentication.password_login": "false", "backup.retention_days": "365", "backup.geo_redundant": "true", "redundancy": "zone",
				"copies":        `[{"location":{"provider":"azure","region":"northeurope"},"role":"failover"},{"location":{"provider":"azure","region":"westeurope"},"role":"paired"}]`,
				"audit.enabled": "true", "audit.reads": "true", "audit.retention_days": "90"}},
		{"sql database audited by itself", db, []m{res(sql, m{}), res(db, m{"server_id": id(sql)}),
			res("azurerm_mssql_database_extended_auditing_policy.e", m{"database_id": id(db), "enabled": true, "retention_in_days": 0})},
			expect{"audit.enabled": "true", "audit.retention_days": "?"}},
		{"sql server open", sql, []m{res(sql, m{"public_network_access_enabled": true, "minimum_tls_version": "Disabled"}),
			res("azurerm_mssql_firewall_rule.f", m{"server_id": id(sql), "start_ip_address": "1.0.0.0", "end_ip_address": "254.255.255.255"})},
			expect{"network.public": "true", "encryption.min_tls": "null", "audit.enabled": "false"}},
		{"sql secondary", db, []m{res(sql, m{"location": "westeurope"}), res(db, m{"server_id": id(sql), "storage_account_type": "Local"}), res("azurerm_mssql_server.t", m{"location": "francecentral"}),
			res("azurerm_mssql_database.e", m{"server_id": "/x/azurerm_mssql_server/t", "create_mode": "Secondary", "creation_source_database_id": id(db)})},
			expect{"copies": `[{"location":{"provider":"azure","region":"francecentral"},"role":"replica"}]`}},

		{"cosmos", "azurerm_cosmosdb_account.c", []m{res("azurerm_cosmosdb_account.c", m{"location": "westeurope", "geo_location": l{m{"location": "westeurope", "failover_priority": 0, "zone_redundant": true},
			m{"location": "japaneast", "failover_priority": 1}}, "backup": l{m{"type": "Periodic", "retention_in_hours": 48, "storage_redundancy": "Geo"}}, "local_authentication_disabled": true,
			"public_network_access_enabled": true, "is_virtual_network_filter_enabled": false, "ip_range_filter": l{"203.0.113.0/24"}, "minimal_tls_version": "Tls12", "key_vault_key_id": nil})},
			expect{"engine": "cosmos", "copies": `[{"location":{"provider":"azure","region":"japaneast"},"role":"replica"}]`, "redundancy": "region", "backup.retention_days": "2", "backup.geo_redundant": "true",
				"authentication.shared_key": "false", "network.public": "false", "network.allowed_ranges": `["203.0.113.0/24"]`, "encryption.min_tls": "1.2", "encryption.key_custody": "platform"}},
		{"cosmos without a filter", "azurerm_cosmosdb_account.c", []m{res("azurerm_cosmosdb_account.c", m{"public_network_access_enabled": true, "is_virtual_network_filter_enabled": false, "ip_range_filter": "",
			"backup": l{m{"type": "Continuous", "tier": "Continuous7Days"}}})}, expect{"network.public": "true", "backup.retention_days": "7"}},
		{"key vault", "azurerm_key_vault.k", []m{res("azurerm_key_vault.k", m{"location": "westeurope", "soft_delete_retention_days": 90, "purge_protection_enabled": true, "public_network_access_enabled": true,
			"network_acls": l{m{"default_action": "Deny", "ip_rules": l{}}}})},
			expect{"engine": "secrets", "deletion.soft_delete": "true", "deletion.soft_delete_days": "90", "deletion.purge_protection": "true", "network.public": "false", "network.allowed_ranges": "[]"}},
		{"key with rotation", "azurerm_key_vault_key.k", []m{res("azurerm_key_vault_key.k", m{"key_type": "RSA-HSM", "expiration_date": "2027-01-01T00:00:00Z",
			"rotation_policy": l{m{"expire_after": "P120D", "automatic": l{m{"time_after_creation": nil, "time_before_expiry": "P30D"}}}}})},
			expect{"type": "rsa-hsm", "auto_rotate_days": "90", "expires": "2027-01-01T00:00:00Z"}},
		{"key without rotation", "azurerm_key_vault_key.k", []m{res("azurerm_key_vault_key.k", m{"key_type": "EC", "expiration_date": nil, "rotation_policy": l{}})},
			expect{"auto_rotate_days": "null", "expires": "null"}},
		{"log workspace", ws, []m{res(ws, m{"location": "westeurope", "retention_in_days": 90, "internet_query_enabled": true, "local_authentication_disabled": false})},
			expect{"engine": "log", "retention.automatic_days": "90", "network.public": "true", "authentication.shared_key": "true", "copies": "?"}},
		{"elastic", "azurerm_elastic_cloud_elasticsearch.e", []m{res("azurerm_elastic_cloud_elasticsearch.e", m{"location": "westeurope", "elastic_cloud_email_address": "a@b.nl"})},
			expect{"engine": "elasticsearch", "location": `{"provider":"azure","region":"westeurope"}`, "log_sinks": "?"}},
		{"recovery vault", "azurerm_recovery_services_vault.r", []m{res("azurerm_recovery_services_vault.r", m{"location": "westeurope", "storage_mode_type": "GeoRedundant", "soft_delete_enabled": true,
			"immutability": "Locked", "public_network_access_enabled": true})},
			expect{"engine": "backup", "redundancy": "region", "backup.immutable": "true", "deletion.soft_delete": "true", "network.public": "true",
				"copies": `[{"location":{"provider":"azure","region":"westeurope"},"role":"paired"}]`}},
		{"backup instance", pg, []m{res(pg, m{"location": "westeurope", "backup_retention_days": 7, "geo_redundant_backup_enabled": false}),
			res(vault, m{"location": "northeurope", "redundancy": "LocallyRedundant", "soft_delete": "AlwaysOn", "immutability": "Locked"}),
			res("azurerm_data_protection_backup_policy_postgresql_flexible_server.o", m{"default_retention_rule": l{m{"life_cycle": l{m{"duration": "P4M"}}}}}),
			res("azurerm_data_protection_backup_instance_postgresql_flexible_server.i", m{"server_id": id(pg), "vault_id": id(vault),
				"backup_policy_id": "/x/azurerm_data_protection_backup_policy_postgresql_flexible_server/o"})},
			expect{"backup.enabled": "true", "backup.retention_days": "120", "backup.immutable": "true", "copies": `[{"location":{"provider":"azure","region":"northeurope"},"role":"backup"}]`}},
		{"blob backup", acc, []m{res(acc, m{"location": "westeurope", "account_replication_type": "LRS"}), res(vault, m{"location": "westeurope", "redundancy": "GeoRedundant"}),
			res("azurerm_data_protection_backup_policy_blob_storage.o", m{"operational_default_retention_duration": "P30D", "vault_default_retention_duration": nil}),
			res("azurerm_data_protection_backup_instance_blob_storage.i", m{"storage_account_id": id(acc), "vault_id": id(vault), "backup_policy_id": "/x/azurerm_data_protection_backup_policy_blob_storage/o"})},
			expect{"backup.enabled": "true", "backup.retention_days": "30",
				"copies": `[{"location":{"provider":"azure","region":"westeurope"},"role":"backup"},{"location":{"provider":"azure","region":"westeurope"},"role":"paired"}]`}},

		{"security group with an open port", "azurerm_network_security_group.g", []m{res("azurerm_network_security_group.g", m{"name": "nsg", "security_rule": l{}}),
			res("azurerm_network_security_rule.r", m{"network_security_group_name": "nsg", "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "source_address_prefix": "Internet", "destination_port_range": "20-30"})},
			expect{"admin_ports_open": "true", "default_deny_inbound": "true", "firewall": "true"}},
		{"security group, shut", "azurerm_network_security_group.g", []m{res("azurerm_network_security_group.g", m{"security_rule": l{
			m{"direction": "Inbound", "access": "Allow", "protocol": "Tcp", "source_address_prefix": "*", "destination_port_ranges": l{"80", "443"}},
			m{"direction": "Inbound", "access": "Allow", "protocol": "*", "source_address_prefix": "10.0.0.0/8", "destination_port_range": "*"},
			m{"direction": "Inbound", "access": "Deny", "protocol": "*", "source_address_prefix": "*", "destination_port_range": "22"},
			m{"direction": "Outbound", "access": "Allow", "protocol": "*", "source_address_prefix": "*", "destination_port_range": "22"}}})},
			expect{"admin_ports_open": "false", "default_deny_inbound": "true"}},
		{"security group, all open", "azurerm_network_security_group.g", []m{res("azurerm_network_security_group.g", m{"security_rule": l{
			m{"direction": "Inbound", "access": "Allow", "protocol": "*", "source_address_prefixes": l{"0.0.0.0/0"}, "destination_port_range": "*"}}})},
			expect{"admin_ports_open": "true", "default_deny_inbound": "false"}},
		{"firewall with detection", "azurerm_firewall.f", []m{res("azurerm_firewall.f", m{"firewall_policy_id": "/x/azurerm_firewall_policy/p"}),
			res("azurerm_firewall_policy.p", m{"intrusion_detection": l{m{"mode": "Deny"}}})}, expect{"firewall": "true", "ids": "block"}},
		{"gateway by policy", "azurerm_application_gateway.g", []m{res("azurerm_application_gateway.g", m{"firewall_policy_id": "/x/azurerm_web_application_firewall_policy/p", "waf_configuration": l{}}),
			res("azurerm_web_application_firewall_policy.p", m{"policy_settings": l{m{"enabled": true, "mode": "Prevention"}}})}, expect{"waf": "prevent"}},
		{"gateway without", "azurerm_application_gateway.g", []m{res("azurerm_application_gateway.g", m{"waf_configuration": l{}})}, expect{"waf": "off"}},
		{"front door", "azurerm_cdn_frontdoor_firewall_policy.p", []m{res("azurerm_cdn_frontdoor_firewall_policy.p", m{"enabled": true, "mode": "Detection", "tags": m{"env": "prod"}})},
			expect{"waf": "detect", "scope": "production"}},
	}
	for _, c := range rows {
		for _, r := range c.given {
			if r["type"] == account {
				values := r["change"].(m)["after"].(m)
				values["name"] = map[bool]string{true: "st1", false: "st2"}[r["address"] == acc]
			}
		}
	}
	return rows
}

func TestTypes(t *testing.T) {
	for _, c := range typeRows() {
		t.Run(c.name, func(t *testing.T) {
			c.want.check(t, mustCollect(t, state(c.given...)), c.of)
		})
	}
}

func grantRows() []typeRow {
	const scope = "/x/azurerm_key_vault/k"
	vault := res("azurerm_key_vault.k", m{"tags": m{"env": "prod", "data": "personal"}})
	var rows []typeRow
	for name, c := range map[string]struct {
		typ    string
		values m
		more   []m
		want   expect
	}{
		"person on a vault": {"azurerm_role_assignment", m{"scope": scope, "principal_type": "User", "principal_id": "u1", "role_definition_name": "Key Vault Secrets User"}, nil,
			expect{"principal_type": "person", "direct": "true", "standing": "true", "expires": "null", "wildcard": "false", "role": "Key Vault Secrets User", "rights": `["read"]`,
				"target": "tf/azurerm_key_vault.k", "personal_data": "true", "environment": "production"}},
		"group on a subscription": {"azurerm_role_assignment", m{"scope": "/subscriptions/s", "principal_type": "Group", "principal_id": "g1", "role_definition_name": "Owner"}, nil,
			expect{"principal_type": "group", "direct": "false", "wildcard": "true", "rights": `["administer","delete","read","write"]`, "target": "?not-reported"}},
		"management group by id of a role": {"azurerm_role_assignment", m{"scope": "/providers/Microsoft.Management/managementGroups/x", "principal_id": "g1",
			"role_definition_id": "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/B24988AC-6180-42a0-ab88-20f7382dd24c"}, nil,
			expect{"role": "Contributor", "wildcard": "true", "principal_type": "?", "direct": "?"}},
		"a part of the vault": {"azurerm_role_assignment", m{"scope": scope + "/secrets/one", "principal_id": "p", "role_definition_name": "Reader"}, nil,
			expect{"target": "tf/azurerm_key_vault.k", "wildcard": "false"}},
		"custom role with a star": {"azurerm_role_assignment", m{"scope": scope, "principal_id": "p", "role_definition_name": "Team Anna", "role_definition_id": "/x/azurerm_role_definition/r"},
			[]m{res("azurerm_role_definition.r", m{"permissions": l{m{"actions": l{"*"}}}})},
			expect{"role": "?unsupported", "rights": `["administer","delete","read","write"]`, "wildcard": "true"}},
		"custom role": {"azurerm_role_assignment", m{"scope": scope, "principal_id": "p", "role_definition_id": "/x/azurerm_role_definition/r"},
			[]m{res("azurerm_role_definition.r", m{"permissions": l{m{"actions": l{"Microsoft.Storage/*/read", "Microsoft.Storage/storageAccounts/listKeys/action"}}}})},
			expect{"rights": `["read"]?unsupported`, "wildcard": "false"}},
		"custom role made elsewhere": {"azurerm_role_assignment", m{"scope": scope, "principal_id": "p", "role_definition_name": "Ops"}, nil,
			expect{"role": "?unsupported", "rights": "?unsupported", "wildcard": "?unsupported"}},
		"eligible": {"azurerm_pim_eligible_role_assignment", m{"scope": scope, "principal_type": "User", "principal_id": "u1", "role_definition_id": "/x/" + builtIn[0].id,
			"schedule": l{m{"expiration": l{m{"end_date_time": "2026-12-31T00:00:00+01:00"}}}}}, nil,
			expect{"standing": "false", "role": "Owner", "expires": "2026-12-30T23:00:00Z"}},
		"active without end": {"azurerm_pim_active_role_assignment", m{"scope": scope, "principal_id": "u1", "schedule": l{m{"expiration": l{}}}}, nil,
			expect{"standing": "true", "expires": "null"}},
		"access policy": {"azurerm_key_vault_access_policy", m{"key_vault_id": scope, "object_id": "u1", "secret_permissions": l{"Get", "Purge"}}, nil,
			expect{"rights": `["delete","read"]`, "target": "tf/azurerm_key_vault.k", "wildcard": "false"}},
	} {
		rows = append(rows, typeRow{name, c.typ + ".a", append(c.more, vault, res(c.typ+".a", c.values)), c.want})
	}
	return rows
}

func TestGrants(t *testing.T) {
	for _, c := range grantRows() {
		t.Run(c.name, func(t *testing.T) {
			c.want.check(t, mustCollect(t, state(c.given...)), c.of)
		})
	}
}

func TestGrantKeysAreHidden(t *testing.T) {
	values := func() m { return m{"principal_id": "x", "role_definition_name": "Reader"} }
	all := mustCollect(t, state(res(`azurerm_role_assignment.p["anna"]`, values()), res(`azurerm_role_assignment.p["Anna"]`, values()),
		res(`azurerm_key_vault.k["piet@example.nl"]`, m{}), res(`azurerm_key_vault.k["west-1"]`, m{})))
	if len(all) != 4 || all[`azurerm_key_vault.k["west-1"]`].ID == "" {
		t.Fatalf("resources: %d", len(all))
	}
	raw, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	refuseAny(t, string(raw), "anna", "Anna", "piet", "example.nl")
}

func conditionalRows() []typeRow {
	everybody := m{"included_users": l{"All"}, "excluded_users": l{"a", "b"}, "included_roles": l{}}
	policy := func(state string, users, extra m, clients l, grant m) m {
		conditions := m{"users": l{users}, "client_app_types": clients, "applications": l{m{"included_applications": l{"All"}, "excluded_applications": l{}}}}
		for k, v := range extra {
			conditions[k] = v
		}
		return m{"state": state, "conditions": l{conditions}, "grant_controls": l{grant}}
	}
	mfa := m{"operator": "OR", "built_in_controls": l{"mfa"}}
	var rows []typeRow
	for name, c := range map[string]struct {
		values []m
		id     string
		want   expect
	}{
		"required of all": {[]m{policy("enabled", everybody, nil, l{"all"}, mfa)}, "conditional_access.staff",
			expect{"audience": "staff", "mfa.required": "true", "mfa.exclusions": "2", "legacy_auth": "?", "company_device": "?"}},
		"only reported": {[]m{policy("enabledForReportingButNotEnforced", everybody, nil, l{"all"}, mfa)}, "conditional_access.staff", expect{"mfa.required": "?"}},
		"one of two controls": {[]m{policy("enabled", everybody, nil, l{"all"}, m{"operator": "OR", "built_in_controls": l{"mfa", "compliantDevice"}})}, "conditional_access.staff",
			expect{"mfa.required": "?", "company_device": "?"}},
		"both controls": {[]m{policy("enabled", everybody, nil, l{"all"}, m{"operator": "AND", "built_in_controls": l{"mfa", "compliantDevice"}})}, "conditional_access.staff",
			expect{"mfa.required": "true", "company_device": "true"}},
		"from some places only": {[]m{policy("enabled", everybody, m{"locations": l{m{"included_locations": l{"x"}}}}, l{"all"}, mfa)}, "conditional_access.staff", expect{"mfa.required": "?"}},
		"excluded group": {[]m{policy("enabled", m{"included_users": l{"All"}, "excluded_groups": l{"g"}}, nil, l{"all"}, mfa)}, "conditional_access.staff",
			expect{"mfa.exclusions": "0?not-reported"}},
		"legacy blocked": {[]m{policy("enabled", everybody, nil, l{"exchangeActiveSync", "other"}, m{"operator": "OR", "built_in_controls": l{"block"}})}, "conditional_access.staff",
			expect{"legacy_auth": "false", "mfa.required": "?"}},
		"administrators": {[]m{policy("enabled", m{"included_roles": l{"role"}}, nil, l{"all"}, mfa)}, "conditional_access.admin", expect{"audience": "admin", "mfa.required": "true", "mfa.exclusions": "0"}},
	} {
		row := typeRow{name: name, of: c.id, want: c.want}
		for i, v := range c.values {
			row.given = append(row.given, res(fmt.Sprintf("azuread_conditional_access_policy.p%d", i), v))
		}
		rows = append(rows, row)
	}
	return rows
}

func TestConditionalAccess(t *testing.T) {
	for _, c := range conditionalRows() {
		t.Run(c.name, func(t *testing.T) {
			c.want.check(t, mustCollect(t, state(c.given...)), c.of)
		})
	}
}
