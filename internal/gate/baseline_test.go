package gate

import (
	"slices"
	"strings"
	"testing"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

type sayText = say.Text

// baselineOf makes a baseline of what an input does not meet.
func baselineOf(t *testing.T, until string, list ...func() Subject) *Baseline {
	t.Helper()
	run, _ := judge(t, options(t, input("p", list...)))
	b, _, err := run.NewBaseline(nil, "known since the move", until, "2026-11-20")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	read, err := ReadBaseline("baseline.json", raw)
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	return read
}

func TestBaseline(t *testing.T) {
	further := func(_ *Subject, d *inventory.Datastore) {
		d.Location = inventory.Known(inventory.Location{Provider: "azure", Region: "brazilsouth"})
	}
	moved := func(s *Subject, d *inventory.Datastore) { abroad(s, d); s.Was, s.Change = "a", Move }
	unread := func(_ *Subject, d *inventory.Datastore) { d.Location = inventory.Fact[inventory.Location]{} }
	for name, c := range map[string]struct {
		until  string
		before []func() Subject
		after  []func() Subject
		stays  string
		want   string
		mended int
		lapsed int
	}{
		"known":                         {"2026-12-31", []func() Subject{store("a", abroad)}, []func() Subject{store("a", abroad)}, "", "known TRF-001 a", 0, 0},
		"on its last day":               {"2026-11-23", []func() Subject{store("a", abroad)}, []func() Subject{store("a", abroad)}, "", "known TRF-001 a", 0, 0},
		"lapsed":                        {"2026-11-22", []func() Subject{store("a", abroad)}, []func() Subject{store("a", abroad)}, "", "failing TRF-001 a new", 0, 1},
		"new beside it":                 {"2026-12-31", []func() Subject{store("a", abroad)}, []func() Subject{store("a", abroad), store("b", abroad)}, "", "known TRF-001 a\nfailing TRF-001 b new", 0, 0},
		"another value is worse":        {"2026-12-31", []func() Subject{store("a", abroad)}, []func() Subject{store("a", further)}, "", "failing TRF-001 a worse", 0, 0},
		"unknown before, failing now":   {"2026-12-31", []func() Subject{store("a", unread)}, []func() Subject{store("a", abroad)}, "", "failing TRF-001 a worse", 0, 0},
		"unknown before and now":        {"2026-12-31", []func() Subject{store("a", unread)}, []func() Subject{store("a", unread)}, "", "known TRF-001 a", 0, 0},
		"mended":                        {"2026-12-31", []func() Subject{store("a", abroad)}, []func() Subject{store("a", nil)}, "", "", 1, 0},
		"not looked at":                 {"2026-12-31", []func() Subject{store("a", abroad)}, []func() Subject{store("b", nil)}, "", "", 0, 0},
		"moved":                         {"2026-12-31", []func() Subject{store("a", abroad)}, []func() Subject{store("b", moved)}, "", "known TRF-001 b", 0, 0},
		"renamed":                       {"2026-12-31", []func() Subject{store("a", abroad)}, []func() Subject{store("b", abroad)}, "", "known TRF-001 b", 0, 0},
		"renamed, and one more":         {"2026-12-31", []func() Subject{store("a", abroad)}, []func() Subject{store("b", abroad), store("c", abroad)}, "", "known TRF-001 b\nfailing TRF-001 c new", 0, 0},
		"a second one, the first stays": {"2026-12-31", []func() Subject{store("a", abroad)}, []func() Subject{store("b", abroad)}, "a", "failing TRF-001 b new", 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			in := input("p", c.after...)
			in.goes = map[string]bool{"a": c.stays == ""}
			o := options(t, in)
			o.Baseline = baselineOf(t, c.until, c.before...)
			run, list := judge(t, o)
			if short(list) != c.want || len(run.Report.Mended) != c.mended || len(run.Report.Lapsed) != c.lapsed {
				t.Errorf("mended %v, lapsed %v\n%s", run.Report.Mended, run.Report.Lapsed, short(list))
			}
			known := strings.Count(c.want, "known ")
			if run.Report.Counts.Known != known || run.Report.Counts.Failing+run.Report.Counts.Unclear != len(list)-known {
				t.Errorf("%+v", run.Report.Counts)
			}
			if want := assess.Pass; known == len(list) && run.Report.Status != want {
				t.Errorf("%s", run.Report.Status)
			}
		})
	}
}

func TestUpdatedBaseline(t *testing.T) {
	old := baselineOf(t, "2026-12-31", store("a", abroad), store("b", abroad), store("gone", abroad))
	o := options(t, input("p", store("a", abroad), store("b", nil), store("c", abroad)))
	o.Baseline = old
	run, _ := judge(t, o)
	b, added, err := run.NewBaseline(old, "found in November", "2027-01-31", "2026-11-23")
	if err != nil || added != 1 {
		t.Fatalf("%d added, %v", added, err)
	}
	var lines []string
	for _, e := range b.Entries {
		lines = append(lines, strings.Join([]string{e.Address, e.Reason, e.Since, e.Until}, "|"))
	}
	slices.Sort(lines)
	want := "a|known since the move|2026-11-20|2026-12-31\nc|found in November|2026-11-23|2027-01-31\ngone|known since the move|2026-11-20|2026-12-31"
	if strings.Join(lines, "\n") != want {
		t.Errorf("%s", strings.Join(lines, "\n"))
	}
}

func TestWrongBaselines(t *testing.T) {
	good := `{"schema":"waarborg.baseline/v1","entries":[{"rule":"R","address":"a","type":"t","status":"fail","findings":[],"reason":"x","since":"2026-01-01","until":"2026-12-31"}]}`
	if _, err := ReadBaseline("b", []byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string][2]string{
		"no reason":   {`"reason":"x"`, `"reason":" "`},
		"no last day": {`"until":"2026-12-31"`, `"until":""`},
		"no such day": {`"until":"2026-12-31"`, `"until":"2026-02-30"`},
		"unknown key": {`"type":"t"`, `"typ":"t"`},
		"passes":      {`"status":"fail"`, `"status":"pass"`},
		"results":     {`waarborg.baseline/v1`, `waarborg.gate/v1`},
		"other":       {`waarborg.baseline/v1`, `x`},
		"twice a key": {`"rule":"R"`, `"rule":"R","rule":"S"`},
		"two for one": {`[{`, `[{"rule":"R","address":"a","type":"t","status":"fail","findings":[],"reason":"x","since":"2026-01-01","until":"2026-12-31"},{`},
		"cut off":     {`]}`, ``},
	} {
		bad := strings.Replace(good, c[0], c[1], 1)
		if bad == good {
			t.Fatal(name)
		}
		if _, err := ReadBaseline("b", []byte(bad)); err == nil || say.HintOf(err).NL == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
