package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/attest"
	"waarborg/internal/gate"
)

// appOf is the program in the middle of a command, in the workspace of a shell.
func appOf(s *shell) *app {
	return &app{outside: outside{in: strings.NewReader(""), out: &bytes.Buffer{}, err: &bytes.Buffer{}, now: func() time.Time { return s.now },
		env: func(name string) (string, bool) { v, ok := s.env[name]; return v, ok }}, dir: s.dir, lang: "en"}
}

// stage is a workspace with a plan and an attestation that all in it was met.
type stage struct {
	*shell
	plan, file, rules string
	inputs            []gate.Info
}

func newStage(t *testing.T) stage {
	t.Helper()
	s := newShell(t, small())
	s.must(t, exitMet, "keys", "init")
	w := stage{shell: s, plan: filepath.Join(s.dir, "plan.json"), file: filepath.Join(s.dir, "gate.sigstore.json"), rules: "sha256:" + strings.Repeat("a", 64)}
	if err := os.WriteFile(w.plan, []byte("plan"), 0o600); err != nil {
		t.Fatal(err)
	}
	digest, err := fileDigest(w.plan)
	if err != nil {
		t.Fatal(err)
	}
	w.inputs = []gate.Info{{Name: "plan.json", Format: "terraform-plan", Digest: digest}}
	w.attest(t, nil)
	return w
}

// attest writes an attestation of a report that change makes of one in which all was met.
func (w stage) attest(t *testing.T, change func(r *gate.Report)) {
	t.Helper()
	a := appOf(w.shell)
	s, err := a.load()
	if err != nil {
		t.Fatal(err)
	}
	digest, err := s.digest()
	if err != nil {
		t.Fatal(err)
	}
	r := &gate.Report{Version: "v1", At: w.now, Status: assess.Pass, Subjects: 2, Counts: gate.Counts{Pass: 4}, Inputs: w.inputs, Rules: w.rules, Workspace: digest}
	if change != nil {
		change(r)
	}
	if err := a.writeAttestation(t.Context(), s, r, attest.Options{Ref: "main"}, w.file); err != nil {
		t.Fatal(err)
	}
}

// required is what a deploy stage makes of the attestation.
func (w stage) required(t *testing.T, lang string, o requireOptions) *gate.Block {
	t.Helper()
	a := appOf(w.shell)
	a.lang = lang
	s, err := a.load()
	if err != nil {
		t.Fatal(err)
	}
	if o.rules == "" {
		o.rules = w.rules
	}
	block, err := a.requireAttestation(s, w.file, w.inputs, o)
	if err != nil {
		t.Fatal(err)
	}
	return block
}

func wantBlock(t *testing.T, b *gate.Block, status assess.Status, text string) {
	t.Helper()
	if b == nil || b.What != "attestation" || b.Status != status || !strings.Contains(b.Text, text) || b.Hint == "" {
		t.Errorf("%+v, want %s with %q", b, status, text)
	}
}

// TestRequireAttestation goes the way of a pipeline: one stage judges and attests, the next lets nothing else on.
func TestRequireAttestation(t *testing.T) {
	w := newStage(t)
	if b := w.required(t, "en", requireOptions{}); b != nil {
		t.Errorf("%+v", b)
	}
	w.now = w.now.Add(time.Hour)
	if b := w.required(t, "en", requireOptions{}); b != nil {
		t.Errorf("after an hour: %+v", b)
	}
	w.now = w.now.Add(time.Second)
	wantBlock(t, w.required(t, "en", requireOptions{}), assess.Unknown, "more than 1h ago")
	wantBlock(t, w.required(t, "nl", requireOptions{}), assess.Unknown, "meer dan 1h geleden")
	if b := w.required(t, "en", requireOptions{maxAge: 2 * time.Hour}); b != nil {
		t.Errorf("%+v", b)
	}
	w.attest(t, nil) // the file is replaced

	wantBlock(t, w.required(t, "en", requireOptions{rules: "sha256:" + strings.Repeat("b", 64)}), assess.Unknown, "other rules than are in force now")
	wantBlock(t, w.required(t, "en", requireOptions{teamRules: "sha256:" + strings.Repeat("b", 64)}), assess.Unknown, "other rules of the team")

	mine := w.inputs
	w.inputs = []gate.Info{{Name: "other.json", Format: "terraform-plan", Digest: "sha256:" + strings.Repeat("c", 64)}}
	wantBlock(t, w.required(t, "en", requireOptions{}), assess.Fail, "does not speak of other.json")
	w.inputs = append(w.inputs, mine...)
	wantBlock(t, w.required(t, "en", requireOptions{}), assess.Fail, "does not speak of other.json")
	w.attest(t, nil)
	if b := w.required(t, "en", requireOptions{}); b != nil {
		t.Errorf("two files: %+v", b)
	}
	w.inputs = mine
	wantBlock(t, w.required(t, "en", requireOptions{}), assess.Fail, "is of other.json too")

	w.attest(t, func(r *gate.Report) { r.Status, r.Counts.Failing = assess.Fail, 1 })
	wantBlock(t, w.required(t, "en", requireOptions{}), assess.Fail, "does not meet the agreement")
	w.attest(t, func(r *gate.Report) { r.Status, r.Counts.Unclear = assess.Unknown, 1 })
	wantBlock(t, w.required(t, "en", requireOptions{}), assess.Unknown, "not everything could be judged")
	w.attest(t, func(r *gate.Report) { r.Subjects = 0 })
	wantBlock(t, w.required(t, "en", requireOptions{}), assess.Unknown, "nothing was judged")
	if b := w.required(t, "en", requireOptions{allow: attest.Softened{AllowEmpty: true}}); b != nil {
		t.Errorf("%+v", b)
	}

	// Another agreement than the one that was judged by.
	w.attest(t, nil)
	datamap := filepath.Join(w.dir, "datamap.yaml")
	old, err := os.ReadFile(datamap)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(datamap, append([]byte("# changed\n"), old...), 0o600); err != nil {
		t.Fatal(err)
	}
	wantBlock(t, w.required(t, "en", requireOptions{}), assess.Unknown, "another workspace")
	if err := os.WriteFile(datamap, old, 0o600); err != nil {
		t.Fatal(err)
	}

	raw, err := os.ReadFile(w.file)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/3] ^= 1
	if err := os.WriteFile(w.file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	wantBlock(t, w.required(t, "en", requireOptions{}), assess.Fail, "does not verify")
	if err := os.Remove(w.file); err != nil {
		t.Fatal(err)
	}
	a := appOf(w.shell)
	s, err := a.load()
	if err != nil {
		t.Fatal(err)
	}
	if b, err := a.requireAttestation(s, w.file, w.inputs, requireOptions{rules: w.rules}); err == nil || b != nil {
		t.Errorf("a file that is not there: %+v, %v", b, err)
	}
}

// TestRequireAttestationByKey: only a key of the workspace counts, and only while it did.
func TestRequireAttestationByKey(t *testing.T) {
	w := newStage(t)
	stranger := newStage(t)
	theirs, err := os.ReadFile(stranger.file)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := os.ReadFile(w.file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(w.file, theirs, 0o600); err != nil {
		t.Fatal(err)
	}
	wantBlock(t, w.required(t, "en", requireOptions{}), assess.Unknown, "a key that is not trusted")
	if b := w.required(t, "nl", requireOptions{}); !strings.Contains(b.Hint, "dezelfde werkmap") {
		t.Errorf("%s", b.Hint)
	}

	// The old key keeps counting for what it signed before, and not for what it signs later.
	private, err := os.ReadFile(filepath.Join(w.dir, ".waarborg", "keys", "evidence.key"))
	if err != nil {
		t.Fatal(err)
	}
	public, err := os.ReadFile(filepath.Join(w.dir, ".waarborg", "keys", "evidence.pub"))
	if err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(10 * time.Minute)
	w.must(t, exitMet, "keys", "rotate")
	if err := os.WriteFile(w.file, ours, 0o600); err != nil {
		t.Fatal(err)
	}
	if b := w.required(t, "en", requireOptions{}); b != nil {
		t.Errorf("from before: %+v", b)
	}
	thief := newStage(t)
	thief.now, thief.file = w.now.Add(time.Minute), w.file
	for name, content := range map[string][]byte{"evidence.key": private, "evidence.pub": public} {
		if err := os.WriteFile(filepath.Join(thief.dir, ".waarborg", "keys", name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	thief.attest(t, nil)
	w.now = thief.now
	wantBlock(t, w.required(t, "en", requireOptions{}), assess.Unknown, "was retired")
}

// TestVerifyAttestation is `waarborg verify` for whoever has the file and the key alone.
func TestVerifyAttestation(t *testing.T) {
	w := newStage(t)
	w.attest(t, func(r *gate.Report) {
		r.Status, r.Counts.Failing, r.Counts.Accepted = assess.Fail, 1, 2
		r.Blocks = []gate.Block{{What: "register", Status: assess.Unknown, Text: "too old"}}
		r.Waivers = []assess.WaiverUse{{ID: "w-1", Rule: "SEC-010", State: assess.WaiverUsed, Matched: 2, Expires: "2027-05-31"}}
	})
	out := w.must(t, exitMet, "verify", "--attestation", w.file, "--subject", w.plan)
	for _, want := range []string{"Nothing in the attestation was changed", "whom the workspace in", "of the files that you named, as they are now", "plan.json (terraform-plan) sha256:",
		"It was judged on 23 November 2026 12:00 UTC and counts until 24 November 2026 12:00 UTC.",
		"It says: not met; 2 resources judged; not met 1, known 0, accepted 2, to be proved 0, unknown 0, met 4.", "Stopped by: register (unknown).",
		"Accepted by w-1: SEC-010 for 2 resources, until 2027-05-31.", "VALID"} {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if out := w.must(t, exitMet, "--lang", "nl", "verify", w.file); !strings.Contains(out, "Het zegt: niet voldaan; 2 objecten beoordeeld") || !strings.Contains(out, "--subject") {
		t.Errorf("%s", out)
	}
	out = w.must(t, exitMet, "verify", "--attestation", w.file, "--format", "json")
	for _, want := range []string{`"kind": "attestation"`, `"state": "valid"`, `"predicateType": "https://waarborg.dev/attestation/gate/v1"`, `"failing": 1`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}

	other := filepath.Join(w.dir, "other.json")
	if err := os.WriteFile(other, []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := w.must(t, exitNotMet, "verify", "--attestation", w.file, "--subject", w.plan, "--subject", other); !strings.Contains(out, "not of the files") || strings.Contains(out, "It says") {
		t.Errorf("%s", out)
	}
	elsewhere := newShell(t, small())
	elsewhere.must(t, exitMet, "keys", "init")
	if out := elsewhere.must(t, exitUnknown, "verify", "--attestation", w.file); !strings.Contains(out, "NOT TRUSTED") || strings.Contains(out, "It says") {
		t.Errorf("%s", out)
	}
	elsewhere.must(t, exitMet, "verify", "--attestation", w.file, "--trust", filepath.Join(w.dir, ".waarborg", "keys", "evidence.pub"), "--subject", w.plan)
	w.now = w.now.Add(25 * time.Hour)
	if out := w.must(t, exitUnknown, "verify", "--attestation", w.file); !strings.Contains(out, "was valid until") {
		t.Errorf("%s", out)
	}
	w.now = w.now.Add(-26 * time.Hour)
	if out := w.must(t, exitUnknown, "verify", "--attestation", w.file); !strings.Contains(out, "in the future") {
		t.Errorf("%s", out)
	}
	if code, _, errs := w.run(t.Context(), "verify", w.file, "--subject", w.plan); code != exitFailed || !strings.Contains(errs, "hint: name the attestation") {
		t.Errorf("%d %s", code, errs)
	}
	if code, _, errs := w.run(t.Context(), "verify", "--attestation", w.file, "--subject", "nowhere"); code != exitFailed || !strings.Contains(errs, "of --subject cannot be read") {
		t.Errorf("%d %s", code, errs)
	}
	w.must(t, exitFailed, "verify", "--attestation", "nowhere")
	w.must(t, exitNotMet, "verify", "--attestation", w.plan)
	raw, err := os.ReadFile(w.file)
	if err := errors.Join(err, os.WriteFile(w.file, append(raw, '\n'), 0o600)); err != nil {
		t.Fatal(err)
	}
	if out := w.must(t, exitNotMet, "verify", w.file); !strings.Contains(out, "BROKEN") {
		t.Errorf("%s", out)
	}
}
