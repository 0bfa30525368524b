package assess

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/tester"
)

// TestResult is one Rego test's outcome.
type TestResult struct {
	Package, Name string
	Failed        bool
	Message       string
	Took          time.Duration
}

// Coverage of the rules by their tests.
type Coverage struct {
	Percent   float64
	Uncovered []string // file:line of what no test reaches
}

// Test runs the Rego tests of a policy tree, as `opa test` does, under the same restrictions as an assessment.
func (p *Policies) Test(ctx context.Context, fsys fs.FS) ([]TestResult, Coverage, error) {
	modules := map[string]*ast.Module{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".rego" {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		m, err := ast.ParseModuleWithOpts(name, string(data), ast.ParserOptions{RegoVersion: ast.RegoV1})
		modules[name] = m
		return err
	})
	if err != nil {
		return nil, Coverage{}, fmt.Errorf("reading the rules' tests: %w", err)
	}
	compiler := ast.NewCompiler().WithCapabilities(capabilities()).WithStrict(true).WithDefaultRegoVersion(ast.RegoV1)
	tracer := cover.New()
	store := newStore(map[string]any{"reference": p.reference})
	ch, err := tester.NewRunner().SetCompiler(compiler).SetStore(store).SetCoverageQueryTracer(tracer).SetModules(modules).
		SetTimeout(time.Minute).RunTests(ctx, nil)
	if err != nil {
		return nil, Coverage{}, fmt.Errorf("running the rules' tests: %w", err)
	}
	var out []TestResult
	for r := range ch {
		t := TestResult{Package: strings.TrimPrefix(r.Package, "data."), Name: r.Name, Failed: r.Fail || r.Error != nil, Took: r.Duration}
		if r.Error != nil {
			t.Message = r.Error.Error()
		}
		out = append(out, t)
	}
	report := tracer.Report(modules)
	cov := Coverage{Percent: report.Coverage}
	for _, file := range sortedKeys(report.Files) {
		if strings.HasSuffix(file, "_test.rego") {
			continue
		}
		for _, x := range report.Files[file].NotCovered {
			cov.Uncovered = append(cov.Uncovered, fmt.Sprintf("%s:%d", file, x.Start.Row))
		}
	}
	return out, cov, nil
}
