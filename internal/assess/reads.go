package assess

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"waarborg/internal/say"
)

// fault is what is wrong with a rule's file.
type fault struct {
	line       int // 0: the file as a whole
	text, hint say.Text
}

func joinFaults(file string, faults []fault) error {
	var errs []error
	for _, f := range faults {
		errs = append(errs, fmt.Errorf("%s: %s", file, f.text.EN))
	}
	return errors.Join(errs...)
}

// read is a place where a rule reads its input, by the constant part of the path; empty for the input as a whole.
type read struct {
	path string
	line int
}

// inputRefs lists what a module or a rule reads of `input`.
func inputRefs(m any) []read {
	var out []read
	seen := map[*ast.Term]bool{}
	ast.WalkRefs(m, func(r ast.Ref) bool {
		if !r.HasPrefix(ast.InputRootRef) {
			return false
		}
		seen[r[0]] = true
		out = append(out, read{strings.Join(constants(r), "."), line(r[0].Location)})
		return false
	})
	// A bare `input` is a variable, not a reference with a path; it would hand the whole document on.
	ast.WalkTerms(m, func(t *ast.Term) bool {
		if v, ok := t.Value.(ast.Var); ok && v.Equal(ast.InputRootDocument.Value) && !seen[t] {
			out = append(out, read{"", line(t.Location)})
		}
		return false
	})
	return out
}

// constants are the parts of a reference after its head, as far as they are constant.
func constants(r ast.Ref) (parts []string) {
	for _, t := range r[1:] {
		s, ok := t.Value.(ast.String)
		if !ok {
			break
		}
		parts = append(parts, string(s))
	}
	return parts
}

func line(l *ast.Location) int {
	if l == nil {
		return 0
	}
	return l.Row
}

// checkReads holds a rule to what it declares: a fact read but not declared would make a cached verdict wrong, and a
// declared kind's path that does not exist would be unknown for ever.
func checkReads(r *Rule, m *ast.Module) (faults []fault) {
	if known := pathsOf(r.Kind); known != nil {
		for _, need := range r.facts() {
			if !slices.ContainsFunc(known, func(k string) bool { return k == need || strings.HasPrefix(k, need+".") }) {
				faults = append(faults, fault{text: say.Both("kind %s has no fact %q", "soort %s heeft geen feit %q", r.Kind, need),
					hint: say.Both("the facts of each kind stand in policies/schemas", "de feiten van elke soort staan in policies/schemas")})
			}
		}
	} else if !IsRaw(r.Kind) {
		faults = append(faults, fault{text: say.Both("there is no kind of resource %q", "er is geen soort object %q", r.Kind),
			hint: say.Both("for the resource itself, write its format before its type, such as terraform.azurerm_storage_account",
				"zet voor het object zelf de vorm voor het type, zoals terraform.azurerm_storage_account")})
	}
	declared := r.facts()
	for _, t := range r.Terms {
		declared = append(declared, "terms."+t.Path)
	}
	for _, ref := range inputRefs(m) {
		if !slices.ContainsFunc(declared, func(d string) bool { return ref.path == d || strings.HasPrefix(ref.path, d+".") }) {
			name := strings.TrimSuffix("input."+ref.path, ".")
			faults = append(faults, fault{line: ref.line, text: say.Both("the rule reads %s, which is not in its needs, scope or terms",
				"de regel leest %s, en dat staat niet in zijn needs, scope of terms", name),
				hint: say.Both("add it to `needs`, or to `scope` if it decides `applies`", "voeg het toe aan `needs`, of aan `scope` als het `applies` bepaalt")})
		}
	}
	return faults
}

// checkApplies holds the question whether a rule applies to the facts of its scope and to terms, following the rules it
// calls: it is answered once per distinct scope, so nothing else may change the answer.
func checkApplies(r *Rule, m *ast.Module) (faults []fault) {
	byName := rulesByName(m)
	for _, name := range reached(m, "applies") {
		for _, x := range byName[name] {
			for _, ref := range inputRefs(x) {
				in := func(d string) bool { return ref.path == d || strings.HasPrefix(ref.path, d+".") }
				if !slices.ContainsFunc(r.Scope, in) && !strings.HasPrefix(ref.path, "terms.") {
					faults = append(faults, fault{line: ref.line, text: say.Both("`applies` depends on input.%s, which is not in the rule's scope",
						"`applies` hangt af van input.%s, en dat staat niet in de scope van de regel", ref.path),
						hint: say.Both("move it from `needs` to `scope`", "verplaats het van `needs` naar `scope`")})
				}
			}
		}
	}
	return faults
}

func rulesByName(m *ast.Module) map[string][]*ast.Rule {
	byName := map[string][]*ast.Rule{}
	for _, x := range m.Rules {
		name := ruleName(x)
		byName[name] = append(byName[name], x)
	}
	return byName
}

func ruleName(x *ast.Rule) string {
	switch v := x.Head.Ref()[0].Value.(type) {
	case ast.Var:
		return string(v)
	default:
		return v.String()
	}
}

// reached lists the rules of a module that the named ones are, or call by name, on any way; sorted.
func reached(m *ast.Module, names ...string) []string {
	byName := rulesByName(m)
	seen := map[string]bool{}
	var follow func(name string)
	follow = func(name string) {
		if seen[name] || byName[name] == nil {
			return
		}
		seen[name] = true
		for _, x := range byName[name] {
			ast.WalkVars(x, func(v ast.Var) bool {
				follow(string(v))
				return false
			})
			ast.WalkRefs(x, func(ref ast.Ref) bool {
				if n := len(m.Package.Path); ref.HasPrefix(m.Package.Path) && len(ref) > n {
					if s, ok := ref[n].Value.(ast.String); ok {
						follow(string(s))
					}
				}
				return false
			})
		}
	}
	for _, name := range names {
		follow(name)
	}
	return sortedKeys(seen)
}
