package hclsource

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"waarborg/internal/inventory"
)

// literals are the texts in the source of the package that maps resources to facts.
func literals(t *testing.T) map[string]bool {
	t.Helper()
	dir := filepath.Join("..", "collect", "terraform")
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, is := n.(*ast.BasicLit); is && lit.Kind == token.STRING {
				text, _ := strconv.Unquote(lit.Value)
				out[text] = true
			}
			return true
		})
	}
	return out
}

// TestAttributesAreRead holds the table against the source of the mappings and against the facts there are.
func TestAttributesAreRead(t *testing.T) {
	read := literals(t)
	var facts []string
	for _, kind := range inventory.Kinds() {
		facts = append(facts, inventory.Paths(kind)...)
	}
	check := func(typ, fact string, names []string) {
		if !slices.Contains(facts, fact) {
			t.Errorf("%s: there is no fact %s", typ, fact)
		}
		if len(names) == 0 {
			t.Errorf("%s: nothing tells %s", typ, fact)
		}
		for _, name := range names {
			for _, part := range strings.Split(name, ".") {
				if !read[part] {
					t.Errorf("%s: %s is told by %s, and no mapping reads %s", typ, fact, name, part)
				}
			}
		}
	}
	for typ, table := range attributes {
		if !read[typ] {
			t.Errorf("no mapping of %s", typ)
		}
		for fact, names := range table {
			check(typ, fact, names)
		}
	}
	for fact, names := range everywhere {
		check("any", fact, names)
	}
}

func TestAttributeOf(t *testing.T) {
	for _, c := range []struct{ typ, fact, want string }{
		{"azurerm_storage_account", "encryption.min_tls", "min_tls_version"},
		{"azurerm_storage_account", "location", "location"},
		{"azurerm_storage_account", "location.region", "location"},
		{"azurerm_storage_account", "network.public", "public_network_access_enabled network_rules.default_action"},
		{"azurerm_storage_account", "retention.automatic_days", ""},
		{"azurerm_postgresql_flexible_server", "authentication.password_login", "authentication.password_auth_enabled"},
		{"azurerm_mysql_flexible_server", "authentication.password_login", ""},
		{"azurerm_role_assignment", "expires", ""},
		{"azurerm_anything", "environment", "tags"},
		{"aws_s3_bucket", "location", ""},
		{"", "", ""},
	} {
		if got := strings.Join(AttributeOf(c.typ, c.fact), " "); got != c.want {
			t.Errorf("%s of %s: %q, want %q", c.fact, c.typ, got, c.want)
		}
	}
}
