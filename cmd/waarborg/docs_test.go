package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestGeneratedPagesAreCurrent(t *testing.T) {
	for lang, file := range map[string]string{"en": "rules.md", "nl": "regels.md"} {
		want, err := os.ReadFile(filepath.Join("..", "..", "docs", file))
		if err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		o := outside{out: &out, err: &errs, env: func(string) (string, bool) { return "", false }, now: time.Now}
		if code := run(context.Background(), []string{"rules", "docs", "--lang", lang}, o); code != 0 {
			t.Fatalf("status %d: %s", code, errs.String())
		}
		if !bytes.Equal(out.Bytes(), want) {
			t.Errorf("docs/%s is not what `waarborg rules docs` writes; run: make docs", file)
		}
	}
}
