package assess

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/open-policy-agent/opa/v1/storage"

	"waarborg/internal/inventory"
)

// Judge judges resources one at a time, in any order and from several goroutines. It remembers verdicts by the facts that they
// rest on, within bounds: however many resources it meets, its memory stays limited.
type Judge struct {
	policies  *Policies
	store     storage.Store
	customers []Customer
	timeout   time.Duration

	mu    sync.Mutex // guards kinds while one is made
	kinds sync.Map   // inventory.Kind to *kindRules

	seen    cache[[]Judged]
	same    cache[[]Judged] // by the verdicts themselves: most resources with new facts have verdicts seen before
	applies cache[int8]     // by rule, terms and scope facts
	verdict cache[*Verdict] // by rule, terms and facts
	evals   atomic.Int64
}

// kindRules is what is prepared for the resources of a kind.
type kindRules struct {
	rules     []*prepared
	slots     *slots
	facts     *inventory.Projection // of every fact that a rule sees; nil for a kind without a struct
	projected map[*Rule]map[string]termSet
	scopes    sync.Map // scope key to map[*prepared][]termSet
}

// Judge prepares to judge by the rules. in.Resources is not looked at; rules are prepared when a resource of their kind comes.
func (p *Policies) Judge(in Input) (*Judge, error) {
	if !slices.ContainsFunc(in.Customers, func(c Customer) bool { return c.ID == Standard }) {
		return nil, fmt.Errorf("assess: the standard terms are missing")
	}
	return &Judge{policies: p, store: newStore(p.store(newNow(in.Now), in.TeamRegions)), customers: in.Customers,
		timeout: in.RuleTimeout}, nil
}

// of returns what is prepared for a kind, and prepares it if that was not done yet.
func (j *Judge) of(ctx context.Context, k inventory.Kind) (*kindRules, error) {
	if v, ok := j.kinds.Load(k); ok {
		return v.(*kindRules), nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if v, ok := j.kinds.Load(k); ok {
		return v.(*kindRules), nil
	}
	made, err := j.prepare(ctx, k)
	if err != nil {
		return nil, err
	}
	j.kinds.Store(k, made)
	return made, nil
}

func (j *Judge) prepare(ctx context.Context, k inventory.Kind) (*kindRules, error) {
	out := &kindRules{projected: map[*Rule]map[string]termSet{}}
	var paths []string
	for _, r := range j.policies.Rules {
		if r.Kind == k {
			paths = append(paths, r.facts()...)
		}
	}
	slices.Sort(paths)
	out.slots = newSlots(slices.Compact(paths))
	for _, a := range inventory.Kinds() {
		if a.Kind() == k {
			out.facts = inventory.NewProjection(a, out.slots.paths)
		}
	}
	var rules []*Rule
	for _, r := range j.policies.Rules {
		if r.Kind == k {
			rules = append(rules, r)
			out.projected[r] = map[string]termSet{}
		}
	}
	// Side by side: with few resources this takes longer than to judge them.
	out.rules = make([]*prepared, len(rules))
	errs := make([]error, len(rules))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(rules)) {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(rules)); i = next.Add(1) - 1 {
				errs[i] = j.prepareRule(ctx, rules[i], out, &out.rules[i])
			}
		})
	}
	wg.Wait()
	return out, errors.Join(errs...)
}

// prepareRule makes one rule ready, and the terms that it sees of every customer.
func (j *Judge) prepareRule(ctx context.Context, r *Rule, k *kindRules, into **prepared) error {
	q, err := j.policies.prepare(ctx, r, j.store)
	if err != nil {
		return err
	}
	all := k.slots.paths
	q.facts, q.needs, q.scope = indexes(all, r.facts()), indexes(all, r.Needs), indexes(all, r.Scope)
	*into = q
	terms := k.projected[r]
	for _, c := range j.customers {
		if terms[c.ID], err = projectTerms(r, c.Terms); err != nil {
			return err
		}
	}
	return nil
}

// Draft judges a resource before it is encoded: one with the same facts as another, where rules look, never is.
func (j *Judge) Draft(ctx context.Context, d inventory.Draft) ([]Judged, error) {
	kind := d.Attributes.Kind()
	k, err := j.of(ctx, kind)
	if err != nil || len(k.rules) == 0 {
		return nil, err
	}
	scope := scopeKey(d.Scope)
	sum := newDigest()
	sum.str("draft")
	sum.str(string(kind))
	sum.str(scope)
	sum.text = k.facts.Append(sum.text[:0], d.Attributes)
	sum.bytes(sum.text)
	key := sum.key()
	if v, ok := j.seen.get(key); ok {
		return v, nil
	}
	r, err := d.Encode()
	if err != nil {
		return nil, err
	}
	return j.judge(ctx, k, r, scope, key)
}

// Resource judges one resource, or finds that another with the same facts and scope was judged before.
func (j *Judge) Resource(ctx context.Context, r inventory.Resource) ([]Judged, error) {
	k, err := j.of(ctx, r.Kind)
	if err != nil || len(k.rules) == 0 {
		return nil, err
	}
	scope := scopeKey(r.Scope)
	d := newDigest()
	d.add(string(r.Kind), r.Attributes)
	d.str(scope)
	for _, p := range sortedKeys(r.Unknown) {
		d.str(p)
		d.str(r.Unknown[p].Code)
		d.str(r.Unknown[p].Detail)
	}
	key := d.key()
	if v, ok := j.seen.get(key); ok {
		return v, nil
	}
	return j.judge(ctx, k, r, scope, key)
}

func scopeKey(s inventory.Scope) string {
	if s.Internal {
		return strings.Join(s.Customers, ",") + "|" + strings.Join(s.Applications, ",") + "|internal"
	}
	if len(s.Customers) == 0 && len(s.Applications) == 1 {
		return s.Applications[0]
	}
	return strings.Join(s.Customers, ",") + "|" + strings.Join(s.Applications, ",")
}

// judge is for facts that were not seen yet.
func (j *Judge) judge(ctx context.Context, k *kindRules, r inventory.Resource, scope string, key key) ([]Judged, error) {
	f, err := newFacts(r, k.slots)
	if err != nil {
		return nil, fmt.Errorf("assess: resource %q cannot be read: %w", r.ID, err)
	}
	sets := j.setsFor(k, scope, r)
	var out []Judged
	for _, q := range k.rules {
		for _, set := range sets[q] {
			v, err := j.verdictOf(ctx, k, q, f, set)
			if err != nil {
				return nil, fmt.Errorf("assess: resource %q: %w", r.ID, err)
			}
			out = append(out, Judged{v, set.customers})
		}
	}
	out = j.intern(scope, out)
	return j.seen.put(key, out), nil
}

// intern gives resources with the same verdicts the same slice.
func (j *Judge) intern(scope string, list []Judged) []Judged {
	d := newDigest()
	d.str(scope)
	for _, x := range list {
		d.str(fmt.Sprintf("%p", x.Verdict))
	}
	k := d.key()
	if v, ok := j.same.get(k); ok {
		return v
	}
	return j.same.put(k, slices.Clip(list))
}

func (j *Judge) setsFor(k *kindRules, scope string, r inventory.Resource) map[*prepared][]termSet {
	if v, ok := k.scopes.Load(scope); ok {
		return v.(map[*prepared][]termSet)
	}
	ids := serves(r.Scope, j.customers)
	sets := map[*prepared][]termSet{}
	for _, q := range k.rules {
		sets[q] = k.termSets(q.rule, ids)
	}
	k.scopes.Store(scope, sets)
	return sets
}

// verdictOf gives a rule's verdict on a resource's facts and a set of terms, evaluated once per distinct input.
func (j *Judge) verdictOf(ctx context.Context, k *kindRules, q *prepared, f *facts, set termSet) (*Verdict, error) {
	key := f.key(set, q.facts)
	if v, ok := j.verdict.get(key); ok {
		return v, nil
	}
	out, err := j.outcome(ctx, q, f, set)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var v *Verdict
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		v = &Verdict{Rule: q.rule, Status: Unknown, Unknown: []UnknownFact{{"rule", inventory.Reason{Code: RuleTimeout, Detail: q.rule.ID}}}}
	case err != nil:
		// One rule that cannot be evaluated does not hide the others, and is not green.
		v = &Verdict{Rule: q.rule, Status: Unknown, Unknown: []UnknownFact{{"rule", inventory.Reason{Code: RuleError, Detail: q.rule.ID}}}}
	default:
		paths := k.slots.paths
		scope := f.lacking(paths, q.scope)
		v = q.judge(out, scope, slices.Concat(f.lacking(paths, q.needs), scope, set.missing))
	}
	return j.verdict.put(key, v), nil
}

// outcome asks OPA: first, once per distinct scope, whether the rule applies at all.
func (j *Judge) outcome(ctx context.Context, q *prepared, f *facts, set termSet) (outcome, error) {
	input, err := q.document(f, set.value)
	if err != nil {
		return outcome{}, err
	}
	if j.policies.team {
		ctx = withBudget(ctx)
	}
	if j.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, j.timeout)
		defer cancel()
	}
	if q.rule.hasApplies {
		key := f.key(set, q.scope)
		applies, known := j.applies.get(key)
		if !known {
			rs, err := q.eval(ctx, q.applies, input)
			if err != nil {
				return outcome{}, timedOut(ctx, err)
			}
			applies = int8(len(rs))
			j.applies.put(key, applies)
		}
		if applies == 0 {
			return outcome{}, nil
		}
	}
	j.evals.Add(1)
	out, err := q.run(ctx, input)
	return out, timedOut(ctx, err)
}

// timedOut says that an error is the limit's: OPA's own error for a cancelled query does not.
func timedOut(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
