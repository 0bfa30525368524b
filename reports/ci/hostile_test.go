package ci_test

import (
	"bytes"
	"encoding/json/v2"
	"encoding/xml"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
	"waarborg/reports/ci"
)

// names are what an attacker would call a resource.
var names = []string{
	"\x1b[2J\x1b[31mred\x1b]8;;https://evil.example\x07link\x1b]8;;\x07", "\u009b31m", "a\r\nb\n::error file=x::gone\n", "::stop-commands::x", "::set-output name=a::b",
	"##vso[task.setvariable variable=a]b", "##[error]x", "a ##vso[task.complete result=Succeeded;]done", "x]y;z,file=a:b%0A::error::x", "]]>", "</failure><testcase/>",
	"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a | b", "```\ncode", "[click](https://evil.example)", "![x](http://evil.example/x.png)", "@admins #1 https://evil.example www.evil.example",
	"\u202egnp.exe\u202c", "\u2066x\u2069", "a\u2028b\u2029c", "\x00\x07\x08\x7f", "\ufffe\uffff\ufdd0", "\U000e0041\U000e0042", "../../etc/passwd", `C:\Windows\x`, "%2e%2e/%00", "{0} {{1}}", `"quoted" 'single'`, "$(rm -rf /) `id`", "   ", "",
	"section_start:1:x\r\x1b[0K", strings.Repeat("long ", 2000), strings.Repeat("x", 10_000),
}

// hostile is the world with every text that comes from outside replaced. What our own code makes up stays: enumerations, digests
// and ids of ours.
func hostile(text string) (*gate.Report, []gate.Outcome) {
	r, list := world("en")
	for i := range list {
		replace(reflect.ValueOf(&list[i]).Elem(), text)
	}
	for i := range r.Descriptors {
		d := *r.Descriptors[i]
		replace(reflect.ValueOf(&d).Elem(), text)
		r.Descriptors[i] = &d
	}
	replace(reflect.ValueOf(&r.Inputs).Elem(), text)
	replace(reflect.ValueOf(&r.Blocks).Elem(), text)
	replace(reflect.ValueOf(&r.Left).Elem(), text)
	replace(reflect.ValueOf(&r.Mended).Elem(), text)
	replace(reflect.ValueOf(&r.Lapsed).Elem(), text)
	replace(reflect.ValueOf(&r.Waivers).Elem(), text)
	r.NotMet = []string{text}
	return r, list
}

var kept = []reflect.Type{reflect.TypeFor[assess.Severity](), reflect.TypeFor[assess.Status](), reflect.TypeFor[gate.Class](), reflect.TypeFor[gate.Change](),
	reflect.TypeFor[assess.WaiverState](), reflect.TypeFor[time.Time]()}

func replace(v reflect.Value, text string) {
	switch {
	case slices.Contains(kept, v.Type()):
	case v.Kind() == reflect.String && v.CanSet():
		v.SetString(text)
	case v.Kind() == reflect.Slice && !v.IsNil():
		fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len()) // rules share theirs
		reflect.Copy(fresh, v)
		v.Set(fresh)
		for i := range v.Len() {
			replace(v.Index(i), text)
		}
	case v.Kind() == reflect.Pointer && !v.IsNil():
		fresh := reflect.New(v.Type().Elem())
		fresh.Elem().Set(v.Elem())
		v.Set(fresh)
		replace(v.Elem(), text)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if v.Field(i).CanSet() && name != "Fingerprint" && name != "Compared" && name != "Duty" {
				replace(v.Field(i), text)
			}
		}
	}
}

func TestHostileNames(t *testing.T) {
	plainReport, plainList := hostile("x")
	schemas := map[string]*jsonschema.Schema{}
	for form := range published {
		schemas[form] = compiled(t, form)
	}
	for _, name := range names {
		r, list := hostile(name)
		for _, form := range forms() {
			raw := write(t, form, r, of(list), ci.Options{})
			if !utf8.Valid(raw) {
				t.Errorf("%s of %.30q: invalid UTF-8", form, name)
			}
			for _, c := range string(raw) {
				if c != '\n' && (unicode.IsControl(c) || unicode.In(c, unicode.Cf, unicode.Zl, unicode.Zp)) || c == 0xfffe || c == 0xffff {
					t.Errorf("%s of %.30q has %U", form, name, c)
					break
				}
			}
			if form != "json" && len(raw) > 600_000 {
				t.Errorf("%s of %.30q has %d bytes", form, name, len(raw))
			}
			if s := schemas[form]; s != nil {
				if err := s.Validate(decoded(t, raw)); err != nil {
					t.Errorf("%s of %.30q: %.1000v", form, name, err)
				}
			}
			benign := write(t, form, plainReport, of(plainList), ci.Options{})
			if check := sinks[form]; check != nil {
				check(t, name, string(raw), string(benign))
			}
		}
	}
}

// sinks are what each form must never have, whatever names there are; they get what a harmless name gives too.
var sinks = map[string]func(t *testing.T, name, got, benign string){
	"table": func(t *testing.T, name, got, _ string) { noCommands(t, name, got) },
	"github": func(t *testing.T, name, got, benign string) {
		lines, plain := strings.Split(got, "\n"), strings.Split(benign, "\n")
		if len(lines) != len(plain) {
			t.Errorf("%.30q: %d lines, and %d of a harmless name", name, len(lines), len(plain))
			return
		}
		for i, line := range lines {
			m, p := githubCommand.FindStringSubmatch(line), githubCommand.FindStringSubmatch(plain[i])
			if (m == nil) != (p == nil) || m != nil && (m[1] != p[1] || len(strings.Split(m[2], ",")) > len(strings.Split(p[2], ","))) {
				t.Errorf("%.30q: %.200q, where a harmless name has %q", name, line, plain[i])
			}
			if m == nil {
				noCommands(t, name, line)
			}
		}
	},
	"azure": func(t *testing.T, name, got, benign string) {
		lines, plain := strings.Split(got, "\n"), strings.Split(benign, "\n")
		if len(lines) != len(plain) {
			t.Errorf("%.30q: %d lines, and %d of a harmless name", name, len(lines), len(plain))
			return
		}
		for i, line := range lines {
			rest := azureCommand.ReplaceAllString(line, "")
			if (rest != line) != azureCommand.MatchString(plain[i]) {
				t.Errorf("%.30q: %.200q, where a harmless name has %q", name, line, plain[i])
			}
			noCommands(t, name, rest)
		}
	},
	"summary": func(t *testing.T, name, got, benign string) {
		if strings.Count(got, "\n") > strings.Count(benign, "\n") {
			t.Errorf("%.30q has more lines than a harmless name", name)
		}
		tags := regexp.MustCompile(`</?(details|summary|br)>`)
		bare := tags.ReplaceAllString(got, "")
		for _, bad := range []string{"<", "![", "@", "://", "www.", "```", "\n::", "##vso", "##["} {
			if strings.Contains(bare, bad) || link.MatchString(bare) {
				t.Errorf("%.30q: the summary has %q", name, bad)
			}
		}
		for line := range strings.Lines(got) {
			if strings.HasPrefix(line, "|") && len(unescapedPipe.FindAllString(line, -1)) != 5 {
				t.Errorf("%.30q: a row of another number of cells: %.200q", name, line)
			}
		}
	},
	"junit": func(t *testing.T, name, got, benign string) {
		if a, b := elements(t, got), elements(t, benign); !slices.Equal(a, b) {
			t.Errorf("%.30q: other elements than those of a harmless name", name)
		}
	},
	"sarif": func(t *testing.T, name, got, _ string) {
		for _, m := range sarifTexts.FindAllString(got, -1) {
			if link.MatchString(m) {
				t.Errorf("%.30q: a link in %.200s", name, m)
			}
		}
		for _, m := range regexp.MustCompile(`"uri":"([^"]*)"`).FindAllStringSubmatch(got, -1) {
			u, err := url.Parse(m[1])
			if err != nil || u.IsAbs() || u.Host != "" || strings.HasPrefix(u.Path, "/") || slices.Contains(strings.Split(u.Path, "/"), "..") || u.RawQuery != "" || u.Fragment != "" {
				t.Errorf("%.30q: the uri %.100q (%v)", name, m[1], err)
			}
		}
	},
	"gitlab": func(t *testing.T, name, got, _ string) {
		var list []struct {
			Location struct {
				Path string `json:"path"`
			} `json:"location"`
		}
		if err := json.Unmarshal([]byte(got), &list); err != nil || len(list) != 8 {
			t.Errorf("%.30q: %d items, %v", name, len(list), err)
		}
		for _, x := range list {
			if strings.HasPrefix(x.Location.Path, "/") || slices.Contains(strings.Split(x.Location.Path, "/"), "..") {
				t.Errorf("%.30q: the path %q", name, x.Location.Path)
			}
		}
	},
}

var (
	githubCommand = regexp.MustCompile(`^::(error|warning|notice) ([^:]*)::`)
	azureCommand  = regexp.MustCompile(`^##vso\[task\.logissue ([^\]]*)\]`)
	link          = regexp.MustCompile(`[^\\]\]\(`)
	sarifTexts    = regexp.MustCompile(`"(text|markdown|justification)":"([^"\\]|\\.)*"`)
	unescapedPipe = regexp.MustCompile(`(^|[^\\])\|`)
)

// noCommands refuses what runners take for commands.
func noCommands(t *testing.T, name, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") || strings.Contains(line, "##vso[") {
			t.Errorf("%.30q: a command in the log: %.200q", name, line)
		}
	}
}

func elements(t *testing.T, doc string) (out []string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader([]byte(doc)))
	for {
		tok, err := d.Token()
		if tok == nil {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := tok.(xml.StartElement); ok && s.Name.Local != "property" { // one without a value is left out
			out = append(out, s.Name.Local)
		}
	}
}
