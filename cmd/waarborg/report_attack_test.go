package main

import (
	"bytes"
	"encoding/json/v2"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/rogpeppe/go-internal/txtar"

	"waarborg/internal/sign"
	"waarborg/internal/sign/pades"
	"waarborg/internal/testtool"
	"waarborg/internal/verify"
	"waarborg/reports"
	"waarborg/reports/pdf"
)

// file reads a file below the shell's workspace.
func (s *shell) file(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// edit replaces a text that occurs once in a file of the workspace.
func (s *shell) edit(t testing.TB, name, old, new string) {
	t.Helper()
	raw := s.file(t, name)
	if n := bytes.Count(raw, []byte(old)); n != 1 {
		t.Fatalf("%s has %q %d times, want once", name, old, n)
	}
	if err := os.WriteFile(filepath.Join(s.dir, name), bytes.Replace(raw, []byte(old), []byte(new), 1), 0o600); err != nil {
		t.Fatal(err)
	}
}

// only wants these files and no others in a folder, also no hidden ones.
func only(t testing.TB, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
}

// verdict runs verify in the workspace and returns the first verdict.
func (s *shell) verdict(t testing.TB, want int, args ...string) verify.Verdict {
	t.Helper()
	return firstVerdict(t, s.must(t, want, append([]string{"verify", "--format", "json"}, args...)...))
}

func firstVerdict(t testing.TB, raw string) verify.Verdict {
	t.Helper()
	var out struct {
		Verdicts []verify.Verdict `json:"verdicts"`
	}
	if err := json.Unmarshal([]byte(raw), &out); err != nil || len(out.Verdicts) == 0 {
		t.Fatalf("%v\n%s", err, raw)
	}
	return out.Verdicts[0]
}

// inkOnly wants nothing in a text that controls a terminal, reorders or hides.
func inkOnly(t testing.TB, what, text string) {
	t.Helper()
	at := strings.IndexFunc(text, func(r rune) bool {
		return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp))
	})
	if at >= 0 {
		t.Errorf("%s has a character that is not ink: …%q…", what, text[max(0, at-30):min(len(text), at+20)])
	}
}

// hostileFiles have hostile names wherever a name can stand: in the workspace, which refuses what cannot be printed, all that
// is printable; in the plan, everything.
func hostileFiles(t testing.TB) files {
	t.Helper()
	const printable = `<script>alert(1)</script>) Tj ET endstream endobj %%EOF >> ::error |` + "`*_[x](http://e)&amp;"
	quoted := func(s string) string { return `"` + s + `"` }
	long := quoted(strings.Repeat("L", 10_000))
	script, err := txtar.ParseFile(filepath.Join("testdata", "hostile.txtar"))
	if err != nil || len(script.Files) != 1 {
		t.Fatalf("the hostile plan is not there: %v", err)
	}
	plan := string(script.Files[0].Data)
	plan = strings.NewReplacer("txt.exe", `\u009b32m\u2066\u007f\u2028\udb40\udc41txt.exe`, "c | evil | ", "c | evil | "+strings.Repeat("L", 10_000)).Replace(plan)
	out := planned().with(files{"plan.json": plan})
	for name, pairs := range map[string][]string{
		"waarborg.yaml": {"processor: {name: Small Processor, country: NL, contact: privacy@small.example}",
			fmt.Sprintf("processor: {name: %[1]s, register: %[1]s, postal_address: %[2]s, country: NL, contact: %[1]s}\npeople:\n  - {id: anna, role: %[1]s}", quoted(printable), long)},
		"agreements/standard.yaml":        {"{en: Agreement, nl: Overeenkomst}", fmt.Sprintf("{en: %s, nl: %s}", quoted(printable), long), `version: "1"`, "version: " + quoted(printable)},
		"agreements/customers/north.yaml": {"Northern Homes", quoted(printable), "document: Contract N", "document: " + long},
		"subprocessors.yaml":              {"name: Azure", "name: " + quoted(printable), "{en: hosting, nl: hosting}", fmt.Sprintf("{en: %s, nl: %s}", quoted(printable), long)},
	} {
		for i := 0; i < len(pairs); i += 2 {
			if strings.Count(out[name], pairs[i]) != 1 {
				t.Fatalf("the test is wrong about %s: %q", name, pairs[i])
			}
			out[name] = strings.Replace(out[name], pairs[i], pairs[i+1], 1)
		}
	}
	return out
}

// TestHostileNamesThroughAReport takes hostile names from the sources and the workspace through every form of a report.
func TestHostileNamesThroughAReport(t *testing.T) {
	s := newShell(t, hostileFiles(t))
	keysOf(t, s)
	whole := s.must(t, exitNotMet, "check", "--format", "json")
	if !strings.Contains(whole, `<script>`) || !strings.Contains(whole, "txt.exe") || !strings.Contains(whole, "LLLLLLLL") {
		t.Fatal("the hostile names are not in the results, so that nothing is proved below")
	}
	out := filepath.Join(s.dir, "out")
	if err := os.Mkdir(out, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, customer := range []string{"", "north"} {
		for _, lang := range []string{"en", "nl"} {
			if underRace && lang == "nl" {
				continue
			}
			name := filepath.Join(out, "r"+customer+lang)
			args := []string{"report", "--lang", lang}
			if customer != "" {
				args = append(args, "--customer", customer)
			}
			run := func(want int, args ...string) string {
				code, text, errs := s.run(t.Context(), args...)
				if code != want {
					t.Errorf("%q: exit status %d\n%s", args, code, errs)
				}
				inkOnly(t, fmt.Sprintf("%q", args), strings.TrimPrefix(strings.ReplaceAll(text, "\r\n", "\n"), "\ufeff")+errs)
				return text
			}
			for _, format := range []string{"html", "md", "csv", "json"} {
				text := run(exitMet, append(args, "--format", format)...)
				switch format {
				case "html":
					if strings.Count(text, "<script") != 1 || strings.Contains(text, "<script>alert") {
						t.Errorf("%s: a script of its own in HTML", lang)
					}
				case "md":
					if regexp.MustCompile(`(?m)^::error|<script|[^\\]\]\(http`).MatchString(text) {
						t.Errorf("%s: markup of its own in Markdown", lang)
					}
				}
			}
			run(exitMet, append(args, "-o", name+".pdf")...)
			want := map[string]int{"": exitMet, "north": exitUnknown}[customer]
			run(want, "verify", name+".pdf", "--replay", "--lang", lang)
			if text := run(want, "verify", name+".pdf", "--format", "json"); !strings.Contains(text, "<script>") {
				t.Error("the verdict does not name the processor")
			}
			happyReaders(t, name+".pdf")
			run(exitUnknown, "record", "--lang", lang)
			run(exitUnknown, "record", "--lang", lang, "--format", "json")
		}
	}
}

// TestJSONForTerminals: names keep their value in JSON, and control nothing where it is printed.
func TestJSONForTerminals(t *testing.T) {
	name := "a\u001b\u007f\u009b\u202e\u2066\u2028\ufeff\U000e0041é→\U0001f600\n\"\\"
	var out bytes.Buffer
	if err := reports.JSON(&out, map[string]string{"name": name}); err != nil {
		t.Fatal(err)
	}
	inkOnly(t, "JSON", out.String())
	var back map[string]string
	if err := json.Unmarshal(out.Bytes(), &back); err != nil || back["name"] != name || !strings.Contains(out.String(), "é→\U0001f600") {
		t.Errorf("%v: %s", err, out.String())
	}
}

// happyReaders wants others' programs to find a PDF whole, signed, and without a character that is not ink.
func happyReaders(t testing.TB, file string) {
	t.Helper()
	for _, c := range []struct{ program, want string }{{"qpdf --check", "No syntax or stream encoding errors found"}, {"pdfsig -nocert", "Signature is Valid"}, {"pdftotext", ""}} {
		args := strings.Fields(c.program)
		args = append(args, file)
		if args[0] == "pdftotext" {
			args = append(args, "-")
		}
		text, err := exec.CommandContext(t.Context(), testtool.Path(t, args[0]), args[1:]...).CombinedOutput()
		if err != nil || !strings.Contains(string(text), c.want) || strings.Contains(string(text), "WARNING") {
			t.Errorf("%s: %v\n%s", args[0], err, text[:min(len(text), 2000)])
		}
		if args[0] == "pdftotext" {
			inkOnly(t, file, strings.ReplaceAll(string(text), "\f", "\n"))
		}
	}
}

// keysOf makes the evidence key of a workspace and its pseudonym key.
func keysOf(t testing.TB, s *shell, people ...string) {
	t.Helper()
	s.must(t, exitMet, "keys", "init")
	for _, id := range people {
		out := s.must(t, exitMet, "keys", "init", "--person", id)
		role := map[string]string{"anna": "Security officer", "bram": "Privacy officer"}[id]
		key := regexp.MustCompile(`ed25519:\S+`).FindString(out)
		s.edit(t, "waarborg.yaml", "role: "+role+"\n", "role: "+role+"\n    key: "+key+"\n")
	}
}

// TestTheSameReportElsewhere: other processes, in other zones, languages, homes and folders, draw the same bytes before they
// are signed, and give the same verdict. The program here is the test's own binary, as in scripts.
func TestTheSameReportElsewhere(t *testing.T) {
	s := newShell(t, small())
	keysOf(t, s)
	s.must(t, exitNotMet, "check", "--lang", "en")
	known := filepath.Join(s.dir, ".waarborg", "keys", "evidence.pub")
	clock, pass := "WAARBORG_TEST_NOW=2026-11-23T12:00:00Z", "WAARBORG_PASSPHRASE=a passphrase for tests only"
	var base []byte
	var said string
	for i, env := range [][]string{{}, {"TZ=Pacific/Kiritimati", "LANG=nl_NL.UTF-8", "LC_ALL=tr_TR.UTF-8", "HOME=/nowhere", "GOMAXPROCS=1"}, {"TZ=America/St_Johns", "LC_ALL=C", "GOMAXPROCS=7", "TERM=dumb", "GODEBUG=randautoseed=0"}} {
		if underRace && i == 2 {
			continue
		}
		elsewhere := t.TempDir()
		run := func(args ...string) string {
			cmd := exec.CommandContext(t.Context(), "waarborg", args...)
			cmd.Dir, cmd.Env = elsewhere, append(env, clock, pass)
			var errs bytes.Buffer
			cmd.Stderr = &errs
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v: %q: %v\n%s%s", env, args, err, out, errs.String())
			}
			return string(out)
		}
		file := filepath.Join(elsewhere, "r.pdf")
		run("-w", s.dir, "--lang", "en", "report", "-o", file)
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := pades.Verify(raw, pades.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if base == nil {
			base = bytes.Clone(signed.Base)
			if err := os.WriteFile(filepath.Join(s.dir, "first.pdf"), raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(signed.Base, base) {
			t.Errorf("%v: other bytes before signing", env)
		}
		text := run("verify", filepath.Join(s.dir, "first.pdf"), "--trust", known, "--replay", "--format", "json", "--lang", "en")
		if said == "" {
			said = text
		}
		if text != said || !strings.Contains(text, `"redrawn": true`) || !strings.Contains(text, `"replayed": true`) {
			t.Errorf("%v: another verdict\n%s", env, text)
		}
	}
}

// TestAReleaseOfAnotherDraft: what one person signed for one draft is no signature of another, even if the evidence key signs
// the swap.
func TestAReleaseOfAnotherDraft(t *testing.T) {
	s := newShell(t, small())
	keysOf(t, s, "anna", "bram")
	s.must(t, exitNotMet, "check", "--lang", "en")
	draft := func(customer, lang string) string {
		file := filepath.Join(s.dir, customer+lang+".pdf")
		s.must(t, exitMet, "report", "--customer", customer, "--as", "anna", "--lang", lang, "-o", file)
		return file
	}
	north, south, dutch := draft("north", "en"), draft("south", "en"), draft("north", "nl")
	a := &app{dir: s.dir, lang: "en", format: "table", outside: outside{in: strings.NewReader(""), out: io.Discard, err: io.Discard,
		env: func(name string) (string, bool) { v, ok := s.env[name]; return v, ok }, now: func() time.Time { return s.now }}}
	ws, err := a.load()
	if err != nil {
		t.Fatal(err)
	}
	open := func(file string) verify.Content {
		t.Helper()
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c, _, err := a.opened(t.Context(), file, raw, nil)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	released := filepath.Join(s.dir, "released.pdf")
	s.must(t, exitMet, "report", "release", north, "--as", "bram", "-o", released)
	for name, c := range map[string]struct {
		of, from string
		change   func(*reports.Release)
	}{
		"the preparer's, of another customer's draft": {north, south, nil},
		"the preparer's, of another language's draft": {north, dutch, nil},
		"a whole release, of another draft":           {dutch, released, nil},
		"the same person twice": {north, released, func(r *reports.Release) {
			again := *r.Prepared
			again.Role = "Privacy officer"
			r.Released = &again
		}},
		"under another name's key": {north, released, func(r *reports.Release) { r.Released.Key = r.Prepared.Key }},
	} {
		t.Run(name, func(t *testing.T) {
			x, other := open(c.of), open(c.from)
			release := *other.Document.Release
			if c.change != nil {
				c.change(&release)
			}
			x.Document.Release = &release
			files := map[string][]byte{verify.ResultsFile: x.Files[verify.ResultsFile], verify.EvidenceFile: x.Files[verify.EvidenceFile]}
			if files[verify.DocumentFile], err = reports.Canonical(x.Document); err != nil {
				t.Fatal(err)
			}
			forged := filepath.Join(t.TempDir(), "forged.pdf")
			err := a.signPDF(t.Context(), ws, toSign{out: forged, lang: "en", attachments: verify.Relationships(), draw: func(w io.Writer) error {
				return pdf.Render(w, x.Document, x.Results, verify.Attachments(files, x.Document.Language))
			}}, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			if out := s.must(t, exitNotMet, "verify", forged, "--lang", "en"); !strings.Contains(out, "The signatures of its release do not fit") {
				t.Error(out)
			}
			out := filepath.Join(t.TempDir(), "final.pdf")
			s.must(t, exitFailed, "report", "release", forged, "--as", "bram", "-o", out)
			only(t, filepath.Dir(out))
		})
	}
	// A key under two names is one person: the workspace is refused, or the release is.
	keys := filepath.Join(s.dir, ".waarborg", "keys")
	for _, suffix := range []string{".key", ".pub"} {
		raw, err := os.ReadFile(filepath.Join(keys, "person-anna"+suffix))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(keys, "person-bram"+suffix), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	anna, err := sign.LoadPublic(keys, sign.Use("person-anna"))
	if err != nil {
		t.Fatal(err)
	}
	bram := string(ws.Config.People[1].Key)
	s.edit(t, "waarborg.yaml", bram, anna.String())
	code, _, errs := s.run(t.Context(), "report", "release", north, "--as", "bram", "--lang", "en", "-o", filepath.Join(s.dir, "two.pdf"))
	if code != exitFailed || !strings.Contains(errs, "bram has the same key as anna") {
		t.Errorf("exit status %d\n%s", code, errs)
	}
	if _, err := os.Stat(filepath.Join(s.dir, "two.pdf")); err == nil {
		t.Error("one key released its own report under two names")
	}
}
