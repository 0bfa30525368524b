package gate

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"slices"
	"strings"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/say"
)

// BaselineSchema names the form of a baseline.
const BaselineSchema = "waarborg.baseline/v1"

// Baseline lists what is not met and known, each with a reason and a last day. A deploy fails on what is new or worse alone.
type Baseline struct {
	Schema  string  `json:"schema"`
	Entries []Entry `json:"entries"` // by rule and address
}

// Entry is one known outcome. It holds for one rule, one resource and the findings that were there, until its last day.
type Entry struct {
	Rule      string        `json:"rule"`
	Address   string        `json:"address"`
	Type      string        `json:"type"`
	Status    assess.Status `json:"status"`              // fail or unknown
	Customers []string      `json:"customers,omitempty"` // whose terms gave it; one more is worse
	Findings  []string      `json:"findings"`            // digests of what was found, sorted: one more, or another value, is worse
	Reason    string        `json:"reason"`
	Since     string        `json:"since"` // day
	Until     string        `json:"until"` // last day
}

// MaxBaseline is the size of a baseline that is read, in bytes.
const MaxBaseline = 64 << 20

// ReadBaseline reads a baseline strictly: unknown keys, entries without reason or end, and two for one thing are errors.
func ReadBaseline(name string, raw []byte) (*Baseline, error) {
	wrong := func(why say.Text) error {
		return &say.Error{Msg: say.Both("%s: %s", "%s: %s", name, why),
			Hint: say.Both("`waarborg gate --update-baseline` writes one", "`waarborg gate --update-baseline` schrijft er een")}
	}
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, wrong(say.Both("it is not JSON", "het is geen JSON"))
	}
	switch head.Schema {
	case BaselineSchema:
	case Schema, assess.ResultsSchema:
		return nil, wrong(say.Both("these are results; in a baseline each entry has a reason and a last day",
			"dit zijn resultaten; in een nulmeting heeft elke regel een reden en een laatste dag"))
	default:
		return nil, wrong(say.Both("it is not a baseline (schema %q)", "het is geen nulmeting (schema %q)", head.Schema))
	}
	b := &Baseline{}
	if err := json.Unmarshal(raw, b, json.RejectUnknownMembers(true)); err != nil {
		return nil, wrong(say.Both("it has an unknown key or a value of a wrong type", "er staat een onbekende sleutel of verkeerde waarde in"))
	}
	seen := map[string]bool{}
	for _, e := range b.Entries {
		key := e.key()
		_, badDay := time.Parse(time.DateOnly, e.Until)
		switch {
		case e.Rule == "" || e.Address == "" || strings.TrimSpace(e.Reason) == "" || badDay != nil:
			return nil, wrong(say.Both("the entry of rule %q lacks an address, a reason or a last day", "bij regel %q ontbreekt een adres, een reden of een laatste dag", e.Rule))
		case e.Status != assess.Fail && e.Status != assess.Unknown:
			return nil, wrong(say.Both("the entry of rule %q has a status that is not fail or unknown", "bij regel %q is de status niet fail of unknown", e.Rule))
		case seen[key]:
			return nil, wrong(say.Both("rule %q is there twice for one resource", "regel %q staat er twee keer voor een object", e.Rule))
		}
		seen[key] = true
	}
	return b, nil
}

// Encode writes the baseline, sorted, so that a change shows as few lines as it can.
func (b Baseline) Encode() ([]byte, error) {
	b.Schema = BaselineSchema
	slices.SortFunc(b.Entries, func(x, y Entry) int { return cmp.Or(cmp.Compare(x.Rule, y.Rule), cmp.Compare(x.Address, y.Address)) })
	raw, err := json.Marshal(b, json.Deterministic(true), jsontext.WithIndent("  "))
	return append(raw, '\n'), err
}

func (e Entry) key() string { return e.Rule + "\x00" + e.Address }

// digests name what an outcome found, so that another value is another digest.
func digests(findings, questions []assess.Finding, unknown []assess.UnknownFact) []string {
	var out []string
	add := func(parts ...string) {
		sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
		out = append(out, hex.EncodeToString(sum[:8]))
	}
	for _, f := range findings {
		add("finding", f.Path, f.Code, string(f.Value), string(f.Limit))
	}
	for _, f := range questions {
		add("question", f.Path, f.Code, string(f.Value), string(f.Limit))
	}
	for _, u := range unknown {
		add("unknown", u.Path, u.Reason.Code)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (e emit) digests() []string {
	return digests(e.judged.Findings, e.judged.Questions, e.judged.Unknown)
}

// Goer is a reader that knows whether the deploy takes a resource away at an address.
type Goer interface {
	Goes(address string) bool
}

// matcher holds outcomes against a baseline. Judged addresses are noted by workers through covers; all else belongs to the
// goroutine that writes.
type matcher struct {
	entries    map[string]*tracked
	addresses  map[string][]*tracked
	bySign     map[string][]*tracked
	readers    []Reader
	candidates []candidate
}

type tracked struct {
	Entry
	expired, matched, judged, lapsed bool
	input                            int // that it matched in
}

type candidate struct {
	outcomeAt
	class     Class
	sign      string
	customers []string
}

func newMatcher(b *Baseline, readers []Reader, now time.Time) *matcher {
	m := &matcher{entries: map[string]*tracked{}, addresses: map[string][]*tracked{}, bySign: map[string][]*tracked{}, readers: readers}
	if b == nil {
		return m
	}
	today := now.UTC().Format(time.DateOnly)
	for _, e := range b.Entries {
		t := &tracked{Entry: e, expired: today > e.Until}
		m.entries[e.key()] = t
		m.addresses[e.Address] = append(m.addresses[e.Address], t)
		s := sign(e.Rule, e.Type, e.Status, e.Findings)
		m.bySign[s] = append(m.bySign[s], t)
	}
	return m
}

// sign is what an outcome keeps when its resource gets another name.
func sign(rule, typ string, status assess.Status, findings []string) string {
	return strings.Join([]string{rule, typ, string(status), strings.Join(findings, ",")}, "\x00")
}

// has tells whether an address has entries. It may be asked from several goroutines.
func (m *matcher) has(address string) bool { return len(m.addresses[address]) > 0 }

// look notes that the resource at an address was judged.
func (m *matcher) look(address string) {
	for _, t := range m.addresses[address] {
		t.judged = true
	}
}

// match finds the entry that covers an outcome; nil if there is none, or if the outcome is worse.
func (m *matcher) match(input int, l loud, e emit) *Entry {
	if e.judged.Rule == undeclaredRule {
		return nil // what nobody looked at yet cannot be known
	}
	for _, address := range []string{l.address, l.was} {
		t := m.entries[Entry{Rule: e.judged.Rule.ID, Address: address}.key()]
		if address == "" || t == nil {
			continue
		}
		if t.matched && t.input != input {
			return nil // another input has a resource of that address too: the entry is of one of them
		}
		t.matched, t.input = true, input
		if e.judged.Status == assess.Fail && t.Status != assess.Fail || !within(e.judged.Customers, t.Customers) {
			return nil
		}
		for _, d := range e.digests() {
			if !slices.Contains(t.Findings, d) {
				return nil
			}
		}
		if t.expired {
			t.lapsed = true
			return nil
		}
		return &t.Entry
	}
	return nil
}

// compared says how an outcome that does not match stands to the baseline.
func (m *matcher) compared(l loud, e emit) string {
	if len(m.entries) == 0 {
		return ""
	}
	for _, address := range []string{l.address, l.was} {
		t := m.entries[Entry{Rule: e.judged.Rule.ID, Address: address}.key()]
		if address != "" && t != nil && !t.lapsed {
			return "worse"
		}
	}
	return "new"
}

// candidate notes an outcome that may be a known one under a new name.
func (m *matcher) candidate(at outcomeAt, l loud, e emit) {
	if len(m.bySign) == 0 || e.judged.Rule == undeclaredRule {
		return
	}
	s := sign(e.judged.Rule.ID, l.typ, e.judged.Status, e.digests())
	if len(m.bySign[s]) > 0 && m.entries[Entry{Rule: e.judged.Rule.ID, Address: l.address}.key()] == nil {
		m.candidates = append(m.candidates, candidate{at, e.class, s, e.judged.Customers})
	}
}

// renamed is an outcome that an entry covers under an earlier name.
type renamed struct {
	candidate
	entry *Entry
}

// second matches outcomes with entries whose resource is no longer there: it has another name now. Each entry covers one.
func (m *matcher) second() (out []renamed) {
	for _, c := range m.candidates {
		for _, t := range m.bySign[c.sign] {
			if t.matched || t.judged || t.expired || !m.goes(t.Address) || !within(c.customers, t.Customers) {
				continue
			}
			t.matched = true
			out = append(out, renamed{c, &t.Entry})
			break
		}
	}
	return out
}

// goes tells whether a resource is taken away at an address by one of the inputs: only then it can be there under a new name. That
// an input does not speak of it is not enough, for it may belong to another.
func (m *matcher) goes(address string) bool {
	return slices.ContainsFunc(m.readers, func(r Reader) bool {
		g, ok := r.(Goer)
		return ok && g.Goes(address)
	})
}

// within tells whether all of some customers are among others.
func within(some, others []string) bool {
	return !slices.ContainsFunc(some, func(c string) bool { return !slices.Contains(others, c) })
}

// mended are the entries that were looked at and not found again.
func (m *matcher) mended() []Mended {
	return m.list(func(t *tracked) bool { return t.judged && !t.matched })
}

// lapsed are the entries that would have covered something, had their day not passed.
func (m *matcher) lapsed() []Mended { return m.list(func(t *tracked) bool { return t.lapsed }) }

func (m *matcher) list(which func(*tracked) bool) []Mended {
	var out []Mended
	for _, t := range m.entries {
		if which(t) {
			out = append(out, Mended{Rule: t.Rule, Address: t.Address, Until: t.Until})
		}
	}
	slices.SortFunc(out, func(a, b Mended) int { return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Address, b.Address)) })
	return out
}

// NewBaseline makes a baseline of what a run did not find met: entries that hold keep their reason and day, new ones get those
// given, and entries of resources that were not judged stay. What is mended or lapsed goes.
func (r *Run) NewBaseline(old *Baseline, reason, until, today string) (b Baseline, added int, err error) {
	made := map[string]*Entry{}
	for out, err := range r.Outcomes() {
		if err != nil {
			return b, 0, err
		}
		if out.Class != Failing && out.Class != Unclear && out.Class != Known || nameless(out.Address) || out.Rule == undeclaredRule.ID {
			continue
		}
		e := Entry{Rule: out.Rule, Address: out.Address, Type: out.Type, Status: out.Status, Reason: reason, Since: today, Until: until,
			Customers: slices.Clone(out.Customers), Findings: digests(out.Findings, out.Questions, out.Unknown)}
		if out.Class == Known {
			e.Reason, e.Until = out.Reason, out.Until
			if before := old.at(e.Rule, e.Address); before != nil {
				e.Since = before.Since
			}
		}
		have := made[e.key()]
		if have == nil {
			made[e.key()] = &e
			if out.Class != Known {
				added++
			}
			continue
		}
		have.Status = assess.Worse(have.Status, e.Status)
		have.Customers = append(have.Customers, e.Customers...)
		slices.Sort(have.Customers)
		have.Customers = slices.Compact(have.Customers)
		have.Findings = append(have.Findings, e.Findings...)
		slices.Sort(have.Findings)
		have.Findings = slices.Compact(have.Findings)
	}
	for _, e := range made {
		b.Entries = append(b.Entries, *e)
	}
	if old != nil {
		for _, e := range old.Entries {
			if made[e.key()] == nil && r.unlooked[e.key()] && today <= e.Until {
				b.Entries = append(b.Entries, e)
			}
		}
	}
	return b, added, nil
}

func (b *Baseline) at(rule, address string) *Entry {
	if b == nil {
		return nil
	}
	for i, e := range b.Entries {
		if e.Rule == rule && e.Address == address {
			return &b.Entries[i]
		}
	}
	return nil
}
