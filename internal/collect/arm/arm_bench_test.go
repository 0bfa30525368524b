package arm

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkTemplate opens and reads a template whose loops make 8,000 storage accounts with their logs.
func BenchmarkTemplate(b *testing.B) {
	var list []string
	for i := range 10 {
		list = append(list, fmt.Sprintf(`{"type": "Microsoft.Storage/storageAccounts", "apiVersion": "x", "copy": {"name": "c", "count": 800}, "name": "[format('st%d{0}', copyIndex())]",
			"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_GRS"}, "tags": "[variables('tags')]",
			"properties": {"minimumTlsVersion": "TLS1_2", "supportsHttpsTrafficOnly": true, "networkAcls": {"defaultAction": "Deny", "ipRules": []}}},
			{"type": "Microsoft.Insights/diagnosticSettings", "apiVersion": "x", "copy": {"name": "c", "count": 800}, "name": "audit",
			"scope": "[resourceId('Microsoft.Storage/storageAccounts', format('st%d{0}', copyIndex()))]",
			"properties": {"workspaceId": "[resourceId('Microsoft.OperationalInsights/workspaces', 'log')]", "logs": [{"categoryGroup": "audit", "enabled": true}]}}`, i, i))
	}
	doc := `{"contentVersion": "1", "variables": {"tags": {"environment": "test"}}, "resources": [
		{"type": "Microsoft.OperationalInsights/workspaces", "apiVersion": "x", "name": "log", "location": "westeurope", "properties": {}},` + strings.Join(list, ",") + `]}`
	b.ReportAllocs()
	for b.Loop() {
		_, all, _ := opened(b, Config{File: "t.json", Input: strings.NewReader(doc)})
		if len(all) != 8001 {
			b.Fatalf("%d subjects", len(all))
		}
	}
}
