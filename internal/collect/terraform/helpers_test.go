package terraform

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

type m = map[string]any
type l = []any

var at = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func testEnv(t testing.TB, problems *[]collect.Problem) collect.Env {
	t.Helper()
	names, err := inventory.NewPseudonyms(bytes.Repeat([]byte{1}, inventory.PseudonymKeySize))
	if err != nil {
		t.Fatal(err)
	}
	return collect.Env{Source: "tf", Now: func() time.Time { return at }, Pseudonyms: names,
		Problem: func(p collect.Problem) {
			if !bothSaid(p.What, p.Hint) {
				t.Errorf("not said in both languages: %+v", p)
			}
			if problems != nil {
				*problems = append(*problems, p)
			}
		}, Step: func(say.Text) {}}
}

// collectFile writes the document to a file and collects from it.
func collectFile(t testing.TB, name string, doc []byte) (map[string]inventory.Resource, []collect.Problem, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	var problems []collect.Problem
	drafts, err := New(Config{File: path}).Collect(t.Context(), testEnv(t, &problems))
	if err != nil {
		return nil, problems, err
	}
	list, err := inventory.EncodeAll(drafts)
	if err != nil {
		t.Fatalf("drafts cannot be encoded: %v", err)
	}
	out := map[string]inventory.Resource{}
	for _, r := range list {
		out[strings.TrimPrefix(r.ID, "tf/")] = r
	}
	return out, problems, nil
}

// collectBytes collects from a document that is no file.
func collectBytes(ctx context.Context, doc []byte, env collect.Env) ([]inventory.Draft, error) {
	f, err := OpenAt(ctx, bytes.NewReader(doc), int64(len(doc)), Config{File: "f.json"}, env)
	if err != nil {
		return nil, err
	}
	return f.collect(ctx, env)
}

func mustCollect(t testing.TB, doc any) map[string]inventory.Resource {
	t.Helper()
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := collectFile(t, "plan.json", raw)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// res is one element of resource_changes: address, values, and optionally values after apply and sensitive ones.
func res(address string, values m, marks ...m) m {
	parts := splitAddress(address)
	step, key := splitKey(parts[len(parts)-1])
	out := m{"address": address, "mode": "managed", "type": parts[len(parts)-2], "name": step}
	if module := strings.Join(parts[:len(parts)-2], "."); module != "" {
		out["module_address"] = module
	}
	if key != "" {
		out["index"] = json.RawMessage(key[1 : len(key)-1])
	}
	change := m{"actions": l{"create"}, "after": values, "after_unknown": m{}, "after_sensitive": m{}}
	for i, name := range []string{"after_unknown", "after_sensitive"} {
		if i < len(marks) && marks[i] != nil {
			change[name] = marks[i]
		}
	}
	out["change"] = change
	return out
}

// refs is the configuration of a resource: attributes and what they refer to.
func refs(address string, attrs m) m {
	typ, name, _ := strings.Cut(address, ".")
	expressions := m{}
	for attr, v := range attrs {
		if list, ok := v.(l); ok {
			expressions[attr] = m{"references": list}
			continue
		}
		expressions[attr] = v
	}
	return m{"address": address, "mode": "managed", "type": typ, "name": name, "expressions": expressions}
}

func plan(changes l, config m) m {
	return m{"format_version": "1.2", "terraform_version": "1.9.8", "resource_changes": changes,
		"configuration": m{"root_module": config}}
}

// state is a state of resources whose ids are /x/<type>/<name> unless given.
func state(resources ...m) m {
	var list l
	for _, r := range resources {
		change := r["change"].(m)
		values := change["after"].(m)
		if _, ok := values["id"]; !ok {
			values["id"] = fmt.Sprintf("/x/%s/%s", r["type"], r["name"])
		}
		entry := m{"address": r["address"], "mode": "managed", "type": r["type"], "name": r["name"], "values": values,
			"sensitive_values": change["after_sensitive"]}
		if i, ok := r["index"]; ok {
			entry["index"] = i
		}
		list = append(list, entry)
	}
	return m{"format_version": "1.0", "terraform_version": "1.9.8", "values": m{"root_module": m{"resources": list}}}
}

// at returns a fact of a resource by its dotted path: its value, "null", or "?" and the code of why it is unknown; for a
// part that is known, both.
func factAt(t testing.TB, all map[string]inventory.Resource, id, path string) string {
	t.Helper()
	r, ok := all[id]
	if !ok {
		t.Fatalf("no resource %s among %d", id, len(all))
	}
	var tree any
	if err := json.Unmarshal(r.Attributes, &tree); err != nil {
		t.Fatal(err)
	}
	found := true
	for _, step := range strings.Split(path, ".") {
		branch, _ := tree.(m)
		tree, found = branch[step]
	}
	out := ""
	if found {
		raw, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		out = strings.Trim(string(raw), `"`)
	}
	if why, ok := r.Unknown[path]; ok {
		out += "?" + why.Code
	} else if !found {
		out = "?"
	}
	return out
}

type expect map[string]string

func (e expect) check(t *testing.T, all map[string]inventory.Resource, id string) {
	t.Helper()
	for path, want := range e {
		if got := factAt(t, all, id, path); got != want {
			t.Errorf("%s %s: got %s, want %s", id, path, got, want)
		}
	}
}

// bothSaid tells whether texts are there in both languages.
func bothSaid(texts ...say.Text) bool {
	return !slices.ContainsFunc(texts, func(t say.Text) bool { return t.EN == "" || t.NL == "" })
}

// jsonNumber is a number as it is written.
func jsonNumber(s string) json.RawMessage { return json.RawMessage(s) }
