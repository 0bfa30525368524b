package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestStoppedLeavesNothing: Ctrl-C and an end asked for by a build server, while the input still comes, while it is judged, and while
// outputs are written, leave no output, no temporary file, and exit status 130.
func TestStoppedLeavesNothing(t *testing.T) {
	s := newShell(t, planned())
	large := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(large, []byte(manyAbroad(15_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, signal := range map[string]os.Signal{"SIGINT": os.Interrupt, "SIGTERM": syscall.SIGTERM} {
		t.Run(name+" at a pipe that never ends", func(t *testing.T) {
			p := s.gateIn(t, "-")
			in, err := p.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			p.start(t)
			if _, err := io.WriteString(in, `{"format_version": "1.2", `); err != nil {
				t.Fatal(err)
			}
			time.Sleep(300 * time.Millisecond)
			p.stopped(t, signal)
		})
		t.Run(name+" at a pipe that nobody writes to", func(t *testing.T) {
			fifo := filepath.Join(t.TempDir(), "fifo")
			if err := syscall.Mkfifo(fifo, 0o600); err != nil {
				t.Fatal(err)
			}
			p := s.gateIn(t, fifo)
			p.start(t)
			time.Sleep(300 * time.Millisecond)
			p.stopped(t, signal)
		})
		t.Run(name+" at a large plan", func(t *testing.T) {
			stops := 0
			for wait := 100 * time.Millisecond; wait < 3*time.Second; wait = wait * 3 / 2 {
				p := s.gateIn(t, large)
				p.start(t)
				time.Sleep(wait)
				if !p.stopped(t, signal) {
					break // it was done before
				}
				stops++
			}
			if stops < 3 {
				t.Errorf("stopped only %d times", stops)
			}
		})
	}
}

// manyAbroad is a plan with so many stores where they may not stand.
func manyAbroad(n int) string {
	var b strings.Builder
	b.WriteString(`{"format_version": "1.2", "terraform_version": "1.9.8", "resource_changes": [`)
	for i := range n {
		if i > 0 {
			b.WriteString(",\n")
		}
		name := "r" + strings.Repeat("a", i%7) + string(rune('a'+i%26)) + time.Duration(i).String()
		b.WriteString(storageAccount(name, "uksouth"))
	}
	b.WriteString("]}")
	return b.String()
}

// gateProcess is the gate in a process of its own, with outputs to a folder and temporary files in another.
type gateProcess struct {
	*exec.Cmd
	out, temp string
	errs      bytes.Buffer
}

func (s *shell) gateIn(t *testing.T, input string) *gateProcess {
	t.Helper()
	p := &gateProcess{out: t.TempDir(), temp: t.TempDir()}
	args := []string{"gate", input, "-w", s.dir}
	for _, format := range []string{"json", "sarif", "junit", "oscal", "gitlab"} {
		args = append(args, "-o", format+"="+filepath.Join(p.out, format))
	}
	p.Cmd = exec.Command("waarborg-signals", args...)
	p.Env = append(os.Environ(), "TMPDIR="+p.temp, "CI=", "TF_BUILD=", "LC_ALL=en_GB.UTF-8")
	p.Stderr = &p.errs
	return p
}

func (p *gateProcess) start(t *testing.T) {
	t.Helper()
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
}

// stopped sends a signal and wants everything to be gone; false if the process had ended by itself, with all that it should write.
func (p *gateProcess) stopped(t *testing.T, signal os.Signal) bool {
	t.Helper()
	if err := p.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		_ = p.Process.Kill()
		t.Fatal("it does not stop")
	}
	only(t, p.temp)
	if p.ProcessState.ExitCode() == exitUnknown { // what the data map does not know
		only(t, p.out, "gitlab", "json", "junit", "oscal", "sarif")
		return false
	}
	if code := p.ProcessState.ExitCode(); code != exitStopped || p.errs.String() != "waarborg: stopped\n" {
		t.Errorf("exit status %d: %s", code, p.errs.String())
	}
	only(t, p.out)
	return true
}
