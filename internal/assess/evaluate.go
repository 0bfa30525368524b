package assess

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
)

// nowDoc is the time as rules see it.
type nowDoc struct {
	NS   int64
	Date string
}

func newNow(t time.Time) nowDoc {
	return nowDoc{NS: t.UnixNano(), Date: t.UTC().Format(time.DateOnly)}
}

// prepared is a rule ready to evaluate.
type prepared struct {
	rule  *Rule
	query rego.PreparedEvalQuery
	facts []int // slot of each path of rule.facts(), in that order
	needs []int // slots whose lack makes the verdict unknown
	scope []int
}

// prepare makes the query of a rule: its sets as arrays, and whether it applies.
func (p *Policies) prepare(ctx context.Context, r *Rule, store storage.Store) (rego.PreparedEvalQuery, error) {
	var q []string
	if r.hasDeny {
		q = append(q, fmt.Sprintf("deny := data.%s.deny", r.Package))
	}
	if r.hasUnsure {
		q = append(q, fmt.Sprintf("unsure := data.%s.unsure", r.Package))
	}
	if r.hasApplies {
		q = append(q, fmt.Sprintf("applies := [true | data.%s.applies == true]", r.Package))
	}
	prep, err := rego.New(rego.Compiler(p.compiler), rego.Store(store), rego.Query(strings.Join(q, "; ")),
		rego.StrictBuiltinErrors(true), rego.SetRegoVersion(ast.RegoV1)).PrepareForEval(ctx)
	if err != nil {
		return prep, fmt.Errorf("rule %s (%s): %w", r.ID, r.File, err)
	}
	return prep, nil
}

// outcome is what a rule said of an input, before unknown facts are weighed.
type outcome struct {
	applies      bool
	deny, unsure []Finding
}

// run evaluates a rule on an input document.
func (q *prepared) run(ctx context.Context, input ast.Value) (outcome, error) {
	rs, err := q.query.Eval(ctx, rego.EvalParsedInput(input))
	if err != nil {
		return outcome{}, err
	}
	if len(rs) != 1 {
		return outcome{}, fmt.Errorf("rule %s gave %d results", q.rule.ID, len(rs))
	}
	out := outcome{applies: true}
	b := rs[0].Bindings
	if q.rule.hasApplies {
		list, _ := b["applies"].([]any)
		out.applies = len(list) > 0
	}
	if out.deny, err = findings(b["deny"]); err != nil {
		return out, err
	}
	out.unsure, err = findings(b["unsure"])
	return out, err
}

func findings(x any) ([]Finding, error) {
	list, _ := x.([]any)
	var out []Finding
	for _, e := range list {
		m, ok := e.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("a finding is not an object")
		}
		f := Finding{}
		f.Path, _ = m["path"].(string)
		f.Code, _ = m["code"].(string)
		var err error
		if f.Value, err = canonical(m, "value"); err != nil {
			return nil, err
		}
		if f.Limit, err = canonical(m, "limit"); err != nil {
			return nil, err
		}
		if f.Path == "" {
			return nil, fmt.Errorf("a finding has no path")
		}
		out = append(out, f)
	}
	sortFindings(out)
	return out, nil
}

func canonical(m map[string]any, name string) (jsontext.Value, error) {
	x, ok := m[name]
	if !ok {
		return nil, nil
	}
	raw, err := json.Marshal(x, json.Deterministic(true))
	v := jsontext.Value(raw)
	if err == nil {
		err = v.Canonicalize()
	}
	return v, err
}

// judge weighs an outcome with what is unknown: see docs/design/spine.md for the order.
func judge(r *Rule, out outcome, scopeUnknown, needUnknown []UnknownFact) *Verdict {
	v := &Verdict{Rule: r}
	switch {
	case !out.applies && len(scopeUnknown) > 0:
		v.Status, v.Unknown = Unknown, scopeUnknown
	case !out.applies:
		v.Status = NotApplicable
	case len(out.deny) > 0:
		v.Status, v.Findings = Fail, out.deny
	case len(needUnknown)+len(out.unsure) > 0:
		v.Status, v.Unknown, v.Findings = Unknown, needUnknown, out.unsure
	default:
		v.Status = Pass
	}
	slices.SortFunc(v.Unknown, func(a, b UnknownFact) int { return strings.Compare(a.Path, b.Path) })
	v.Unknown = slices.CompactFunc(v.Unknown, func(a, b UnknownFact) bool { return a.Path == b.Path })
	return v
}

// document builds a rule's input: the facts it may see, and its terms.
func (q *prepared) document(values []jsontext.Value, terms ast.Value) (ast.Value, error) {
	tree := map[string]any{}
	for i, path := range q.rule.facts() {
		raw := values[q.facts[i]]
		if raw == nil {
			continue
		}
		var x any
		if err := json.Unmarshal(raw, &x); err != nil {
			return nil, err
		}
		put(tree, strings.Split(path, "."), x)
	}
	v, err := ast.InterfaceToValue(tree)
	if err != nil {
		return nil, err
	}
	v.(ast.Object).Insert(ast.StringTerm("terms"), ast.NewTerm(terms))
	return v, nil
}

// put sets a value at a path, making the objects on the way. Where a prefix is declared too, the wider one is there already.
func put(tree map[string]any, path []string, x any) {
	for _, part := range path[:len(path)-1] {
		sub, ok := tree[part].(map[string]any)
		if !ok {
			sub = map[string]any{}
			tree[part] = sub
		}
		tree = sub
	}
	tree[path[len(path)-1]] = x
}
