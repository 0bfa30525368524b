package rulebundle

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json/v2"
	"encoding/pem"
	"errors"
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

	"github.com/open-policy-agent/opa/v1/version"

	"waarborg/internal/assess"
	"waarborg/internal/sign"
	"waarborg/internal/strictjson"
	"waarborg/internal/testtool"
	"waarborg/policies"
)

func key(t testing.TB) (*ecdsa.PrivateKey, sign.Public) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	public, err := sign.ParsePublic(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	if err != nil {
		t.Fatal(err)
	}
	return private, public
}

func shipped(t testing.TB) (*assess.Policies, []assess.BundleFile) {
	t.Helper()
	p, err := assess.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	files, err := p.Bundle(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	return p, files
}

func write(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func unpack(t testing.TB, raw []byte) []assess.BundleFile {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var out []assess.BundleFile
	for archive := tar.NewReader(zip); ; {
		head, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		data, bad := io.ReadAll(archive)
		if err = errors.Join(err, bad); err != nil {
			t.Fatal(err)
		}
		out = append(out, assess.BundleFile{Name: head.Name, Data: data})
	}
}

func TestSameBytes(t *testing.T) {
	private, public := key(t)
	_, files := shipped(t)
	var packed [2][]assess.BundleFile
	for i := range packed {
		raw, err := Make(t.Context(), files, private, public)
		if err != nil {
			t.Fatal(err)
		}
		packed[i] = unpack(t, raw)
	}
	if len(packed[0]) != len(files)+1 || packed[0][0].Name != signatures {
		t.Errorf("%d files, the first is %s", len(packed[0]), packed[0][0].Name)
	}
	for i, f := range packed[0][1:] {
		if f.Name != packed[1][i+1].Name || !bytes.Equal(f.Data, packed[1][i+1].Data) {
			t.Errorf("%s differs", f.Name)
		}
		if strings.HasSuffix(f.Name, "_test.rego") || strings.HasSuffix(f.Name, ".yaml") {
			t.Errorf("%s is in the bundle", f.Name)
		}
	}
	one, err := pack(files)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := pack(files); !bytes.Equal(one, again) {
		t.Error("packing differs from time to time")
	}
}

// TestOPA loads the bundle with OPA itself: it takes what we signed, and nothing that was changed since.
func TestOPA(t *testing.T) {
	opa := testtool.Built(t, "github.com/open-policy-agent/opa@v"+version.Version)
	private, public := key(t)
	_, stranger := key(t)
	_, files := shipped(t)
	raw, err := Make(t.Context(), files, private, public)
	if err != nil {
		t.Fatal(err)
	}
	// change gives the bundle with one file of it changed, and the signature as it was.
	change := func(name, old, new string) []byte {
		list := unpack(t, raw)
		i := slices.IndexFunc(list, func(f assess.BundleFile) bool { return f.Name == name })
		if i < 0 || !bytes.Contains(list[i].Data, []byte(old)) {
			t.Fatalf("%s does not have %q", name, old)
		}
		list[i].Data = bytes.Replace(list[i].Data, []byte(old), []byte(new), 1)
		out, err := pack(list)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	without := func(name string) []byte {
		out, err := pack(slices.DeleteFunc(unpack(t, raw), func(f assess.BundleFile) bool { return f.Name == name }))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	added, err := pack(append(unpack(t, raw), assess.BundleFile{Name: "x.rego", Data: []byte("package waarborg.x\n")}))
	if err != nil {
		t.Fatal(err)
	}
	const rule = "security/password_length/password_length.rego"
	for _, tt := range []struct {
		name string
		raw  []byte
		key  sign.Public
		ok   bool
	}{
		{"as made", raw, public, true},
		{"another key", raw, stranger, false},
		{"a changed byte in a rule", change(rule, "<", ">"), public, false},
		{"a changed byte in a comment", change(rule, "# METADATA", "# METADATB"), public, false},
		{"a changed country", change("data.json", `"NL"`, `"US"`), public, false},
		{"a changed revision", change(".manifest", "sha256:", "sha257:"), public, false},
		{"a rule left out", without(rule), public, false},
		{"a rule put in", added, public, false},
		{"no signature", without(signatures), public, false},
		{"a changed signature", change(signatures, `"eyJ`, `"eyK`), public, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cmd := exec.Command(opa, "run", "--skip-version-check", "--bundle", write(t, "rules.tar.gz", tt.raw),
				"--verification-key", write(t, "evidence.pub", tt.key.PEM()), "--signing-alg", "ES256")
			cmd.Stdin = strings.NewReader("count(data.reference.geo) > 0\n")
			out, err := cmd.CombinedOutput()
			if (err == nil && strings.Contains(string(out), "true")) != tt.ok {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// one is an example of a rule as plain OPA gets it, and what we say of it.
type one struct {
	Input map[string]any `json:"input"`
	Now   map[string]any `json:"now"`

	rule    *assess.Rule
	verdict *assess.Verdict
	name    string
}

// TestPlainOPASaysTheSame evaluates every example of every rule by the bundle alone.
func TestPlainOPASaysTheSame(t *testing.T) {
	opa := testtool.Built(t, "github.com/open-policy-agent/opa@v"+version.Version)
	private, public := key(t)
	p, files := shipped(t)
	raw, err := Make(t.Context(), files, private, public)
	if err != nil {
		t.Fatal(err)
	}
	var cases []one
	var ask strings.Builder
	ask.WriteString("package cases\n")
	for _, r := range p.Rules {
		examples, err := assess.Examples(policies.FS, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range examples {
			v, err := p.Try(t.Context(), r, x)
			if err != nil {
				t.Fatal(err)
			}
			at, err := time.Parse(time.RFC3339, cmp.Or(x.Now, assess.ExampleNow))
			if err != nil {
				t.Fatal(err)
			}
			input := map[string]any{}
			for k, v := range x.Input {
				input[k] = v
			}
			input["terms"] = x.Terms
			if x.Terms == nil {
				input["terms"] = map[string]any{}
			}
			given := fmt.Sprintf("with input as data.given[%[1]d].input with data.now as data.given[%[1]d].now", len(cases))
			for _, part := range []string{"deny", "unsure"} {
				fmt.Fprintf(&ask, "said[%d].%s := [x | some x in data.%s.%s %s]\n", len(cases), part, r.Package, part, given)
			}
			fmt.Fprintf(&ask, "said[%d].applies := [x | x := data.%s.applies %s]\n", len(cases), r.Package, given)
			cases = append(cases, one{input, map[string]any{"ns": at.UnixNano(), "date": at.UTC().Format(time.DateOnly)}, r, v, x.Name})
		}
	}
	if len(cases) < 300 {
		t.Fatalf("only %d examples", len(cases))
	}
	given, err := json.Marshal(map[string]any{"given": cases})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(opa, "eval", "--format", "raw", "--bundle", write(t, "rules.tar.gz", raw), "--data", write(t, "given.json", given),
		"--data", write(t, "cases.rego", []byte(ask.String())), "[x | some i in numbers.range(0, count(data.given) - 1); x := data.cases.said[i]]")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, errs.String())
	}
	var said []struct {
		Deny    []map[string]any `json:"deny"`
		Unsure  []map[string]any `json:"unsure"`
		Applies []any            `json:"applies"`
	}
	if err := json.Unmarshal(out, &said); err != nil || len(said) != len(cases) {
		t.Fatalf("%d answers, %v", len(said), err)
	}
	applies := regexp.MustCompile(`(?m)^applies\b`)
	count := map[assess.Status]int{}
	for i, c := range cases {
		source, err := policies.FS.ReadFile(c.rule.File)
		if err != nil {
			t.Fatal(err)
		}
		does := !applies.Match(source) || slices.Contains(said[i].Applies, any(true))
		deny, want := flat(t, said[i].Deny), flat(t, findings(c.verdict.Findings))
		ok := false
		switch c.verdict.Status {
		case assess.Fail:
			ok = does && deny == want && flat(t, said[i].Unsure) == flat(t, findings(c.verdict.Questions))
		case assess.Pass:
			ok = does && deny == "" && len(said[i].Unsure) == 0
		case assess.NotApplicable:
			ok = !does
		case assess.Unknown: // by what is missing, which a rule does not weigh
			ok = !does || deny == "" && flat(t, said[i].Unsure) == flat(t, findings(c.verdict.Questions))
		}
		count[c.verdict.Status]++
		if !ok {
			t.Errorf("%s, %q: we say %s %s, OPA applies %v, denies %s, asks %v", c.rule.ID, c.name, c.verdict.Status, want, does, deny, said[i].Unsure)
		}
	}
	if count[assess.Fail] < 100 || count[assess.Pass] < 100 || count[assess.NotApplicable] == 0 {
		t.Errorf("too few examples were compared: %v", count)
	}
}

// findings are ours in the form in which a rule gives them.
func findings(list []assess.Finding) []map[string]any {
	var out []map[string]any
	for _, f := range list {
		m := map[string]any{"path": f.Path}
		if f.Code != "" {
			m["code"] = f.Code
		}
		if f.Value != nil {
			m["value"] = f.Value
		}
		if f.Limit != nil {
			m["limit"] = f.Limit
		}
		out = append(out, m)
	}
	return out
}

// flat writes findings in one form and order.
func flat(t *testing.T, list []map[string]any) string {
	t.Helper()
	var lines []string
	for _, m := range list {
		line, err := strictjson.Canonical(m)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestOnlyWhatWasLoadedIsBundled(t *testing.T) {
	p, _ := shipped(t)
	if _, err := p.Bundle(os.DirFS(t.TempDir())); err == nil {
		t.Error("other files were bundled under the digest of the rules")
	}
}
