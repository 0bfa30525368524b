package hclsource

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const tree = "testdata/tree"

func openTree(t *testing.T) *Source {
	t.Helper()
	s, err := Open(tree, "envs/prod", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// lineOf is the text of a line of the tree; it must be the only such line of its file, or it would prove nothing.
func lineOf(t *testing.T, p Place) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(tree, p.File))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	line := strings.TrimSpace(lines[p.Line-1])
	same := slices.DeleteFunc(lines, func(l string) bool { return strings.TrimSpace(l) != line })
	if len(same) != 1 {
		t.Errorf("%s has the line %q %d times", p.File, line, len(same))
	}
	return line
}

func TestLocate(t *testing.T) {
	s := openTree(t)
	for _, c := range []struct {
		address string
		names   []string
		file    string
		line    string
	}{
		{`azurerm_log_analytics_workspace.main`, nil, "envs/prod/main.tf", `resource "azurerm_log_analytics_workspace" "main" {`},
		{`azurerm_log_analytics_workspace.main`, []string{"retention_in_days"}, "envs/prod/main.tf",
			`retention_in_days = 90 # resource "azurerm_x" "trailing" {`},
		{`azurerm_log_analytics_workspace.main`, []string{"location"}, "envs/prod/a_override.tf", `location = "eastus" # by the override`},
		{`azurerm_resource_group.bare`, []string{"location"}, "envs/prod/main.tf", `resource azurerm_resource_group bare { location = "westeurope" }`},
		{`data.azurerm_client_config.me`, nil, "envs/prod/main.tf", `data "azurerm_client_config" "me" {}`},
		{`data.http.portal`, nil, "envs/prod/main.tf", `data "http" "portal" {`},
		{`data.http.portal`, []string{"url"}, "envs/prod/main.tf", `url = "https://portal.example"`},

		{`module.storage["west"].azurerm_storage_account.this`, nil, "modules/storage/main.tf", `resource "azurerm_storage_account" "this" {`},
		{`module.storage["it's \"x\".]"].azurerm_storage_account.this`, []string{"min_tls_version"}, "modules/storage/main.tf",
			`min_tls_version          = "TLS1_0"`},
		{`module.storage["n"].azurerm_storage_container.c[1]`, nil, "modules/storage/main.tf", `resource "azurerm_storage_container" "c" {`},
		{`module.database[1].azurerm_postgresql_flexible_server.db`, []string{"authentication.password_auth_enabled"},
			"modules/database/main.tf", `password_auth_enabled = true`},
		{`module.database[0].module.roles["a]b.c"].azurerm_role_assignment.r`, []string{"scope"}, "modules/database/roles/roles.tf", `scope = "/"`},
		{`module.from_json.azurerm_role_assignment.r["x"]`, nil, "modules/database/roles/roles.tf", `resource "azurerm_role_assignment" "r" {`},
		{`module.net.azurerm_subnet.this`, []string{"name"}, "envs/prod/.terraform/modules/net/modules/subnet/main.tf", `name = "subnet"`},

		// Names that are not there, and what stands around them.
		{`module.storage["n"].azurerm_storage_account.this`, []string{"nothing", "account_replication_type"}, "modules/storage/main.tf",
			`account_replication_type = "ZRS"`},
		{`module.storage["n"].azurerm_storage_account.this`, []string{"blob_properties.delete_retention_policy.days"},
			"modules/storage/main.tf", `days = 14`},
		{`module.storage["n"].azurerm_storage_account.this`, []string{"blob_properties.nothing.at.all"}, "modules/storage/main.tf", `blob_properties {`},
		{`module.storage["n"].azurerm_storage_account.this`, []string{"days"}, "modules/storage/main.tf", `resource "azurerm_storage_account" "this" {`},
		{`module.storage["n"].azurerm_storage_account.this`, []string{"network_rules.default_action"}, "modules/storage/main.tf",
			`network_rules { default_action = "Deny" }`},
		{`azurerm_network_security_group.edge`, []string{"security_rule"}, "envs/prod/main.tf", `dynamic "security_rule" {`},
		{`azurerm_network_security_group.edge`, []string{"security_rule.access"}, "envs/prod/main.tf", `access    = "Allow"`},
		{`azurerm_network_security_group.edge`, []string{"tags"}, "envs/prod/main.tf", `tags = {`},

		{`azurerm_key_vault.json`, nil, "envs/prod/extra.tf.json", `"json": {`},
		{`azurerm_key_vault.json`, []string{"location"}, "envs/prod/extra.tf.json", `"location": "westeurope",`},
		{`azurerm_key_vault.json`, []string{"purge_protection_enabled"}, "envs/prod/override.tf.json", `"purge_protection_enabled": false`},
		{`azurerm_key_vault.json`, []string{"network_acls.default_action"}, "envs/prod/extra.tf.json", `"default_action": "Deny"`},
		{`azurerm_key_vault.json`, []string{"access_policy.tenant_id"}, "envs/prod/extra.tf.json", `"tenant_id": "x"`},
		{`azurerm_key_vault.second`, nil, "envs/prod/extra.tf.json", `{"azurerm_key_vault": {"second": [{`},
		{`data.azurerm_subnet.json`, nil, "envs/prod/extra.tf.json", `"data": {"azurerm_subnet": {"json": {}}},`},

		// Modules that are not at hand: the call is shown, and no argument of it.
		{`module.not_fetched.azurerm_x.y`, nil, "envs/prod/main.tf", `module "not_fetched" { source = "example.com/none/none" }`},
		{`module.outside.module.deeper.azurerm_x.y`, []string{"source"}, "envs/prod/main.tf", `module "outside" {`},
		{`module.storage["n"].azurerm_x.not_there`, nil, "envs/prod/main.tf", `module "storage" {`},
	} {
		p, ok := s.LocateAttribute(c.address, c.names...)
		if !ok || p.File != c.file {
			t.Errorf("%s %v: in %q, %v; want %s", c.address, c.names, p.File, ok, c.file)
			continue
		}
		if got := lineOf(t, p); got != c.line {
			t.Errorf("%s %v: line %d %q, want %q", c.address, c.names, p.Line, got, c.line)
		}
	}
	for _, address := range []string{"azurerm_x.comment", "azurerm_x.commented_out", "azurerm_x.heredoc", "azurerm_x.trailing",
		"azurerm_log_analytics_workspace.none", "module.none.azurerm_x.y", "data.azurerm_log_analytics_workspace.main",
		"module.storage", "v1/Service/default/portal", "Microsoft.Storage/storageAccounts", ""} {
		if p, ok := s.Locate(address); ok {
			t.Errorf("%q is found at %v", address, p)
		}
	}
	if got := s.Problems(); len(got) != 0 {
		t.Errorf("problems: %v", got)
	}
}

func TestCallerOfAFetchedModule(t *testing.T) {
	s := openTree(t)
	p, _ := s.Locate("module.net.azurerm_subnet.this")
	if p.Caller == nil || p.Caller.File != "envs/prod/main.tf" || lineOf(t, *p.Caller) != `module "net" {` {
		t.Errorf("caller %v", p.Caller)
	}
	if p, _ := s.Locate(`module.storage["a"].azurerm_storage_account.this`); p.Caller != nil {
		t.Errorf("a module of one's own has the caller %v", p.Caller)
	}
}

func TestParseAddress(t *testing.T) {
	for text, want := range map[string]string{
		"azurerm_x.y":                              "|azurerm_x.y",
		"azurerm_x.y[0]":                           "|azurerm_x.y",
		`azurerm_x.y["a.b[\"]"]`:                   "|azurerm_x.y",
		"data.azurerm_x.y":                         "|data.azurerm_x.y",
		"ephemeral.azurerm_x.y":                    "|ephemeral.azurerm_x.y",
		`module.a["x"].module.b[0].azurerm_x.c[1]`: "a/b|azurerm_x.c",
		"module.module.module.data.data.data.data": "module/data|data.data.data",
		"module.module.data.azurerm_x.y":           "module|data.azurerm_x.y",
		"module.a":                                 "",
		"module.a.b":                               "",
		"a":                                        "",
		"a.b.c":                                    "",
		"a..b":                                     "",
		".a.b":                                     "",
		"a.b.":                                     "",
		`a.b["x`:                                   "",
		`a.b["x\`:                                  "",
		`a.b["x"`:                                  "",
		`a.b["x"]c`:                                "",
		"a.b[0":                                    "",
		strings.Repeat("module.a.", maxCalls) + "b.c":   strings.TrimPrefix(strings.Repeat("/a", maxCalls), "/") + "|b.c",
		strings.Repeat("module.a.", maxCalls+1) + "b.c": "",
	} {
		a, ok := parseAddress(text)
		got := ""
		if ok {
			got = strings.Join(a.calls, "/") + "|" + a.resource
		}
		if got != want {
			t.Errorf("%.60q: %.60q, want %.60q", text, got, want)
		}
	}
}

func TestWhatCannotBeOpened(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "none"), "", Limits{}); err == nil || !strings.Contains(err.Error(), "cannot open the folder") {
		t.Errorf("%v", err)
	}
	s, err := Open(t.TempDir(), "", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := s.Problems(); len(got) != 1 || !strings.Contains(got[0].NL, "geen objecten van Terraform") {
		t.Errorf("an empty folder: %v", got)
	}
}

// made is a configuration of which only the root module's files are given.
func made(files map[string]string) *Source {
	all := fstest.MapFS{}
	for name, text := range files {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return open(all, "", Limits{})
}

func problemsOf(s *Source) string {
	var out []string
	for _, p := range s.Problems() {
		out = append(out, p.EN)
	}
	return strings.Join(out, "\n")
}
