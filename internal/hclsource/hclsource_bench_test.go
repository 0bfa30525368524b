package hclsource

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkOpen reads 1,000 resources in 50 files and looks up the line of an attribute of each.
func BenchmarkOpen(b *testing.B) {
	files, size := map[string]string{}, 0
	for f := range 50 {
		var text strings.Builder
		for r := range 20 {
			fmt.Fprintf(&text, `
# An account for documents.
resource "azurerm_storage_account" "a%d_%d" {
  name                          = "st${var.prefix}%d"
  resource_group_name           = azurerm_resource_group.main.name
  location                      = "westeurope"
  account_tier                  = "Standard"
  account_replication_type      = "ZRS"
  min_tls_version               = "TLS1_2"
  public_network_access_enabled = false
  blob_properties {
    versioning_enabled = true
    delete_retention_policy {
      days = 14
    }
  }
  tags = merge(local.tags, { application = "documents", environment = "production" })
}
`, f, r, r)
		}
		files[fmt.Sprintf("f%d.tf", f)] = text.String()
		size += text.Len()
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		s := made(files)
		for f := range 50 {
			for r := range 20 {
				if p, ok := s.LocateAttribute(fmt.Sprintf("azurerm_storage_account.a%d_%d", f, r), "min_tls_version"); !ok || p.Line != 9+18*r {
					b.Fatal(f, r, p, ok)
				}
			}
		}
	}
}

// BenchmarkHostile is one file of as many tokens as are read.
func BenchmarkHostile(b *testing.B) {
	text := strings.Repeat("[", 299_000)
	b.ReportAllocs()
	for b.Loop() {
		made(map[string]string{"a.tf": text})
	}
}
