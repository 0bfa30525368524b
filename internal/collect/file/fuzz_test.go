package file

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzCollect gives any mapping and any export: there must be an answer, facts must fit their kinds, and text of the
// export may appear in a text fact only as a slug, a date or a country.
func FuzzCollect(f *testing.F) {
	f.Add(laptops, `{"value": [{"serial": "A", "encrypted": true}]}`, false)
	f.Add("kind: grant\nid: /id\nid_pseudonym: true\nfacts: {principal: {pointer: /p}, rights: {pointer: /r}}", `[{"id":"a","p":"b@c","r":["read"]}]`, false)
	f.Add("kind: datastore\nid: /id\nfacts: {location: {pointer: /l, region: azure}, redundancy: {pointer: /r, map: {'1': none}}}", "- id: x\n  l: West Europe\n  r: 1\n", true)
	f.Add("kind: service\nid: /id\nexported: /t\nitems: /m/0\nfacts: {uptime_basis_points: {pointer: /u, unit: {from: percent, to: basis_points}}}", `{"t":"2026-01-01","m":[{"id":1,"u":99.9}]}`, false)
	root := filepath.Join("..", "..", "..", "examples", "embrace")
	for _, name := range []string{"elastic", "firewall", "uptime"} {
		mapping, err := os.ReadFile(filepath.Join(root, "mappings", name+".yaml"))
		if err != nil {
			f.Fatal(err)
		}
		export, err := os.ReadFile(filepath.Join(root, "sources", name+".json"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(mapping), string(export), false)
	}
	f.Fuzz(func(t *testing.T, mapping, export string, yaml bool) {
		name := "x.json"
		if yaml {
			name = "x.yaml"
		}
		out := collectFile(t, mapping, name, export)
		for id, r := range out.encoded(t) {
			if strings.Contains(id, "@") || strings.Contains(r.Name, "@") {
				t.Fatalf("id %q, name %q", id, r.Name)
			}
			var facts any
			if err := json.Unmarshal(r.Attributes, &facts); err != nil {
				t.Fatal(err)
			}
			eachText(facts, func(s string) {
				_, isRange := addresses(s)
				_, isTime := instant.parse(s)
				if !slug.MatchString(s) && !country.MatchString(s) && !isRange && !isTime {
					t.Fatalf("free text in %s: %q", r.Attributes, s)
				}
			})
		}
	})
}

func eachText(v any, visit func(string)) {
	switch v := v.(type) {
	case string:
		visit(v)
	case []any:
		for _, x := range v {
			eachText(x, visit)
		}
	case map[string]any:
		for _, x := range v {
			eachText(x, visit)
		}
	}
}
