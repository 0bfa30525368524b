package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/testscript"
)

// expectStatus runs a command and wants an exact exit status: status 3 waarborg check …
func expectStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// english are words that Dutch does not have. What is quoted, between backquotes or brackets, is no text of ours.
var (
	english = regexp.MustCompile(`(?i)\b(the|and|not|cannot|could|there|its|it|by|with|from|does|missing|make|give|which|that|than|unknown|this|who|where|run|see)\b`)
	noText  = regexp.MustCompile("`[^`]*`|\"[^\"]*\"|'[^']*'|\\([^)]*\\)")
)

// expectDutch runs a command that fails, and wants an exit status and no English on stderr: dutch N COMMAND [ARG...]
func expectDutch(ts *testscript.TestScript, neg bool, args []string) {
	expectStatus(ts, neg, args)
	text := ts.ReadFile("stderr")
	if text == "" {
		ts.Fatalf("stderr is empty")
	}
	if word := english.FindString(noText.ReplaceAllString(text, "")); word != "" {
		ts.Fatalf("stderr has the English word %q", word)
	}
}

// replaceOnce changes a text that occurs exactly once in a file: sed1 FILE OLD NEW
func replaceOnce(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: sed1 FILE OLD NEW")
	}
	file := ts.MkAbs(args[0])
	raw, err := os.ReadFile(file)
	ts.Check(err)
	if n := bytes.Count(raw, []byte(args[1])); n != 1 {
		ts.Fatalf("%s has %q %d times, want once", args[0], args[1], n)
	}
	ts.Check(os.WriteFile(file, bytes.Replace(raw, []byte(args[1]), []byte(args[2]), 1), 0o644))
}

// insertLine puts a line below the one that has a text, as people do with what the program prints: insert FILE TEXT [LINE].
// Without LINE it is the last line of standard output.
func insertLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: insert FILE TEXT [LINE]")
	}
	printed := strings.Split(strings.TrimRight(ts.ReadFile("stdout"), "\n"), "\n")
	line := printed[len(printed)-1]
	if len(args) == 3 {
		line = args[2]
	}
	before, after, found := strings.Cut(ts.ReadFile(args[0]), args[1])
	rest, below, _ := strings.Cut(after, "\n")
	if !found || strings.Contains(after, args[1]) {
		ts.Fatalf("%s must have %q exactly once", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(before+args[1]+rest+"\n"+line+"\n"+below), 0o644))
}

// damage writes a copy of a file that is spoilt in one way: damage HOW FROM TO
func damage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: damage flip|half|empty|bom|utf16|append FROM TO")
	}
	raw, err := os.ReadFile(ts.MkAbs(args[1]))
	ts.Check(err)
	switch args[0] {
	case "flip":
		raw[len(raw)/2] ^= 1
	case "half":
		raw = raw[:len(raw)/2]
	case "empty":
		raw = nil
	case "bom":
		raw = append([]byte("\xef\xbb\xbf"), raw...)
	case "append":
		raw = append(raw, '\n')
	case "utf16":
		wide := []byte{0xff, 0xfe}
		for _, u := range utf16.Encode([]rune(string(raw))) {
			wide = append(wide, byte(u), byte(u>>8))
		}
		raw = wide
	default:
		ts.Fatalf("there is no damage %q", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), raw, 0o644))
}

// rezip writes a copy of a gzip file with one text in it replaced: rezip FROM TO OLD NEW
func rezip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: rezip FROM TO OLD NEW")
	}
	packed, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer packed.Close()
	in, err := gzip.NewReader(packed)
	ts.Check(err)
	raw, err := io.ReadAll(in)
	ts.Check(err)
	if n := bytes.Count(raw, []byte(args[2])); n != 1 {
		ts.Fatalf("%s has %q %d times, want once", args[0], args[2], n)
	}
	var buf bytes.Buffer
	out := gzip.NewWriter(&buf)
	_, err = out.Write(bytes.Replace(raw, []byte(args[2]), []byte(args[3]), 1))
	ts.Check(errors.Join(err, out.Close()))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), buf.Bytes(), 0o644))
}

// wantMode checks a file's permissions: mode 0600 FILE
func wantMode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode OCTAL FILE")
	}
	want, err := strconv.ParseUint(args[0], 8, 32)
	ts.Check(err)
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := info.Mode().Perm(); got != os.FileMode(want) {
		ts.Fatalf("%s has mode %o, want %o", args[1], got, want)
	}
}

// deepPlan writes a plan that nests 100,000 arrays: deep FILE
func deepPlan(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: deep FILE")
	}
	const n = 100_000
	text := `{"format_version":"1.2","resource_changes":` + strings.Repeat("[", n) + strings.Repeat("]", n) + "}"
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// noEscapes wants no control characters but line feeds and tabs in the last output: plain
func noEscapes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: plain")
	}
	for _, name := range []string{"stdout", "stderr"} {
		text := ts.ReadFile(name)
		at := strings.IndexFunc(text, func(r rune) bool {
			return r != '\n' && r != '\t' && (r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e)
		})
		if at >= 0 {
			ts.Fatalf("%s has a control character: …%q…", name, text[max(0, at-20):min(len(text), at+20)])
		}
	}
}

// premadeKeys makes the keys of a workspace and of two people once for all scripts: each key takes a deliberate while.
func premadeKeys(t *testing.T) string {
	t.Helper()
	s := newShell(t, small())
	s.must(t, exitMet, "keys", "init")
	s.must(t, exitMet, "keys", "init", "--person", "anna")
	s.must(t, exitMet, "keys", "init", "--person", "bram")
	return filepath.Join(s.dir, ".waarborg", "keys")
}

// keyed gives a workspace the keys that were made before: keyed DIR [PERSON...]
func keyed(keys string) func(ts *testscript.TestScript, neg bool, args []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) < 1 {
			ts.Fatalf("usage: keyed DIR [PERSON...]")
		}
		dir := filepath.Join(ts.MkAbs(args[0]), ".waarborg", "keys")
		ts.Check(os.MkdirAll(dir, 0o700))
		entries, err := os.ReadDir(keys)
		ts.Check(err)
		for _, e := range entries {
			person, isPerson := strings.CutPrefix(strings.TrimSuffix(strings.TrimSuffix(e.Name(), ".key"), ".pub"), "person-")
			if isPerson && !slices.Contains(args[1:], person) {
				continue
			}
			raw, err := os.ReadFile(filepath.Join(keys, e.Name()))
			ts.Check(err)
			ts.Check(os.WriteFile(filepath.Join(dir, e.Name()), raw, 0o600))
		}
	}
}
