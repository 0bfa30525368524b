package ci_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"encoding/json/jsontext"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
	"waarborg/reports/ci"
)

var update = flag.Bool("update", false, "write the golden files anew; read them afterwards")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; with -update it is written anew. Now:\n%s", file, got)
	}
}

var endings = map[string]string{"table": "txt", "json": "json", "sarif": "sarif.json", "junit": "xml", "github": "log", "summary": "md", "gitlab": "codequality.json", "azure": "log", "oscal": "json"}

func forms() []string { return slices.Sorted(maps.Keys(ci.Writers())) }

func TestGolden(t *testing.T) {
	for _, lang := range []string{"en", "nl"} {
		r, list := world(lang)
		for _, form := range forms() {
			got := write(t, form, r, of(list), ci.Options{Width: 100})
			if got[0] == '{' || got[0] == '[' {
				v := jsontext.Value(got)
				if err := v.Indent(); err != nil {
					t.Fatalf("%s: %v", form, err)
				}
				got = append(v, '\n')
			}
			golden(t, fmt.Sprintf("%s_%s.%s", form, lang, endings[form]), got)
		}
	}
}

func TestTableGolden(t *testing.T) {
	r, list := world("en")
	golden(t, "table_60.txt", write(t, "table", r, of(list), ci.Options{Width: 60, Language: "nl"}))
	golden(t, "table_120_color.txt", write(t, "table", r, of(list), ci.Options{Width: 120, Color: true}))
	golden(t, "table_clean_nl.txt", write(t, "table", clean("nl"), of(nil), ci.Options{}))
	many, all := large(2000)
	golden(t, "table_many.txt", write(t, "table", many, all, ci.Options{Max: 12}))
	for _, width := range []int{40, 60, 80, 120} {
		for _, form := range []*gate.Report{r, clean("nl"), many} {
			for line := range strings.Lines(string(write(t, "table", form, all, ci.Options{Width: width}))) {
				if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > width {
					t.Errorf("%d columns where there are %d: %s", n, width, line)
				}
			}
		}
	}
}

// Each output goes on to its end, and says a failure of what it reads or writes.
func TestErrorsAreNotSwallowed(t *testing.T) {
	r, list := world("en")
	for form, write := range ci.Writers() {
		if err := write(&sink{}, r, broken(list), ci.Options{}); !errors.Is(err, errSpool) {
			t.Errorf("%s: outcomes that break off: %v", form, err)
		}
		full := errors.New("no space left")
		if err := write(fullDisk{full}, r, of(list), ci.Options{}); !errors.Is(err, full) {
			t.Errorf("%s: a full disk: %v", form, err)
		}
	}
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		change func(*gate.Report)
		en, nl string
	}{
		{func(*gate.Report) {}, "The deploy may go on: all that could be judged is met.", "De uitrol mag doorgaan: aan alles wat te beoordelen was, is voldaan."},
		{func(r *gate.Report) { r.Counts.Known, r.Counts.Accepted, r.Counts.LeftOver = 2, 1, 1500 },
			"The deploy may go on: all that could be judged is met, apart from 2 known on the baseline and 1 accepted; there are 1,500 left to check on the live system.",
			"De uitrol mag doorgaan: aan alles wat te beoordelen was, is voldaan, op het volgende na: 2 bekend op de baseline en 1 geaccepteerd; er zijn er 1.500 over om in het echte systeem na te gaan."},
		{func(r *gate.Report) { r.Status, r.Counts.Failing = assess.Fail, 1 }, "The deploy may not go on: in 1 place a rule is not met.", "De uitrol mag niet doorgaan: op 1 plaats is niet aan een regel voldaan."},
		{func(r *gate.Report) { r.Status, r.Blocks = assess.Fail, []gate.Block{{Status: assess.Fail}} }, "The deploy may not go on: 1 thing stops it.", "De uitrol mag niet doorgaan: 1 punt houdt haar tegen."},
		{func(r *gate.Report) { r.Status, r.Counts.ToProve, r.Counts.Unclear = assess.Unknown, 2, 1 },
			"The deploy may not go on yet: in 2 places a rule can be proved only after apply and in 1 place a rule could not be judged.", "De uitrol mag nog niet doorgaan: op 2 plaatsen is een regel pas na de uitrol te bewijzen en op 1 plaats kon een regel niet worden beoordeeld."},
		{func(r *gate.Report) { r.Status, r.Subjects = assess.Unknown, 0 }, "The deploy may not go on yet: nothing was judged.", "De uitrol mag nog niet doorgaan: er is niets beoordeeld."},
		{func(r *gate.Report) { r.Subjects = 0 }, "The deploy may go on, but nothing was judged.", "De uitrol mag doorgaan, maar er is niets beoordeeld."},
	} {
		for lang, want := range map[string]string{"en": c.en, "nl": c.nl} {
			r := clean(lang)
			c.change(r)
			lines := strings.Split(strings.TrimSpace(string(write(t, "table", r, of(nil), ci.Options{Width: 1000}))), "\n")
			if got := lines[len(lines)-1]; got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
	}
}

// GitHub shows ten annotations of each level for a step; the worst are there, and the last says how many more there are.
func TestGitHubKeepsTheWorst(t *testing.T) {
	r, all := large(50)
	levels := map[string][]string{}
	for line := range strings.Lines(string(write(t, "github", r, all, ci.Options{}))) {
		level, _, _ := strings.Cut(strings.TrimPrefix(line, "::"), " ")
		levels[level] = append(levels[level], line)
	}
	got := levels["error"]
	if len(got) != 10 || !strings.Contains(got[0], "register") || !strings.Contains(got[9], "45 more are not shown") {
		t.Errorf("%d errors:\n%s", len(got), strings.Join(got, ""))
	}
	for _, line := range got[1:9] {
		if !strings.Contains(line, "SEC-001") {
			t.Errorf("not one of the worst: %s", line)
		}
	}
	if len(levels["warning"]) != 2 || len(levels["notice"]) != 2 {
		t.Errorf("%d warnings, %d notices", len(levels["warning"]), len(levels["notice"]))
	}
	if got := string(write(t, "github", r, all, ci.Options{Max: 3})); strings.Count(got, "::error ") != 3 || !strings.Contains(got, "52 more") {
		t.Errorf("with a maximum of 3:\n%s", got)
	}
}

func TestTableCountsWhatItLeavesOut(t *testing.T) {
	r, all := large(2000)
	got := string(write(t, "table", r, all, ci.Options{Max: 1, Width: 120}))
	if !strings.Contains(got, "NOT MET 2,003") || !strings.Contains(got, "… and 1,334 more") || !strings.Contains(got, "TRF-001 Personal data stay in the EEA (668 × high)") {
		t.Errorf("\n%s", got)
	}
}

// What a writer holds does not grow with the outcomes. Each outcome here is of some 8 kB, so keeping them all would take 24 MB.
func TestMemoryStaysTheSame(t *testing.T) {
	const n = 3000
	filler := strings.Repeat("long ", 1600)
	for _, form := range forms() {
		r, all := large(n)
		var before, now runtime.MemStats
		most := uint64(0)
		heavy := func(yield func(gate.Outcome, error) bool) {
			i := 0
			for o, err := range all {
				o.Remediation = filler + o.Address
				if i++; i%1250 == 0 {
					runtime.GC()
					runtime.ReadMemStats(&now)
					most = max(most, now.HeapAlloc)
				}
				if !yield(o, err) {
					return
				}
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&before)
		if err := ci.Writers()[form](io.Discard, r, heavy, ci.Options{}); err != nil {
			t.Fatal(err)
		}
		if most == 0 || most > before.HeapAlloc+8<<20 {
			t.Errorf("%s: %d kB at most, %d kB before", form, most>>10, before.HeapAlloc>>10)
		}
	}
}

// GitHub refuses a summary of more than 1 MiB.
func TestSummaryStaysSmall(t *testing.T) {
	r, list := hostile(strings.Repeat("&", 5000))
	all := func(yield func(gate.Outcome, error) bool) {
		for i := range 500 {
			o := list[i%len(list)]
			o.Rule = fmt.Sprint(i % 100)
			if !yield(o, nil) {
				return
			}
		}
	}
	if got := write(t, "summary", r, all, ci.Options{}); len(got) > 1<<20 || len(got) < 1<<16 {
		t.Errorf("%d bytes", len(got))
	}
}
