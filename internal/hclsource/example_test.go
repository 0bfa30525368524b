package hclsource

import (
	"encoding/json/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"encoding/json/jsontext"
)

// The configuration in examples/gate, with a plan of it that was written by hand: the two must say the same.
var example = filepath.Join("..", "..", "examples", "gate", "terraform")

type configured struct {
	Resources []struct {
		Address     string
		Expressions map[string]jsontext.Value
	}
	Calls map[string]struct{ Module configured } `json:"module_calls"`
}

type plan struct {
	Changes []struct {
		Address string
		Change  struct{ After map[string]jsontext.Value }
	} `json:"resource_changes"`
	Configuration struct {
		Root configured `json:"root_module"`
	}
}

func TestExample(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(example, "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	var p plan
	if err := json.Unmarshal(raw, &p, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	s, err := Open(example, "", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, c := range p.Changes {
		if _, ok := s.Locate(c.Address); !ok {
			t.Errorf("%s is in the plan alone", c.Address)
		}
	}
	if n := compare(t, s, p.Configuration.Root, ""); n < 80 {
		t.Errorf("%d expressions were compared", n)
	}
	blocks := 0
	for _, dir := range s.dirs {
		for key := range dir.blocks {
			if !strings.HasPrefix(key, "module.") {
				blocks++
			}
		}
	}
	if want := len(p.Configuration.Root.Resources) + len(p.Configuration.Root.Calls["surveys"].Module.Resources); blocks != want {
		t.Errorf("%d resources in the files, %d in the plan", blocks, want)
	}
	if got := s.Problems(); len(got) != 0 {
		t.Error(got)
	}
	for _, c := range []struct{ address, typ, fact, file, line string }{
		{`module.surveys["applicants"].azurerm_storage_account.surveys`, "azurerm_storage_account", "location", "modules/surveys/main.tf",
			"location                        = var.location"},
		{"azurerm_storage_account.photos", "azurerm_storage_account", "encryption.min_tls", "photos.tf",
			`min_tls_version                 = "TLS1_0"`},
		{"azurerm_postgresql_flexible_server.social", "azurerm_postgresql_flexible_server", "network.public", "database.tf",
			"public_network_access_enabled = true"},
	} {
		at, _ := s.LocateAttribute(c.address, AttributeOf(c.typ, c.fact)...)
		if at.File != c.file || textAt(t, at) != c.line {
			t.Errorf("%s of %s: %v %q", c.fact, c.address, at, textAt(t, at))
		}
	}
}

func textAt(t *testing.T, p Place) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(example, p.File))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(strings.Split(string(text), "\n")[p.Line-1])
}

// compare holds the expressions of a plan's configuration against the lines of the files; it returns how many.
func compare(t *testing.T, s *Source, c configured, within string) (n int) {
	t.Helper()
	for _, r := range c.Resources {
		for name, expression := range r.Expressions {
			n += compareExpression(t, s, within+r.Address, name, expression)
		}
	}
	for name, call := range c.Calls {
		n += compare(t, s, call.Module, within+"module."+name+".")
	}
	return n
}

func compareExpression(t *testing.T, s *Source, address, path string, expression jsontext.Value) (n int) {
	t.Helper()
	if expression.Kind() == '[' { // nested blocks
		var blocks []map[string]jsontext.Value
		if err := json.Unmarshal(expression, &blocks); err != nil {
			t.Fatal(err)
		}
		for _, b := range blocks {
			for name, e := range b {
				n += compareExpression(t, s, address, path+"."+name, e)
			}
		}
		return n
	}
	var e struct {
		Constant   jsontext.Value `json:"constant_value"`
		References []string
	}
	if err := json.Unmarshal(expression, &e, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	p, _ := s.LocateAttribute(address, path)
	line := textAt(t, p)
	name := path[strings.LastIndexByte(path, '.')+1:]
	if err := e.Constant.Compact(); err != nil && e.Constant != nil {
		t.Fatal(err)
	}
	want := string(e.Constant)
	if len(e.References) > 0 {
		want = e.References[0]
	}
	if !strings.HasPrefix(line, name+" ") || !strings.Contains(line, want) || want == "" {
		t.Errorf("%s %s: %s in the plan, and the line is %q", address, path, want, line)
	}
	return 1
}
