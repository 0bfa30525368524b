package kubernetes

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkOpenAndRead reads 10,000 objects: half of them databases, each with the Service that selects it.
func BenchmarkOpenAndRead(b *testing.B) {
	var yaml strings.Builder
	for i := range 5_000 {
		fmt.Fprintf(&yaml, "---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db%[1]d\n  namespace: n%[2]d\n  labels: {app.kubernetes.io/part-of: crm}\n"+
			"spec:\n  template:\n    metadata:\n      labels: {app: db%[1]d}\n    spec:\n      containers:\n        - name: db\n          image: postgres:16\n          env: [{name: A, value: b}]\n"+
			"---\napiVersion: v1\nkind: Service\nmetadata: {name: s%[1]d, namespace: n%[2]d}\nspec:\n  type: ClusterIP\n  selector: {app: db%[1]d}\n  ports: [{port: 5432}]\n", i, i%50)
	}
	for name, text := range map[string]string{"YAML": yaml.String(), "JSON": asJSON(b, yaml.String())} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if list := read(b, text); len(list) != 5_000 {
					b.Fatalf("%d subjects", len(list))
				}
			}
		})
	}
}
