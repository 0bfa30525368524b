package arm

import (
	jsonv2 "encoding/json/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waarborg/internal/collect/terraform"
	"waarborg/internal/gate"
)

// TestTerraformAndARMGiveEqualFacts writes the same resources in both languages, the plan by hand.
func TestTerraformAndARMGiveEqualFacts(t *testing.T) {
	const base = "/subscriptions/-/resourceGroups/-/providers/"
	for _, c := range []struct{ name, plan, template, at string }{
		{"storage account", `
			{"type": "azurerm_storage_account", "values": {"id": "` + base + `Microsoft.Storage/storageAccounts/a", "name": "a", "location": "westeurope", "account_kind": "StorageV2",
				"account_replication_type": "RAGRS", "customer_managed_key": [], "https_traffic_only_enabled": true, "min_tls_version": "TLS1_1",
				"shared_access_key_enabled": false, "allow_nested_items_to_be_public": true, "public_network_access_enabled": true,
				"network_rules": [{"default_action": "Allow", "ip_rules": []}], "tags": {"env": "acc", "data": "personal"},
				"blob_properties": [{"versioning_enabled": true, "delete_retention_policy": [{"days": 14}]}]}},
			{"type": "azurerm_storage_container", "values": {"id": "x", "name": "c", "container_access_type": "blob", "storage_account_id": "` + base + `Microsoft.Storage/storageAccounts/a"}},
			{"type": "azurerm_storage_management_policy", "values": {"storage_account_id": "` + base + `Microsoft.Storage/storageAccounts/a",
				"rule": [{"enabled": true, "filters": [{"blob_types": ["blockBlob"]}], "actions": [{"base_blob": [{"delete_after_days_since_modification_greater_than": 90}]}]}]}}`, `
			{"type": "Microsoft.Storage/storageAccounts", "apiVersion": "x", "name": "a", "location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_RAGRS"},
				"tags": {"env": "acc", "data": "personal"},
				"properties": {"encryption": {"keySource": "Microsoft.Storage"}, "supportsHttpsTrafficOnly": true, "minimumTlsVersion": "TLS1_1", "allowSharedKeyAccess": false,
					"allowBlobPublicAccess": true, "publicNetworkAccess": "Enabled", "networkAcls": {"defaultAction": "Allow", "ipRules": []}},
				"resources": [
					{"type": "blobServices", "apiVersion": "x", "name": "default", "properties": {"isVersioningEnabled": true, "deleteRetentionPolicy": {"enabled": true, "days": 14}}},
					{"type": "blobServices/containers", "apiVersion": "x", "name": "default/c", "properties": {"publicAccess": "Blob"}},
					{"type": "Microsoft.Storage/storageAccounts/managementPolicies", "apiVersion": "x", "name": "a/default", "properties": {"policy": {"rules": [
						{"enabled": true, "definition": {"filters": {"blobTypes": ["blockBlob"]}, "actions": {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 90}}}}}]}}}]}`,
			"Microsoft.Storage/storageAccounts/a"},
		{"postgresql", `
			{"type": "azurerm_postgresql_flexible_server", "values": {"id": "` + base + `Microsoft.DBforPostgreSQL/flexibleServers/p", "name": "p", "location": "northeurope",
				"backup_retention_days": 7, "geo_redundant_backup_enabled": true, "public_network_access_enabled": true, "delegated_subnet_id": null, "customer_managed_key": [],
				"high_availability": [], "authentication": [{"password_auth_enabled": true}]}},
			{"type": "azurerm_postgresql_flexible_server_configuration", "values": {"name": "require_secure_transport", "value": "off", "server_id": "` + base + `Microsoft.DBforPostgreSQL/flexibleServers/p"}},
			{"type": "azurerm_postgresql_flexible_server_firewall_rule", "values": {"name": "r", "start_ip_address": "10.0.0.1", "end_ip_address": "10.0.0.6", "server_id": "` + base + `Microsoft.DBforPostgreSQL/flexibleServers/p"}}`, `
			{"type": "Microsoft.DBforPostgreSQL/flexibleServers", "apiVersion": "x", "name": "p", "location": "North Europe", "properties": {
				"backup": {"backupRetentionDays": 7, "geoRedundantBackup": "Enabled"}, "network": {"publicNetworkAccess": "Enabled"}, "dataEncryption": {"type": "SystemManaged"},
				"highAvailability": {"mode": "Disabled"}, "authConfig": {"passwordAuth": "Enabled"}}},
			{"type": "Microsoft.DBforPostgreSQL/flexibleServers/configurations", "apiVersion": "x", "name": "p/require_secure_transport", "properties": {"value": "off"}},
			{"type": "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules", "apiVersion": "x", "name": "p/r", "properties": {"startIpAddress": "10.0.0.1", "endIpAddress": "10.0.0.6"}}`,
			"Microsoft.DBforPostgreSQL/flexibleServers/p"},
		{"key vault", `
			{"type": "azurerm_key_vault", "values": {"id": "` + base + `Microsoft.KeyVault/vaults/k", "name": "k", "location": "westeurope", "soft_delete_retention_days": 7,
				"purge_protection_enabled": false, "public_network_access_enabled": true, "network_acls": [{"default_action": "Deny", "ip_rules": ["192.0.2.0/28"]}]}},
			{"type": "azurerm_log_analytics_workspace", "values": {"id": "` + base + `Microsoft.OperationalInsights/workspaces/w", "name": "w", "location": "swedencentral", "retention_in_days": 30}},
			{"type": "azurerm_monitor_diagnostic_setting", "values": {"name": "d", "target_resource_id": "` + base + `Microsoft.KeyVault/vaults/k",
				"log_analytics_workspace_id": "` + base + `Microsoft.OperationalInsights/workspaces/w", "enabled_log": [{"category": "AuditEvent"}]}}`, `
			{"type": "Microsoft.KeyVault/vaults", "apiVersion": "x", "name": "k", "location": "westeurope", "properties": {"softDeleteRetentionInDays": 7,
				"enablePurgeProtection": false, "publicNetworkAccess": "Enabled", "networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "192.0.2.0/28"}]}}},
			{"type": "Microsoft.OperationalInsights/workspaces", "apiVersion": "x", "name": "w", "location": "swedencentral", "properties": {"retentionInDays": 30}},
			{"type": "Microsoft.KeyVault/vaults/providers/diagnosticSettings", "apiVersion": "x", "name": "k/Microsoft.Insights/d", "properties": {
				"workspaceId": "[resourceId('Microsoft.OperationalInsights/workspaces', 'w')]", "logs": [{"category": "AuditEvent", "enabled": true}]}}`,
			"Microsoft.KeyVault/vaults/k"},
		{"cosmos", `
			{"type": "azurerm_cosmosdb_account", "values": {"id": "c", "name": "c", "location": "westeurope", "minimal_tls_version": "Tls12", "key_vault_key_id": null,
				"local_authentication_disabled": false, "public_network_access_enabled": true, "is_virtual_network_filter_enabled": true, "ip_range_filter": [],
				"geo_location": [{"location": "westeurope", "zone_redundant": false}], "backup": [{"type": "Continuous", "tier": "Continuous30Days"}]}}`, `
			{"type": "Microsoft.DocumentDB/databaseAccounts", "apiVersion": "x", "name": "c", "location": "westeurope", "properties": {"minimalTlsVersion": "Tls12",
				"disableLocalAuth": false, "publicNetworkAccess": "Enabled", "isVirtualNetworkFilterEnabled": true, "ipRules": [], "keyVaultKeyUri": "",
				"locations": [{"locationName": "West Europe", "isZoneRedundant": false}], "backupPolicy": {"type": "Continuous", "continuousModeProperties": {"tier": "Continuous30Days"}}}}`,
			"Microsoft.DocumentDB/databaseAccounts/c"},
		{"sql database", `
			{"type": "azurerm_mssql_server", "values": {"id": "` + base + `Microsoft.Sql/servers/s", "name": "s", "location": "westeurope", "minimum_tls_version": "1.2",
				"public_network_access_enabled": false, "azuread_administrator": [{"azuread_authentication_only": false}]}},
			{"type": "azurerm_mssql_database", "values": {"id": "` + base + `Microsoft.Sql/servers/s/databases/d", "name": "d", "server_id": "` + base + `Microsoft.Sql/servers/s",
				"zone_redundant": false, "storage_account_type": "GeoZone", "transparent_data_encryption_enabled": false,
				"short_term_retention_policy": [{"retention_days": 7}], "long_term_retention_policy": [{"weekly_retention": "PT0S", "monthly_retention": "P6M", "yearly_retention": "PT0S"}]}},
			{"type": "azurerm_mssql_server_extended_auditing_policy", "values": {"server_id": "` + base + `Microsoft.Sql/servers/s", "enabled": true, "retention_in_days": 0}}`, `
			{"type": "Microsoft.Sql/servers", "apiVersion": "x", "name": "s", "location": "westeurope", "properties": {"minimalTlsVersion": "1.2", "publicNetworkAccess": "Disabled",
				"administrators": {"azureADOnlyAuthentication": false}}, "resources": [
				{"type": "auditingSettings", "apiVersion": "x", "name": "default", "properties": {"state": "Enabled", "retentionDays": 0}},
				{"type": "databases", "apiVersion": "x", "name": "d", "location": "westeurope", "properties": {"zoneRedundant": false, "requestedBackupStorageRedundancy": "GeoZone"}, "resources": [
					{"type": "transparentDataEncryption", "apiVersion": "x", "name": "current", "properties": {"state": "Disabled"}},
					{"type": "backupShortTermRetentionPolicies", "apiVersion": "x", "name": "default", "properties": {"retentionDays": 7}},
					{"type": "backupLongTermRetentionPolicies", "apiVersion": "x", "name": "default", "properties": {"weeklyRetention": "PT0S", "monthlyRetention": "P6M", "yearlyRetention": "PT0S"}}]}]}`,
			"Microsoft.Sql/servers/s/databases/d"},
		{"network security group", `
			{"type": "azurerm_network_security_group", "values": {"id": "g", "name": "g", "security_rule": [{"direction": "Inbound", "access": "Allow", "protocol": "Tcp",
				"source_address_prefix": "*", "destination_port_range": "3389"}]}}`, `
			{"type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "x", "name": "g", "properties": {"securityRules": [{"name": "r", "properties": {"direction": "Inbound",
				"access": "Allow", "protocol": "Tcp", "sourceAddressPrefix": "*", "destinationPortRange": "3389"}}]}}`,
			"Microsoft.Network/networkSecurityGroups/g"},
	} {
		subjects, _ := resources(t, "", c.template)
		got, ok := subjects[c.at]
		if !ok {
			t.Errorf("%s: no subject %s", c.name, c.at)
			continue
		}
		want := fromPlan(t, c.plan, got)
		if a, b := facts(t, got), facts(t, want); a != b {
			t.Errorf("%s:\nARM       %s\nTerraform %s", c.name, a, b)
		}
	}
}

// fromPlan is the subject of a plan with the same attributes as an engineer's name that ends the same.
func fromPlan(t *testing.T, changes string, like gate.Subject) gate.Subject {
	t.Helper()
	var list []struct {
		Type   string         `json:"type"`
		Values map[string]any `json:"values"`
	}
	if err := jsonv2.Unmarshal([]byte("["+changes+"]"), &list); err != nil {
		t.Fatal(err)
	}
	var out []any
	for i, r := range list {
		name := string(rune('a' + i))
		out = append(out, map[string]any{"address": r.Type + "." + name, "mode": "managed", "type": r.Type, "name": name,
			"change": map[string]any{"actions": []string{"create"}, "before": nil, "after": r.Values, "after_unknown": map[string]any{}, "after_sensitive": map[string]any{}}})
	}
	raw, err := jsonv2.Marshal(map[string]any{"format_version": "1.2", "terraform_version": "1.9.0", "complete": true, "errored": false, "resource_changes": out,
		"configuration": map[string]any{"root_module": map[string]any{}}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := terraform.Open(t.Context(), terraform.Config{File: path}, testEnv(t))
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Reader(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	subjects, err := r.Read(t.Context(), 0, r.Units(), nil)
	if err != nil {
		t.Fatal(err)
	}
	azurerm := table[strings.ToLower(like.Type)].azurerm
	for _, s := range subjects {
		if s.Type == azurerm {
			return s
		}
	}
	t.Fatalf("the plan has no %s", azurerm)
	return gate.Subject{}
}

// facts are all facts of a subject with the reasons of those that are not known.
func facts(t *testing.T, s gate.Subject) string {
	t.Helper()
	r := encoded(t, s)
	raw, err := jsonv2.Marshal([]any{r.Kind, r.Attributes, r.Unknown, r.Scope, s.Tells}, jsonv2.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
