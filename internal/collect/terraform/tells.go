package terraform

import (
	"reflect"
	"strings"
	"sync"

	"waarborg/internal/inventory"
)

// told is which facts a plan or a state can show of each type that becomes a draft: by its own attributes and tags, and by
// what other resources tell of it. Whether one file shows them is another matter.
var told = map[string][]string{
	account: store(`authentication.shared_key backup.enabled backup.immutable backup.retention_days copies deletion.soft_delete
		deletion.soft_delete_days deletion.versioning encryption.at_rest encryption.key_custody encryption.min_tls encryption.tls_required
		network.allowed_ranges network.anonymous network.public redundancy retention.automatic_days`, logged, allAudited),
	"azurerm_storage_share": store(partOfAccount, logged, allAudited),
	"azurerm_storage_queue": store(partOfAccount, logged, allAudited),

	pgFlexible: store(flexiblePG, logged, allAudited),
	"azurerm_postgresql_flexible_server_database": store(flexiblePG, logged, allAudited),
	pgSingle:                          store(singlePG, logged),
	"azurerm_postgresql_database":     store(singlePG, logged),
	myFlexible:                        store(flexibleMySQL, logged),
	"azurerm_mysql_flexible_database": store(flexibleMySQL, logged),

	sqlServer: store(`authentication.password_login copies encryption.key_custody encryption.min_tls network.allowed_ranges
		network.public`, logged, allAudited),
	sqlDatabase: store(`authentication.password_login backup.enabled backup.geo_redundant backup.retention_days copies
		encryption.at_rest encryption.key_custody encryption.min_tls network.allowed_ranges network.public redundancy`, logged, allAudited),

	"azurerm_cosmosdb_account": store(`authentication.shared_key backup.enabled backup.geo_redundant backup.retention_days copies
		encryption.key_custody encryption.min_tls network.allowed_ranges network.public redundancy`, logged, allAudited),
	"azurerm_key_vault": store(`deletion.purge_protection deletion.soft_delete deletion.soft_delete_days network.allowed_ranges
		network.public`, logged, allAudited),
	"azurerm_log_analytics_workspace":     store("authentication.shared_key network.public retention.automatic_days", logged),
	"azurerm_elastic_cloud_elasticsearch": store(""),
	recoveryVault: store(`backup.geo_redundant backup.immutable copies deletion.soft_delete encryption.key_custody
		network.allowed_ranges network.public redundancy`, logged),
	backupVault: store(`backup.geo_redundant backup.immutable copies deletion.soft_delete deletion.soft_delete_days redundancy`, logged),

	"azurerm_role_assignment":              strings.Fields(assigned),
	"azurerm_pim_eligible_role_assignment": strings.Fields(assigned),
	"azurerm_pim_active_role_assignment":   strings.Fields(assigned),
	"azurerm_key_vault_access_policy":      strings.Fields("environment expires personal_data principal rights role standing target wildcard"),
	"azurerm_key_vault_key":                strings.Fields("auto_rotate_days expires type"),

	securityGroup:                           strings.Fields("admin_ports_open default_deny_inbound firewall scope"),
	"azurerm_firewall":                      strings.Fields("firewall ids scope"),
	"azurerm_application_gateway":           strings.Fields("scope waf"),
	"azurerm_frontdoor_firewall_policy":     strings.Fields("scope waf"),
	"azurerm_cdn_frontdoor_firewall_policy": strings.Fields("scope waf"),

	policyType: strings.Fields("audience company_device legacy_auth mfa.exclusions mfa.required"),
}

const (
	logged     = "audit.enabled audit.retention_days log_sinks"
	allAudited = "audit.reads audit.writes"

	partOfAccount = `authentication.shared_key backup.enabled backup.immutable backup.retention_days copies encryption.at_rest
		encryption.key_custody encryption.min_tls encryption.tls_required network.allowed_ranges network.public redundancy`
	flexiblePG = `audit.user_and_time authentication.password_hash authentication.password_login backup.enabled backup.geo_redundant
		backup.immutable backup.retention_days copies encryption.at_rest encryption.key_custody encryption.min_tls
		encryption.tls_required network.allowed_ranges network.public redundancy`
	singlePG = `backup.enabled backup.geo_redundant backup.retention_days copies encryption.min_tls encryption.tls_required
		network.allowed_ranges network.public`
	flexibleMySQL = `backup.enabled backup.geo_redundant backup.immutable backup.retention_days copies encryption.key_custody
		encryption.min_tls encryption.tls_required network.allowed_ranges network.public redundancy`
	assigned = "direct environment expires personal_data principal principal_type rights role standing target wildcard"
)

// store lists facts of a datastore, with those that every datastore in Azure shows.
func store(lists ...string) []string {
	return strings.Fields(strings.Join(lists, " ") + " data_categories engine environment location network.private_endpoint personal_data")
}

// leaveUnknown says of the facts at paths that are not set why they are not known.
func leaveUnknown(a inventory.Attributes, paths []string, why inventory.Reason) {
	v := reflect.ValueOf(a).Elem()
	fields := fieldsOf(v.Type())
	for _, path := range paths {
		index, ok := fields[path]
		if !ok {
			continue
		}
		switch f := v.FieldByIndex(index).Addr().Interface().(type) {
		case *inventory.Fact[bool]:
			setUnset(f, why)
		case *inventory.Fact[string]:
			setUnset(f, why)
		case *inventory.Fact[int]:
			setUnset(f, why)
		case *inventory.Fact[[]string]:
			setUnset(f, why)
		case *inventory.Fact[inventory.Location]:
			setUnset(f, why)
		case *inventory.Fact[[]inventory.Copy]:
			setUnset(f, why)
		case *inventory.Fact[[]inventory.Sink]:
			setUnset(f, why)
		}
	}
}

func setUnset[T any](f *inventory.Fact[T], why inventory.Reason) { *f = f.Or(unknown[T](why)) }

// fieldsOf returns the place of each fact of a kind, by its path.
func fieldsOf(t reflect.Type) map[string][]int {
	if m, ok := fieldCache.Load(t); ok {
		return m.(map[string][]int)
	}
	out := map[string][]int{}
	var walk func(t reflect.Type, prefix string, index []int)
	walk = func(t reflect.Type, prefix string, index []int) {
		for i := range t.NumField() {
			f := t.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			at := append(append([]int(nil), index...), i)
			if f.Type.Kind() == reflect.Struct && !strings.HasPrefix(f.Type.Name(), "Fact[") {
				walk(f.Type, prefix+name+".", at)
				continue
			}
			out[prefix+name] = at
		}
	}
	walk(t, "", nil)
	fieldCache.Store(t, out)
	return out
}

var fieldCache sync.Map // reflect.Type to map[string][]int; only what the types of inventory are
