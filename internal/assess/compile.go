package assess

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

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
			if err := p.add(name, data, modules, kinds); err != nil {
				errs = append(errs, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the rules: %w", err)
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

func (p *Policies) add(name string, data []byte, modules map[string]*ast.Module, kinds []inventory.Kind) error {
	if path.Ext(name) == ".json" {
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
	lib := strings.HasPrefix(name, "lib/")
	m, err := ast.ParseModuleWithOpts(name, string(data), ast.ParserOptions{ProcessAnnotation: !lib, RegoVersion: ast.RegoV1})
	if err != nil {
		return err
	}
	if lib {
		if bad := inputRefs(m); len(bad) > 0 {
			return fmt.Errorf("%s: a library reads `input`; it must take arguments", name)
		}
		modules[name] = m
		return nil
	}
	r, err := readRule(name, m)
	if err != nil {
		return err
	}
	if faults := append(checkReads(r, m), checkApplies(r, m)...); len(faults) > 0 {
		return joinFaults(name, faults)
	}
	if len(kinds) == 0 || slices.Contains(kinds, r.Kind) {
		modules[name] = m
		p.Rules = append(p.Rules, r)
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
