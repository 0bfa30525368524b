package arrows

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"waarborg/dpa"
	"waarborg/internal/workspace"
)

// root is the repository, seen from this package.
var root = filepath.Join("..", "..")

// pages lists all Markdown files of the repository by their path in it, with their text.
func pages(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if hidden := strings.HasPrefix(d.Name(), ".") && name != root; d.IsDir() && (hidden || d.Name() == "bin") {
			return fs.SkipDir
		}
		if d.IsDir() || filepath.Ext(name) != ".md" {
			return nil
		}
		text, err := os.ReadFile(name)
		rel, _ := filepath.Rel(root, name)
		out[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var (
	fence  = regexp.MustCompile("(?ms)^ *```.*?^ *```[^\n]*$")
	inline = regexp.MustCompile("`[^`\n]*`")
	// link takes [text](target), ![text](target), and the definition [text]: target.
	link    = regexp.MustCompile(`\[[^\]]*\]\(([^)\s]+)(?: "[^"]*")?\)|(?m:^ {0,3}\[[^\]]+\]: +(\S+))`)
	heading = regexp.MustCompile(`(?m)^#{1,6} +(.*?) *#* *$`)
)

// prose is a page without code, in which brackets are no links.
func prose(text string) string {
	return inline.ReplaceAllString(fence.ReplaceAllString(text, ""), "")
}

// anchors lists the anchors of a page's headings, as code hosts make them.
func anchors(text string) []string {
	var out []string
	seen := map[string]int{}
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		title := strings.NewReplacer("`", "", "*", "").Replace(regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`).ReplaceAllString(m[1], "$1"))
		id := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
				return unicode.ToLower(r)
			}
			return -1
		}, title)
		if n := seen[id]; n > 0 {
			out = append(out, fmt.Sprintf("%s-%d", id, n))
		} else {
			out = append(out, id)
		}
		seen[id]++
	}
	return out
}

func TestLinksLeadSomewhere(t *testing.T) {
	all := pages(t)
	links := 0
	for _, page := range slices.Sorted(maps.Keys(all)) {
		for _, m := range link.FindAllStringSubmatch(prose(all[page]), -1) {
			target := m[1] + m[2]
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			links++
			if problem := follow(all, page, target); problem != "" {
				t.Errorf("%s: the link to %s %s", page, target, problem)
			}
		}
	}
	if links < 20 {
		t.Errorf("only %d links were found: the test has stopped seeing them", links)
	}
}

// follow says what is wrong with a relative link; nothing if it leads somewhere.
func follow(all map[string]string, page, target string) string {
	file, anchor, anchored := strings.Cut(target, "#")
	to := page
	if file != "" {
		to = filepath.ToSlash(filepath.Join(filepath.Dir(page), file))
	}
	switch {
	case strings.HasPrefix(file, "/"):
		return "is not relative"
	case strings.HasPrefix(to, "../"):
		return "leaves the repository"
	}
	if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(to))); err != nil {
		return "leads nowhere"
	}
	if anchored && !slices.Contains(anchors(all[to]), anchor) {
		return "names a heading that is not there"
	}
	return ""
}

func TestFollow(t *testing.T) {
	all := map[string]string{"docs/README.md": "# A page\n\n```\n# no heading\n```\n## `keys`, and more\n## A page\n"}
	for target, ok := range map[string]bool{
		"README.md": true, "#a-page": true, "#keys-and-more": true, "#a-page-1": true, "design/layout.md": true, "../go.mod": true,
		"../docs": true, "#no-heading": false, "#a-page-2": false, "nothing.md": false, "../../x.md": false, "/etc/passwd": false,
	} {
		if problem := follow(all, "docs/README.md", target); (problem == "") != ok {
			t.Errorf("%s: %q", target, problem)
		}
	}
}

// machinePath takes paths that are only true on one machine.
var machinePath = regexp.MustCompile(`(?:^|[\s"'(=:\x60])((?:/(?:home|Users|root|tmp|private|mnt|build|work|workspace|workspaces)/|[A-Z]:\\)[^\s"')\x60]*)`)

func TestNoPageNamesOneMachine(t *testing.T) {
	for page, text := range pages(t) {
		for _, m := range machinePath.FindAllStringSubmatch(text, -1) {
			t.Errorf("%s: %s is a path of one machine", page, m[1])
		}
	}
	if !machinePath.MatchString("see `/home/someone/x`") || machinePath.MatchString("file:/run/secrets/vault and /etc/ssl/db-ca.pem") {
		t.Error("the test does not tell paths apart any more")
	}
}

// TestTestsNamedInPagesExist: a page that says which test holds something must not outlive the test.
func TestTestsNamedInPagesExist(t *testing.T) {
	have := map[string]bool{}
	for _, p := range packages(t) {
		files, err := filepath.Glob(filepath.Join(p.Dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range testFunc.FindAllStringSubmatch(string(text), -1) {
				have[m[1]] = true
			}
		}
	}
	named := 0
	for page, text := range pages(t) {
		for _, m := range testName.FindAllStringSubmatch(text, -1) {
			named++
			if !have[m[1]] {
				t.Errorf("%s names %s, which is not there", page, m[1])
			}
		}
	}
	if named < 20 {
		t.Errorf("only %d names of tests were found", named)
	}
}

var (
	testFunc = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)[A-Z]\w*)\(`)
	testName = regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Z]\\w*)(?:/[^`]*)?`")
)

// TestEveryKeyOfAWorkspaceIsDescribed holds each section of docs/workspace.md to the Go types that its file is read into.
func TestEveryKeyOfAWorkspaceIsDescribed(t *testing.T) {
	page := pages(t)["docs/workspace.md"]
	agreement := section(page, "`agreements/<id>.yaml`")
	for _, c := range []struct {
		read any
		text string
	}{
		{workspace.Config{}, section(page, "`waarborg.yaml`")},
		{dpa.Agreement{}, agreement},
		{dpa.Customer{}, agreement + section(page, "`agreements/customers/<id>.yaml`") + section(page, "`waarborg.yaml`")}, // has "Who is who"
		{dpa.SubProcessor{}, section(page, "`subprocessors.yaml`")},
		{dpa.DataMap{}, section(page, "`datamap.yaml`")},
		{dpa.Access{}, section(page, "`access.yaml`")},
		{workspace.Waiver{}, section(page, "`waivers.yaml`")},
	} {
		described := strings.Join(code.FindAllString(c.text+section(page, "How files are read"), -1), " ")
		keys := map[string]bool{}
		yamlKeys(reflect.TypeOf(c.read), keys)
		if len(keys) < 5 {
			t.Errorf("%T: only %d keys were found", c.read, len(keys))
		}
		for key := range keys {
			if !regexp.MustCompile(`\b` + key + `\b`).MatchString(described) {
				t.Errorf("docs/workspace.md does not describe the key %s of %T", key, c.read)
			}
		}
	}
}

var code = regexp.MustCompile("`[^`]+`")

// section is the text under a heading of the second level.
func section(page, title string) string {
	_, text, _ := strings.Cut(page, "\n## "+title+"\n")
	text, _, _ = strings.Cut(text, "\n## ")
	return text
}

// yamlKeys collects the keys that a type is read from, and those of the types within it.
func yamlKeys(typ reflect.Type, into map[string]bool) {
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct {
		return
	}
	for i := range typ.NumField() {
		key, _, _ := strings.Cut(typ.Field(i).Tag.Get("yaml"), ",")
		if key == "" || key == "-" {
			continue
		}
		into[key] = true
		yamlKeys(typ.Field(i).Type, into)
	}
	if u, ok := reflect.New(typ).Interface().(interface{ Variants() []any }); ok {
		for _, v := range u.Variants() {
			yamlKeys(reflect.TypeOf(v), into)
		}
	}
}
