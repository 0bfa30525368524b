package kubernetes

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"waarborg/internal/collect"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

func testEnv(t testing.TB) collect.Env {
	t.Helper()
	names, err := inventory.NewPseudonyms(bytes.Repeat([]byte{1}, inventory.PseudonymKeySize))
	if err != nil {
		t.Fatal(err)
	}
	return collect.Env{Source: "k8s", Now: func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }, Pseudonyms: names}
}

func open(t testing.TB, manifest string) (gate.Reader, error) {
	t.Helper()
	r, err := Open(Config{Name: "m.yaml", Input: strings.NewReader(manifest)}, testEnv(t))
	if err != nil {
		var known *collect.Error
		if !errors.As(err, &known) || known.Code == "" || !bothSaid(known.Msg, known.Hint) {
			t.Fatalf("not an error that can be shown in both languages: %v", err)
		}
		return nil, err
	}
	for _, p := range r.Info().Problems {
		if !bothSaid(p.What, p.Hint) || p.Reason.Code == "" {
			t.Errorf("a problem without reason, or not in both languages: %+v", p)
		}
	}
	return r, nil
}

// read gives the subjects of a manifest.
func read(t testing.TB, manifest string) []gate.Subject {
	t.Helper()
	r, err := open(t, manifest)
	if err != nil {
		t.Fatal(err)
	}
	return all(t, r)
}

func all(t testing.TB, r gate.Reader) []gate.Subject {
	t.Helper()
	list, err := r.Read(t.Context(), 0, r.Units(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func bothSaid(texts ...say.Text) bool {
	return !slices.ContainsFunc(texts, func(t say.Text) bool { return t.EN == "" || t.NL == "" })
}

func fixture(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// find returns the encoded subject at an address.
func find(t testing.TB, list []gate.Subject, address string) inventory.Resource {
	t.Helper()
	var have []string
	for _, s := range list {
		have = append(have, s.Address)
		if s.Address == address {
			r, err := s.Draft.Encode()
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
	}
	t.Fatalf("no subject %s among %s", address, have)
	return inventory.Resource{}
}

// factAt is a fact as JSON without quotes, "null", or "?" and why it is unknown; "-" if nothing was said of it.
func factAt(t testing.TB, r inventory.Resource, path string) string {
	t.Helper()
	var tree any
	if err := json.Unmarshal(r.Attributes, &tree); err != nil {
		t.Fatal(err)
	}
	found := true
	for step := range strings.SplitSeq(path, ".") {
		branch, _ := tree.(map[string]any)
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
		out += "?" + why.Code + " " + why.Detail
	} else if !found {
		out = "-"
	}
	return out
}

type expect map[string]string

func (e expect) check(t testing.TB, r inventory.Resource) {
	t.Helper()
	for path, want := range e {
		if got := factAt(t, r, path); got != want {
			t.Errorf("%s %s: got %s, want %s", r.ID, path, got, want)
		}
	}
}

// documents makes a manifest of documents.
func documents(list ...string) string { return strings.Join(list, "\n---\n") }
