package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal opens a pseudo-terminal: what is written to tty can be read from screen.
func terminal(t *testing.T) (screen, tty *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { screen.Close() })
	fd := int(screen.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return screen, tty
}

// TestColours: a terminal gets colours and progress, unless NO_COLOR is set or it is a dumb one; all else gets plain text.
func TestColours(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// The test binary is the program when it is called so; see TestMain.
	program := filepath.Join(t.TempDir(), "waarborg")
	if err := os.Symlink(self, program); err != nil {
		t.Fatal(err)
	}
	dir := small().in(t)
	const start = "\x1b["
	for _, c := range []struct {
		name    string
		env     []string
		colours bool
	}{
		{"a terminal", []string{"TERM=xterm"}, true},
		{"NO_COLOR", []string{"TERM=xterm", "NO_COLOR=1"}, false},
		{"an empty NO_COLOR, which counts as not set", []string{"TERM=xterm", "NO_COLOR="}, true},
		{"a dumb terminal", []string{"TERM=dumb"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			screen, tty := terminal(t)
			cmd := exec.Command(program, "check", "-w", dir)
			cmd.Env = append(c.env, "PATH="+os.Getenv("PATH"))
			cmd.Stdout, cmd.Stderr = tty, io.Discard
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			tty.Close()
			out := make(chan []byte)
			go func() {
				text, _ := io.ReadAll(screen) // ends with an error, when the last writer is gone
				out <- text
			}()
			_ = cmd.Wait() // it ends with 1: something is not met
			select {
			case text := <-out:
				if !bytes.Contains(text, []byte("TRF-001")) {
					t.Fatalf("no results: %q", text)
				}
				if bytes.Contains(text, []byte(start)) != c.colours {
					t.Errorf("colours: %v, want %v", !c.colours, c.colours)
				}
			case <-time.After(30 * time.Second):
				t.Fatal("the terminal did not end")
			}
		})
	}
}
