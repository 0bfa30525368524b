package hclsource

import "strings"

// AttributeOf names the attributes that tell a fact of a resource type, the best first, as [Source.LocateAttribute] takes
// them: for network.public of azurerm_storage_account it is public_network_access_enabled, then network_rules. nil where
// no attribute of the resource itself tells it; then the place of the resource is the one to show.
func AttributeOf(resourceType, fact string) []string {
	for {
		if names, ok := attributes[resourceType][fact]; ok {
			return names
		}
		if names, ok := everywhere[fact]; ok && strings.HasPrefix(resourceType, "azurerm_") {
			return names
		}
		cut := strings.LastIndexByte(fact, '.')
		if cut < 0 {
			return nil
		}
		fact = fact[:cut]
	}
}

// everywhere has the facts that all types of azurerm tell by the same attribute.
var everywhere = map[string][]string{
	"location": {"location"}, "environment": {"tags"}, "personal_data": {"tags"},
}

// attributes has, by type and fact, the attributes that internal/collect/terraform reads. What satellites tell, such as a
// lifecycle policy of a storage account, stands in a resource of its own and is not here.
var attributes = map[string]map[string][]string{
	"azurerm_storage_account": {
		"redundancy":                {"account_replication_type"},
		"copies":                    {"account_replication_type"},
		"encryption.key_custody":    {"customer_managed_key"},
		"encryption.tls_required":   {"https_traffic_only_enabled", "enable_https_traffic_only"},
		"encryption.min_tls":        {"min_tls_version"},
		"authentication.shared_key": {"shared_access_key_enabled"},
		"network.public":            {"public_network_access_enabled", "network_rules.default_action"},
		"network.allowed_ranges":    {"network_rules.ip_rules", "public_network_access_enabled"},
		"network.anonymous":         {"allow_nested_items_to_be_public", "allow_blob_public_access"},
		"deletion.soft_delete":      softDelete,
		"deletion.soft_delete_days": softDelete,
		"deletion.versioning":       {"blob_properties.versioning_enabled", "share_properties"},
	},
	"azurerm_postgresql_flexible_server": flexible(map[string][]string{
		"authentication.password_login": {"authentication.password_auth_enabled"},
	}),
	"azurerm_mysql_flexible_server": flexible(nil),
	"azurerm_postgresql_server": {
		"copies":                  {"geo_redundant_backup_enabled"},
		"encryption.tls_required": {"ssl_enforcement_enabled"},
		"encryption.min_tls":      {"ssl_minimal_tls_version_enforced"},
		"network.public":          {"public_network_access_enabled"},
		"network.allowed_ranges":  {"public_network_access_enabled"},
		"backup.enabled":          {"backup_retention_days"},
		"backup.retention_days":   {"backup_retention_days"},
		"backup.geo_redundant":    {"geo_redundant_backup_enabled"},
	},
	"azurerm_mssql_server": {
		"encryption.min_tls":            {"minimum_tls_version"},
		"network.public":                {"public_network_access_enabled"},
		"network.allowed_ranges":        {"public_network_access_enabled"},
		"authentication.password_login": {"azuread_administrator.azuread_authentication_only"},
	},
	"azurerm_mssql_database": {
		"encryption.at_rest":    {"transparent_data_encryption_enabled"},
		"redundancy":            {"zone_redundant"},
		"copies":                {"storage_account_type"},
		"backup.geo_redundant":  {"storage_account_type"},
		"backup.enabled":        {"short_term_retention_policy.retention_days"},
		"backup.retention_days": {"short_term_retention_policy.retention_days", "long_term_retention_policy"},
	},
	"azurerm_cosmosdb_account": {
		"copies":                    {"geo_location"},
		"redundancy":                {"geo_location"},
		"encryption.min_tls":        {"minimal_tls_version"},
		"encryption.key_custody":    {"key_vault_key_id"},
		"authentication.shared_key": localKeys,
		"network.public":            {"public_network_access_enabled", "ip_range_filter"},
		"network.allowed_ranges":    {"ip_range_filter", "public_network_access_enabled"},
		"backup.enabled":            {"backup"},
		"backup.retention_days":     {"backup.retention_in_hours", "backup.tier"},
		"backup.geo_redundant":      {"backup.storage_redundancy"},
	},
	"azurerm_key_vault": {
		"deletion.soft_delete":      {"soft_delete_retention_days"},
		"deletion.soft_delete_days": {"soft_delete_retention_days"},
		"deletion.purge_protection": {"purge_protection_enabled"},
		"network.public":            {"public_network_access_enabled", "network_acls.default_action"},
		"network.allowed_ranges":    {"network_acls.ip_rules", "public_network_access_enabled"},
	},
	"azurerm_key_vault_key": {
		"type":             {"key_type"},
		"auto_rotate_days": {"rotation_policy.automatic.time_after_creation", "rotation_policy.automatic"},
		"expires":          {"expiration_date"},
	},
	"azurerm_log_analytics_workspace": {
		"network.public":            {"internet_query_enabled"},
		"authentication.shared_key": localKeys,
		"retention.automatic_days":  {"retention_in_days"},
	},
	"azurerm_recovery_services_vault": {
		"redundancy":             {"storage_mode_type"},
		"copies":                 {"storage_mode_type"},
		"backup.geo_redundant":   {"storage_mode_type"},
		"backup.immutable":       {"immutability"},
		"deletion.soft_delete":   {"soft_delete_enabled"},
		"encryption.key_custody": {"encryption"},
		"network.public":         {"public_network_access_enabled"},
	},
	"azurerm_data_protection_backup_vault": {
		"redundancy":                {"redundancy"},
		"copies":                    {"redundancy"},
		"backup.geo_redundant":      {"redundancy"},
		"backup.immutable":          {"immutability"},
		"deletion.soft_delete":      {"soft_delete"},
		"deletion.soft_delete_days": {"retention_duration_in_days"},
	},
	"azurerm_role_assignment":              grant(nil),
	"azurerm_pim_eligible_role_assignment": grant([]string{"schedule.expiration.end_date_time"}),
	"azurerm_pim_active_role_assignment":   grant([]string{"schedule.expiration.end_date_time"}),
	"azurerm_key_vault_access_policy": {
		"principal": {"object_id"},
		"target":    {"key_vault_id"},
		"rights":    {"secret_permissions", "key_permissions", "certificate_permissions", "storage_permissions"},
	},
	"azurerm_network_security_group": {
		"admin_ports_open":     {"security_rule"},
		"default_deny_inbound": {"security_rule"},
	},
	"azurerm_firewall":                      {"ids": {"firewall_policy_id"}},
	"azurerm_application_gateway":           {"waf": {"waf_configuration.firewall_mode", "firewall_policy_id"}},
	"azurerm_frontdoor_firewall_policy":     {"waf": {"mode"}},
	"azurerm_cdn_frontdoor_firewall_policy": {"waf": {"mode"}},
}

var (
	softDelete = []string{"blob_properties.delete_retention_policy.days", "share_properties.retention_policy.days"}
	localKeys  = []string{"local_authentication_enabled", "local_authentication_disabled"}
)

// flexible has the facts of flexible servers of PostgreSQL and MySQL, and more.
func flexible(more map[string][]string) map[string][]string {
	out := map[string][]string{
		"redundancy":             {"high_availability.mode"},
		"copies":                 {"geo_redundant_backup_enabled"},
		"encryption.key_custody": {"customer_managed_key"},
		"network.public":         {"public_network_access_enabled", "delegated_subnet_id"},
		"network.allowed_ranges": {"public_network_access_enabled", "delegated_subnet_id"},
		"backup.enabled":         {"backup_retention_days"},
		"backup.retention_days":  {"backup_retention_days"},
		"backup.geo_redundant":   {"geo_redundant_backup_enabled"},
	}
	for fact, names := range more {
		out[fact] = names
	}
	return out
}

// grant has the facts of role assignments; expires is the attribute by which one ends.
func grant(expires []string) map[string][]string {
	out := map[string][]string{
		"principal":      {"principal_id"},
		"principal_type": {"principal_type"},
		"direct":         {"principal_type", "principal_id"},
		"role":           {"role_definition_name", "role_definition_id"},
		"rights":         {"role_definition_name", "role_definition_id"},
		"wildcard":       {"scope", "role_definition_id"},
		"target":         {"scope"},
	}
	if expires != nil {
		out["expires"], out["standing"] = expires, []string{"schedule"}
	}
	return out
}
