package arrows

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"testing/fstest"

	"waarborg/internal/assess"
)

var teamFile = regexp.MustCompile("(?ms)^`policy/([^`]+)`:\n\n```[a-z]+\n(.*?)^```$")

// TestTheTeamsExamplesWork loads the team's rule of docs/writing-rules.md and the folder examples/gate/policy as any team's, and runs
// their tests and examples.
func TestTheTeamsExamplesWork(t *testing.T) {
	page := fstest.MapFS{}
	for _, m := range teamFile.FindAllStringSubmatch(pages(t)["docs/writing-rules.md"], -1) {
		page[m[1]] = &fstest.MapFile{Data: []byte(m[2])}
	}
	folder := os.DirFS(filepath.Join("..", "..", "examples", "gate", "policy"))
	for name, files := range map[string]fs.FS{"the page": page, "the folder": folder} {
		p, problems, err := assess.LoadTeam(files, name)
		if err != nil || len(problems) > 0 {
			t.Errorf("%s: %v %v", name, problems, err)
			continue
		}
		results, cov, err := p.Test(t.Context(), files)
		if err != nil || len(results) < 3 {
			t.Errorf("%s: %d tests, %v", name, len(results), err)
		}
		for _, x := range results {
			if x.Failed {
				t.Errorf("%s: %s.%s failed %s", name, x.Package, x.Name, x.Message)
			}
		}
		if len(cov.Uncovered) > 0 {
			t.Errorf("%s: no test reaches %v", name, cov.Uncovered)
		}
		raw := 0
		for _, r := range p.Rules {
			if assess.IsRaw(r.Kind) {
				raw++
			}
			seen := map[assess.Status]bool{}
			list, err := assess.Examples(files, r)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range list {
				seen[x.Want] = true
				if v, err := p.Try(t.Context(), r, x); err != nil || v.Status != x.Want {
					t.Errorf("%s: %s, example %q: %v, want %s (%v)", name, r.ID, x.Name, v, x.Want, err)
				}
			}
			if !seen[assess.Pass] || !seen[assess.Fail] || !seen[assess.Unknown] {
				t.Errorf("%s: %s has no example of pass, fail and unknown", name, r.ID)
			}
		}
		if raw != 1 {
			t.Errorf("%s: %d rules about the resource itself", name, raw)
		}
		if stray, err := p.StrayExamples(files); err != nil || len(stray) > 0 {
			t.Errorf("%s: %v %v", name, stray, err)
		}
	}
	for name, file := range page { // what the page shows is what the folder has
		if have, err := fs.ReadFile(folder, name); err != nil || string(have) != string(file.Data) {
			t.Errorf("%s differs between the page and the folder: %v", name, err)
		}
	}
}
