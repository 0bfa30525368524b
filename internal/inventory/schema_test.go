package inventory_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"waarborg/internal/inventory"
)

var update = flag.Bool("update", false, "write policies/schemas anew from the Go types")

func TestSchemasAreCurrent(t *testing.T) {
	for _, k := range inventory.Kinds() {
		want, err := inventory.Schema(k)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("..", "..", "policies", "schemas", string(k.Kind())+".schema")
		if *update {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil || string(got) != string(want) {
			t.Errorf("%s is not what the Go type says; run: go test ./internal/inventory -run Schemas -update (%v)", file, err)
		}
	}
}
