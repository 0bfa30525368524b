package redact

import (
	"strings"
	"testing"
)

func BenchmarkString(b *testing.B) {
	for name, s := range map[string]string{
		"address":                      `module.storage["prod-weu"].azurerm_storage_account.this[0]`,
		"id":                           "/subscriptions/00000000-1111-2222-3333-444444444444/resourceGroups/rg-prod/providers/Microsoft.Storage/storageAccounts/st1",
		"1 MiB of colons and at-signs": strings.Repeat("://a:@", 1<<20/6),
		"1 MiB of one letter":          strings.Repeat("a", 1<<20),
		"1 MiB of openings":            strings.Repeat("-----BEGIN PRIVATE KEY", 1<<20/22),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			for b.Loop() {
				String(s)
			}
		})
	}
}
