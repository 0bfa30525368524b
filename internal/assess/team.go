package assess

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"

	"waarborg/internal/say"
	"waarborg/policies"
)

// Problem is why a team's rule cannot be used.
type Problem struct {
	File string // slash-separated, below the folder of rules; the folder's name for the folder itself
	Line int    // 0: the file as a whole
	Text say.Text
	Hint say.Text // empty where nothing helps
}

// Limits of a folder of a team's own rules.
const (
	teamFileSize   = 1 << 20
	teamFiles      = 500
	teamTotalSize  = 20 << 20
	teamNesting    = 200  // of terms in one another
	teamNameLength = 60   // of an id
	teamMostFaults = 1000 // more are not said

	teamCompileTime = 30 * time.Second // for all rules; our own take one
)

// LoadTeam reads, checks and compiles a team's own rules: Rego in the form of ours, in packages team.<rule>, team.<area>.<rule>
// and, for what they share, team.lib.<name>. They are compiled apart from ours, so neither can call or change the other. What
// they see is `input`, `data.now`, `data.reference` and `data.team_regions`, all read only. name is what people call the folder;
// fsys should be an os.Root's, so that no link leads out of it. What is wrong with the rules comes as problems, all of them at
// once, and then there are no Policies; err is for a folder that cannot be read.
func LoadTeam(fsys fs.FS, name string) (*Policies, []Problem, error) {
	t := &teamLoader{name: name, p: &Policies{reference: map[string]any{}, raw: map[string]*rawKind{}, team: true}, sum: newDigest(),
		modules: map[string]*ast.Module{}, packages: map[string]string{}, ids: map[string]string{}}
	if err := t.reference(); err != nil {
		return nil, nil, err
	}
	if err := t.walk(fsys); err != nil {
		return nil, nil, &say.Error{Msg: say.Both("the rules in %s cannot be read: %s", "de regels in %s zijn niet te lezen: %s", name, err),
			Hint: say.Both("give a folder with rules", "geef een map met regels"), Err: err}
	}
	if len(t.p.Rules) == 0 && len(t.problems) == 0 {
		t.problem(name, fault{text: say.Both("there is no rule in this folder", "er staat geen regel in deze map"),
			hint: say.Both("a rule is a file that ends in .rego, in package team.<rule>", "een regel is een bestand dat eindigt op .rego, in package team.<regel>")})
	}
	if len(t.problems) == 0 {
		t.compile(teamCompileTime)
	}
	if len(t.problems) > 0 {
		slices.SortStableFunc(t.problems, func(a, b Problem) int {
			if c := strings.Compare(a.File, b.File); c != 0 {
				return c
			}
			return a.Line - b.Line
		})
		return nil, t.problems, nil
	}
	t.p.Digest = t.sum.String()
	t.p.settle()
	t.p.indexRaw()
	return t.p, nil, nil
}

type teamLoader struct {
	name     string // of the folder
	p        *Policies
	sum      digest
	modules  map[string]*ast.Module // by file
	packages map[string]string      // package to file
	ids      map[string]string      // rule id to file
	files    int
	size     int
	problems []Problem
}

func (t *teamLoader) problem(file string, faults ...fault) {
	for _, f := range faults {
		if len(t.problems) < teamMostFaults {
			t.problems = append(t.problems, Problem{File: file, Line: f.line, Text: f.text, Hint: f.hint})
		}
	}
}

// reference reads the reference data that ours see too. They count in the digest: they can change a verdict.
func (t *teamLoader) reference() error {
	list, err := fs.Glob(policies.FS, "reference/*.json")
	if err != nil {
		return err
	}
	for _, name := range list {
		data, err := fs.ReadFile(policies.FS, name)
		if err != nil {
			return fmt.Errorf("reading the reference data: %w", err)
		}
		t.sum.add(name, data)
		if err := t.p.addData(name, data); err != nil {
			return err
		}
	}
	return nil
}

func (t *teamLoader) walk(fsys fs.FS) error {
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir // such as .git
		case d.IsDir() || strings.HasSuffix(name, "_test.rego"):
			return nil
		case d.Type()&fs.ModeSymlink != 0:
			t.problem(name, fault{text: say.Both("this is a link, and links are not followed", "dit is een link, en links worden niet gevolgd"),
				hint: say.Both("put the rule itself in the folder", "zet de regel zelf in de map")})
			return nil
		case path.Ext(name) != ".rego":
			return nil
		case !d.Type().IsRegular():
			t.problem(name, fault{text: say.Both("this is not an ordinary file", "dit is geen gewoon bestand")})
			return nil
		}
		if t.files++; t.files > teamFiles {
			t.problem(name, fault{text: say.Both("the folder holds more than %d rules", "er staan meer dan %d regels in de map", teamFiles),
				hint: say.Both("point at a smaller folder", "wijs een kleinere map aan")})
			return fs.SkipAll
		}
		data, err := readUpTo(fsys, name, teamFileSize)
		if err != nil {
			return err
		}
		if t.size += len(data); len(data) > teamFileSize || t.size > teamTotalSize {
			t.problem(name, fault{text: say.Both("a rule may have 1 MiB, and all rules together 20 MiB", "een regel mag 1 MiB groot zijn, en alle regels samen 20 MiB"),
				hint: say.Both("split the rule, or point at a smaller folder", "splits de regel, of wijs een kleinere map aan")})
			return nil
		}
		t.sum.add(name, data)
		t.file(name, data)
		return nil
	})
}

// readUpTo reads a file, and of one that is larger than limit one byte more.
func readUpTo(fsys fs.FS, name string, limit int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	return data, errors.Join(err, f.Close())
}

// file adds one file's rules.
func (t *teamLoader) file(name string, data []byte) {
	if !utf8.Valid(data) {
		t.problem(name, fault{text: say.Both("this is not text in UTF-8", "dit is geen tekst in UTF-8"), hint: say.Both("save it as UTF-8", "sla het op als UTF-8")})
		return
	}
	m, faults := parseTeam(name, string(data))
	if len(faults) > 0 {
		t.problem(name, faults...)
		return
	}
	pkg := packageName(m)
	if f, ok := badPackage(m); !ok {
		t.problem(name, f)
		return
	}
	if other, dup := t.packages[pkg]; dup {
		t.problem(name, fault{line: line(m.Package.Location), text: say.Both("package %s is in %s too", "package %s staat ook in %s", pkg, other),
			hint: say.Both("a rule is one file: give each its own package", "een regel is een bestand: geef elk een eigen package")})
		return
	}
	t.packages[pkg] = name
	t.problem(name, checkSight(m)...)
	if strings.HasPrefix(pkg, teamLib) {
		t.problem(name, checkLib(m)...)
	} else {
		t.rules(name, m, data)
	}
	t.modules[name] = m
}

// rules adds the rules of a file: one for each kind that it names.
func (t *teamLoader) rules(name string, m *ast.Module, data []byte) {
	a := packageAnnotation(m)
	if a == nil {
		t.problem(name, fault{line: line(m.Package.Location), text: say.Both("the package has no METADATA annotation, so this is no rule yet", "het package heeft geen METADATA-annotatie, dus dit is nog geen regel"),
			hint: say.Both("write the annotation right above `package`; `waarborg rules show` gives the texts of one that has it",
				"schrijf de annotatie direct boven `package`; `waarborg rules show` geeft de teksten van een regel die er een heeft")})
		return
	}
	faults := checkAnnotation(a, string(data))
	var c teamAnnotation
	if len(faults) == 0 {
		if err := readCustom(a, &c); err != nil {
			faults = append(faults, fault{line: line(a.Location), text: say.Both("the `custom` annotation cannot be read", "de `custom`-annotatie is niet te lezen")})
		}
	}
	if len(faults) > 0 {
		t.problem(name, faults...)
		return
	}
	kinds := c.Kinds
	if c.Kind != "" {
		kinds = append(kinds, c.Kind)
	}
	if len(kinds) == 0 {
		kinds = append(kinds, "") // said below, with all that is missing
	}
	said := map[string]bool{}
	for i, k := range kinds {
		c.Kind = k
		r := makeRule(name, m, a, c.annotation)
		r.team, r.Area = true, "team"
		if parts := strings.Split(r.Package, "."); len(parts) == 3 {
			r.Area = parts[1]
		}
		for _, f := range checkTeamRule(r, a, m) {
			if !said[f.text.EN] { // once, not for each kind
				said[f.text.EN] = true
				t.problem(name, f)
			}
		}
		if slices.Contains(kinds[:i], k) {
			t.problem(name, fault{line: line(a.Location), text: say.Both("kind %q is named twice", "soort %q staat er twee keer", k)})
		}
		t.p.Rules = append(t.p.Rules, r)
	}
	if other, dup := t.ids[c.ID]; dup && c.ID != "" {
		t.problem(name, fault{line: line(a.Location), text: say.Both("id %s is that of %s too", "id %s is ook die van %s", c.ID, other),
			hint: say.Both("give each rule an id of its own", "geef elke regel een eigen id")})
	}
	t.ids[c.ID] = name
}

// compile compiles all files together, within a time: what OPA knows of the type of a term can grow without bound.
func (t *teamLoader) compile(limit time.Duration) {
	c := limited(ast.NewCompiler().WithCapabilities(capabilities()).WithStrict(true).WithDefaultRegoVersion(ast.RegoV1))
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.Compile(t.modules)
	}()
	late := time.NewTimer(limit)
	defer late.Stop()
	select {
	case <-done:
	case <-late.C:
		t.problem(t.name, fault{text: say.Both("compiling the rules takes longer than %s", "het compileren van de regels duurt langer dan %s", limit),
			hint: say.Both("make them simpler, or try them file by file to find the one that is slow", "maak ze eenvoudiger, of probeer ze een voor een om de trage te vinden")})
		return
	}
	for _, e := range c.Errors {
		file := t.name
		if e.Location != nil {
			file = e.Location.File
		}
		t.problem(file, fault{line: line(e.Location), text: say.Both("the rule does not compile: %s", "de regel compileert niet: %s", e.Message), hint: compileHint(e)})
	}
	t.p.compiler = c
}

// compileHint says what to do about the error that surprises people most.
func compileHint(e *ast.Error) say.Text {
	if strings.Contains(e.Message, "undefined function") {
		return say.Both("a rule may call few functions: none of network, clock, environment, chance or regular expressions",
			"een regel mag weinig functies gebruiken: geen voor netwerk, klok, omgeving, toeval of reguliere expressies")
	}
	return say.Text{}
}
