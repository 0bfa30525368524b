package evidence

import (
	"encoding/json/v2"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/policies"
)

var (
	testNow = time.Date(2026, 11, 23, 12, 0, 0, 12345, time.UTC)
	// Compiling the rules takes seconds, and they do not change.
	rules    = sync.OnceValues(func() (*assess.Policies, error) { return assess.Load(policies.FS) })
	examples = sync.OnceValues(readExamples)
)

const worldCustomers = 20

// tag is a word that is a customer's alone: whatever is named after it holds the word.
func tag(i int) string { return "quv" + string(rune('a'+i)) + "zix" }

// limit is a number that one customer alone agreed.
func limit(i int) int { return 7_000_003 + 37*i }

// material is the facts and terms of the rules' own examples, so that rules pass, fail and ask.
type material struct {
	facts map[inventory.Kind][]map[string]any
	terms map[string]any
}

func readExamples() (material, error) {
	out := material{facts: map[inventory.Kind][]map[string]any{}, terms: map[string]any{}}
	p, err := rules()
	if err != nil {
		return out, err
	}
	for _, r := range p.Rules {
		list, err := assess.Examples(policies.FS, r)
		if err != nil {
			return out, err
		}
		for _, x := range list {
			out.facts[r.Kind] = append(out.facts[r.Kind], x.Input)
			merge(out.terms, x.Terms)
		}
	}
	return out, nil
}

func merge(into, from map[string]any) {
	for k, v := range from {
		b, ok := v.(map[string]any)
		if !ok {
			into[k] = v
			continue
		}
		a, ok := into[k].(map[string]any)
		if !ok {
			a = map[string]any{}
			into[k] = a
		}
		merge(a, b)
	}
}

// world is a snapshot with what an assessment of it needs.
type world struct {
	snap inventory.Snapshot
	in   Inputs
}

func newWorld(t testing.TB, seed uint64, each int) world {
	t.Helper()
	p, err := rules()
	if err != nil {
		t.Fatal(err)
	}
	m, err := examples()
	if err != nil {
		t.Fatal(err)
	}
	g := &generator{t: t, rnd: rand.New(rand.NewPCG(seed, 11)), facts: m.facts}
	w := world{in: Inputs{Policies: p, Version: "1.2.3", Now: testNow, Regions: worldRegions(), Duties: []string{"VWO-1.2", "BA-3"}}}
	w.in.Customers = append(w.in.Customers, assess.Customer{Terms: m.terms})
	info := inventory.Info{CreatedAt: testNow, ToolVersion: "1.2.2", WorkspaceDigest: "sha256:w", DataMapDigest: "sha256:d",
		Sources: []inventory.SourceOutcome{{Source: "plan", Status: "partial", Message: say.Both("no right to read %s", "geen recht om %s te lezen", tag(1)),
			Hint: say.Both("give it to %s", "geef het aan %s", tag(2))}}}
	for i := range worldCustomers {
		terms := map[string]any{}
		merge(terms, m.terms)
		merge(terms, map[string]any{"instructions": []any{"instruction-" + tag(i)}, "retention": map[string]any{"crm": map[string]any{"tenant_file": map[string]any{"days": limit(i)}}},
			"backup": map[string]any{"min_retention_days": limit(i)}, "applications": []any{"crm", "app-" + tag(i)}})
		w.in.Customers = append(w.in.Customers, assess.Customer{ID: tag(i), Applications: []string{"crm", "app-" + tag(i)}, Terms: terms})
		info.Sources = append(info.Sources, inventory.SourceOutcome{Source: "from-" + tag(i), Status: []string{"complete", "failed"}[i%2],
			Message: say.Both("of %s", "van %s", tag(i)), Hint: say.Both("ask %s", "vraag %s", tag(i))})
	}
	var all []inventory.Resource
	for _, k := range inventory.Kinds() {
		for range each {
			all = append(all, g.resource(k, len(all)))
		}
	}
	if w.snap, err = inventory.NewSnapshot(info, nil, all, rand.NewChaCha8([32]byte{byte(seed)})); err != nil {
		t.Fatal(err)
	}
	w.in.Waivers = g.waivers(p)
	return w
}

// worldRegions has a room of each customer, half of them outside the EEA, and what copies of a room go to by themselves.
func worldRegions() map[string]any {
	rooms := map[string]any{"dc1": map[string]any{"country": "NL", "paired": "dc2"}, "dc2": map[string]any{"country": "US", "paired": "dc3"}, "dc3": map[string]any{"country": "DE", "paired": "room-" + tag(3)}}
	for i := range worldCustomers {
		rooms["room-"+tag(i)] = map[string]any{"country": []string{"NL", "US"}[i%2], "paired": "copy-" + tag(i)}
		rooms["copy-"+tag(i)] = map[string]any{"country": []string{"US", "NL", "DE"}[i%3]}
	}
	return map[string]any{"own": rooms, "firm-" + tag(4): map[string]any{"x": map[string]any{"country": "NL"}}}
}

// place puts about half of the resources, their copies and logs in the workspace's own regions.
func (g *generator) place(a inventory.Attributes, own string) {
	at := inventory.Location{Provider: []string{"own", "Own"}[g.rnd.IntN(2)], Region: []string{"dc1", "DC 1", "dc2"}[g.rnd.IntN(3)]}
	if own != "" {
		at.Region = []string{"room-" + own, "Room-" + own, "copy-" + own}[g.rnd.IntN(3)]
	}
	for _, path := range inventory.Paths(a) {
		zero, _ := inventory.Element(a, path)
		if g.rnd.IntN(2) > 0 {
			continue
		}
		var value any
		switch zero.(type) {
		case inventory.Location:
			value = at
		case []inventory.Copy:
			value = []inventory.Copy{{Role: []string{"paired", "backup"}[g.rnd.IntN(2)], Location: at}}
		case []inventory.Sink:
			value = []inventory.Sink{{Kind: "storage", Location: at}}
		default:
			continue
		}
		if err := inventory.SetKnown(a, path, value); err != nil {
			g.t.Fatal(err)
		}
	}
}

type generator struct {
	t     testing.TB
	rnd   *rand.Rand
	facts map[inventory.Kind][]map[string]any
}

func (g *generator) tag() string { return tag(g.rnd.IntN(worldCustomers)) }

// resource is one of those a scope can mean: of one customer, of two, of an application, of everybody, of nobody. What can be
// named after others is.
func (g *generator) resource(kind inventory.Attributes, n int) inventory.Resource {
	a := reflect.New(reflect.TypeOf(kind).Elem()).Interface().(inventory.Attributes)
	for range 4 {
		if list := g.facts[a.Kind()]; len(list) > 0 {
			g.apply(a, list[g.rnd.IntN(len(list))])
		}
	}
	for _, path := range inventory.Paths(a) {
		if g.rnd.IntN(15) == 0 {
			inventory.SetReason(a, path, inventory.Reason{Code: []string{inventory.Permission, inventory.AfterApply}[g.rnd.IntN(2)], Detail: "role of " + g.tag()})
		}
	}
	d := inventory.Draft{ID: fmt.Sprintf("plan/%d", n), Name: fmt.Sprintf("thing %d", n), Attributes: a,
		Provenance: inventory.Provenance{Collector: "file", Source: "plan", Call: "GET /" + g.tag(), At: testNow, File: "plan.json", Line: n + 1000, Filled: map[string]string{"x": "from-" + g.tag() + "/y"}}}
	own := ""
	switch n % 6 {
	case 0, 1:
		own = g.tag()
		d.Scope.Customers = []string{own}
		d.ID, d.Name, d.Provenance.Source = fmt.Sprintf("from-%s/%d", own, n), own, "from-"+own
		if g.rnd.IntN(2) == 0 {
			d.Scope.Applications = []string{[]string{"crm", "app-" + own, "app-" + g.tag()}[g.rnd.IntN(3)]}
		}
	case 2:
		i := g.rnd.IntN(worldCustomers - 1)
		d.Scope.Customers = []string{tag(i), tag(i + 1)}
	case 3:
		d.Scope.Applications = []string{"crm", "app-" + g.tag()}
	case 4:
		d.ID, d.Name, d.Provenance.File = fmt.Sprintf("from-%s/%d", g.tag(), n), g.tag(), g.tag()+".json"
	case 5:
		d.Scope.Internal = g.rnd.IntN(4) == 0
		d.ID, d.Name = fmt.Sprintf("plan/%s-%d", g.tag(), n), g.tag()
	}
	g.secrets(a, own)
	g.place(a, own)
	if a.Kind() == inventory.KindGrant {
		d.Name = g.tag() + " on " + g.tag()
	}
	r, err := d.Encode()
	if err != nil {
		g.t.Fatal(err)
	}
	return r
}

// secrets gives private facts words of customers: in what is of one alone, that one's; but paths and roles of a grant may be
// named after anybody.
func (g *generator) secrets(a inventory.Attributes, own string) {
	for _, path := range inventory.PrivatePaths(a.Kind()) {
		word := g.tag()
		if own != "" && a.Kind() != inventory.KindGrant {
			word = own
		}
		zero, _ := inventory.Element(a, path)
		var value any
		switch zero.(type) {
		case string:
			value = []string{"crm", "app-" + word, "instruction-" + word, "tenant_file"}[g.rnd.IntN(4)]
		default:
			value = [][]string{{}, {"instruction-" + word}, {"table." + word, "10.0.0.0/8", "0.0.0.0/0"}}[g.rnd.IntN(3)]
		}
		switch g.rnd.IntN(8) {
		case 0:
			inventory.SetReason(a, path, inventory.Reason{Code: inventory.Permission, Detail: word})
		case 1:
			if _, ok := inventory.MayBeAbsent(a, path); ok {
				inventory.SetAbsent(a, path)
			}
		default:
			if err := inventory.SetKnown(a, path, value); err != nil {
				g.t.Fatal(err)
			}
		}
	}
}

func (g *generator) apply(a inventory.Attributes, input map[string]any) {
	for _, path := range inventory.Paths(a) {
		var x any = input
		found := true
		for step := range strings.SplitSeq(path, ".") {
			m, ok := x.(map[string]any)
			if x, found = m[step]; !ok || !found {
				found = false
				break
			}
		}
		zero, _ := inventory.Element(a, path)
		if !found {
			continue
		}
		if x == nil {
			if _, ok := inventory.MayBeAbsent(a, path); ok {
				inventory.SetAbsent(a, path)
			}
			continue
		}
		raw, err := json.Marshal(x)
		v := reflect.New(reflect.TypeOf(zero))
		if err == nil && json.Unmarshal(raw, v.Interface()) == nil {
			inventory.SetKnown(a, path, v.Elem().Interface())
		}
	}
}

// waivers cover about a fifth of what fails: some approved, some with a customer's consent, some without effect.
func (g *generator) waivers(p *assess.Policies) (out []assess.Waiver) {
	for i, r := range p.Rules {
		if i%2 == 1 {
			continue
		}
		w := assess.Waiver{ID: "w-" + g.tag() + fmt.Sprint(i), Rule: r.ID, Owner: "owner-" + g.tag(), Reason: "reason of " + g.tag(), Expires: testNow.Add(time.Hour), Approved: i%5 != 0}
		digit := fmt.Sprint(g.rnd.IntN(10))
		w.Covers = func(id string) bool { return strings.Contains(id, digit) }
		if i%5 == 0 {
			w.Why = assess.Text{EN: "not signed by " + g.tag(), NL: "niet ondertekend door " + g.tag()}
		}
		if i%3 == 0 {
			w.ID = fmt.Sprint("w-", i) // a customer that agreed to it knows its name
			for k := range worldCustomers / 2 {
				c := tag((i + 2*k) % worldCustomers)
				w.Consent = append(w.Consent, assess.Consent{Customer: c, Document: "letter of " + c, Date: "2026-01-02"})
			}
		}
		out = append(out, w)
		if i%8 == 0 { // two on one outcome: the first counts
			w.ID = "again-" + g.tag()
			w.Consent = nil
			out = append(out, w)
		}
	}
	return append(out, assess.Waiver{ID: "orphan", Rule: "XXX-000", Covers: func(string) bool { return true }, Expires: testNow.Add(time.Hour), Approved: true})
}
