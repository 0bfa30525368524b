package terraform

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"waarborg/internal/gate"
)

// generate writes a plan of n resources in forty modules, of six types, of which one in five is a satellite that refers to a
// storage account whose id is known only after apply. distinct: no two have the same attributes.
func generate(n int, distinct bool) []byte {
	const modules = 40
	var planned, changes bytes.Buffer
	configs := make([]strings.Builder, modules)
	stores := make([]string, modules)
	for i := range n {
		module := i / 6 % modules
		tag := i % 50
		if distinct {
			tag = i
		}
		var typ, values, unknown, expressions string
		switch t := i % 10; {
		case t == 8 && stores[module] != "":
			typ, values, unknown = "azurerm_monitor_diagnostic_setting", `"enabled_log":[{"category_group":"audit"}]`, `,"target_resource_id":true`
			expressions = fmt.Sprintf(`"target_resource_id":{"references":["%[1]s.id","%[1]s"]}`, stores[module])
		case t == 9 && stores[module] != "":
			typ, unknown = "azurerm_storage_management_policy", `,"storage_account_id":true`
			values = `"rule":[{"name":"purge","enabled":true,"actions":[{"base_blob":[{"delete_after_days_since_modification_greater_than":30}]}]}]`
			expressions = fmt.Sprintf(`"storage_account_id":{"references":["%[1]s.id","%[1]s"]}`, stores[module])
		case i%6 == 0:
			typ = account
			stores[module] = fmt.Sprintf("%s.r%d", account, i)
			values = `"location":"westeurope","min_tls_version":"TLS1_2","https_traffic_only_enabled":true,"public_network_access_enabled":false,"account_replication_type":"ZRS","account_tier":"Standard","allow_nested_items_to_be_public":false,"blob_properties":[{"delete_retention_policy":[{"days":30}],"versioning_enabled":true}],"network_rules":[{"default_action":"Deny","bypass":["AzureServices"],"ip_rules":[]}]`
		case i%6 == 1:
			typ = pgFlexible
			values = `"location":"northeurope","version":"16","storage_mb":131072,"backup_retention_days":14,"geo_redundant_backup_enabled":false,"public_network_access_enabled":false,"authentication":[{"active_directory_auth_enabled":true,"password_auth_enabled":false}],"sku_name":"GP_Standard_D4s_v3"`
		case i%6 == 2:
			typ = sqlDatabase
			values = fmt.Sprintf(`"server_id":"/subscriptions/x/sql/%d","transparent_data_encryption_enabled":true,"short_term_retention_policy":[{"retention_days":14}],"long_term_retention_policy":[{"weekly_retention":"P5W"}]`, i)
		case i%6 == 3:
			typ = "azurerm_role_assignment"
			values = fmt.Sprintf(`"scope":"/subscriptions/x/rg/%d","principal_type":"User","role_definition_name":"Reader","principal_id":"00000000-0000-0000-0000-%012d"`, tag, i)
		case i%6 == 4:
			typ, values = "azurerm_log_analytics_workspace", `"location":"westeurope","retention_in_days":90,"sku":"PerGB2018"`
		default:
			typ, values = "azurerm_elastic_cloud_elasticsearch", `"location":"westeurope","sku_name":"ess-consumption-2024_Monthly","elastic_cloud_email_address":"ops@example.nl"`
		}
		name := fmt.Sprintf("r%d", i)
		values = fmt.Sprintf(`{"name":"%s",%s,"tags":{"env":"prod","data":"personal","owner":"platform","application":"housing","cost_centre":"%d"},"resource_group_name":"rg%d"}`, name, values, tag, i%200)
		head := fmt.Sprintf(`"address":"module.app%d.%s.%s","mode":"managed","type":"%s","name":"%s","provider_name":"registry.terraform.io/hashicorp/azurerm"`, module, typ, name, typ, name)
		if i > 0 {
			planned.WriteByte(',')
			changes.WriteByte(',')
		}
		fmt.Fprintf(&planned, `{%s,"schema_version":0,"values":%s,"sensitive_values":{"tags":{}}}`, head, values)
		fmt.Fprintf(&changes, `{%s,"module_address":"module.app%d","change":{"actions":["create"],"before":null,"after":%s,"after_unknown":{"id":true%s},"before_sensitive":false,"after_sensitive":{"tags":{}}}}`, head, module, values, unknown)
		if expressions != "" || typ == account {
			if configs[module].Len() > 0 {
				configs[module].WriteByte(',')
			}
			fmt.Fprintf(&configs[module], `{"address":"%s.%s","mode":"managed","type":"%s","name":"%s","provider_config_key":"azurerm","expressions":{%s},"schema_version":0}`, typ, name, typ, name, expressions)
		}
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, `{"format_version":"1.2","terraform_version":"1.9.8","planned_values":{"root_module":{"resources":[%s]}},"resource_changes":[%s],"configuration":{"root_module":{"module_calls":{`, &planned, &changes)
	for i := range configs {
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, `"app%d":{"source":"./app","module":{"resources":[%s]}}`, i, configs[i].String())
	}
	out.WriteString("}}}}")
	return out.Bytes()
}

func BenchmarkOpen(b *testing.B) {
	for name, distinct := range map[string]bool{"alike": false, "distinct": true} {
		doc := generate(10_000, distinct)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := openDoc(b, doc); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	for name, distinct := range map[string]bool{"alike": false, "distinct": true} {
		f, err := openDoc(b, generate(10_000, distinct))
		if err != nil {
			b.Fatal(err)
		}
		r, err := f.Reader(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var list []gate.Subject
			for b.Loop() {
				for from := 0; from < r.Units(); from += 256 {
					var err error
					if list, err = r.Read(b.Context(), from, min(from+256, r.Units()), list[:0]); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
