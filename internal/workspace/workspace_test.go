package workspace

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"waarborg/dpa"
	"waarborg/internal/strictyaml"
)

var update = flag.Bool("update", false, "rewrite the texts in testdata")

const example = "../../examples/embrace"

func texts(problems []strictyaml.Problem) string { return textsIn(problems, "en") }

func textsIn(problems []strictyaml.Problem, lang string) string {
	var b strings.Builder
	for _, p := range problems {
		b.WriteString(p.In(lang) + "\n")
	}
	return b.String()
}

func TestExampleLoads(t *testing.T) {
	ws, problems := Load(os.DirFS(example), categories)
	if len(problems) > 0 {
		t.Fatalf("%s", texts(problems))
	}
	if len(ws.Book.Customers) != 3 || len(ws.Book.SubProcessors) != 3 || len(ws.DataMap.Stores) < 9 || len(ws.Config.Sources) < 7 {
		t.Errorf("read %d customers, %d sub-processors, %d stores, %d sources", len(ws.Book.Customers), len(ws.Book.SubProcessors),
			len(ws.DataMap.Stores), len(ws.Config.Sources))
	}
	if s, ok := ws.Config.Sources[0].Settings.(*TerraformSettings); !ok || s.File != "sources/plan.json" {
		t.Errorf("settings of the first source: %+v", ws.Config.Sources[0].Settings)
	}
	if len(ws.Digests) != 9 || len(ws.Digests[DataMapFile]) != 64 {
		t.Errorf("digests: %v", ws.Digests)
	}
}

// Each file of testdata/broken has files to lay over a sound workspace, and the text of what is then wrong in English and in
// Dutch. The texts are what users see: read them when they change. A file with a first line of "remove" is taken away.
func TestBrokenWorkspaces(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.txtar")
	if err != nil || len(files) < 10 {
		t.Fatalf("found %d files: %v", len(files), err)
	}
	base, err := txtar.ParseFile("testdata/base.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			fsys := fstest.MapFS{}
			want := map[string]string{}
			for _, f := range append(base.Files[:len(base.Files):len(base.Files)], archive.Files...) {
				fsys[f.Name] = &fstest.MapFile{Data: f.Data}
				if string(f.Data) == "remove\n" {
					delete(fsys, f.Name)
				}
				if strings.HasPrefix(f.Name, "want") {
					want[f.Name] = string(f.Data)
					delete(fsys, f.Name)
				}
			}
			_, problems := Load(fsys, categories)
			got, gotNL := texts(problems), textsIn(problems, "nl")
			if *update {
				var kept []txtar.File
				for _, f := range archive.Files {
					if !strings.HasPrefix(f.Name, "want") {
						kept = append(kept, f)
					}
				}
				archive.Files = append(kept, txtar.File{Name: "want", Data: []byte(got)}, txtar.File{Name: "want nl", Data: []byte(gotNL)})
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want["want"] {
				t.Errorf("got:\n%s\nwant:\n%s", got, want["want"])
			}
			if gotNL != want["want nl"] {
				t.Errorf("got:\n%s\nwant:\n%s", gotNL, want["want nl"])
			}
			for _, text := range []string{got, gotNL} {
				if text == "" || strings.Contains(text, "hunter2") || strings.Contains(text, "workspace.") || strings.Contains(text, "dpa.") {
					t.Errorf("no problem at all, a secret, or a Go name:\n%s", text)
				}
			}
		})
	}
}

func TestBaseOfBrokenWorkspacesIsSound(t *testing.T) {
	base, err := txtar.ParseFile("testdata/base.txtar")
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for _, f := range base.Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	ws, problems := Load(fsys, categories)
	if len(problems) > 0 {
		t.Fatal(texts(problems))
	}
	for i, want := range []any{&TerraformSettings{}, &PostgresSettings{}, &VaultSettings{}, &FileSettings{}} {
		if got := ws.Config.Sources[i].Settings; typeName(got) != typeName(want) {
			t.Errorf("source %d has settings %T, want %T", i, got, want)
		}
	}
	if len(ws.Waivers) != 1 || ws.Config.Sources[1].Limit().Seconds() != 30 || ws.Config.Sources[0].Limit() != DefaultTimeout {
		t.Errorf("read wrongly: %+v", ws)
	}
}

func typeName(v any) string {
	switch v.(type) {
	case *TerraformSettings:
		return "terraform"
	case *PostgresSettings:
		return "postgres"
	case *VaultSettings:
		return "vault"
	case *FileSettings:
		return "file"
	}
	return ""
}

func TestInit(t *testing.T) {
	for _, lang := range []string{"nl", "en"} {
		t.Run(lang, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "new")
			made, err := Init(dir, lang)
			if err != nil {
				t.Fatal(err)
			}
			ws, problems := Load(os.DirFS(dir), categories)
			if len(problems) > 0 {
				t.Fatal(texts(problems))
			}
			if len(ws.Book.Customers) != 1 {
				t.Errorf("read wrongly: %+v", ws.Config)
			}
			if _, err := ws.Book.TermsInForce(ws.Book.Customers[0].ID, "2026-06-01"); err != nil {
				t.Error(err)
			}
			ignored, err := os.ReadFile(filepath.Join(dir, ".gitignore"))
			if err != nil || !strings.Contains(string(ignored), ".waarborg/") {
				t.Errorf(".gitignore: %q, %v", ignored, err)
			}
			if _, err := Init(dir, lang); err == nil || !strings.Contains(err.Error(), "exists already") {
				t.Errorf("a second run: %v", err)
			}
			if len(made) != 9 {
				t.Errorf("made %v", made)
			}
		})
	}
}

func TestInitMakesAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, WaiversFile), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Init(dir, "nl"); err == nil {
		t.Fatal("it wrote over a file")
	}
	// A file where a folder must come fails only once others have been written.
	if err := os.Remove(filepath.Join(dir, WaiversFile)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "agreements"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Init(dir, "nl"); err == nil {
		t.Fatal("it took a file for a folder")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 || left[0].Name() != "agreements" {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := Init(t.TempDir(), "de"); err == nil {
		t.Error("it made a workspace in a language that it does not have")
	}
}

func TestResolveSecret(t *testing.T) {
	env := func(name string) (string, bool) { return "s3cret", name == "THERE" }
	files := func(name string) ([]byte, error) {
		if name == "there" {
			return []byte("two\nlines\r\n"), nil
		}
		return nil, errors.New("no such file")
	}
	tests := []struct{ ref, want, wrong string }{
		{"env:THERE", "s3cret", ""},
		{"env:GONE", "", "GONE is not set"},
		{"file:there", "two\nlines", ""},
		{"file:gone", "", "cannot be read"},
		{"", "", "no reference"},
	}
	for _, tt := range tests {
		got, err := ResolveSecret(SecretRef(tt.ref), env, files)
		if got != tt.want || (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("%q: got %q, %v", tt.ref, got, err)
		}
	}
}

func TestSecretReferences(t *testing.T) {
	for _, literal := range []string{"", "hunter2", "postgres://u:p@h/d", "env:", "env:A B", "vault:kv/x#y", "vault:#f", "file:"} {
		var r SecretRef
		if err := r.UnmarshalText([]byte(literal)); err == nil || literal != "" && strings.Contains(err.Error(), literal) {
			t.Errorf("%q: %v", literal, err)
		}
	}
}

// Every customer of the example has terms, and only those that someone agreed.
func TestExampleTerms(t *testing.T) {
	ws, _ := Load(os.DirFS(example), categories)
	for _, c := range ws.Book.Customers {
		in, err := ws.Book.TermsInForce(c.ID, "2026-11-23")
		if err != nil {
			t.Fatal(err)
		}
		for _, term := range in.Terms {
			if term.Source.Document == "" || term.Source.Date == "" || term.Basis == "" {
				t.Errorf("%s: %s has no source or basis: %+v", c.ID, term.Path, term)
			}
		}
		if _, there := in.Tree["retention"].(map[string]any)["portals"]; there {
			t.Errorf("%s: nobody agreed how long accounts of portals are kept, and the tree says it", c.ID)
		}
	}
	havenstede, _ := ws.Book.TermsInForce("havenstede", "2026-11-23")
	for _, term := range havenstede.Terms {
		if term.Path == "log.retention_max_days" && (term.Value != 730 || term.Standard != 365 || term.Amendment == nil || term.Basis != dpa.BasisCustomer) {
			t.Errorf("the amended term: %+v", term)
		}
	}
}

// Whatever is in one file, loading ends with a workspace or with problems, never with a panic.
func FuzzLoad(f *testing.F) {
	base, err := txtar.ParseFile("testdata/base.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for i, file := range base.Files {
		f.Add(i, file.Data)
	}
	broken, _ := filepath.Glob("testdata/broken/*.txtar")
	for _, name := range broken {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for i, file := range base.Files {
			for _, other := range archive.Files {
				if other.Name == file.Name {
					f.Add(i, other.Data)
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, i int, data []byte) {
		fsys := fstest.MapFS{}
		for _, file := range base.Files {
			fsys[file.Name] = &fstest.MapFile{Data: file.Data}
		}
		fsys[base.Files[uint(i)%uint(len(base.Files))].Name] = &fstest.MapFile{Data: data}
		ws, problems := Load(fsys, categories)
		if len(problems) > 0 {
			_ = texts(problems)
			return
		}
		for _, c := range ws.Book.Customers {
			day := max(c.Contract.Start, ws.Book.Agreements[0].InForce)
			if _, err := ws.Book.TermsInForce(c.ID, day); err != nil {
				t.Errorf("a sound workspace has no terms: %v", err)
			}
		}
	})
}

func TestHosts(t *testing.T) {
	h := Hosts{"azurerm_": "microsoft-azure", "azurerm_elastic_cloud_": "elastic", "Microsoft.": "microsoft-azure", "postgresql_": "own"}
	for resource, want := range map[string]string{"azurerm_storage_account": "microsoft-azure", "azurerm_elastic_cloud_elasticsearch": "elastic",
		"Microsoft.Storage/storageAccounts": "microsoft-azure", "microsoft.storage/storageaccounts": "microsoft-azure", "postgresql_database": "own",
		"aws_s3_bucket": "", "azurer": "", "": ""} {
		if got, ok := h.Of(resource); got != want || ok != (want != "") {
			t.Errorf("%s is run by %q, %v", resource, got, ok)
		}
	}
	if got, ok := (Hosts{"": "own"}).Of("anything"); got != "own" || !ok {
		t.Error("what begins with nothing is not all")
	}
	for range 20 {
		if got, _ := (Hosts{"AZURERM_": "a", "azurerm_": "b"}).Of("azurerm_x"); got != "b" {
			t.Fatal("of two that differ in capitals, not always the same counts")
		}
	}
}
