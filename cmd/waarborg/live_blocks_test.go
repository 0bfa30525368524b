package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
	"waarborg/policies"
)

// TestLiveBlocks goes through what can be wrong with the last assessment of live systems, each in both languages.
func TestLiveBlocks(t *testing.T) {
	sh, a := keyedShell(t, small(), "en")
	p, err := assess.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	other := *p
	other.Digest = "sha256:other"
	type expect struct {
		status assess.Status
		text   string
	}
	look := func(name string, s *space, p *assess.Policies, file string, maxAge time.Duration, want ...expect) {
		t.Helper()
		in := map[string][]gate.Block{}
		for _, lang := range []string{"en", "nl"} {
			a.lang = lang
			blocks, err := a.liveBlocks(t.Context(), s, p, file, maxAge)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			in[lang] = blocks
		}
		a.lang = "en"
		if len(in["en"]) != len(want) || len(in["nl"]) != len(want) {
			t.Errorf("%s: %+v, want %v", name, in["en"], want)
			return
		}
		for i, w := range want {
			b := in["en"][i]
			if b.What != "live" || b.Status != w.status || !strings.Contains(b.Text, w.text) || b.Hint == "" {
				t.Errorf("%s: %+v, want %v", name, b, w)
			}
			nl := in["nl"][i]
			if word := english.FindString(noText.ReplaceAllString(nl.Text+" "+nl.Hint, "")); word != "" || nl.Status != b.Status {
				t.Errorf("%s: the English word %q in %+v", name, word, nl)
			}
		}
	}
	failed := expect{assess.Fail, "it failed: 1 not met, "}
	unknown := func(text string) expect { return expect{assess.Unknown, text} }

	look("never checked", loaded(t, a), p, "", 0, unknown("there is none"))

	sh.env["WAARBORG_PASSPHRASE"] = ""
	sh.must(t, exitNotMet, "check")
	look("not sealed", loaded(t, a), p, "", 0, unknown("it is not sealed"))
	sh.env["WAARBORG_PASSPHRASE"] = "a passphrase for tests only"

	sh.now = sh.now.Add(time.Hour)
	sh.must(t, exitNotMet, "check")
	snapshot := filepath.Join(t.TempDir(), "snap.json.gz")
	sh.must(t, exitMet, "collect", "-o", snapshot)
	kept, err := filepath.Glob(filepath.Join(sh.dir, ".waarborg", "assessments", "20261123T13*", "evidence.json.gz"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("%v, %v", kept, err)
	}
	for name, file := range map[string]string{"kept": "", "evidence": kept[0], "snapshot": snapshot} {
		look(name+" of today", loaded(t, a), p, file, time.Hour, failed)
		sh.now = sh.now.Add(25 * time.Hour)
		look(name+" of yesterday", loaded(t, a), p, file, 24*time.Hour, unknown("it is of 2026-11-23 13:00 UTC, and at most 24h old is allowed"), failed)
		look(name+" of any age", loaded(t, a), p, file, 0, failed)
		sh.now = sh.now.Add(-28 * time.Hour)
		look(name+" of tomorrow", loaded(t, a), p, file, 24*time.Hour, unknown("in the future"), failed)
		sh.now = sh.now.Add(3 * time.Hour)
	}
	look("with other rules", loaded(t, a), &other, "", 0, unknown("with other rules"))
	look("evidence with other rules", loaded(t, a), &other, kept[0], 0, unknown("with other rules"))

	spoilt := filepath.Join(t.TempDir(), "spoilt")
	for name, file := range map[string]string{"evidence": kept[0], "snapshot": snapshot} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		raw[len(raw)/2] ^= 1
		if err := os.WriteFile(spoilt, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		look("spoilt "+name, loaded(t, a), p, spoilt, 0, unknown("the live assessment "+spoilt+": "))
	}
	look("something else", loaded(t, a), p, filepath.Join(sh.dir, "export.json"), 0, unknown("this is not a snapshot"))
	if _, err := a.liveBlocks(t.Context(), loaded(t, a), p, snapshot+"x", 0); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}

	// Another key: what it says counts for nothing, also not that it failed.
	sh2, _ := keyedShell(t, small(), "en")
	sh2.now = sh.now
	forged := filepath.Join(t.TempDir(), "forged.json.gz")
	sh2.must(t, exitMet, "collect", "-o", forged)
	look("forged", loaded(t, a), p, forged, 0, unknown("by a key that this workspace does not know"))

	// Another workspace: its rows of the register, and waivers.
	changed := loaded(t, a)
	changed.Digests["subprocessors.yaml"] = strings.Repeat("0", 64)
	look("another register", changed, p, "", 0, unknown("the agreement, register, data map or role matrix is another"), failed)
	look("another register, snapshot", changed, p, snapshot, 0, unknown("the agreement, register, data map or role matrix is another"), failed)
	terms := loaded(t, a)
	terms.Book.SubProcessors[0].OpenObjections = 1
	look("other terms", terms, p, "", 0, unknown("other terms, waivers or regions"))

	// An export of the register decides of the deploy, not of what was judged before.
	with := loaded(t, a)
	e, err := with.export(a.now(), time.Hour, neverRandom{})
	if err != nil {
		t.Fatal(err)
	}
	e.Entries[0].Countries = []string{"IE"}
	putIn(e)(with)
	look("with an export", with, p, "", 0, failed)
	if with.Book.SubProcessors[0].Countries[0] != "IE" {
		t.Error("the export is in its place no longer")
	}

	// All there is to see is met: nothing holds the deploy up.
	good := small()
	good["export.json"] = strings.ReplaceAll(good["export.json"], "uksouth", "westeurope")
	sh3, b := keyedShell(t, good, "en")
	sh3.must(t, exitUnknown, "check")
	blocks, err := b.liveBlocks(t.Context(), loaded(t, b), p, "", time.Hour)
	if err != nil || len(blocks) != 1 || blocks[0].Status != assess.Unknown || !strings.Contains(blocks[0].Text, "it does not know enough") {
		t.Errorf("nothing fails, much is unknown: %+v, %v", blocks, err)
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{24 * time.Hour: "24h", 90 * time.Minute: "1h30m", 10 * time.Minute: "10m", 5 * time.Second: "5s", time.Hour + time.Second: "1h0m1s"} {
		if got := span(d); got != want {
			t.Errorf("%s is written as %s", d, got)
		}
	}
}
