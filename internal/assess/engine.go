package assess

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/open-policy-agent/opa/v1/rego"

	"waarborg/internal/inventory"
)

// Input is all that an assessment depends on. The same input gives the same results, byte for byte.
type Input struct {
	Resources   []inventory.Resource // in the order of inventory.Compare
	Customers   []Customer           // the standard terms under the id Standard, and every customer
	Now         time.Time
	TeamRegions map[string]any // provider to region to {"country": …}: regions the shipped table does not know
	Workers     int            // 0: as many as there are processors
}

// Judged is a rule's verdict for a resource, for the customers who share the terms it was judged by.
type Judged struct {
	*Verdict
	Customers []string // ids, sorted; nil: the standard terms alone
}

// engine holds one assessment's prepared rules and caches.
type engine struct {
	rules     map[inventory.Kind][]*prepared
	slots     map[inventory.Kind]*slots
	projected map[*Rule]map[string]termSet
	customers []Customer

	scopes  sync.Map // scope key to map[*prepared][]termSet
	seen    cache[[]Judged]
	same    cache[[]Judged] // by the verdicts themselves: most resources with new facts have verdicts seen before
	applies cache[int8]     // by rule, terms and scope facts
	verdict cache[*Verdict] // by rule, terms and facts
	evals   atomic.Int64
}

// Assess judges every resource by every rule of its kind. The slice has one element per resource, in the same order;
// each holds the verdicts sorted by rule. evaluated is how many distinct rule inputs were really evaluated.
func (p *Policies) Assess(ctx context.Context, in Input) (judged [][]Judged, evaluated int, err error) {
	e, err := p.engine(ctx, in)
	if err != nil {
		return nil, 0, err
	}
	out := make([][]Judged, len(in.Resources))
	workers := in.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	const chunk = 256
	var next atomic.Int64
	var once sync.Once
	var failed error
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				from := int(next.Add(chunk)) - chunk
				if from >= len(in.Resources) || ctx.Err() != nil {
					return
				}
				for i := from; i < min(from+chunk, len(in.Resources)); i++ {
					var err error
					if out[i], err = e.resource(ctx, in.Resources[i]); err != nil {
						once.Do(func() { failed = err })
						return
					}
				}
			}
		})
	}
	wg.Wait()
	if failed == nil {
		failed = ctx.Err()
	}
	return out, int(e.evals.Load()), failed
}

func (p *Policies) engine(ctx context.Context, in Input) (*engine, error) {
	e := &engine{rules: map[inventory.Kind][]*prepared{}, slots: map[inventory.Kind]*slots{},
		projected: map[*Rule]map[string]termSet{}, customers: in.Customers}
	if !slices.ContainsFunc(in.Customers, func(c Customer) bool { return c.ID == Standard }) {
		return nil, fmt.Errorf("assess: the standard terms are missing")
	}
	used := map[inventory.Kind]bool{}
	for _, r := range in.Resources {
		used[r.Kind] = true
	}
	store := newStore(p.store(newNow(in.Now), in.TeamRegions))
	paths := map[inventory.Kind][]string{}
	for _, r := range p.Rules {
		if used[r.Kind] {
			paths[r.Kind] = append(paths[r.Kind], r.facts()...)
		}
	}
	for k, list := range paths {
		slices.Sort(list)
		e.slots[k] = newSlots(slices.Compact(list))
	}
	for _, r := range p.Rules {
		if !used[r.Kind] {
			continue
		}
		pr, err := p.prepare(ctx, r, store)
		if err != nil {
			return nil, err
		}
		all := e.slots[r.Kind].paths
		pr.facts, pr.needs, pr.scope = indexes(all, r.facts()), indexes(all, r.Needs), indexes(all, r.Scope)
		e.rules[r.Kind] = append(e.rules[r.Kind], pr)
		e.projected[r] = map[string]termSet{}
		for _, c := range in.Customers {
			if e.projected[r][c.ID], err = projectTerms(r, c.Terms); err != nil {
				return nil, err
			}
		}
	}
	return e, nil
}

func indexes(all, paths []string) []int {
	var out []int
	for _, p := range paths {
		i, _ := slices.BinarySearch(all, p)
		out = append(out, i)
	}
	return out
}

// resource judges one resource, or finds that another with the same facts and scope was judged before.
func (e *engine) resource(ctx context.Context, r inventory.Resource) ([]Judged, error) {
	rules := e.rules[r.Kind]
	if len(rules) == 0 {
		return nil, nil
	}
	scopeKey := strings.Join(r.Scope.Customers, ",") + "|" + strings.Join(r.Scope.Applications, ",")
	if r.Scope.Internal {
		scopeKey += "|internal"
	}
	d := newDigest()
	d.add(string(r.Kind), r.Attributes)
	d.add(scopeKey, nil)
	for _, p := range sortedKeys(r.Unknown) {
		d.str(p)
		d.str(r.Unknown[p].Code)
		d.str(r.Unknown[p].Detail)
	}
	k := d.key()
	if v, ok := e.seen.get(k); ok {
		return v, nil
	}
	f, err := newFacts(r, e.slots[r.Kind])
	if err != nil {
		return nil, fmt.Errorf("assess: resource %q cannot be read: %w", r.ID, err)
	}
	sets := e.setsFor(scopeKey, r)
	var out []Judged
	for _, q := range rules {
		for _, set := range sets[q] {
			v, err := e.judge(ctx, q, f, set)
			if err != nil {
				return nil, fmt.Errorf("assess: resource %q: %w", r.ID, err)
			}
			out = append(out, Judged{v, set.customers})
		}
	}
	out = e.intern(scopeKey, out)
	e.seen.put(k, out)
	return out, nil
}

// intern gives resources with the same verdicts the same slice.
func (e *engine) intern(scopeKey string, list []Judged) []Judged {
	d := newDigest()
	d.str(scopeKey)
	for _, j := range list {
		d.str(fmt.Sprintf("%p", j.Verdict))
	}
	k := d.key()
	if v, ok := e.same.get(k); ok {
		return v
	}
	list = slices.Clip(list)
	e.same.put(k, list)
	return list
}

func (e *engine) setsFor(scopeKey string, r inventory.Resource) map[*prepared][]termSet {
	scopeKey = string(r.Kind) + "|" + scopeKey
	if v, ok := e.scopes.Load(scopeKey); ok {
		return v.(map[*prepared][]termSet)
	}
	ids := serves(r.Scope, e.customers)
	sets := map[*prepared][]termSet{}
	for _, q := range e.rules[r.Kind] {
		sets[q] = e.termSets(q.rule, ids)
	}
	e.scopes.Store(scopeKey, sets)
	return sets
}

// judge gives a rule's verdict on a resource's facts and a set of terms, evaluated once per distinct input.
func (e *engine) judge(ctx context.Context, q *prepared, f *facts, set termSet) (*Verdict, error) {
	k := f.key(set, q.facts)
	if v, ok := e.verdict.get(k); ok {
		return v, nil
	}
	out, err := e.outcome(ctx, q, f, set)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var v *Verdict
	if err != nil {
		// One rule that cannot be evaluated does not hide the others, and is not green.
		v = &Verdict{Rule: q.rule, Status: Unknown, Unknown: []UnknownFact{{"rule", inventory.Reason{Code: RuleError, Detail: q.rule.ID}}}}
	} else {
		paths := e.slots[q.rule.Kind].paths
		scope := f.lacking(paths, q.scope)
		v = q.judge(out, scope, slices.Concat(f.lacking(paths, q.needs), scope, set.missing))
	}
	e.verdict.put(k, v)
	return v, nil
}

// outcome asks OPA: first, once per distinct scope, whether the rule applies at all.
func (e *engine) outcome(ctx context.Context, q *prepared, f *facts, set termSet) (outcome, error) {
	input, err := q.document(f, set.value)
	if err != nil {
		return outcome{}, err
	}
	if q.rule.hasApplies {
		k := f.key(set, q.scope)
		applies, known := e.applies.get(k)
		if !known {
			rs, err := q.applies.Eval(ctx, rego.EvalParsedInput(input))
			if err != nil {
				return outcome{}, err
			}
			applies = int8(len(rs))
			e.applies.put(k, applies)
		}
		if applies == 0 {
			return outcome{}, nil
		}
	}
	e.evals.Add(1)
	return q.run(ctx, input)
}

func sortedKeys[V any](m map[string]V) []string {
	if len(m) == 0 {
		return nil
	}
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
