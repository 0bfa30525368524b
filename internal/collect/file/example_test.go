package file

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waarborg/internal/inventory"
)

// TestExampleWorkspace reads every export of the example by its mapping: the file of the same name, but for the ending.
func TestExampleWorkspace(t *testing.T) {
	root := filepath.Join("..", "..", "..", "examples", "embrace")
	mappings, err := filepath.Glob(filepath.Join(root, "mappings", "*.yaml"))
	if err != nil || len(mappings) < 7 {
		t.Fatalf("%d mappings, %v", len(mappings), err)
	}
	kinds := map[inventory.Kind]int{}
	for _, mapping := range mappings {
		name := strings.TrimSuffix(filepath.Base(mapping), ".yaml")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(mapping)
			if err != nil {
				t.Fatal(err)
			}
			if _, problems := ReadMapping(mapping, data); len(problems) > 0 {
				t.Fatal(problems[0])
			}
			drafts, err := New(Config{File: filepath.Join(root, "sources", name+".json"), Mapping: mapping}).Collect(t.Context(), testEnv(t, nil))
			if err != nil {
				t.Fatal(err)
			}
			list, err := inventory.EncodeAll(drafts)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range list {
				kinds[r.Kind]++
				for path, why := range r.Unknown {
					if why.Code == inventory.Malformed {
						t.Errorf("%s: %s is malformed at %s", r.ID, path, why.Detail)
					}
				}
				if strings.Contains(string(r.Attributes)+r.ID+r.Name, "@") || strings.Contains(r.Name, "medewerker") {
					t.Errorf("%s: a person's address got through: %s %s", r.ID, r.Name, r.Attributes)
				}
			}
		})
	}
	for kind, least := range map[inventory.Kind]int{inventory.KindSignIn: 5, inventory.KindEndpoint: 25, inventory.KindRepository: 5,
		inventory.KindDeployment: 5, inventory.KindDatastore: 2, inventory.KindNetwork: 3, inventory.KindService: 4} {
		if kinds[kind] < least {
			t.Errorf("%d resources of kind %s, want at least %d", kinds[kind], kind, least)
		}
	}
}
