package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// Every command says what its exit statuses mean, what it is for, and how it is written.
func TestEveryCommandDocumentsItself(t *testing.T) {
	s := newShell(t, nil)
	statuses := regexp.MustCompile(`Exit status: 0 [^;]+; .*2 [^;]+`)
	var paths [][]string
	var walk func(c *cobra.Command, path []string)
	walk = func(c *cobra.Command, path []string) {
		paths = append(paths, path)
		for _, sub := range c.Commands() {
			walk(sub, append(path[:len(path):len(path)], sub.Name()))
		}
	}
	walk((&app{}).root(), nil)
	if len(paths) < 20 {
		t.Fatalf("only %d commands were found", len(paths))
	}
	for _, path := range paths {
		name := strings.Join(append([]string{"waarborg"}, path...), " ")
		help := s.must(t, 0, append(path, "--help")...)
		if !statuses.MatchString(strings.ReplaceAll(help, "\n", " ")) {
			t.Errorf("%s: the help does not say what the exit statuses mean", name)
		}
		if !strings.Contains(help, "Usage:\n  "+name) {
			t.Errorf("%s: the help does not say how to write it", name)
		}
		if code, _, errs := s.run(t.Context(), append(path, "--no-such-flag")...); code != exitFailed || !strings.Contains(errs, "--no-such-flag\nhint: see `"+name+" --help`") {
			t.Errorf("%s with an unknown flag: exit status %d, %q", name, code, errs)
		}
	}
}
