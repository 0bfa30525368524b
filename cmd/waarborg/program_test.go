package main

import (
	"bytes"
	"context"
	"encoding/json/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"waarborg/internal/assess"
)

// shell runs the program in this process, as one person types commands into one workspace.
type shell struct {
	dir string
	env map[string]string
	now time.Time
}

func newShell(t testing.TB, f files) *shell {
	t.Helper()
	return &shell{dir: f.in(t), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		env: map[string]string{"WAARBORG_PASSPHRASE": "a passphrase for tests only"}}
}

// run gives the exit status and what was written.
func (s *shell) run(ctx context.Context, args ...string) (code int, out, errs string) {
	var stdout, stderr bytes.Buffer
	code = run(ctx, append([]string{"--workspace", s.dir}, args...), outside{in: strings.NewReader(""), out: &stdout, err: &stderr,
		env: func(name string) (string, bool) { v, ok := s.env[name]; return v, ok },
		now: func() time.Time { return s.now }})
	return code, stdout.String(), stderr.String()
}

// must wants an exact exit status and returns the output.
func (s *shell) must(t testing.TB, want int, args ...string) string {
	t.Helper()
	code, out, errs := s.run(t.Context(), args...)
	if code != want {
		t.Fatalf("waarborg %s: exit status %d, want %d\n%s%s", strings.Join(args, " "), code, want, out[:min(len(out), 2000)], errs)
	}
	return out
}

// results reads what `check --format json` wrote.
func results(t testing.TB, out string) assess.Results {
	t.Helper()
	var r assess.Results
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("the results are no JSON: %v\n%s", err, out[:min(len(out), 500)])
	}
	return r
}

// having lists "RULE resource" of the results with a status, sorted; with [customers] where they are not all the same.
func having(r assess.Results, status assess.Status) []string {
	var out []string
	for _, x := range r.Results {
		if x.Status == status {
			out = append(out, x.Rule+" "+x.Resource)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// same compares two sets and tells what is too much and what is missing.
func same(t testing.TB, what string, got, want []string) {
	t.Helper()
	want = slices.Sorted(slices.Values(want))
	for _, x := range got {
		if !slices.Contains(want, x) {
			t.Errorf("%s: not expected: %s", what, x)
		}
	}
	for _, x := range want {
		if !slices.Contains(got, x) {
			t.Errorf("%s: missing: %s", what, x)
		}
	}
}
