package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestAFullDiskLeavesNoHalfReport: no room for the report; room for the report but not for its bundle; a folder that is not
// there.
func TestAFullDiskLeavesNoHalfReport(t *testing.T) {
	s := newShell(t, small())
	keysOf(t, s)
	s.must(t, exitNotMet, "check")
	good := filepath.Join(s.dir, "good.pdf")
	s.must(t, exitMet, "report", "-o", good)
	size := len(s.file(t, "good.pdf"))
	refused := func(out string) {
		t.Helper()
		code, text, errs := s.run(t.Context(), "report", "-o", out)
		if code != exitFailed || text != "" || !strings.Contains(errs, "hint: check the disk and who may write there") || strings.Contains(errs, "*fs.") {
			t.Errorf("exit status %d\n%s%s", code, text, errs)
		}
	}
	refused(filepath.Join(s.dir, "nowhere", "r.pdf"))
	for name, pages := range map[string]int{"none": 8, "half a report": size / 2 / 4096, "a report and no bundle": (size + 4095) / 4096} {
		t.Run(name, func(t *testing.T) {
			dir := fullDisk(t, pages)
			refused(filepath.Join(dir, "r.pdf"))
			only(t, dir)
		})
	}
	t.Run("enough", func(t *testing.T) { // so that it was the disk
		dir := fullDisk(t, (size+4095)/4096+8)
		s.must(t, exitMet, "report", "-o", filepath.Join(dir, "r.pdf"))
		only(t, dir, "r.pdf", "r.pdf.sigstore.json")
	})
}

// fullDisk is a folder on a disk of so many pages of 4 KiB. Only root can make one.
func fullDisk(t *testing.T, pages int) string {
	t.Helper()
	dir := t.TempDir()
	if os.Getuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+strconv.Itoa(pages*4096)); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}
