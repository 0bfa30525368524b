// Package testvault starts a real Vault server for tests, with its data in memory.
//
// It uses the `vault` binary on PATH, else it builds the server in the folder beside it: some minutes the first time,
// after that the binary is reused from the user's cache folder. Without either, a test is skipped, and under CI=true it
// fails. Vault is licensed under BUSL-1.1; it is used by tests alone and never shipped.
package testvault

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// Server is a running Vault with nothing enabled but what a new Vault has.
type Server struct {
	Addr      string // such as "http://127.0.0.1:43121"
	RootToken string
	UnsealKey string
}

const (
	startTimeout = 30 * time.Second
	buildTimeout = 30 * time.Minute
)

// Start starts an initialised and unsealed Vault. It ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	s := StartSealed(t)
	if err := s.Unseal(t.Context()); err != nil {
		t.Fatalf("unsealing the test Vault: %v", err)
	}
	return s
}

// StartSealed starts a Vault that is initialised and still sealed.
func StartSealed(t testing.TB) *Server {
	t.Helper()
	s := StartNew(t)
	if err := s.initialise(t.Context()); err != nil {
		t.Fatalf("initialising the test Vault: %v", err)
	}
	return s
}

// StartNew starts a Vault that is not initialised; its RootToken is empty.
func StartNew(t testing.TB) *Server {
	t.Helper()
	cmd, addr, err := command(t)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no Vault to test with: %v", err)
		}
		t.Skipf("no Vault to test with: %v", err)
	}
	addr, err = run(t, cmd, addr)
	if err != nil {
		t.Fatalf("starting the test Vault: %v", err)
	}
	return &Server{Addr: "http://" + addr}
}

// command returns the server's command line and, for an installed Vault, the address that it was told to listen on.
func command(t testing.TB) (*exec.Cmd, string, error) {
	path, err := exec.LookPath("vault")
	if err != nil {
		if path, err = built(t.Context()); err != nil {
			return nil, "", err
		}
		return exec.Command(path), "", nil
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	addr := ln.Addr().String()
	if err := ln.Close(); err != nil {
		return nil, "", err
	}
	// Not `-dev`: that mounts things of its own, and cannot start sealed.
	config := filepath.Join(t.TempDir(), "vault.hcl")
	text := fmt.Sprintf("storage \"inmem\" {}\nlistener \"tcp\" {\n  address = %q\n  tls_disable = true\n}\ndisable_mlock = true\n", addr)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return nil, "", err
	}
	return exec.Command(path, "server", "-config="+config), addr, nil
}

// run starts the server and waits until it listens. With no address given, the server prints it.
func run(t testing.TB, cmd *exec.Cmd, addr string) (string, error) {
	cmd.Env = withoutVault(os.Environ())
	log := &buffer{}
	cmd.Stderr = log
	if _, err := cmd.StdinPipe(); err != nil { // held open: our server ends when it closes
		return "", err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	printed := make(chan string, 1)
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if a, ok := strings.CutPrefix(lines.Text(), "listening "); ok {
				printed <- a
			}
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended by itself
		<-read
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the test Vault's log:\n%s", log)
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	if addr == "" {
		select {
		case addr = <-printed:
		case <-read:
			return "", fmt.Errorf("it ended at once: %s", log)
		case <-ctx.Done():
			return "", fmt.Errorf("it printed no address within %s", startTimeout)
		}
	}
	return addr, awaitListener(ctx, addr)
}

func awaitListener(ctx context.Context, addr string) error {
	var d net.Dialer
	for {
		conn, err := d.DialContext(ctx, "tcp", addr)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("it does not listen on %s: %w", addr, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// withoutVault leaves out what would configure a client or server behind the test's back.
func withoutVault(env []string) []string {
	var out []string
	for _, e := range env {
		if !strings.HasPrefix(e, "VAULT_") {
			out = append(out, e)
		}
	}
	return out
}

// built returns our server's binary, building it if this version was not built before.
func built(ctx context.Context) (string, error) {
	_, self, _, ok := runtime.Caller(0)
	if !ok || !filepath.IsAbs(self) {
		return "", errors.New("there is no `vault` on PATH, and the tests were built with -trimpath so that the source of the test server is not found")
	}
	source := filepath.Join(filepath.Dir(self), "server")
	sum, err := digest(filepath.Join(source, "go.sum"), filepath.Join(source, "main.go"))
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "waarborg-test")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "vault-"+sum)
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	// Two packages' tests run at the same time; one builds, the other waits.
	unlock, err := lockedfile.MutexAt(binary + ".lock").Lock()
	if err != nil {
		return "", err
	}
	defer unlock()
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	return binary, build(ctx, source, binary)
}

func build(ctx context.Context, source, binary string) error {
	ctx, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	part := binary + ".part" // renamed when whole, so that a build cut short leaves nothing that looks ready
	cmd := exec.CommandContext(ctx, "go", "build", "-C", source, "-buildvcs=false", "-ldflags=-s -w", "-o", part, ".")
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=auto", "GOWORK=off", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("there is no `vault` on PATH, and building the test server failed: %w\n%s", err, bytes.TrimSpace(out))
	}
	return os.Rename(part, binary)
}

func digest(files ...string) (string, error) {
	h := sha256.New()
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return "", err
		}
		h.Write(text)
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// buffer keeps the server's log; the process writes it while a test may read it.
type buffer struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
