package terraform

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"waarborg/internal/inventory"
)

// factsSet tells which facts of a draft a mapping said anything of.
func factsSet(a inventory.Attributes) (out []string) {
	v := reflect.ValueOf(a).Elem()
	for path, index := range fieldsOf(v.Type()) {
		if v.FieldByIndex(index).Addr().Interface().(interface{ IsSet() bool }).IsSet() {
			out = append(out, path)
		}
	}
	return out
}

// fixtures are documents that show every type in every way that the tests of types know, and with everything unknown.
func fixtures(t *testing.T) (docs [][]byte) {
	t.Helper()
	for _, rows := range [][]typeRow{typeRows(), grantRows(), conditionalRows()} {
		for _, c := range rows {
			docs = append(docs, mustJSON(t, state(c.given...)))
		}
	}
	for _, name := range []string{"plan.json", "state.json"} {
		doc, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, doc)
	}
	marks := m{"tags": m{"data_categories": true}}
	for _, name := range append(slices.Clone(attributeNames), blockNames...) {
		marks[name] = true
	}
	for typ := range table {
		tags := m{"tags": m{"env": "prod", "data": "personal", "data_categories": "identity"}}
		docs = append(docs, mustJSON(t, plan(l{res(typ+".r", tags, marks)}, m{})), mustJSON(t, plan(l{res(typ+".r", tags)}, m{})))
		// And with a satellite of each type that could belong to it.
		changes := l{res(typ+".r", tags, m{"id": true, "name": true})}
		for other := range attached {
			changes = append(changes, res(other+".s", m{"name": "require_secure_transport"}, marks))
		}
		docs = append(docs, mustJSON(t, plan(changes, m{})))
	}
	const whole, logs = "/x/whole", "/x/logs"
	known := m{"id": whole, "name": "whole", "tags": m{"env": "prod", "data": "personal", "data_categories": "identity"}}
	unnamed := maps.Clone(marks)
	for _, name := range []string{"id", "name", "tags", "server_id", "server_name", "storage_account_id", "create_mode", "delegated_subnet_id"} {
		delete(unnamed, name)
	}
	settings := func(typ string) (out l) {
		for i, c := range [][2]string{{"password_encryption", "md5"}, {"log_line_prefix", "%u %m"}, {"pgaudit.log", "all"}, {"tls_version", "tlsv1.2"},
			{"ssl_min_protocol_version", "TLSv1.2"}, {"require_secure_transport", "on"}, {"audit_log_enabled", "ON"}} {
			if typ == myFlexible && i < 3 || typ == pgFlexible && c[0] == "audit_log_enabled" {
				continue
			}
			out = append(out, res(fmt.Sprintf("%s_configuration.c%d", typ, i), m{"server_id": whole, "server_name": "whole", "name": c[0], "value": c[1]}))
		}
		return out
	}
	// Every datastore with everything of its own unknown, with logs and parameters, and what stands in it.
	for typ, paths := range told {
		if !slices.Contains(paths, "engine") {
			continue
		}
		changes := l{res(typ+".r", known, unnamed), res(pgSingle+".s", m{"backup_retention_days": 7}), res("azurerm_log_analytics_workspace.logs", m{"id": logs, "location": "westeurope", "retention_in_days": 30}),
			res("azurerm_monitor_diagnostic_setting.d", m{"target_resource_id": map[bool]string{false: whole}[strings.Contains(typ, "elastic")], "log_analytics_workspace_id": logs, "enabled_log": l{m{"category_group": "audit"}}}),
			res("azurerm_private_endpoint.e", m{"private_service_connection": l{m{"private_connection_resource_id": whole}}}),
			res("azurerm_data_protection_backup_vault.v", m{"id": "/x/vault", "location": "westeurope", "immutability": "Locked"})}
		for other := range table {
			if strings.Contains(other, "backup_instance") {
				changes = append(changes, res(other+".b", m{"storage_account_id": whole, "server_id": whole, "vault_id": "/x/vault"}))
			}
			if wholeOf[other] == typ {
				changes = append(changes, res(other+".part", m{"server_id": whole, "server_name": "whole", "storage_account_id": whole}))
			}
		}
		if typ == pgFlexible || typ == myFlexible {
			changes = append(changes, settings(typ)...)
		}
		docs = append(docs, mustJSON(t, plan(changes, m{})))
	}
	return docs
}

// wholeOf is what resources of a type stand in.
var wholeOf = map[string]string{"azurerm_storage_share": account, "azurerm_storage_queue": account,
	"azurerm_postgresql_flexible_server_database": pgFlexible, "azurerm_postgresql_database": pgSingle,
	"azurerm_mysql_flexible_database": myFlexible, sqlDatabase: sqlServer}

// What a plan can show of a type is neither more nor less than what is listed.
func TestToldIsWhatIsSet(t *testing.T) {
	seen := map[string]map[string]bool{}
	for _, doc := range fixtures(t) {
		drafts, err := collectBytes(t.Context(), doc, testEnv(t, nil))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range drafts {
			typ := d.Provenance.Call
			if seen[typ] == nil {
				seen[typ] = map[string]bool{}
			}
			for _, path := range factsSet(d.Attributes) {
				seen[typ][path] = true
			}
		}
	}
	for typ, paths := range seen {
		for path := range paths {
			if !slices.Contains(told[typ], path) {
				t.Errorf("%s shows %s, which is not in the list of what it tells", typ, path)
			}
		}
	}
	for typ, paths := range told {
		for _, path := range paths {
			if !seen[typ][path] {
				t.Errorf("no fixture shows %s of %s", path, typ)
			}
		}
	}
}
