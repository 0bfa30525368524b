package arrows

import (
	"context"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"waarborg/internal/assess"
	"waarborg/policies"
)

// exampleFile takes a file of the worked example: its path, and the code under it.
var exampleFile = regexp.MustCompile("(?ms)^`policies/([^`]+)`:\n\n```[a-z]+\n(.*?)^```$")

// TestTheExampleRuleWorks puts the rule of docs/writing-rules.md beside the real ones and runs its tests and examples, so
// that whoever copies it starts from something that works.
func TestTheExampleRuleWorks(t *testing.T) {
	files := fstest.MapFS{}
	err := fs.WalkDir(policies.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(policies.FS, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range exampleFile.FindAllStringSubmatch(pages(t)["docs/writing-rules.md"], -1) {
		if files[m[1]] != nil {
			t.Errorf("%s is there already: choose another name for the example", m[1])
		}
		files[m[1]] = &fstest.MapFile{Data: []byte(m[2])}
	}
	p, err := assess.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(p.Rules, func(r *assess.Rule) bool { return r.ID == "SEC-999" })
	if i < 0 {
		t.Fatal("the example is not on the page")
	}
	runExample(t, p, p.Rules[i], files)
}

func runExample(t *testing.T, p *assess.Policies, r *assess.Rule, files fs.FS) {
	t.Helper()
	results, cov, err := p.Test(context.Background(), files)
	if err != nil {
		t.Fatal(err)
	}
	tests := 0
	for _, x := range results {
		if x.Package != r.Package+"_test" {
			continue
		}
		tests++
		if x.Failed {
			t.Errorf("%s failed %s", x.Name, x.Message)
		}
	}
	if tests < 5 {
		t.Errorf("%d tests of the example were run", tests)
	}
	for _, line := range cov.Uncovered {
		if strings.HasPrefix(line, r.File) {
			t.Errorf("no test reaches %s", line)
		}
	}
	list, err := assess.Examples(files, r)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range list {
		if v, err := p.Try(context.Background(), r, x); err != nil || v.Status != x.Want {
			t.Errorf("example %q: %v, want %s (%v)", x.Name, v, x.Want, err)
		}
	}
}
