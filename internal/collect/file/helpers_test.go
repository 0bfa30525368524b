package file

import (
	"bytes"
	"errors"
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

var at = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

func testEnv(t testing.TB, problems *[]collect.Problem) collect.Env {
	t.Helper()
	names, err := inventory.NewPseudonyms(bytes.Repeat([]byte{1}, inventory.PseudonymKeySize))
	if err != nil {
		t.Fatal(err)
	}
	return collect.Env{Source: "s", Now: func() time.Time { return at }, Pseudonyms: names, Step: func(say.Text) {},
		Problem: func(p collect.Problem) {
			if !bothSaid(p.What, p.Hint) {
				t.Errorf("not said in both languages: %+v", p)
			}
			if problems != nil {
				*problems = append(*problems, p)
			}
		}}
}

// outcome is what a collection gave.
type outcome struct {
	drafts   []inventory.Draft
	problems []collect.Problem
	err      *collect.Error
}

// collectFile writes a mapping and an export and collects from them.
func collectFile(t testing.TB, mapping, name, export string) (out outcome) {
	t.Helper()
	dir := t.TempDir()
	for file, text := range map[string]string{"m.yaml": mapping, name: export} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	c := New(Config{File: filepath.Join(dir, name), Mapping: filepath.Join(dir, "m.yaml")})
	out.drafts, err = c.Collect(t.Context(), testEnv(t, &out.problems))
	if err != nil && !errors.As(err, &out.err) {
		t.Fatalf("not a collect.Error: %v", err)
	}
	if out.err != nil && (!bothSaid(out.err.Msg, out.err.Hint) || out.err.Code == "") {
		t.Errorf("an error without code, or not in both languages: %+v", out.err)
	}
	return out
}

// encoded is the attributes and unknown facts of each draft by its id.
func (o outcome) encoded(t testing.TB) map[string]inventory.Resource {
	t.Helper()
	list, err := inventory.EncodeAll(o.drafts)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]inventory.Resource{}
	for _, r := range list {
		out[strings.TrimPrefix(r.ID, "s/")] = r
	}
	return out
}

func zeroOf(t testing.TB, s shape) any {
	t.Helper()
	zero, ok := inventory.Element(newAttributes(s.kind), s.path)
	if !ok {
		t.Fatalf("%s has no fact %s", s.kind, s.path)
	}
	return zero
}

// bothSaid tells whether texts are there in both languages.
func bothSaid(texts ...say.Text) bool {
	return !slices.ContainsFunc(texts, func(t say.Text) bool { return t.EN == "" || t.NL == "" })
}
