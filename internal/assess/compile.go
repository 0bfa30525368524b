package assess

import (
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
	names := p.categoryNames()
	for _, r := range p.Rules {
		r.categories = names
	}
	slices.SortFunc(p.Rules, func(a, b *Rule) int { return strings.Compare(a.ID, b.ID) })
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
	if err := errors.Join(checkReads(r, m), checkApplies(r, m)); err != nil {
		return err
	}
	if len(kinds) == 0 || slices.Contains(kinds, r.Kind) {
		modules[name] = m
		p.Rules = append(p.Rules, r)
	}
	return nil
}

// inputRefs lists what a module or a rule reads of `input`, as dotted paths of their constant parts.
func inputRefs(m any) []string {
	var out []string
	seen := map[*ast.Term]bool{}
	ast.WalkRefs(m, func(r ast.Ref) bool {
		if !r.HasPrefix(ast.InputRootRef) {
			return false
		}
		seen[r[0]] = true
		var parts []string
		for _, t := range r[1:] {
			s, ok := t.Value.(ast.String)
			if !ok {
				break
			}
			parts = append(parts, string(s))
		}
		out = append(out, strings.Join(parts, "."))
		return false
	})
	// A bare `input` is a variable, not a reference with a path; it would hand the whole document on.
	ast.WalkTerms(m, func(t *ast.Term) bool {
		if v, ok := t.Value.(ast.Var); ok && v.Equal(ast.InputRootDocument.Value) && !seen[t] {
			out = append(out, "")
		}
		return false
	})
	return out
}

// checkReads holds a rule to what it declares: a fact read but not declared would make a cached verdict wrong, and a
// declared kind's path that does not exist would be unknown for ever.
func checkReads(r *Rule, m *ast.Module) error {
	known := pathsOf(r.Kind)
	if known == nil {
		return fmt.Errorf("%s: there is no kind of resource %q", r.File, r.Kind)
	}
	for _, need := range r.facts() {
		if !slices.ContainsFunc(known, func(k string) bool { return k == need || strings.HasPrefix(k, need+".") }) {
			return fmt.Errorf("%s: kind %s has no fact %q", r.File, r.Kind, need)
		}
	}
	var declared []string
	declared = append(declared, r.facts()...)
	for _, t := range r.Terms {
		declared = append(declared, "terms."+t.Path)
	}
	for _, ref := range inputRefs(m) {
		if !slices.ContainsFunc(declared, func(d string) bool { return ref == d || strings.HasPrefix(ref, d+".") }) {
			return fmt.Errorf("%s: the rule reads input.%s, which is not in its needs, scope or terms", r.File, ref)
		}
	}
	return nil
}

// checkApplies holds the question whether a rule applies to the facts of its scope and to terms, following the rules it
// calls: it is answered once per distinct scope, so nothing else may change the answer.
func checkApplies(r *Rule, m *ast.Module) error {
	byName := map[string][]*ast.Rule{}
	for _, x := range m.Rules {
		name := x.Head.Ref()[0].Value.String()
		byName[name] = append(byName[name], x)
	}
	reached := map[string]bool{}
	var follow func(name string) error
	follow = func(name string) error {
		if reached[name] {
			return nil
		}
		reached[name] = true
		for _, x := range byName[name] {
			for _, ref := range inputRefs(x) {
				in := func(d string) bool { return ref == d || strings.HasPrefix(ref, d+".") }
				if !slices.ContainsFunc(r.Scope, in) && !strings.HasPrefix(ref, "terms.") {
					return fmt.Errorf("%s: `applies` depends on input.%s, which is not in the rule's scope", r.File, ref)
				}
			}
			var err error
			ast.WalkVars(x, func(v ast.Var) bool {
				if _, ok := byName[string(v)]; ok && err == nil {
					err = follow(string(v))
				}
				return false
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
	return follow("applies")
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
