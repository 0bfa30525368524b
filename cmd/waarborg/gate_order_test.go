package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestOutcomesDoNotDependOnWorkers: one and four of them say the same in the same order; under the race detector they share nothing.
func TestOutcomesDoNotDependOnWorkers(t *testing.T) {
	s := newShell(t, planned())
	plan := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(plan, []byte(manyAbroad(3_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	one := s.must(t, exitUnknown, "gate", plan, "--format", "json", "--workers", "1")
	four := s.must(t, exitUnknown, "gate", plan, "--format", "json", "--workers", "4")
	if one != four || len(one) < 3_000*100 {
		t.Errorf("%d and %d bytes, not the same", len(one), len(four))
	}
}
