package arrows

import (
	"bytes"
	"encoding/json/v2"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"encoding/json/jsontext"
)

// layer is how high a package stands: it may import lower layers, and its own folder. Adapters stand at one height and
// do not import each other, apart from what `beside` allows.
var layer = map[string]int{
	"internal/say": -1,
	"policies":     0, "internal/inventory": 1, "internal/assess": 2, "internal/durable": 0, "internal/redact": 0, "internal/strictjson": 0, "internal/strictyaml": 0,
	"internal/gate": 3, "internal/evidence": 3, "dpa": 3, "breach": 3, "subprocessors": 3,
	"internal/workspace": 4, "internal/sign": 4, "internal/collect": 4, "internal/collect/arm": 4, "internal/collect/terraform": 4, "internal/collect/postgres": 4,
	"internal/hclsource": 4, "internal/collect/vault": 4, "internal/collect/file": 4, "internal/collect/kubernetes": 4, "internal/sign/vaultkey": 4, "internal/sign/bundle": 4, "internal/attest": 4, "internal/rulebundle": 4, "reports": 4, "reports/pdf": 5, "reports/ci": 5,
	"internal/verify":   6,
	"internal/sign/cms": 3, "internal/sign/timestamp": 3, "internal/sign/pades": 3, "internal/sign/signtest": 3,
	"internal/testpg": 0, "internal/testvault": 0, "internal/testtool": 0,
	"cmd/waarborg": 9, "ci": 9,
}

// beside lists the imports that are fine at one height.
var beside = map[string][]string{
	"internal/collect/terraform": {"internal/collect"}, "internal/collect/postgres": {"internal/collect"},
	"internal/collect/vault": {"internal/collect"}, "internal/collect/file": {"internal/collect"},
	"internal/collect/kubernetes": {"internal/collect"},
	"internal/collect/arm":        {"internal/collect", "internal/collect/terraform"},
	"internal/sign/timestamp":     {"internal/sign/cms"}, "internal/sign/pades": {"internal/sign/cms", "internal/sign/timestamp"},
	"internal/sign/signtest": {"internal/sign/cms"},
	"internal/sign/vaultkey": {"internal/sign"}, "internal/sign/bundle": {"internal/sign"},
	"internal/attest": {"internal/sign", "internal/sign/bundle"}, "internal/rulebundle": {"internal/sign", "internal/sign/bundle"},
}

// only lists libraries that are allowed in some packages alone.
var only = map[string][]string{
	"github.com/open-policy-agent/opa": {"internal/assess"},
	"github.com/sigstore/":             {"internal/sign", "internal/sign/vaultkey", "internal/sign/bundle"},
	"github.com/jackc/pgx/":            {"internal/collect/postgres", "internal/testpg"},
	"github.com/hashicorp/vault/":      {"internal/collect/vault", "internal/testvault"},
	"github.com/hashicorp/hcl/v2":      {"internal/hclsource"},
	"github.com/jung-kurt/gofpdf":      {"reports/pdf"},
	"github.com/digitorus/":            {"internal/sign/signtest"},
	"go.yaml.in/yaml/":                 {"internal/collect/kubernetes"},
	"github.com/spf13/cobra":           {"cmd/waarborg"},
}

// never lists packages that nobody imports outside tests.
var never = []string{"internal/testpg", "internal/testvault", "internal/testtool", "internal/sign/signtest"}

type pkg struct {
	ImportPath string
	Dir        string
	Imports    []string
	GoFiles    []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,GoFiles", "./...")
	cmd.Dir = filepath.Join("..", "..")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	raw, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var out []pkg
	d := jsontext.NewDecoder(bytes.NewReader(raw))
	for d.PeekKind() == '{' {
		var p pkg
		if err := json.UnmarshalDecode(d, &p); err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

func TestImportsPointDown(t *testing.T) {
	for _, p := range packages(t) {
		from := strings.TrimPrefix(p.ImportPath, "waarborg/")
		if from == "internal/arrows" {
			continue
		}
		height, ok := layer[from]
		if !ok {
			t.Errorf("%s has no place in the layers; give it one here and in docs/design/layout.md", from)
			continue
		}
		for _, imp := range p.Imports {
			to, own := strings.CutPrefix(imp, "waarborg/")
			if own && layer[to] >= height && !slices.Contains(beside[from], to) {
				t.Errorf("%s imports %s, which does not stand below it", from, to)
			}
			if own && slices.Contains(never, to) {
				t.Errorf("%s imports %s, which is for tests", from, to)
			}
			for lib, allowed := range only {
				if strings.HasPrefix(imp, lib) && !slices.Contains(allowed, from) {
					t.Errorf("%s imports %s; only %s may", from, imp, strings.Join(allowed, ", "))
				}
			}
		}
	}
}

func TestEveryPackageHasAComment(t *testing.T) {
	for _, p := range packages(t) {
		documented := false
		for _, f := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, f), nil, parser.PackageClauseOnly|parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			documented = documented || file.Doc != nil
		}
		if !documented && len(p.GoFiles) > 0 {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

func TestNoPackageIsADrawer(t *testing.T) {
	for _, p := range packages(t) {
		if slices.Contains([]string{"util", "utils", "common", "helpers", "models", "types", "misc"}, filepath.Base(p.ImportPath)) {
			t.Errorf("%s: name the package after what it holds", p.ImportPath)
		}
	}
}

func TestFilesStayReadable(t *testing.T) {
	for _, p := range packages(t) {
		for _, f := range p.GoFiles {
			raw, err := os.ReadFile(filepath.Join(p.Dir, f))
			if err != nil {
				t.Fatal(err)
			}
			if n := bytes.Count(raw, []byte("\n")); n > 800 {
				t.Errorf("%s/%s has %d lines; split it", p.ImportPath, f, n)
			}
		}
	}
}
