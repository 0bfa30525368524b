package assess

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
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
	rule    *Rule
	query   rego.PreparedEvalQuery // what is denied and what is asked
	applies rego.PreparedEvalQuery // whether the rule applies; unused if the rule does not say
	facts   []int                  // slot of each path of rule.facts(), in that order
	paths   [][]string             // these paths, split
	needs   []int                  // slots whose lack makes the verdict unknown
	scope   []int
	simple  map[Status]*Verdict // verdicts that hold nothing but their status

	overruns atomic.Int32 // how often it took longer than it may
}

// prepare makes the queries of a rule.
func (p *Policies) prepare(ctx context.Context, r *Rule, store storage.Store) (*prepared, error) {
	var q []string
	if r.hasDeny {
		q = append(q, fmt.Sprintf("deny := data.%s.deny", r.Package))
	}
	if r.hasUnsure {
		q = append(q, fmt.Sprintf("unsure := data.%s.unsure", r.Package))
	}
	out := &prepared{rule: r, simple: map[Status]*Verdict{}}
	for _, s := range []Status{Pass, NotApplicable} {
		out.simple[s] = &Verdict{Rule: r, Status: s}
	}
	for _, f := range r.facts() {
		out.paths = append(out.paths, strings.Split(f, "."))
	}
	var err error
	if out.query, err = p.query(ctx, store, strings.Join(q, "; ")); err != nil {
		return nil, fmt.Errorf("rule %s (%s): %w", r.ID, r.File, err)
	}
	if r.hasApplies {
		if out.applies, err = p.query(ctx, store, fmt.Sprintf("data.%s.applies == true", r.Package)); err != nil {
			return nil, fmt.Errorf("rule %s (%s): %w", r.ID, r.File, err)
		}
	}
	return out, nil
}

func (p *Policies) query(ctx context.Context, store storage.Store, text string) (rego.PreparedEvalQuery, error) {
	options := []func(*rego.Rego){rego.Compiler(p.compiler), rego.Store(store), rego.Query(text), rego.StrictBuiltinErrors(true),
		rego.SetRegoVersion(ast.RegoV1)}
	if p.team {
		options = append(options, guarded()...)
	}
	return rego.New(options...).PrepareForEval(ctx)
}

// outcome is what a rule said of an input, before unknown facts are weighed.
type outcome struct {
	applies      bool
	deny, unsure []Finding
}

// run evaluates a rule that applies on an input document.
func (q *prepared) run(ctx context.Context, input ast.Value) (outcome, error) {
	rs, err := q.eval(ctx, q.query, input)
	if err != nil {
		return outcome{}, err
	}
	if len(rs) != 1 {
		return outcome{}, fmt.Errorf("rule %s gave %d results", q.rule.ID, len(rs))
	}
	out := outcome{applies: true}
	b := rs[0].Bindings
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
func (q *prepared) judge(out outcome, scopeUnknown, needUnknown []UnknownFact) *Verdict {
	v := &Verdict{Rule: q.rule}
	switch {
	case !out.applies && len(scopeUnknown) > 0:
		v.Status, v.Unknown = Unknown, scopeUnknown
	case !out.applies:
		return q.simple[NotApplicable]
	case len(out.deny) > 0:
		v.Status, v.Findings, v.Questions = Fail, out.deny, out.unsure
	case len(needUnknown)+len(out.unsure) > 0:
		v.Status, v.Unknown, v.Questions = Unknown, needUnknown, out.unsure
	default:
		return q.simple[Pass]
	}
	slices.SortFunc(v.Unknown, func(a, b UnknownFact) int { return strings.Compare(a.Path, b.Path) })
	v.Unknown = slices.CompactFunc(v.Unknown, func(a, b UnknownFact) bool { return a.Path == b.Path })
	return v
}

// document builds a rule's input: the facts it may see, and its terms.
func (q *prepared) document(f *facts, terms *ast.Term) (ast.Value, error) {
	doc := ast.NewObjectWithCapacity(len(q.facts) + 1)
	for i, slot := range q.facts {
		t, err := f.term(slot)
		if err != nil {
			return nil, err
		}
		if t != nil {
			insert(doc, q.paths[i], t)
		}
	}
	doc.Insert(termsKey, terms)
	return doc, nil
}

var termsKey = ast.InternedTerm("terms")

// insert sets a value at a path, making the objects on the way. Where a prefix is declared too, it comes first (facts are
// sorted) and has the value already.
func insert(o ast.Object, path []string, t *ast.Term) {
	for _, part := range path[:len(path)-1] {
		k := ast.InternedTerm(part)
		sub := o.Get(k)
		if sub == nil {
			sub = ast.NewTerm(ast.NewObject())
			o.Insert(k, sub)
		}
		next, ok := sub.Value.(ast.Object)
		if !ok {
			return // null above it: absent as a whole
		}
		o = next
	}
	k := ast.InternedTerm(path[len(path)-1])
	if o.Get(k) == nil {
		o.Insert(k, t)
	}
}

// put sets a value at a path of a plain tree.
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
