package testpg

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// errMissing says that the machine has no PostgreSQL server. Its text tells what to install.
var errMissing = errors.New("no PostgreSQL server found: install one (Debian: apt-get install postgresql), or point " +
	"WAARBORG_PG_BIN at a folder with initdb and postgres")

// findBinaries returns the folder that holds initdb and postgres.
func findBinaries(getenv func(string) string) (string, error) {
	if dir := getenv("WAARBORG_PG_BIN"); dir != "" {
		if !hasServer(dir) {
			return "", fmt.Errorf("WAARBORG_PG_BIN names a folder without initdb and postgres: %w", errMissing)
		}
		return dir, nil
	}
	want := getenv("WAARBORG_PG_VERSION")
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	slices.SortFunc(dirs, func(a, b string) int { return majorOf(b) - majorOf(a) })
	for _, dir := range dirs {
		if hasServer(dir) && (want == "" || want == strconv.Itoa(majorOf(dir))) {
			return dir, nil
		}
	}
	if want != "" {
		return "", fmt.Errorf("PostgreSQL %s is not in /usr/lib/postgresql: %w", want, errMissing)
	}
	if path, err := exec.LookPath("postgres"); err == nil && hasServer(filepath.Dir(path)) {
		return filepath.Dir(path), nil
	}
	return "", errMissing
}

// majorOf reads the version from /usr/lib/postgresql/15/bin.
func majorOf(dir string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	if err != nil {
		return 0
	}
	return n
}

func hasServer(dir string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.IsDir() {
			return false
		}
	}
	return true
}

// giveUp ends the test: a missing server is a failure where tests must run, and a skip on a developer's machine.
func giveUp(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, errMissing) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	t.Fatal(err)
}
