package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestArchive(t *testing.T) {
	w := newWorld(t, 10, 1)
	w.snap.Resources, w.snap.Salts = w.snap.Resources[:2], w.snap.Salts[:2]
	a := w.whole(t)
	r := Archive{Dir: filepath.Join(t.TempDir(), "deep", "assessments")}
	if list, err := r.List(); err != nil || len(list) != 0 {
		t.Fatalf("an archive that is not there: %v, %v", list, err)
	}
	const n = KeepResults + 5
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	order[3], order[n-1] = order[n-1], order[3] // one comes late: it counts by its time
	for _, i := range order {
		a.At = testNow.Add(time.Duration(i) * time.Minute)
		if err := r.Keep(a, fmt.Appendf(nil, "results %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	list, err := r.List()
	if err != nil || len(list) != KeepResults {
		t.Fatalf("%d kept, %v", len(list), err)
	}
	for i, k := range list {
		number := i + 5
		raw, err := r.Results(k)
		if err != nil || string(raw) != fmt.Sprintf("results %d", number) || k.Err != nil || !k.At.Equal(testNow.Add(time.Duration(number)*time.Minute).Truncate(time.Second)) {
			t.Fatalf("%s: %q, %v, %v", k.Name, raw, err, k.Err)
		}
		if want := i >= KeepResults-KeepEvidence; k.Evidence != want {
			t.Fatalf("%s has evidence: %v", k.Name, k.Evidence)
		}
		if k.Dropped == k.Evidence {
			t.Fatalf("%s was dropped: %v", k.Name, k.Dropped)
		}
		if _, err := r.Load(k); (err == nil) != k.Evidence || err != nil && !errors.Is(err, ErrDropped) {
			t.Fatalf("%s: %v", k.Name, err)
		}
	}
	if _, err := r.Load(Kept{Name: "20260101T000000Z-00000000"}); !errors.Is(err, ErrNotKept) || errors.Is(err, ErrDropped) {
		t.Errorf("never kept: %v", err)
	}
	last := list[len(list)-1]
	got, err := r.Load(last)
	a.At = testNow.Add((n - 1) * time.Minute)
	if err != nil || got.Check(testVerify) != nil || !bytes.Equal(mustJSON(t, got, nil), mustJSON(t, a, nil)) {
		t.Errorf("the newest is not what was kept: %v", err)
	}
	for name, mode := range map[string]fs.FileMode{"": 0o700, evidenceFile: 0o600, resultsFile: 0o600} {
		if st, err := os.Stat(filepath.Join(r.Dir, last.Name, name)); err != nil || st.Mode().Perm() != mode {
			t.Errorf("%s: mode %v, %v", name, st.Mode(), err)
		}
	}
	if err := r.Keep(a, []byte("again")); err != nil {
		t.Fatal(err)
	}
	if raw, _ := r.Results(last); string(raw) != "again" {
		t.Error("the same assessment twice makes two")
	}
}

func TestArchiveReportsWhatIsDamaged(t *testing.T) {
	w := newWorld(t, 10, 1)
	a := w.whole(t)
	r := Archive{Dir: t.TempDir()}
	for i := range 3 {
		a.At = testNow.Add(time.Duration(i) * time.Hour)
		if err := r.Keep(a, []byte("r")); err != nil {
			t.Fatal(err)
		}
	}
	list, _ := r.List()
	os.Remove(filepath.Join(r.Dir, list[0].Name, resultsFile)) // interrupted
	os.WriteFile(filepath.Join(r.Dir, list[1].Name, evidenceFile), []byte("no gzip"), 0o600)
	os.Mkdir(filepath.Join(r.Dir, "20260101T000000Z-00000000"), 0o700)
	os.Mkdir(filepath.Join(r.Dir, "20269901T000000Z-00000000"), 0o700)
	os.Mkdir(filepath.Join(r.Dir, "mine"), 0o700)
	link := filepath.Join(r.Dir, "20260102T000000Z-00000000")
	os.Mkdir(link, 0o700)
	os.Symlink("/dev/zero", filepath.Join(link, resultsFile))
	list, err := r.List()
	if err != nil {
		t.Fatal(err)
	}
	var bad []string
	for _, k := range list {
		if k.Err != nil {
			bad = append(bad, k.Name)
		}
	}
	if len(list) != 6 || len(bad) != 4 || !slices.Contains(bad, list[2].Name) {
		t.Fatalf("%d listed, damaged: %v", len(list), bad)
	}
	whole := list[len(list)-1]
	for name, content := range map[string][]byte{"no gzip": []byte("r"), "cut": pack([]byte("results"), 1)[:12], "followed": append(pack([]byte("r"), 1), pack([]byte("s"), 1)...)} {
		os.WriteFile(filepath.Join(r.Dir, whole.Name, resultsFile), content, 0o600)
		if _, err := r.Results(whole); !errors.Is(err, ErrBroken) || !strings.Contains(err.Error(), whole.Name) {
			t.Errorf("results that are %s: %v", name, err)
		}
	}
	if _, err := r.Results(list[1]); !errors.Is(err, errNoFile) {
		t.Errorf("a link is followed: %v", err)
	}
	if _, err := r.Load(list[3]); !errors.Is(err, ErrBroken) {
		t.Errorf("damaged evidence: %v", err)
	}
	s, err := a.Slice(t.Context(), w.in.Policies, tag(0))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Keep(s, nil); !errors.Is(err, ErrBroken) {
		t.Errorf("a slice is kept: %v", err)
	}
	packed, _ := s.EncodePacked()
	os.WriteFile(filepath.Join(r.Dir, list[3].Name, evidenceFile), packed, 0o600)
	if _, err := r.Load(list[3]); !errors.Is(err, ErrBroken) {
		t.Errorf("a slice is loaded: %v", err)
	}
	// Evidence that somebody removed was not dropped by the archive.
	os.Remove(filepath.Join(r.Dir, list[4].Name, evidenceFile))
	if list, _ = r.List(); list[4].Evidence || list[4].Dropped {
		t.Errorf("removed by hand: %+v", list[4])
	}
	file := filepath.Join(r.Dir, "mine", "file")
	os.WriteFile(file, nil, 0o600)
	for _, x := range []Archive{{Dir: file}, {Dir: filepath.Join(file, "x")}} {
		if err := x.Keep(a, nil); err == nil {
			t.Errorf("kept in %s", x.Dir)
		}
	}
	if _, err := (Archive{Dir: file}).List(); err == nil {
		t.Error("a file is listed")
	}
}
