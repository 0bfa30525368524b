package strictyaml

import (
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"waarborg/internal/say"
)

var update = flag.Bool("update", false, "rewrite the texts in testdata")

// The types of the tests use every feature once.
type farm struct {
	Name    string            `yaml:"name" validate:"required"`
	ID      string            `yaml:"id" validate:"id"`
	Size    int               `yaml:"size" validate:"min=1,max=500"`
	Organic bool              `yaml:"organic"`
	Kind    string            `yaml:"kind" validate:"oneof=dairy arable mixed"`
	Since   day               `yaml:"since"`
	Fields  []plot            `yaml:"fields" validate:"dive,required"`
	Crops   []string          `yaml:"crops" validate:"min=1,unique,dive,name"`
	Labels  map[string]string `yaml:"labels"`
	Extra   any               `yaml:"extra"`
	Owner   *owner            `yaml:"owner"`
	Links   []link            `yaml:"links"`
}

type plot struct {
	From int `yaml:"from" validate:"required"`
	To   int `yaml:"to"`
}

func (p *plot) Check(report func(path string, what, hint say.Text)) {
	if p.To < p.From {
		report("to", say.Both("is before from", "ligt voor from"), say.Both("swap them", "draai ze om"))
	}
}

type owner struct {
	Country  string `yaml:"country" validate:"required,iso3166_1_alpha2"`
	Password secret `yaml:"password"`
}

type day string

func (d *day) UnmarshalText(b []byte) error {
	if _, err := time.Parse(time.DateOnly, string(b)); err != nil {
		return &Mismatch{What: say.Both("is not a date", "is geen datum")}
	}
	*d = day(b)
	return nil
}

type secret string

func (*secret) Secret() {}

func (s *secret) UnmarshalText(b []byte) error {
	if !strings.HasPrefix(string(b), "env:") {
		return &Mismatch{What: say.Both("must be a reference, not the secret itself", "moet een verwijzing zijn, niet het geheim zelf"),
			Hint: say.Both("write env:NAME", "schrijf env:NAAM")}
	}
	*s = secret(b)
	return nil
}

type link struct {
	Type     string `yaml:"type" validate:"required,oneof=road rail"`
	Settings any    `yaml:"settings" union:"type" validate:"required"`
}

type road struct {
	Lanes int `yaml:"lanes" validate:"required"`
}
type rail struct {
	Gauge string `yaml:"gauge"`
}

func (link) Variant(kind string) any {
	switch kind {
	case "road":
		return &road{}
	case "rail":
		return &rail{}
	}
	return nil
}

// Each file of testdata holds a YAML file and the texts of its problems, in English and in Dutch. They are what users see:
// read them when they change.
func TestProblems(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 5 {
		t.Fatalf("found %d files in testdata: %v", len(files), err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var f farm
			problems := Decode("farm.yaml", archive.Files[0].Data, &f)
			got, gotNL := all(problems, "en")+"\n", all(problems, "nl")+"\n"
			if *update {
				archive.Files = append(archive.Files[:1], txtar.File{Name: "want", Data: []byte(got)}, txtar.File{Name: "want nl", Data: []byte(gotNL)})
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(archive.Files[1].Data); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
			if want := string(archive.Files[2].Data); gotNL != want {
				t.Errorf("got:\n%s\nwant:\n%s", gotNL, want)
			}
			for _, word := range []string{"strictyaml", "farm{", "*ast", "string", "struct", "int64", "hunter2"} {
				if strings.Contains(got+gotNL, word) {
					t.Errorf("the text shows %q:\n%s%s", word, got, gotNL)
				}
			}
		})
	}
}

func TestDecode(t *testing.T) {
	var f farm
	problems := Decode("f.yaml", []byte("\xef\xbb\xbfname: &n Hof\r\nid: h-1\r\nsize: 12\r\norganic: true\r\nsince: 2024-02-29\r\n"+
		"fields: [{from: 1, to: 2}]\ncrops: [rye]\nlabels: {soil: *n}\nextra: {a: [1, x, 1.5, true]}\nowner: {country: NL, password: env:P}\n"+
		"links:\n  - {settings: {lanes: 2}, type: road}\n"), &f)
	if len(problems) > 0 {
		t.Fatalf("%v", problems)
	}
	if f.Name != "Hof" || f.Labels["soil"] != "Hof" || f.Fields[0].To != 2 || f.Since != "2024-02-29" || f.Owner.Password != "env:P" {
		t.Errorf("read wrongly: %+v", f)
	}
	if r, ok := f.Links[0].Settings.(*road); !ok || r.Lanes != 2 {
		t.Errorf("settings: %+v", f.Links[0].Settings)
	}
	if list := f.Extra.(map[string]any)["a"].([]any); list[0] != 1 || list[1] != "x" || list[2] != 1.5 || list[3] != true {
		t.Errorf("extra: %#v", f.Extra)
	}
}

func TestRefusedBeforeParsing(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"utf-16", "\xff\xfen\x00a\x00", "UTF-16"},
		{"latin-1", "name: caf\xe9\n", "not in UTF-8"},
		{"nul", "name: \x00\n", "cannot be printed"},
		{"turned text", "name: a\u202eb\n", "cannot be printed"},
		{"terminal escape", "name: \"\\e[31mred\"\n", "name: has a character that cannot be printed"},
		{"terminal escape in a key", "\"\\e[31m\": 1\n", "a key must be plain text"},
		{"long key", strings.Repeat("k", 1000) + ": 1\n", "a key must be plain text"},
		{"too large", strings.Repeat("# padding\n", MaxBytes/10+1), "at most 4194304"},
		{"open brackets", "extra: " + strings.Repeat("[", 100_000), "nested more than 64"},
		{"brackets behind quoted ones", "extra: " + strings.Repeat(`["]", `, 1000), "nested more than 64"},
		{"dashes", "extra: " + strings.Repeat("\n- ", 1) + strings.Repeat("- ", 1000), "nested more than 64"},
		{"question marks", strings.Repeat("? ", 1000), "nested more than 64"},
		{"indentation", nested(200), "nested more than 64"},
		{"many keys", strings.Repeat("name: a\n", 3000), "more than 2000 keys"},
		{"much structure", strings.Repeat("- a\n", 150_000), "too many keys and values"},
		{"anchors", "extra:\n" + strings.Repeat("  - &a 1\n", 101), "more than 100 anchors"},
		{"aliases of aliases", bomb(), "expand to too many values"},
		{"alias of itself", "extra: &a [*a]", "refers to itself"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			problems := Decode("f.yaml", []byte(tt.in), &farm{})
			runtime.ReadMemStats(&after)
			if text := all(problems, "en"); !strings.Contains(text, tt.want) {
				t.Errorf("got %.300s\nwant %s", text, tt.want)
			}
			if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 400 || time.Since(start) > 5*time.Second {
				t.Errorf("took %d MB and %s", mb, time.Since(start))
			}
		})
	}
}

func TestPosition(t *testing.T) {
	doc, problems := Read("f.yaml", []byte("name: Hof\nfields:\n  - from: 1\n    to: 3\n  - {from: 4, to: 5}\nlabels:\n  \"a b\": x\n"), &farm{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	tests := []struct {
		path         string
		line, column int
	}{
		{"", 1, 1}, {"name", 1, 7}, {"fields", 2, 1}, {"fields[0]", 3, 5}, {"fields[0].to", 4, 9}, {"fields[1].to", 5, 19},
		{Key("labels", "a b"), 7, 10}, {"fields[1].missing", 5, 5}, {"nothing.at.all", 1, 1},
	}
	for _, tt := range tests {
		if line, column := doc.Position(tt.path); line != tt.line || column != tt.column {
			t.Errorf("%q is at %d:%d, want %d:%d", tt.path, line, column, tt.line, tt.column)
		}
	}
	if p := doc.Problem("fields[0].to", say.Both("dangles", "hangt los"), say.Text{}); !strings.Contains(p.Excerpt, "    4 |     to: 3\n      |         ^") {
		t.Errorf("excerpt:\n%s", p.Excerpt)
	}
}

func FuzzDecode(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range files {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archive.Files[0].Data)
	}
	f.Add([]byte(bomb()))
	f.Add([]byte("extra: [{a: &x [*x, ? b]}]\n--- !t\n<<: 1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		start := time.Now()
		doc, problems := Read("f.yaml", data, &farm{})
		if took := time.Since(start); took > 10*time.Second {
			t.Fatalf("took %s", took)
		}
		for _, p := range problems {
			if p.What.EN == "" || p.What.NL == "" || p.Line > len(doc.lines) || p.Line < 0 {
				t.Fatalf("a problem without text or place: %+v", p)
			}
			_ = p.String()
		}
	})
}

func all(problems []Problem, lang string) string {
	var texts []string
	for _, p := range problems {
		texts = append(texts, p.In(lang))
	}
	return strings.Join(texts, "\n")
}

func nested(n int) string {
	var b strings.Builder
	b.WriteString("extra:\n")
	for i := range n {
		b.WriteString(strings.Repeat(" ", i+1) + "a:\n")
	}
	return b.String()
}

// bomb is a list of lists that expands to 10^9 values.
func bomb() string {
	var b strings.Builder
	b.WriteString("labels: {}\nextra:\n  - &l0 [x]\n")
	for i := range 9 {
		name := string(rune('0' + i))
		b.WriteString("  - &l" + string(rune('1'+i)) + " [" + strings.TrimSuffix(strings.Repeat("*l"+name+", ", 10), ", ") + "]\n")
	}
	return b.String()
}
