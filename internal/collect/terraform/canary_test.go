package terraform

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"waarborg/internal/inventory"
)

func refuseAny(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(text, w) {
			t.Errorf("%q is in the output", w)
		}
	}
}

func mustJSON(t testing.TB, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

const canary = "S3cret!Canary of Anna"

// attributes of every mapping, as they are read; blocks are nested under a slash.
var attributeNames = strings.Fields(`id name location account_kind account_replication_type min_tls_version https_traffic_only_enabled
	enable_https_traffic_only public_network_access_enabled allow_nested_items_to_be_public shared_access_key_enabled primary_access_key
	storage_account_id storage_account_name container_access_type default_action ip_rules source_storage_account_id destination_storage_account_id
	managed_hsm_key_id key_vault_key_id server_id server_name value start_ip_address end_ip_address backup_retention_days create_mode
	source_server_id delegated_subnet_id administrator_login administrator_password minimum_tls_version zone_redundant storage_account_type
	database_id enabled retention_in_days audit_actions_and_groups storage_endpoint ip_range_filter minimal_tls_version key_type expiration_date
	soft_delete_retention_days target_resource_id log_analytics_workspace_id eventhub_authorization_rule_id partner_solution_id
	elastic_cloud_email_address storage_mode_type redundancy soft_delete immutability vault_id backup_policy_id recovery_vault_name scope
	principal_id principal_type role_definition_name role_definition_id role_definition_resource_id object_id key_permissions secret_permissions
	description condition network_security_group_name direction access protocol source_address_prefix source_address_prefixes
	destination_port_range destination_port_ranges firewall_policy_id mode state display_name key_vault_id firewall_mode
	tier type storage_redundancy weekly_retention duration end_date_time category category_group operator built_in_controls
	included_users excluded_users client_app_types included_applications time_after_creation expire_after azuread_authentication_only
	private_connection_resource_id retention_duration_in_days geo_redundant_backup_enabled purge_protection_enabled data_categories
	transparent_data_encryption_enabled local_authentication_enabled password_auth_enabled actions data_actions operational_default_retention_duration`)

var blockNames = strings.Fields(`customer_managed_key blob_properties share_properties delete_retention_policy retention_policy network_rules
	network_acls rule actions base_blob filters authentication high_availability azuread_administrator short_term_retention_policy
	long_term_retention_policy partner_server geo_location backup rotation_policy automatic enabled_log log private_service_connection
	encryption default_retention_rule life_cycle permissions schedule expiration security_rule intrusion_detection waf_configuration
	policy_settings conditions users applications grant_controls`)

// innerBlocks are the blocks within blocks that are read.
var innerBlocks = map[string][]string{
	"blob_properties": {"delete_retention_policy"}, "share_properties": {"retention_policy"}, "rule": {"actions", "filters"},
	"actions": {"base_blob"}, "rotation_policy": {"automatic"}, "default_retention_rule": {"life_cycle"},
	"schedule": {"expiration"}, "conditions": {"users", "applications"},
}

// filled makes values with v at every attribute, also within blocks.
func filled(v any, blocks []string) m {
	out := m{"tags": m{"env": v, "application": v, "app": v, "data": v, "data_categories": v, "owner": v, canaryKey: v}}
	for _, name := range attributeNames {
		out[name] = v
	}
	for _, name := range blocks {
		out[name] = l{filled(v, innerBlocks[name])}
	}
	return out
}

const canaryKey = "K3y!Canary"

// No text of an attribute or tag comes out, whatever the type, and whether or not it is marked as sensitive.
func TestNoFreeTextComesOut(t *testing.T) {
	for shape, v := range map[string]any{"text": canary, "list": l{canary, canary}, "object": m{canary: canary}, "number": 4711.25} {
		for _, typ := range slices.Sorted(maps.Keys(table)) {
			address := typ + ".r"
			doc := plan(l{res(address, filled(v, blockNames)), res("azurerm_storage_account.other", m{"name": canary, "id": canary})}, m{"resources": l{}})
			path := fmt.Sprintf("%s as %s", typ, shape)
			all, problems, err := collectFile(t, "p.json", mustJSON(t, doc))
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			raw := string(mustJSON(t, all)) + string(mustJSON(t, problems))
			for _, w := range []string{"S3cret", "Canary", "Anna", "s3cret", "canary", "4711"} {
				if strings.Contains(raw, w) {
					t.Errorf("%s: %q comes out: %s", path, w, raw)
				}
			}
		}
	}
}

// What is marked as sensitive does not come out, even if it is a word that is known.
func TestSensitiveIsNotRead(t *testing.T) {
	values := m{"location": "uksouth", "min_tls_version": "TLS1_0", "https_traffic_only_enabled": false, "account_replication_type": "GRS",
		"tags": m{"app": "housing", "env": "prod", "data": "personal"}, "network_rules": l{m{"default_action": "Allow", "ip_rules": l{"203.0.113.1"}}}}
	for _, mark := range []any{true, m{"location": true, "min_tls_version": true,
		"https_traffic_only_enabled": true, "account_replication_type": true, "tags": true, "network_rules": true}} {
		r := res("azurerm_storage_account.a", values)
		r["change"].(m)["after_sensitive"] = mark
		all := mustCollect(t, plan(l{r}, m{}))
		refuseAny(t, string(mustJSON(t, all)), "uksouth", `"1.0"`, "housing", "203.0.113", "production", "paired")
		expect{"location": "?sensitive", "encryption.min_tls": "?sensitive", "encryption.tls_required": "?sensitive"}.check(t, all, "azurerm_storage_account.a")
	}
}

// given are the facts that are known of a resource without any value; a rule that passes on one of them is right to.
var given = map[string][]string{
	// Engines and audiences are what the type is. Encryption at rest cannot be turned off there.
	"azurerm_storage_account":            {"engine", "encryption.at_rest"},
	"azurerm_postgresql_flexible_server": {"engine", "encryption.at_rest"},
	// A role assignment stands, and without an end, by being one.
	"azurerm_role_assignment":              {"standing", "expires"},
	"azurerm_pim_active_role_assignment":   {"standing"},
	"azurerm_pim_eligible_role_assignment": {"standing"},
	"azurerm_key_vault_access_policy":      {"standing", "expires", "role", "rights", "wildcard"},
	"azurerm_firewall":                     {"firewall"},
}

// silent are the conclusions from what is not in the file: they can only fail a rule.
var silent = map[string]string{"log_sinks": "[]", "audit.enabled": "false", "audit.reads": "false", "audit.writes": "false", "retention.automatic_days": "null"}

func TestEmptyValuesProveNothing(t *testing.T) {
	for typ := range table {
		for name, doc := range map[string]m{
			"plan":           plan(l{res(typ+".r", m{})}, m{}),
			"plan, all null": plan(l{res(typ+".r", nulls())}, m{}),
			"state":          state(res(typ+".r", m{})),
			"planned values": {"format_version": "1.2", "planned_values": m{"root_module": m{"resources": l{m{"address": typ + ".r", "mode": "managed", "type": typ, "name": "r", "values": m{}}}}}},
		} {
			for id, r := range mustCollect(t, doc) {
				for _, path := range leaves(t, r.Attributes) {
					got := factAt(t, map[string]inventory.Resource{id: r}, id, path)
					if path == "engine" || slices.Contains(given[typ], path) || silent[path] == got && name != "planned values" {
						continue
					}
					if name == "plan, all null" && (id == "azurerm_key_vault_key.r" && path == "expires" || id == "azurerm_cosmosdb_account.r" && path == "encryption.key_custody") {
						continue // null is how the provider says that a key has no end date, and that there is no key of one's own
					}
					t.Errorf("%s, %s: %s is %s", typ, name, path, got)
				}
			}
		}
	}
}

func nulls() m {
	out := m{}
	for _, name := range append(slices.Clone(attributeNames), blockNames...) {
		out[name] = nil
	}
	return out
}

// leaves lists the paths of the facts in encoded attributes.
func leaves(t *testing.T, raw []byte) []string {
	t.Helper()
	var tree m
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	var out []string
	var walk func(prefix string, tree m)
	walk = func(prefix string, tree m) {
		for k, v := range tree {
			if sub, ok := v.(m); ok {
				walk(prefix+k+".", sub)
				continue
			}
			out = append(out, prefix+k)
		}
	}
	walk("", tree)
	slices.Sort(out)
	return out
}
