package terraform

import (
	"strings"
	"testing"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// A setting on a storage account whose id is known only after apply, referred to in every way that Terraform writes down.
func TestReferences(t *testing.T) {
	const acc, ws = "azurerm_storage_account.", "azurerm_log_analytics_workspace.w"
	target := func(refs ...any) m {
		return m{"target_resource_id": l(refs), "log_analytics_workspace_id": l{ws + ".id", ws}}
	}
	diag := func(address string) m {
		return res(address, m{"enabled_log": l{m{"category_group": "audit"}}}, m{"target_resource_id": true, "log_analytics_workspace_id": true})
	}
	store := func(address string) m { return res(address, m{"location": "westeurope"}, m{"id": true}) }
	workspace := func(module string) m {
		return res(join(module, ws), m{"location": "francecentral", "retention_in_days": 30}, m{"id": true})
	}
	const d = "azurerm_monitor_diagnostic_setting.d"
	root := func(r ...any) m { return m{"resources": r} }
	for name, c := range map[string]struct {
		changes l
		config  m
		want    map[string]string // audit.enabled by address
	}{
		"by name of the resource": {l{store(acc + "a"), store(acc + "b"), workspace(""), diag(d)}, root(refs(d, target(acc+"a.id", acc+"a"))),
			map[string]string{acc + "a": "true", acc + "b": "false"}},
		"another type": {l{store(acc + "a"), workspace(""), diag(d)}, root(refs(d, target("azurerm_linux_web_app.x.id", "azurerm_linux_web_app.x"))),
			map[string]string{acc + "a": "false"}},
		"with a literal index": {l{store(acc + "a[0]"), store(acc + "a[1]"), workspace(""), diag(d)}, root(refs(d, target(acc+"a[1].id", acc+"a[1]", acc+"a"))),
			map[string]string{acc + "a[0]": "false", acc + "a[1]": "true"}},
		"same key": {l{store(acc + `a["x.y"]`), store(acc + `a["z"]`), workspace(""), diag(d + `["z"]`)}, root(refs(d, target(acc+"a", "each.key"))),
			map[string]string{acc + `a["z"]`: "true"}},
		"each.value of the resource itself": {l{store(acc + `a["x"]`), store(acc + `a["z"]`), workspace(""), diag(d + `["z"]`)},
			root(with(refs(d, target("each.value.id", "each.value")), "for_each_expression", m{"references": l{acc + "a"}})),
			map[string]string{acc + `a["x"]`: "false", acc + `a["z"]`: "true"}},
		"each.value of something else": {l{store(acc + "a"), workspace(""), diag(d + `["z"]`)},
			root(with(refs(d, target("each.value.id", "each.value")), "for_each_expression", m{"references": l{"local.stores"}})),
			map[string]string{acc + "a": "?after-apply"}},
		"single instance without index": {l{store(acc + "a[0]"), workspace(""), diag(d)}, root(refs(d, target(acc+"a"))), map[string]string{acc + "a[0]": "true"}},
		"several instances": {l{store(acc + "a[0]"), store(acc + "a[1]"), store(acc + "b"), workspace(""), diag(d)}, root(refs(d, target(acc+"a"))),
			map[string]string{acc + "a[0]": "?after-apply", acc + "a[1]": "?after-apply", acc + "b": "false"}},
		"one or the other": {l{store(acc + "a"), store(acc + "b"), workspace(""), diag(d)}, root(refs(d, target("var.which", acc+"a.id", acc+"a", acc+"b.id", acc+"b"))),
			map[string]string{acc + "a": "?after-apply", acc + "b": "?after-apply"}},
		"a local value":            {l{store(acc + "a"), workspace(""), diag(d)}, root(refs(d, target("local.id"))), map[string]string{acc + "a": "?after-apply"}},
		"not in the configuration": {l{store(acc + "a"), workspace(""), diag(d)}, root(), map[string]string{acc + "a": "?after-apply"}},
		"another attribute of it": {l{store(acc + "a"), workspace(""), diag(d)}, root(refs(d, target(acc+"a.primary_blob_endpoint", acc+"a"))),
			map[string]string{acc + "a": "?after-apply"}},
		"within the instance of a module": {l{store("module.m[0]." + acc + "a"), store("module.m[1]." + acc + "a"), store(acc + "a"), workspace("module.m[1]"), diag("module.m[1]." + d)},
			calls("m", root(refs(d, target(acc+"a.id", acc+"a"))), nil),
			map[string]string{"module.m[0]." + acc + "a": "false", "module.m[1]." + acc + "a": "true", acc + "a": "false"}},
		"by an output of a module": {l{store("module.m." + acc + "a"), workspace(""), diag(d)},
			with(calls("m", with(root(), "outputs", m{"id": m{"expression": m{"references": l{acc + "a.id", acc + "a"}}}}), nil),
				"resources", l{refs(d, target("module.m.id", "module.m"))}),
			map[string]string{"module.m." + acc + "a": "true"}},
		"by some output of a module of the same key": {l{store(`module.m["x"].` + acc + "a"), store(`module.m["y"].` + acc + "a"), workspace(""), diag(d + `["y"]`)},
			with(calls("m", with(root(), "outputs", m{"id": m{"expression": m{"references": l{acc + "a.id", acc + "a"}}}}), nil),
				"resources", l{refs(d, target("module.m", "each.key"))}),
			map[string]string{`module.m["x"].` + acc + "a": "false", `module.m["y"].` + acc + "a": "true"}},
		"by one of several outputs": {l{store(`module.m["y"].` + acc + "a"), workspace(""), diag(d + `["y"]`)},
			with(calls("m", with(root(), "outputs", m{"id": m{"expression": m{"references": l{acc + "a.id", acc + "a"}}},
				"web": m{"expression": m{"references": l{"azurerm_linux_web_app.a.id", "azurerm_linux_web_app.a"}}}}), nil),
				"resources", l{refs(d, target("module.m", "each.key"))}),
			map[string]string{`module.m["y"].` + acc + "a": "?after-apply"}},
		"by a variable of a module": {l{store(acc + "a"), store(acc + "b"), workspace("module.m"), diag("module.m." + d)},
			calls("m", root(refs(d, target("var.store"))), m{"store": m{"references": l{acc + "b.id", acc + "b"}}}),
			map[string]string{acc + "a": "false", acc + "b": "true"}},
		"in a circle": {l{store(acc + "a"), workspace(""), diag(d)},
			with(calls("m", with(root(), "outputs", m{"id": m{"expression": m{"references": l{"var.v"}}}}), m{"v": m{"references": l{"module.m.id"}}}),
				"resources", l{refs(d, target("module.m.id", "module.m"))}),
			map[string]string{acc + "a": "?after-apply"}},
	} {
		t.Run(name, func(t *testing.T) {
			all := mustCollect(t, plan(c.changes, c.config))
			for address, want := range c.want {
				if got := factAt(t, all, address, "audit.enabled"); got != want {
					t.Errorf("%s: audit.enabled is %s, want %s", address, got, want)
				}
				sinks := factAt(t, all, address, "log_sinks")
				if wanted := map[string]string{"false": "[]", "?after-apply": "?after-apply"}[want]; wanted != "" && sinks != wanted {
					t.Errorf("%s: log_sinks is %s, want %s", address, sinks, wanted)
				}
				if want == "true" && !strings.Contains(sinks, "francecentral") {
					t.Errorf("%s: log_sinks is %s", address, sinks)
				}
			}
		})
	}
}

func with(config m, key string, v any) m { config[key] = v; return config }

func calls(name string, module, expressions m) m {
	return m{"module_calls": m{name: m{"source": "./m", "module": module, "expressions": expressions}}}
}

// A private endpoint names its target in a nested block.
func TestReferenceInBlock(t *testing.T) {
	const ep, kv = "azurerm_private_endpoint.e", "azurerm_key_vault.k"
	e := res(ep, m{"private_service_connection": l{m{"is_manual_connection": false}}}, m{"private_service_connection": l{m{"private_connection_resource_id": true}}})
	config := m{"resources": l{refs(ep, m{"private_service_connection": nested(m{"private_connection_resource_id": m{"references": l{kv + ".id", kv}}})})}}
	all := mustCollect(t, plan(l{res(kv, m{}, m{"id": true}), e}, config))
	expect{"network.private_endpoint": "true"}.check(t, all, kv)
}

func nested(block m) []m { return []m{block} }

func TestSilenceNeedsTheWholePlan(t *testing.T) {
	doc := plan(l{res("azurerm_storage_account.a", m{"location": "westeurope", "account_replication_type": "LRS"})}, m{})
	expect{"log_sinks": "[]", "audit.enabled": "false", "copies": "[]", "retention.automatic_days": "null"}.check(t, mustCollect(t, doc), "azurerm_storage_account.a")
	doc["complete"] = false
	expect{"log_sinks": "?after-apply", "audit.enabled": "?after-apply", "copies": "?after-apply", "retention.automatic_days": "?after-apply"}.
		check(t, mustCollect(t, doc), "azurerm_storage_account.a")
	delete(doc, "complete")
	doc["errored"] = true
	expect{"log_sinks": "?after-apply", "audit.enabled": "?after-apply"}.check(t, mustCollect(t, doc), "azurerm_storage_account.a")
}

func TestMarks(t *testing.T) {
	const acc = "azurerm_storage_account.a"
	all := mustCollect(t, plan(l{res(acc, m{"location": "westeurope", "min_tls_version": "TLS1_2", "tags": m{"env": "prod", "data": "personal"},
		"network_rules": l{m{"default_action": "Deny", "ip_rules": l{"203.0.113.1"}}}, "public_network_access_enabled": true},
		m{"https_traffic_only_enabled": true, "account_replication_type": true, "blob_properties": true, "network_rules": l{m{"ip_rules": l{false, true}}}},
		m{"location": true, "tags": m{"env": true}})}, m{}))
	expect{"location": "?sensitive", "environment": "?sensitive", "personal_data": "true", "encryption.tls_required": "?after-apply", "encryption.min_tls": "1.2",
		"copies": "?after-apply", "redundancy": "?after-apply", "deletion.soft_delete": "?after-apply", "network.public": "?after-apply",
		"network.allowed_ranges": `["203.0.113.1/32"]?after-apply`}.check(t, all, acc)
}

func TestNewSecurityGroupWithoutInlineRules(t *testing.T) {
	const nsg, rule = "azurerm_network_security_group.g", "azurerm_network_security_rule.r"
	changes := l{res(nsg, m{"name": "g"}, m{"id": true, "security_rule": true}),
		res(rule, m{"network_security_group_name": "g", "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "source_address_prefix": "*", "destination_port_range": "443"})}
	expect{"admin_ports_open": "false"}.check(t, mustCollect(t, plan(changes, m{"resources": l{refs(nsg, m{}), refs(rule, m{})}})), nsg)
	expect{"admin_ports_open": "?after-apply"}.check(t, mustCollect(t, plan(changes, m{})), nsg)
}

func TestProblemsTellWhatCouldNotBePlaced(t *testing.T) {
	const d = "azurerm_monitor_diagnostic_setting.d"
	doc := mustJSON(t, plan(l{res(d, m{}, m{"target_resource_id": true}), res("azurerm_redis_cache.r", m{}), res("aws_s3_bucket.b", m{}), res("random_id.x", m{})}, m{}))
	_, problems, err := collectFile(t, "p.json", doc)
	if err != nil || len(problems) != 3 {
		t.Fatalf("%v, %v", problems, err)
	}
	for _, want := range []struct{ en, nl, code string }{
		{"to which resource 1 of azurerm_monitor_diagnostic_setting.target_resource_id belong",
			"bij welk object 1 van azurerm_monitor_diagnostic_setting.target_resource_id horen", inventory.AfterApply},
		{"resources of type azurerm_redis_cache", "objecten van type azurerm_redis_cache", inventory.Unsupported},
		{"resources of provider aws", "objecten van provider aws", inventory.Unsupported},
	} {
		found := false
		for _, p := range problems {
			found = found || p.What == say.Text{EN: want.en, NL: want.nl} && p.Reason.Code == want.code && p.Hint.EN != ""
		}
		if !found {
			t.Errorf("no problem %q in %v", want.en, problems)
		}
	}
}
