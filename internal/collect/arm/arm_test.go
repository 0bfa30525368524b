package arm

import (
	"bytes"
	"encoding/json/jsontext"
	jsonv2 "encoding/json/v2"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waarborg/internal/collect"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

var update = flag.Bool("update", false, "write the golden files anew; read them afterwards")

var at = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func testEnv(t testing.TB) collect.Env {
	t.Helper()
	names, err := inventory.NewPseudonyms(bytes.Repeat([]byte{1}, inventory.PseudonymKeySize))
	if err != nil {
		t.Fatal(err)
	}
	return collect.Env{Source: "in", Now: func() time.Time { return at }, Pseudonyms: names, Problem: func(collect.Problem) {}, Step: func(say.Text) {}}
}

// opened reads an input and all its subjects, by address.
func opened(t testing.TB, cfg Config) (map[string]gate.Subject, []gate.Subject, gate.Info) {
	t.Helper()
	r, err := Open(cfg, testEnv(t))
	if err != nil {
		t.Fatalf("%s: %v", cfg.File, err)
	}
	defer r.Close()
	list, err := r.Read(t.Context(), 0, r.Units(), nil)
	if err != nil {
		t.Fatalf("%s: %v", cfg.File, err)
	}
	out := map[string]gate.Subject{}
	for _, s := range list {
		if _, twice := out[s.Address]; twice {
			t.Errorf("address %q occurs twice", s.Address)
		}
		out[s.Address] = s
	}
	return out, list, r.Info()
}

// resources opens a template that stands in the test; list is the inside of its resources.
func resources(t testing.TB, rest, list string) (map[string]gate.Subject, gate.Info) {
	t.Helper()
	doc := `{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0",` + rest + `"resources":[` + list + `]}`
	out, _, info := opened(t, Config{File: "t.json", Input: strings.NewReader(doc)})
	return out, info
}

func encoded(t testing.TB, s gate.Subject) inventory.Resource {
	t.Helper()
	r, err := s.Draft.Encode()
	if err != nil {
		t.Fatalf("%s: %v", s.Address, err)
	}
	return r
}

func TestGolden(t *testing.T) {
	for _, c := range []struct{ file, params string }{{"workload.json", ""}, {"modules.json", "modules.parameters.json"}, {"what-if.json", ""}} {
		cfg := Config{File: filepath.Join("testdata", c.file)}
		if c.params != "" {
			cfg.Parameters = filepath.Join("testdata", c.params)
		}
		_, list, info := opened(t, cfg)
		type line struct {
			Address  string             `json:"address"`
			Type     string             `json:"type"`
			Change   gate.Change        `json:"change"`
			Resource inventory.Resource `json:"resource"`
		}
		var lines []line
		for _, s := range list {
			lines = append(lines, line{s.Address, s.Type, s.Change, encoded(t, s)})
		}
		raw, err := jsonv2.Marshal(map[string]any{"info": info, "subjects": lines}, jsontext.WithIndent(" "), jsonv2.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		raw = append(raw, '\n')
		golden := filepath.Join("testdata", strings.TrimSuffix(c.file, ".json")+".golden.json")
		if *update {
			if err := os.WriteFile(golden, raw, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(raw, want) {
			t.Errorf("%s differs from its golden file:\n%s", c.file, firstDifference(string(want), string(raw)))
		}
	}
}

func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i+1, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(b), len(a))
}

func code(t testing.TB, err error) string {
	t.Helper()
	var bad *collect.Error
	if !errors.As(err, &bad) {
		t.Fatalf("error %v is not one of collect", err)
	}
	if bad.Msg.EN == "" || bad.Msg.NL == "" || bad.Hint.EN == "" || bad.Hint.NL == "" {
		t.Errorf("not said in both languages: %+v", bad)
	}
	return bad.Code
}

func hintOf(err error) string {
	var bad *collect.Error
	if errors.As(err, &bad) {
		return bad.Hint.EN
	}
	return ""
}
