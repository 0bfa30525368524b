package arm

import (
	jsonv2 "encoding/json/v2"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waarborg/internal/gate"
	"waarborg/internal/inventory"
)

// reason is why the fact at a path is not known; empty if it is.
func reason(t *testing.T, s gate.Subject, path string) string {
	t.Helper()
	if s.Draft.Attributes == nil {
		t.Fatalf("there is no such subject (%s)", path)
	}
	return encoded(t, s).Unknown[path].Code
}

func attributes(t *testing.T, s gate.Subject) string {
	t.Helper()
	if s.Draft.Attributes == nil {
		t.Fatal("there is no such subject")
	}
	return string(encoded(t, s).Attributes)
}

func TestEveryAttributeOfTheTableIsExercised(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "workload.json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := decode(data, "workload.json")
	if err != nil {
		t.Fatal(err)
	}
	r := &result{skipped: map[string]int{}, program: newEvaluator()}
	if err := r.template(doc, nil, false); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, it := range r.items() {
		typ := strings.ToLower(it.typ)
		seen[typ] = true
		for to, v := range it.values {
			if v != (broken{}) {
				seen[typ+" "+to] = true
			}
		}
	}
	for typ, translated := range table {
		for _, f := range translated.fields {
			if !seen[typ+" "+f.to] {
				t.Errorf("%s: no fixture gives %s", typ, f.to)
			}
		}
		if !seen[typ] {
			t.Errorf("no fixture has %s", typ)
		}
	}
}

const (
	twoServers = `
		{"type": "Microsoft.DBforPostgreSQL/flexibleServers", "apiVersion": "x", "name": "[parameters('server')]", "properties": {"network": {"publicNetworkAccess": "Enabled"}}},
		{"type": "Microsoft.DBforPostgreSQL/flexibleServers", "apiVersion": "x", "name": "fixed", "properties": {"network": {"publicNetworkAccess": "Enabled"}}}`
	freeServer = `"parameters": {"server": {"type": "string"}, "other": {"type": "string"}},`
)

// TestWhatCanBelongToAResourceLeavesItInDoubt holds that a name known only after apply never makes a fact known.
func TestWhatCanBelongToAResourceLeavesItInDoubt(t *testing.T) {
	rule := func(name string) string {
		return `, {"type": "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules", "apiVersion": "x", "name": "` + name + `",
			"properties": {"startIpAddress": "0.0.0.0", "endIpAddress": "255.255.255.255"}}`
	}
	const param, fixed = "Microsoft.DBforPostgreSQL/flexibleServers/{server}", "Microsoft.DBforPostgreSQL/flexibleServers/fixed"
	for _, c := range []struct{ rule, param, fixed string }{
		{"", "false", "false"},
		{rule("[concat(parameters('server'), '/all')]"), "true", "false"},
		{rule("fixed/all"), "false", "true"},
		{rule("[concat(parameters('other'), '/all')]"), "after-apply", "after-apply"},
		{rule("elsewhere/all"), "after-apply", "after-apply"}, // the parameter may be elsewhere; Terraform cannot tell either
		{rule("[parameters('other')]"), "after-apply", "after-apply"},
	} {
		out, _ := resources(t, freeServer, twoServers+c.rule)
		for address, want := range map[string]string{param: c.param, fixed: c.fixed} {
			got := reason(t, out[address], "network.public")
			if got == "" {
				got = fmt.Sprint(strings.Contains(attributes(t, out[address]), `"public":true`))
			}
			if got != want {
				t.Errorf("rule %q: %s: public is %s, want %s", c.rule, address, got, want)
			}
		}
	}
}

func TestReferencesBetweenResources(t *testing.T) {
	workspace := `{"type": "Microsoft.OperationalInsights/workspaces", "apiVersion": "x", "name": "w", "location": "westeurope", "properties": {}},`
	setting := func(workspace string) string {
		return workspaceVault + `{"type": "Microsoft.Insights/diagnosticSettings", "apiVersion": "x", "name": "d", "scope": "[resourceId('Microsoft.KeyVault/vaults', 'k')]",
			"properties": {"workspaceId": "` + workspace + `", "logs": [{"categoryGroup": "audit", "enabled": true}]}}`
	}
	for id, want := range map[string]string{
		"[resourceId('Microsoft.OperationalInsights/workspaces', 'w')]":                         "",
		"[concat(resourceGroup().id, '/providers/microsoft.operationalinsights/workspaces/W')]": "",
		"[parameters('id')]": inventory.AfterApply,
		"/subscriptions/0/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w":       inventory.AfterApply, // perhaps this very group
		"/subscriptions/0/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/another": inventory.NotReported,
		"[reference('x').id]":     inventory.AfterApply,
		"[listKeys('x', 'y').id]": inventory.Sensitive,
	} {
		out, _ := resources(t, `"parameters": {"id": {"type": "string"}},`, workspace+setting(id))
		if got := reason(t, out["Microsoft.KeyVault/vaults/k"], "log_sinks"); got != want {
			t.Errorf("%s: log_sinks unknown for %q, want %q", id, got, want)
		}
	}
}

const workspaceVault = `{"type": "Microsoft.KeyVault/vaults", "apiVersion": "x", "name": "k", "location": "westeurope", "properties": {}},`

func TestConditionsAndLoops(t *testing.T) {
	vault := func(rest, name string) string {
		return `{"type": "Microsoft.KeyVault/vaults", "apiVersion": "x", "name": "` + name + `", "location": "westeurope", ` + rest + ` "properties": {}}`
	}
	out, info := resources(t, `"parameters": {"on": {"type": "bool"}, "n": {"type": "int"}},`, strings.Join([]string{
		vault(`"condition": false,`, "never"), vault(`"condition": "[not(true())]",`, "neither"), vault(`"condition": "[parameters('on')]",`, "perhaps"),
		vault(`"condition": true,`, "surely"), vault(`"copy": {"name": "c", "count": 2},`, "[concat('v', copyIndex(1))]"), vault(`"copy": {"name": "none", "count": 0},`, "gone"),
		vault(`"copy": {"name": "many", "count": "[parameters('n')]"},`, "[concat('m', copyIndex())]"), vault(`"copy": {"name": "toomany", "count": 801},`, "[concat('t', copyIndex())]"),
	}, ","))
	want := []string{"m{index}", "perhaps", "surely", "t{index}", "v1", "v2"}
	for i := range want {
		want[i] = "Microsoft.KeyVault/vaults/" + want[i]
	}
	if got := slices.Sorted(maps.Keys(out)); !slices.Equal(got, want) {
		t.Errorf("judged %q, want %q", got, want)
	}
	if info.Skipped["condition"] != 2 || len(info.Problems) != 2 {
		t.Errorf("skipped %v, problems %v", info.Skipped, info.Problems)
	}
}

func TestMembersThatDifferInCaseAloneAreNotBelieved(t *testing.T) {
	out, _ := resources(t, "", `{"type": "Microsoft.KeyVault/vaults", "apiVersion": "x", "name": "k", "location": "westeurope",
		"properties": {"enablePurgeProtection": true, "EnablePurgeProtection": false, "SOFTDELETERETENTIONINDAYS": 90}}`)
	s := out["Microsoft.KeyVault/vaults/k"]
	if got := reason(t, s, "deletion.purge_protection"); got != inventory.Malformed {
		t.Errorf("purge protection: %q", got)
	}
	if !strings.Contains(attributes(t, s), `"soft_delete_days":90`) {
		t.Errorf("a member in other case is not read: %s", attributes(t, s))
	}
}

// TestValuesOfAWrongFormAreUnknown gives each attribute of each type a value that no resource has, and one that is not known.
func TestValuesOfAWrongFormAreUnknown(t *testing.T) {
	base := `{"type": "Microsoft.Storage/storageAccounts", "apiVersion": "x", "name": "a", "location": %s, "kind": "StorageV2", "sku": {"name": %[1]s}, "tags": %[1]s,
		"properties": {"minimumTlsVersion": %[1]s, "supportsHttpsTrafficOnly": %[1]s, "allowBlobPublicAccess": %[1]s, "allowSharedKeyAccess": %[1]s,
			"publicNetworkAccess": %[1]s, "networkAcls": %[1]s, "encryption": %[1]s}}`
	for value, code := range map[string]string{`"[parameters('free')]"`: inventory.AfterApply, `"[reference('x').y]"`: inventory.AfterApply,
		`"[listKeys('x', 'y').z]"`: inventory.Sensitive, `7`: inventory.Malformed, `[1, {"a": "b"}]`: inventory.Malformed, `"[concat("`: "", `{"x": {"y": 1}}`: ""} {
		out, _ := resources(t, `"parameters": {"free": {"type": "string"}},`, fmt.Sprintf(base, value))
		s := out["Microsoft.Storage/storageAccounts/a"]
		for _, path := range []string{"location", "redundancy", "encryption.min_tls", "encryption.tls_required", "authentication.shared_key", "network.anonymous", "network.public"} {
			got := reason(t, s, path)
			if got == "" || code != "" && got != code && !(code == inventory.Malformed && got == inventory.Unsupported) {
				t.Errorf("%s: %s is unknown for %q, want %q", value, path, got, code)
			}
		}
	}
}

func TestRaw(t *testing.T) {
	list := `{"type": "Microsoft.Web/sites", "apiVersion": "x", "name": "site", "location": "westeurope",
		"properties": {"httpsOnly": true, "key": "[listKeys('x', 'y').k]", "host": "[reference('x').host]", "list": [1, {"a": "b"}], "mixed": {"k": "[listKeys('x', 'y').k]"}}},
		{"type": "Microsoft.Storage/storageAccounts/managementPolicies", "apiVersion": "x", "name": "a/default", "properties": {"policy": {"rules": []}}},
		{"type": "Microsoft.Storage/storageAccounts/blobServices", "apiVersion": "x", "name": "a/default", "properties": {"isVersioningEnabled": true}},
		{"type": "Microsoft.Storage/storageAccounts", "apiVersion": "x", "name": "a", "location": "westeurope", "properties": {"minimumTlsVersion": "TLS1_2"}}`
	doc := `{"contentVersion": "1", "resources": [` + list + `]}`
	out, _, _ := opened(t, Config{File: "t.json", Input: strings.NewReader(doc), RawTypes: []string{"microsoft.web/SITES",
		"Microsoft.Storage/storageAccounts/managementPolicies", "Microsoft.Storage/storageAccounts/blobServices"}})
	want := []string{"Microsoft.Storage/storageAccounts/a", "Microsoft.Storage/storageAccounts/a/blobServices/default",
		"Microsoft.Storage/storageAccounts/a/managementPolicies/default", "Microsoft.Web/sites/site"}
	if got := slices.Sorted(maps.Keys(out)); !slices.Equal(got, want) {
		t.Fatalf("subjects %q, want %q", got, want)
	}
	site := out["Microsoft.Web/sites/site"]
	if site.Draft.Attributes != nil || site.Type != "Microsoft.Web/sites" {
		t.Errorf("%+v", site)
	}
	for path, want := range map[string]string{"properties.httpsOnly": "true", "Properties.HTTPSONLY": "true", "properties.list.1.a": `"b"`, "properties.list": `[1,{"a":"b"}]`,
		"properties.key": "sensitive", "properties.host": "after-apply", "properties.mixed": "sensitive", "properties.mixed.k": "sensitive", "properties": "sensitive",
		"properties.none": "absent", "properties.list.2": "absent", "type": `"Microsoft.Web/sites"`} {
		v, why, ok := site.Raw.Attribute(strings.Split(path, "."))
		got := why.Code
		switch {
		case !ok:
			got = "absent"
		case got == "":
			raw, err := jsonv2.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			got = string(raw)
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	if v, _, ok := out["Microsoft.Storage/storageAccounts/a/blobServices/default"].Raw.Attribute([]string{"properties", "isVersioningEnabled"}); !ok || v != true {
		t.Errorf("a part that is wanted raw: %v %v", v, ok)
	}
}

// TestSecretsStayOut puts a canary in every place that is secret.
func TestSecretsStayOut(t *testing.T) {
	const canary = "canary-7d20"
	account := func(value string) string {
		return fmt.Sprintf(`{"type": "Microsoft.Sql/servers", "apiVersion": "x", "name": "s", "location": "%[1]s", "tags": {"application": "%[1]s", "environment": "%[1]s"},
			"properties": {"administratorLoginPassword": "%[1]s", "minimalTlsVersion": "%[1]s", "publicNetworkAccess": "%[1]s"}},
			{"type": "Microsoft.KeyVault/vaults", "apiVersion": "x", "name": "[concat('k', %[2]s)]", "properties": {}}`, value, strings.Trim(value, "[]"))
	}
	params := filepath.Join(t.TempDir(), "p.json")
	if err := os.WriteFile(params, []byte(`{"parameters": {"a": {"value": "`+canary+`"}, "b": {"value": {"inner": "`+canary+`"}},
		"c": {"reference": {"keyVault": {"id": "/x"}, "secretName": "`+canary+`"}}, "d": {"value": {"password": "`+canary+`", "name": "n"}}, "e": {"value": ["`+canary+`"]}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{"[parameters('a')]", "[parameters('b').inner]", "[parameters('c')]", "[parameters('d').password]", "[parameters('e')[0]]",
		"[toUpper(parameters('a'))]", "[string(parameters('b'))]", "[variables('v')]", "[listKeys('`+canary+`', 'x').keys[0]]", "[first(createArray(parameters('a')))]",
		"[json(string(parameters('b'))).inner]", "[if(empty(parameters('a')), 'x', parameters('a'))]", "[if(equals(parameters('a'), 'x'), 'x', 'y')]",
		"[parameters('f')]", "[base64(parameters('a'))]", "[reference('m').outputs.o.value]", "[items(parameters('d'))[1].value]"} {
		doc := `{"contentVersion": "1", "definitions": {"secret": {"type": "secureString"}, "deep": {"$ref": "#/definitions/secret"}},
			"parameters": {"a": {"type": "SecureString"}, "b": {"type": "secureObject"}, "c": {"type": "string"},
				"d": {"type": "object", "properties": {"password": {"$ref": "#/definitions/deep"}}}, "e": {"type": "array", "items": {"type": "securestring"}},
				"f": {"type": "securestring", "defaultValue": "` + canary + `"}},
			"variables": {"v": "[concat(parameters('a'), 'x')]"}, "resources": [` + account(value) + `,
			{"type": "Microsoft.Resources/deployments", "apiVersion": "x", "name": "m", "properties": {"expressionEvaluationOptions": {"scope": "inner"},
				"parameters": {"p": {"value": "[parameters('a')]"}}, "template": {"parameters": {"p": {"type": "string"}}, "resources": [],
				"outputs": {"o": {"type": "string", "value": "[concat('z', parameters('p'))]"}}}}}]}`
		out, list, info := opened(t, Config{File: "t.json", Input: strings.NewReader(doc), Parameters: params})
		if len(out) != 2 {
			t.Errorf("%s: %d subjects", value, len(out))
		}
		text := fmt.Sprintf("%+v", info)
		for _, s := range list {
			raw, err := jsonv2.Marshal(encoded(t, s))
			if err != nil {
				t.Fatal(err)
			}
			text += s.Address + s.Was + string(raw)
			for _, path := range []string{"location", "tags", "tags.application", "properties", "properties.administratorLoginPassword", "properties.minimalTlsVersion", "name", "id"} {
				v, _, _ := s.Raw.Attribute(strings.Split(path, "."))
				text += fmt.Sprintf("%#v", v)
			}
		}
		if strings.Contains(strings.ToLower(text), canary) {
			t.Errorf("%s: the canary is in %s", value, text)
		}
		s := out["Microsoft.Sql/servers/s"]
		if got := reason(t, s, "location"); got != inventory.Sensitive && !strings.Contains(value, "base64") {
			t.Errorf("%s: location is unknown for %q", value, got)
		}
	}
}

func TestWhatIf(t *testing.T) {
	out, _, info := opened(t, Config{File: filepath.Join("testdata", "what-if.json")})
	care := out["rg-care/Microsoft.Storage/storageAccounts/stcare"]
	if got := reason(t, care, "encryption.tls_required"); got != inventory.AfterApply || care.Change != gate.Update {
		t.Errorf("an expression that what-if left: %q, change %s", got, care.Change)
	}
	kept := out["rg-care/Microsoft.Storage/storageAccounts/stkept"]
	if kept.Change != gate.Joined || !strings.Contains(attributes(t, kept), `"automatic_days":null`) {
		t.Errorf("an account whose lifecycle is deleted: %s %s", kept.Change, attributes(t, kept))
	}
	if soft := out["rg-care/Microsoft.Storage/storageAccounts/stsoft"]; soft.Change != gate.Joined || !strings.Contains(attributes(t, soft), `"soft_delete":false`) {
		t.Errorf("an account of which a part changes: %s %s", soft.Change, attributes(t, soft))
	}
	for _, address := range []string{"rg-care/Microsoft.KeyVault/vaults/kv-care", "rg-care/Microsoft.DocumentDB/databaseAccounts/care-cosmos"} {
		if got := reason(t, out[address], "location"); got != inventory.AfterApply {
			t.Errorf("%s: location is unknown for %q", address, got)
		}
	}
	sql := out["rg-care/Microsoft.Sql/servers/care-sql"]
	if _, why, ok := sql.Raw.Attribute([]string{"properties", "administratorLoginPassword"}); !ok || why.Code != inventory.Sensitive {
		t.Errorf("what what-if hides: %v %v", why, ok)
	}
	if _, ok := out["rg-care/Microsoft.KeyVault/vaults/kv-perhaps"]; !ok {
		t.Error("what may change is not judged")
	}
	if info.Skipped["delete"] != 1 || info.Skipped["no-op"] != 2 {
		t.Errorf("skipped %v, want 1 delete and 2 no-op: the workspace and a cache", info.Skipped)
	}
	if len(info.Problems) != 4 {
		t.Errorf("%d problems: %+v", len(info.Problems), info.Problems)
	}
}

// TestConcurrentReadsEqualOneRead reads ranges side by side.
func TestConcurrentReadsEqualOneRead(t *testing.T) {
	cfg := Config{File: filepath.Join("testdata", "workload.json")}
	_, whole, _ := opened(t, cfg)
	r, err := Open(cfg, testEnv(t))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	parts := make([][]gate.Subject, r.Units())
	done := make(chan error)
	for i := range parts {
		go func() {
			var err error
			parts[i], err = r.Read(t.Context(), i, i+1, nil)
			done <- err
		}()
	}
	for range parts {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	all := slices.Concat(parts...)
	if len(all) != len(whole) {
		t.Fatalf("%d subjects, want %d", len(all), len(whole))
	}
	for i := range all {
		if all[i].Address != whole[i].Address || facts(t, all[i]) != facts(t, whole[i]) {
			t.Errorf("%s differs", whole[i].Address)
		}
	}
}

// TestLoopsWithinAResource holds that copyIndex() is of the resource and copyIndex('name') of the property.
func TestLoopsWithinAResource(t *testing.T) {
	out, _ := resources(t, "", `{"type": "Microsoft.KeyVault/vaults", "apiVersion": "x", "name": "[concat('v', copyIndex())]", "copy": {"name": "vaults", "count": 2},
		"location": "westeurope", "properties": {"networkAcls": {"defaultAction": "Deny",
			"copy": [{"name": "ipRules", "count": 2, "input": {"value": "[format('192.0.{0}.{1}', copyIndex(), copyIndex('ipRules', 7))]"}}]}, "publicNetworkAccess": "Enabled"}}`)
	if got := attributes(t, out["Microsoft.KeyVault/vaults/v1"]); !strings.Contains(got, `"allowed_ranges":["192.0.1.7/32","192.0.1.8/32"]`) {
		t.Error(got)
	}
}

// TestNothingFollowsFromSilence: what an earlier deploy left behind is in no template, so a fact that its absence would make known
// is left to prove, and a fault that is there stays one.
func TestNothingFollowsFromSilence(t *testing.T) {
	const template = `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": [
		{"type": "Microsoft.DBforPostgreSQL/flexibleServers", "apiVersion": "x", "name": "s", "location": "westeurope", "properties": {"network": {"publicNetworkAccess": "Enabled"}}}]}`
	for _, partial := range []bool{false, true} {
		r, err := Open(Config{File: "t.json", Input: strings.NewReader(template), Partial: partial}, testEnv(t))
		if err != nil {
			t.Fatal(err)
		}
		list, err := r.Read(t.Context(), 0, r.Units(), nil)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		public := list[0].Draft.Attributes.(*inventory.Datastore).Network.Public
		if _, known := public.Value(); known == partial || partial && public.Reason().Code != inventory.AfterApply {
			t.Errorf("partial %v: %+v", partial, public)
		}
	}
}
