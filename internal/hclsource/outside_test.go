//go:build unix

package hclsource

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestNothingOutsideIsRead: links and pipes in the checkout lead nowhere.
func TestNothingOutsideIsRead(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	write := func(file, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	link := func(to, file string) {
		t.Helper()
		if err := os.Symlink(to, filepath.Join(dir, file)); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(outside, "out.tf"), "resource \"azurerm_out\" \"side\" {\n}\n")
	write(filepath.Join(dir, "z.tf"), good+"module \"m\" {\n  source = \"./m\"\n}\n")
	write(filepath.Join(dir, "real.txt"), "resource \"azurerm_within\" \"y\" {\n}\n")
	link(filepath.Join(outside, "out.tf"), "absolute.tf")
	link("../"+filepath.Base(outside)+"/out.tf", "relative.tf")
	link("real.txt", "within.tf")
	link("circle.tf", "circle.tf")
	link(outside, "m")
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.tf"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder.tf"), 0o755); err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir, "", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, address := range []string{"azurerm_out.side", "module.m.azurerm_out.side"} {
		if p, ok := s.Locate(address); ok && p.File != "z.tf" {
			t.Errorf("%s is found at %v", address, p)
		}
	}
	for _, address := range []string{"azurerm_x.y", "azurerm_within.y"} {
		if _, ok := s.Locate(address); !ok {
			t.Errorf("%s is lost", address)
		}
	}
	got := problemsOf(s)
	for _, file := range []string{"absolute.tf", "relative.tf", "circle.tf", "pipe.tf", "cannot read m "} {
		if !strings.Contains(got, file) {
			t.Errorf("nothing is told of %s: %s", file, got)
		}
	}
	if strings.Contains(got, "folder.tf") {
		t.Errorf("a folder is taken for a file: %s", got)
	}
}
