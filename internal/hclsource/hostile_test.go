package hclsource

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

const good = "resource \"azurerm_x\" \"y\" {\n  location = \"westeurope\"\n}\n"

// TestBrokenFiles: what stands beside and before a fault is found, and the fault is told with its line and nothing of the text.
func TestBrokenFiles(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		told       string // what the problem has
		also       bool   // azurerm_a.b, in the same file, is found on line 1 or after the fault
	}{
		"unclosed block":        {"a.tf", "resource \"azurerm_a\" \"b\" {\n", "a.tf, line 2", true},
		"unclosed list":         {"a.tf", "locals {\n x = [1, 2\n}\nresource \"azurerm_a\" \"b\" {\n}\n", "a.tf, line 4", true},
		"unclosed list at once": {"a.tf", "x = [\nresource \"azurerm_a\" \"b\" {\n}\n", "a.tf, line 2", true},
		"one brace too many":    {"a.tf", "}\nresource \"azurerm_a\" \"b\" {\n}\n", "a.tf, line 1", true},
		"wrong expression":      {"a.tf", "resource \"azurerm_a\" \"b\" {\n  x = = 1 ? ! secret-word\n  y = 2\n}\n", "", true},
		"unclosed text":         {"a.tf", "resource \"azurerm_a\" \"b\" {\n  x = \"secret-word\n}\n", "a.tf, line 2", true},
		"unclosed heredoc":      {"a.tf", "resource \"azurerm_a\" \"b\" {\n  x = <<E\nsecret-word\n}\n", "a.tf, line", true},
		"unclosed comment":      {"a.tf", "resource \"azurerm_a\" \"b\" {}\n/* secret-word", "", true},
		"not UTF-8":             {"a.tf", "resource \"azurerm_a\" \"b\" {\n x = \"\xff\xfe\"\n}\n", "a.tf, line 2", true},
		"zero bytes":            {"a.tf", "\x00\x00\nresource \"azurerm_a\" \"b\" {\n}\n", "a.tf, line 1", true},
		"byte order mark":       {"a.tf", "\ufeffresource \"azurerm_a\" \"b\" {\n}\n", "", true},
		"label is a template":   {"a.tf", "resource \"azurerm_a\" \"${1}\" {\n}\n", "", false},
		"heads that end":        {"a.tf", "resource \"a\" \"b\"", "", false},
		"head of one word":      {"a.tf", "resource", "", false},
		"many labels":           {"a.tf", "resource \"azurerm_a\" \"b\" \"c\" \"d\" \"e\" {}", "", false},
		"JSON cut off":          {"a.tf.json", "{\"resource\": {\"azurerm_a\": {\"b\": {\n\"x\": \"secret-word", "a.tf.json, line 2", true},
		"JSON with names twice": {"a.tf.json", `{"resource": {"azurerm_a": {"b": {"x": 1, "x": 2}, "b": {}}}, "resource": {}}`, "", true},
		"JSON of other shapes":  {"a.tf.json", `{"resource": [[["x"]], 1, {"azurerm_a": [{"b": [null, {}]}]}], "module": "x", "data": null}`, "", true},
		"JSON that is a text":   {"a.tf.json", `"resource"`, "", false},
		"no JSON":               {"a.tf.json", "secret-word", "a.tf.json, line 1", false},
		"empty":                 {"a.tf", "", "", false},
		"empty JSON":            {"a.tf.json", "", "a.tf.json, line 1", false},
	} {
		s := made(map[string]string{c.file: c.text, "z.tf": good})
		if p, ok := s.LocateAttribute("azurerm_x.y", "location"); !ok || p.File != "z.tf" || p.Line != 2 {
			t.Errorf("%s: the file beside it: %v, %v", name, p, ok)
		}
		if p, ok := s.Locate("azurerm_a.b"); ok != c.also || ok && !strings.Contains(strings.Split(c.text, "\n")[p.Line-1], "azurerm_a") {
			t.Errorf("%s: found %v at %v", name, ok, p)
		}
		got := problemsOf(s)
		if c.told == "" && got != "" || !strings.Contains(got, c.told) || strings.Contains(got, "secret") {
			t.Errorf("%s: told %q, want %q", name, got, c.told)
		}
	}
}

// TestDeepNesting: the stack of a Go program cannot be caught when it is full, so this test ends the run if it fills.
func TestDeepNesting(t *testing.T) {
	const deep = 100_000
	for name, text := range map[string]string{
		"lists":        "x = " + strings.Repeat("[", deep),
		"braces":       strings.Repeat("{", deep),
		"blocks":       strings.Repeat("a {\n", deep),
		"calls":        "x = " + strings.Repeat("f(", deep),
		"signs":        "x = " + strings.Repeat("!", deep) + "1",
		"minus":        "x = " + strings.Repeat("-", deep) + "1",
		"conditions":   "x = " + strings.Repeat("a?b:", deep) + "c",
		"templates":    "x = " + strings.Repeat(`"${`, deep),
		"directives":   `x = "` + strings.Repeat(`%{if a}`, deep) + `"`,
		"heredocs":     "x = " + strings.Repeat("<<A\n${", deep),
		"resources":    strings.Repeat("resource \"a\" \"b\" {\n", deep/10),
		"one resource": "resource \"a\" \"b\" {\n" + strings.Repeat("c {\n", deep),
		"dynamic":      "resource \"a\" \"b\" {\n" + strings.Repeat("dynamic \"c\" {\ncontent {\n", deep/10),
		"checks":       strings.Repeat("check \"a\" {\n", deep),
	} {
		s := made(map[string]string{"a.tf": text, "z.tf": good})
		if _, ok := s.Locate("azurerm_x.y"); !ok {
			t.Errorf("%s: the file beside it is lost", name)
		}
	}
	for name, text := range map[string]string{
		"lists":   strings.Repeat("[", deep),
		"objects": strings.Repeat(`{"a":`, deep),
		"checks":  strings.Repeat(`{"check":{"a":`, deep),
		"bodies":  `{"resource":{"a":{"b":` + strings.Repeat(`[{"c":`, deep),
		"dynamic": `{"resource":{"a":{"b":` + strings.Repeat(`{"dynamic":{"c":{"content":`, deep),
	} {
		s := made(map[string]string{"a.tf.json": text, "z.tf": good})
		if _, ok := s.Locate("azurerm_x.y"); !ok || !strings.Contains(problemsOf(s), "a.tf.json") {
			t.Errorf("JSON %s: %v", name, s.Problems())
		}
	}
}

func TestLimits(t *testing.T) {
	files := map[string]string{"z.tf": good}
	files["a.tf"] = "resource \"azurerm_a\" \"b\" {}\n#" + strings.Repeat("x", 5<<20)
	files["b.tf"] = strings.Repeat("[", 4<<20-1)
	s := made(files)
	if got := problemsOf(s); !strings.Contains(got, "a.tf: not read for lines, for it is larger") ||
		!strings.Contains(got, "b.tf: not read for lines, for it has more than 300000 words") {
		t.Errorf("%s", got)
	}
	if _, ok := s.Locate("azurerm_a.b"); ok {
		t.Error("a file that is too large was read")
	}
	if _, ok := s.Locate("azurerm_x.y"); !ok {
		t.Error("the file beside them is lost")
	}

	many := map[string]string{}
	for i := range 30 {
		many[fmt.Sprintf("f%02d.tf", i)] = fmt.Sprintf("resource \"azurerm_x\" \"r%d\" {\n location = 1\n}\n", i)
	}
	found := func(limits Limits) (n int, s *Source) {
		s = made(many)
		s = open(s.files, "", limits)
		for i := range 30 {
			if _, ok := s.Locate(fmt.Sprintf("azurerm_x.r%d", i)); ok {
				n++
			}
		}
		return n, s
	}
	if n, s := found(Limits{Files: 10}); n != 10 && n != 11 || !strings.Contains(problemsOf(s), "more than 10 files") {
		t.Errorf("%d found; %s", n, problemsOf(s))
	}
	if n, s := found(Limits{TotalBytes: 400}); n == 0 || n > 10 || !strings.Contains(problemsOf(s), "together are larger than 400") {
		t.Errorf("%d found; %s", n, problemsOf(s))
	}
	n, s := found(Limits{Names: 1})
	if p, _ := s.LocateAttribute("azurerm_x.r3", "location"); n != 30 || p.Line != 1 {
		t.Errorf("%d found, the attribute on line %d", n, p.Line)
	}
	broken := map[string]string{}
	for i := range maxProblems + 5 {
		broken[fmt.Sprintf("f%02d.tf", i)] = "}"
	}
	if got := made(broken).Problems(); len(got) != maxProblems+1 || !strings.Contains(got[maxProblems].EN, "6 more problems") {
		t.Errorf("%d problems, the last %v", len(got), got[len(got)-1])
	}
}

func TestModulesThatLeadAway(t *testing.T) {
	s := made(map[string]string{
		"main.tf": `module "self" { source = "./" }
module "loop" { source = "./loop" }
module "up" { source = "../../up" }
module "abs" { source = "/etc" }
module "fetched_abs" { source = "x/y/z" }
module "fetched_up" { source = "x/y/z" }
module "template" { source = "./${var.x}" }
module "empty" {}
` + good,
		"loop/main.tf": "module \"back\" {\n  source = \"../\"\n}\n",
		".terraform/modules/modules.json": `{"Modules":[{"Key":"fetched_abs","Dir":"/etc"},
			{"Key":"fetched_up","Dir":"../../etc"},{"Key":"empty","Dir":""}]}`,
	})
	for address, line := range map[string]int{
		"module.self.module.self.azurerm_x.y":                                  9,
		"module.loop.module.back.azurerm_x.y":                                  9,
		strings.Repeat("module.loop.module.back.", maxCalls/2) + "azurerm_x.y": 9,
		"module.up.azurerm_x.y":                                                3,
		"module.abs.azurerm_x.y":                                               4,
		"module.fetched_abs.azurerm_x.y":                                       5,
		"module.fetched_up.azurerm_x.y":                                        6,
		"module.template.azurerm_x.y":                                          7,
	} {
		if p, ok := s.Locate(address); !ok || p.Line != line || p.File != "main.tf" {
			t.Errorf("%.80s: %v, %v; want line %d", address, p, ok, line)
		}
	}
	if len(s.dirs) > 3 {
		t.Errorf("%d folders were read", len(s.dirs))
	}
}

func TestModulesJSON(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON": "secret-word", "another shape": `{"Modules":[1]}`, "a name twice": `{"Modules":[],"Modules":[]}`,
		"too large": `{"Modules":[` + strings.Repeat(`{"Key":"a","Dir":"b"},`, 300_000) + `{}]}`,
		"too deep":  strings.Repeat("[", 100_000),
	} {
		s := made(map[string]string{"z.tf": good, ".terraform/modules/modules.json": text})
		got := problemsOf(s)
		if _, ok := s.Locate("azurerm_x.y"); !ok || !strings.Contains(got, "modules.json") || strings.Contains(got, "secret") {
			t.Errorf("%s: %v, %s", name, ok, got)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{`module.a["x"].module.b[0].azurerm_x.c[1]`, "data.a.b", `a.b["\""]`, "module.a", "[", `a["`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, ok := parseAddress(text)
		if !ok {
			if a.resource != "" || a.calls != nil {
				t.Errorf("%q is no address, and gives %v", text, a)
			}
			return
		}
		again := ""
		for _, c := range a.calls {
			again += "module." + c + "."
		}
		b, ok := parseAddress(again + a.resource)
		if !ok || b.resource != a.resource || strings.Join(b.calls, ".") != strings.Join(a.calls, ".") {
			t.Errorf("%q without its keys is %v, %v", text, b, ok)
		}
	})
}

// FuzzOpen holds for any files: nothing panics, what is found is a line of the file, and no more tokens come than were
// counted beforehand, but for what the end of a text cut off adds.
func FuzzOpen(f *testing.F) {
	f.Add(good, `{"resource":{"a":{"b":{"c":1}}}}`, `{"Modules":[{"Key":"m","Dir":"m"}]}`, "azurerm_x.y")
	f.Add("module \"m\" {\n source = \"./m\"\n}\nresource a b {\n dynamic \"c\" {\n content {\n d = <<E\n${1}\nE\n }\n }\n}", "[", "", "module.m.a.b")
	f.Add("x = \"${\"%{if", "{\"a\":", "{}", "data.a.b")
	f.Add("1-1-1a\r\r\xff\xff", "", "", "a.b")
	f.Fuzz(func(t *testing.T, native, json, modules, address string) {
		files := map[string]string{"a.tf": native, "b.tf.json": json, "c_override.tf": native, "m/a.tf": native,
			".terraform/modules/modules.json": modules}
		s := made(files)
		check := func(p Place, ok bool) {
			if !ok {
				return
			}
			if text, there := files[p.File]; !there || p.Line < 1 || p.Line > strings.Count(text, "\n")+1 {
				t.Errorf("%v is no line", p)
			}
		}
		check(s.LocateAttribute(address, "c.d", "location"))
		for key, b := range s.folder(".").blocks {
			if !strings.HasPrefix(key, "module.") && !strings.HasPrefix(key, "check.") {
				check(s.Locate(key))
			}
			for _, at := range b.names {
				check(Place{File: at.file, Line: at.line}, true)
			}
		}
		tokens, _ := hclsyntax.LexConfig([]byte(native), "", hcl.InitialPos)
		if tooMany([]byte(native), 1<<30) || !tooMany([]byte(native), len(tokens)-4) {
			t.Errorf("%d tokens, and fewer were counted", len(tokens))
		}
	})
}
