package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waarborg/internal/assess"
	"waarborg/policies"
	"waarborg/reports"
)

// TestSlicesOfTheExample: for each customer of the example, and of a workspace where everything is named after a customer,
// the customer's slice replays to what `check --customer` shows, and names nobody else.
func TestSlicesOfTheExample(t *testing.T) {
	example := t.TempDir()
	if err := os.CopyFS(example, os.DirFS(filepath.Join("..", "..", "examples", "embrace"))); err != nil {
		t.Fatal(err)
	}
	p, err := assess.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		dir   string
		every int // of so many customers one is tried
	}{"example": {example, 1}, "named after customers": {leakFiles().in(t), 5}} {
		t.Run(name, func(t *testing.T) { slicesOf(t, p, c.dir, c.every) })
	}
}

func slicesOf(t *testing.T, p *assess.Policies, dir string, every int) {
	a := &app{dir: dir, lang: "nl", outside: outside{in: strings.NewReader(""), out: io.Discard, err: io.Discard,
		env: func(string) (string, bool) { return "", false },
		now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }}}
	s, err := a.load()
	if err != nil {
		t.Fatal(err)
	}
	snap, from, err := a.evidence(t.Context(), s, checkOptions{})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := a.assessment(s, p, snap, from)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range s.Book.Customers {
		if i%every != 0 {
			continue
		}
		part, err := whole.Slice(t.Context(), p, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		var got, want, text bytes.Buffer
		r, err := part.Results(t.Context(), p, "nl")
		if err != nil {
			t.Fatal(err)
		}
		view, err := whole.View(t.Context(), p, c.ID, "nl")
		if err != nil {
			t.Fatal(err)
		}
		for out, v := range map[*bytes.Buffer]any{&got: r, &want: view, &text: part} {
			if err := reports.JSON(out, v); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Errorf("%s: the slice replays to other results than `check --customer` shows", c.ID)
		}
		if len(part.Resources) < 5 || len(part.Resources) >= len(whole.Resources) {
			t.Errorf("%s: %d of %d resources", c.ID, len(part.Resources), len(whole.Resources))
		}
		for _, other := range s.Book.Customers {
			words := []string{other.ID, other.Name}
			for _, in := range other.Instructions {
				words = append(words, in.ID)
			}
			for _, word := range words {
				if other.ID != c.ID && strings.Contains(text.String(), word) && !strings.Contains(c.Name+c.ID, word) {
					t.Errorf("%s: the slice holds %q of %s", c.ID, word, other.ID)
				}
			}
		}
	}
}
