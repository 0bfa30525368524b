// Package testtool finds programs that tests check our files with: readers of PDF, cosign, a timestamp authority.
//
// A program that is missing skips the test on a developer's machine and fails it under CI=true, where scripts/setup-tests
// installs what Debian has. Programs in Go are built once into the user's cache folder.
package testtool

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// Path returns where an installed program is, such as pdfsig.
func Path(t testing.TB, name string) string {
	t.Helper()
	file, err := exec.LookPath(name)
	if err != nil {
		missing(t, "there is no %s on this machine; `make setup` installs it", name)
	}
	return file
}

// Built returns the binary of a program in Go, by its package and version:
// "github.com/sigstore/cosign/v2/cmd/cosign@v2.6.5". The first time that takes minutes.
func Built(t testing.TB, pkg string) string {
	t.Helper()
	file, err := build(t.Context(), pkg)
	if err != nil {
		missing(t, "%v", err)
	}
	return file
}

func missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

const buildTimeout = 15 * time.Minute

func build(ctx context.Context, pkg string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	name, version, _ := strings.Cut(pkg, "@")
	dir := filepath.Join(cache, "waarborg-test", path.Base(name)+"-"+version)
	file := filepath.Join(dir, path.Base(name))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	unlock, err := lockedfile.MutexAt(filepath.Join(dir, "lock")).Lock()
	if err != nil {
		return "", err
	}
	defer unlock()
	if _, err := os.Stat(file); err == nil {
		return file, nil
	}
	ctx, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "install", pkg)
	cmd.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=", "GOTOOLCHAIN=auto")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building %s: %w\n%s", pkg, err, out)
	}
	return file, nil
}
