package assess

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"encoding/json/v2"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage/inmem"

	"waarborg/internal/inventory"
)

// Policies is a compiled set of rules with its reference data. It is immutable and safe for concurrent use.
type Policies struct {
	Rules  []*Rule // by id
	Digest string  // sha256 over all files that can change a verdict

	compiler  *ast.Compiler
	reference map[string]any
	raw       map[string]*rawKind // by rawKey; a team's own rules alone have any
	team      bool
}

// allowed lists the builtins that a rule may call: pure, deterministic, without clock, network, environment, randomness
// or regular expressions. `rego.metadata` and `opa.runtime` are left out too: a verdict depends on the input alone.
var allowed = []string{
	"abs", "and", "array.concat", "array.reverse", "array.slice", "assign", "ceil", "concat", "contains", "count", "div", "endswith", "eq",
	"equal", "floor", "format_int", "gt", "gte", "indexof", "internal.member_2", "internal.member_3", "internal.print", "intersection",
	"is_array", "json.remove", "object.remove", "object.filter", "internal.test_case", "is_boolean", "is_null", "is_number", "is_object", "is_set", "is_string", "lower", "lt", "lte", "max", "min", "minus", "mul",
	"neq", "numbers.range", "object.get", "object.keys", "object.union", "or", "plus", "rem", "replace", "round", "set_diff", "sort", "split",
	"sprintf", "startswith", "strings.any_prefix_match", "strings.any_suffix_match", "substring", "sum", "time.add_date", "time.date",
	"time.parse_ns", "time.parse_rfc3339_ns", "to_number", "trim", "trim_left", "trim_prefix", "trim_right", "trim_space", "trim_suffix",
	"type_name", "union", "upper",
}

// capabilities is an allow-list: what a new OPA adds stays forbidden until it is listed here.
func capabilities() *ast.Capabilities {
	caps := ast.CapabilitiesForThisVersion()
	caps.Builtins = slices.DeleteFunc(slices.Clone(caps.Builtins), func(b *ast.Builtin) bool {
		return b.Nondeterministic || !slices.Contains(allowed, b.Name)
	})
	caps.AllowNet = []string{}
	return caps
}

// Load reads, checks and compiles the rules of a policy tree. kinds, where given, leaves out rules of other kinds: a
// run over one kind of resource need not compile the rest.
func Load(fsys fs.FS, kinds ...inventory.Kind) (*Policies, error) {
	p := &Policies{reference: map[string]any{}}
	modules := map[string]*ast.Module{}
	sum := newDigest()
	var errs []error
	var files []*ruleFile
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		switch {
		case strings.HasSuffix(name, "_test.rego"):
			return nil
		case path.Ext(name) == ".rego" || strings.HasPrefix(name, "reference/") && path.Ext(name) == ".json":
			data, err := fs.ReadFile(fsys, name)
			if err != nil {
				return err
			}
			sum.add(name, data)
			files = append(files, &ruleFile{name: name, data: data})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the rules: %w", err)
	}
	parse(files)
	for _, f := range files {
		if err := p.add(f, modules, kinds); err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	p.Digest = sum.String()
	p.settle()
	for i := 1; i < len(p.Rules); i++ {
		if p.Rules[i].ID == p.Rules[i-1].ID {
			return nil, fmt.Errorf("rule id %s is used twice: %s and %s", p.Rules[i].ID, p.Rules[i-1].File, p.Rules[i].File)
		}
	}
	p.compiler = ast.NewCompiler().WithCapabilities(capabilities()).WithStrict(true).WithDefaultRegoVersion(ast.RegoV1)
	p.compiler.Compile(modules)
	if p.compiler.Failed() {
		return nil, fmt.Errorf("the rules do not compile: %w", p.compiler.Errors)
	}
	return p, nil
}

// settle sorts the rules by id and kind and tells them the names of categories.
func (p *Policies) settle() {
	names := p.categoryNames()
	for _, r := range p.Rules {
		r.categories = names
	}
	slices.SortFunc(p.Rules, func(a, b *Rule) int {
		return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(string(a.Kind), string(b.Kind)))
	})
}

// categoryNames reads the names of categories from the reference data; a tree of rules without any has none.
func (p *Policies) categoryNames() map[string]Text {
	out := map[string]Text{}
	table, _ := p.reference["categories"].(map[string]any)
	for id, entry := range table {
		e, _ := entry.(map[string]any)
		en, _ := e["en"].(string)
		nl, _ := e["nl"].(string)
		if en != "" && nl != "" {
			out[id] = Text{EN: en, NL: nl}
		}
	}
	return out
}

// ruleFile is a file of a policy tree, and what was parsed of it.
type ruleFile struct {
	name   string
	data   []byte
	module *ast.Module
	rule   *Rule // nil for a library
	err    error
}

func (f *ruleFile) isData() bool { return path.Ext(f.name) == ".json" }
func (f *ruleFile) isLib() bool  { return strings.HasPrefix(f.name, "lib/") }

// parse parses the Rego among files side by side: it is half of the time that a short command takes.
func parse(files []*ruleFile) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(files)); i = next.Add(1) - 1 {
				files[i].parse()
			}
		})
	}
	wg.Wait()
}

func (f *ruleFile) parse() {
	if f.isData() {
		return
	}
	f.module, f.err = ast.ParseModuleWithOpts(f.name, string(f.data), ast.ParserOptions{ProcessAnnotation: !f.isLib(), RegoVersion: ast.RegoV1})
	switch {
	case f.err != nil:
		return
	case f.isLib():
		if bad := inputRefs(f.module); len(bad) > 0 {
			f.err = fmt.Errorf("%s: a library reads `input`; it must take arguments", f.name)
		}
		return
	}
	if f.rule, f.err = readRule(f.name, f.module); f.err != nil {
		return
	}
	if faults := append(checkReads(f.rule, f.module), checkApplies(f.rule, f.module)...); len(faults) > 0 {
		f.err = joinFaults(f.name, faults)
	}
}

// add takes over what was parsed.
func (p *Policies) add(f *ruleFile, modules map[string]*ast.Module, kinds []inventory.Kind) error {
	switch {
	case f.err != nil:
		return f.err
	case f.isData():
		return p.addData(f.name, f.data)
	case f.isLib():
		modules[f.name] = f.module
	case len(kinds) == 0 || slices.Contains(kinds, f.rule.Kind):
		modules[f.name] = f.module
		p.Rules = append(p.Rules, f.rule)
	}
	return nil
}

func (p *Policies) addData(name string, data []byte) error {
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		return fmt.Errorf("%s: not readable as JSON: %w", name, err)
	}
	for k, v := range doc {
		if _, dup := p.reference[k]; dup {
			return fmt.Errorf("%s: reference data %q is there twice", name, k)
		}
		p.reference[k] = v
	}
	return nil
}

func pathsOf(k inventory.Kind) []string {
	for _, a := range inventory.Kinds() {
		if a.Kind() == k {
			return inventory.Paths(a)
		}
	}
	return nil
}

// store is the data that rules see besides their input: reference data, the workspace's own regions, and the time.
func (p *Policies) store(now nowDoc, teamRegions map[string]any) map[string]any {
	data := map[string]any{"reference": p.reference, "now": map[string]any{"ns": now.NS, "date": now.Date}}
	if teamRegions != nil {
		data["team_regions"] = teamRegions
	}
	return data
}

var newStore = inmem.NewFromObjectWithOpts
