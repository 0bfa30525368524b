package assess

import (
	"bytes"
	"cmp"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"slices"
	"time"

	"waarborg/internal/inventory"
)

// ResultsSchema names the form of Results in JSON.
const ResultsSchema = "waarborg.results/v1"

// Areas in the order in which people read them.
var Areas = []string{"transfers", "subprocessors", "processings", "access", "retention", "security"}

// Result is one rule's outcome for one resource.
type Result struct {
	Rule        string         `json:"rule"`
	Area        string         `json:"area"`
	Status      Status         `json:"status"`
	Severity    Severity       `json:"severity"`
	Clauses     []string       `json:"clauses"`
	GDPR        []string       `json:"gdpr,omitempty"`
	Resource    string         `json:"resource"`
	Name        string         `json:"name,omitempty"`
	Kind        inventory.Kind `json:"kind"`
	Title       string         `json:"title"`
	Message     string         `json:"message,omitempty"`  // what is not met, or could not be read
	Question    string         `json:"question,omitempty"` // what a person must decide
	Remediation string         `json:"remediation,omitempty"`
	Findings    []Finding      `json:"findings,omitempty"`
	Questions   []Finding      `json:"questions,omitempty"`
	Unknown     []UnknownFact  `json:"unknown,omitempty"`
	Customers   []string       `json:"customers,omitempty"` // whose terms gave this outcome; absent: the standard terms
	Duty        string         `json:"duty,omitempty"`      // "customer" where the rule is about the customer's own duties alone
	Waiver      string         `json:"waiver,omitempty"`
	Consent     *Consent       `json:"customer_consent,omitzero"`    // in a customer's view: its agreement to the waiver
	Accepted    bool           `json:"accepted_internally,omitzero"` // not met, and accepted by us without the customer
	Source      *SourceRef     `json:"source,omitempty"`
}

// SourceRef points at the text that a resource was read from.
type SourceRef struct {
	File string `json:"file"`
	Line int    `json:"line,omitzero"`
}

// Count counts outcomes by status.
type Count struct {
	Fail          int `json:"fail"`
	Unknown       int `json:"unknown"`
	Waived        int `json:"waived"`
	Pass          int `json:"pass"`
	NotApplicable int `json:"not_applicable"`
	Customer      int `json:"customer,omitzero"` // not met or unknown, but the customer's own duty
}

func (c *Count) add(s Status, theirs bool) {
	if theirs && (s == Fail || s == Unknown) {
		c.Customer++
		return
	}
	switch s {
	case Fail:
		c.Fail++
	case Unknown:
		c.Unknown++
	case Waived:
		c.Waived++
	case Pass:
		c.Pass++
	case NotApplicable:
		c.NotApplicable++
	}
}

// Summary is the short of an assessment.
type Summary struct {
	Status    Status           `json:"status"`
	Resources int              `json:"resources"`
	Rules     int              `json:"rules"`
	NotLooked []string         `json:"rules_without_resource,omitempty"` // rules that met no resource: nobody looked
	Results   Count            `json:"results"`
	Areas     map[string]Count `json:"areas"`
}

// ClauseState is what the rules say of a clause. Without any outcome it is unknown: nobody looked.
type ClauseState struct {
	Clause string            `json:"clause"`
	Status Status            `json:"status"`
	Rules  []string          `json:"rules"`
	ByRule map[string]Status `json:"by_rule,omitempty"` // the worst outcome of each rule that met a resource it applies to
	Count  Count             `json:"results"`
}

// Evidence says what an assessment was made from.
type Evidence struct {
	CollectedAt time.Time `json:"collected_at"`
	Root        string    `json:"root,omitempty"`      // Merkle root of the snapshot
	SealedBy    string    `json:"sealed_by,omitempty"` // key id; absent: not sealed
	Rules       string    `json:"rules"`               // digest of the rules
	Workspace   string    `json:"workspace,omitempty"` // digest of the workspace's files
}

// Results is an assessment in the form that is shown and stored.
type Results struct {
	Schema   string        `json:"schema"`
	Version  string        `json:"version"` // of Waarborg
	At       time.Time     `json:"assessed_at"`
	Customer string        `json:"customer,omitempty"` // set in a customer's view
	Language string        `json:"language"`
	Evidence Evidence      `json:"evidence"`
	Summary  Summary       `json:"summary"`
	Results  []Result      `json:"results"`
	Clauses  []ClauseState `json:"clauses"`
	Sources  []SourceState `json:"sources,omitempty"`
	Waivers  []WaiverUse   `json:"waivers,omitempty"`
}

// SourceState says how collecting from a source went.
type SourceState struct {
	ID      string `json:"id"`
	Status  string `json:"status"`
	Message string `json:"message,omitempty"`
	Hint    string `json:"hint,omitempty"`
}

// View is whose results are built, and how.
type View struct {
	Customer string // empty: the processor's own view of everything
	Language string // nl or en
	Waivers  []Waiver
	Now      time.Time
	// Private tells whether the customer may see the private facts of resource i of the list. Nil: of none.
	Private func(i int) bool
	// Theirs tells whether a clause binds the customer alone. A rule about such clauses only is shown, and never makes the
	// processor's own status worse.
	Theirs func(clause string) bool
	// Rows gives for each sub-processor on the register the clause that is its row of the table. An outcome about what one of
	// them hosts says nothing of the rows of others.
	Rows map[string]string
}

// theirs tells whether all clauses of a rule bind the customer alone. A rule without clauses, which a team may write, is ours.
func (v View) theirs(r *Rule) bool {
	return v.Theirs != nil && len(r.Clauses) > 0 && !slices.ContainsFunc(r.Clauses, func(c string) bool { return !v.Theirs(c) })
}

// Build turns judgements into results. In a customer's view there is nothing of anybody else: results, counts, waivers
// and clause states are made from that customer's own judgements alone.
func (p *Policies) Build(resources []inventory.Resource, judged [][]Judged, v View) Results {
	b := builder{view: v, rules: map[string]*Rule{}, private: map[*Rule]bool{}, clauses: map[string]*ClauseState{},
		shared: map[inventory.Kind]int{}, uses: make([]WaiverUse, len(v.Waivers))}
	for _, r := range p.Rules {
		b.rules[r.ID] = r
		b.private[r] = v.Customer != "" && r.NeedsPrivate()
	}
	b.startWaivers()
	met := map[string]bool{}
	for i, list := range judged {
		b.at, b.party = i, ""
		if len(v.Rows) > 0 && len(list) > 0 {
			b.party = party(resources[i])
		}
		seen := false
		for _, j := range list {
			if !b.visible(j) {
				continue
			}
			if !seen && b.aliased(resources[i]) {
				b.shared[resources[i].Kind]++
			}
			seen = true
			if j.Status != NotApplicable {
				met[j.Rule.ID] = true
			}
			b.add(resources[i], j)
		}
		if seen {
			b.out.Summary.Resources++
		}
	}
	b.finish(p.Rules, met)
	b.out.Schema, b.out.Customer, b.out.Language, b.out.At = ResultsSchema, v.Customer, v.Language, v.Now.UTC()
	b.out.Evidence.Rules = p.Digest
	return b.out
}

type builder struct {
	view    View
	rules   map[string]*Rule
	clauses map[string]*ClauseState
	uses    []WaiverUse
	private map[*Rule]bool         // in a customer's view: rules that need facts which can speak of others
	at      int                    // index of the resource at hand
	party   string                 // the sub-processor that it is or is hosted by, by its id in the register; empty if none or not known
	about   map[aboutKey][]string  // clauses of a rule's outcomes
	shared  map[inventory.Kind]int // aliased resources so far
	out     Results
}

func (b *builder) visible(j Judged) bool {
	return b.view.Customer == "" || slices.Contains(j.Customers, b.view.Customer)
}

func (b *builder) startWaivers() {
	for i, w := range b.view.Waivers {
		b.uses[i] = WaiverUse{ID: w.ID, Rule: w.Rule, State: w.state(b.rules, b.view.Now), Why: w.Why.In(b.view.Language), Owner: w.Owner,
			Reason: w.Reason, Expires: w.LastDay()}
	}
}

// waive finds a waiver for a failing result. It counts matches of waivers without effect too, so that their owner sees
// what they would have covered.
func (b *builder) waive(r *Rule, resource string) *Waiver {
	var found *Waiver
	for i := range b.view.Waivers {
		w := &b.view.Waivers[i]
		if w.Rule != r.ID || !w.Covers(resource) {
			continue
		}
		b.uses[i].Matched++
		if (b.uses[i].State == "" || b.uses[i].State == WaiverUsed) && found == nil {
			b.uses[i].State = WaiverUsed
			found = w
		}
	}
	return found
}

func (b *builder) add(res inventory.Resource, j Judged) {
	out := b.result(res, j)
	if out.Status == Fail {
		if w := b.waive(j.Rule, res.ID); w != nil {
			b.applyWaiver(&out, w)
		}
	}
	b.count(j.Rule, out)
	b.alias(res, &out)
	if out.Status != NotApplicable {
		b.out.Results = append(b.out.Results, out)
	}
}

// result says a judgement in words. Only id, name, kind and provenance of the resource are used.
func (b *builder) result(res inventory.Resource, j Judged) Result {
	r := j.Rule
	found, asked := j.Findings, j.Questions
	if b.private[r] && (b.view.Private == nil || !b.view.Private(b.at)) {
		found, asked = Redact(found), Redact(asked)
	}
	out := Result{Rule: r.ID, Area: r.Area, Status: j.Status, Severity: r.Severity, Clauses: b.clausesOf(r), GDPR: r.GDPR,
		Resource: res.ID, Name: res.Name, Kind: res.Kind, Title: r.Title.In(b.view.Language), Findings: found, Questions: asked, Unknown: b.reasons(j.Unknown),
		Customers: j.Customers}
	if b.view.Customer != "" {
		out.Customers = []string{b.view.Customer}
	}
	if out.Status != Pass && out.Status != NotApplicable {
		out.Message = join(append(b.sentences(r, found), b.unread(out.Unknown)...))
		out.Question = join(b.sentences(r, asked))
		// Where a person must decide first, what would mend a failure is no advice yet.
		if out.Status != Unknown || !r.hasDeny {
			out.Remediation = r.Remediation.In(b.view.Language)
		}
	}
	if res.Provenance.File != "" {
		out.Source = &SourceRef{res.Provenance.File, res.Provenance.Line}
		if b.view.Customer != "" {
			out.Source.Line = 0 // it tells how much of others comes before
		}
	}
	if b.view.theirs(r) {
		out.Duty = "customer"
	}
	return out
}

// alias hides, in a customer's view, the name of what does not serve that customer alone: it may be named after another.
func (b *builder) alias(res inventory.Resource, out *Result) {
	if b.view.Customer != "" && res.Kind == inventory.KindGrant {
		out.Name = "" // the roles on the way may be named after others
	}
	if b.aliased(res) {
		out.Resource, out.Name, out.Source = Alias(res.Kind, b.shared[res.Kind]), "", nil
	}
}

func (b *builder) aliased(res inventory.Resource) bool {
	return b.view.Customer != "" && !slices.Equal(res.Scope.Customers, []string{b.view.Customer})
}

// Alias is what a customer's view calls the nth resource of a kind that may serve others too. It counts those in the view
// alone, from 1, in the order of the snapshot.
func Alias(k inventory.Kind, n int) string { return fmt.Sprintf("%s/%d", aliasOf(k), n) }

// applyWaiver: our acceptance of a risk binds us, not a customer who did not agree to it.
func (b *builder) applyWaiver(out *Result, w *Waiver) {
	out.Waiver = w.ID
	if b.view.Customer != "" {
		if out.Consent = w.consentOf(b.view.Customer); out.Consent == nil {
			out.Accepted, out.Waiver = true, ""
			return
		}
	}
	out.Status = Waived
}

// reasons are why facts are unknown; in a customer's view without the details, which can name sources and stores of others.
func (b *builder) reasons(list []UnknownFact) []UnknownFact {
	if b.view.Customer == "" || list == nil {
		return list
	}
	out := make([]UnknownFact, len(list))
	for i, u := range list {
		out[i] = UnknownFact{u.Path, inventory.Reason{Code: u.Reason.Code}}
	}
	return out
}

// Redact takes out of findings what can speak of others than the reader: all values with words in them. What is left says
// how many there were. Redacting twice changes nothing.
func Redact(list []Finding) []Finding {
	var out []Finding
	for _, f := range list {
		n := words(f.Value)
		if n == 0 {
			out = append(out, f)
			continue
		}
		i := slices.IndexFunc(out, func(o Finding) bool {
			return o.Path == f.Path && o.Code == f.Code && bytes.Equal(o.Limit, f.Limit) && withheld(o.Value) > 0
		})
		if i < 0 {
			i = len(out)
			f.Value = nil
			out = append(out, f)
		}
		out[i].Value = jsontext.Value(fmt.Sprintf(`{"withheld":%d}`, withheld(out[i].Value)+n))
	}
	return out
}

// words counts the elements of a value in which there is text; a value that is no list is one.
func words(v jsontext.Value) int {
	var x any
	if len(v) == 0 || json.Unmarshal(v, &x) != nil || !hasText(x) {
		return 0
	}
	if list, ok := x.([]any); ok {
		return len(list)
	}
	return 1
}

func hasText(x any) bool {
	switch x := x.(type) {
	case string:
		return true
	case []any:
		return slices.ContainsFunc(x, hasText)
	case map[string]any:
		for _, e := range x {
			if hasText(e) {
				return true
			}
		}
	}
	return false
}

// withheld is the number in a value that Redact left; 0 for any other value.
func withheld(v jsontext.Value) int {
	var x struct {
		Withheld int `json:"withheld"`
	}
	if len(v) == 0 || v.Kind() != '{' || json.Unmarshal(v, &x, json.RejectUnknownMembers(true)) != nil {
		return 0
	}
	return x.Withheld
}

func (b *builder) sentences(r *Rule, list []Finding) (out []string) {
	for _, f := range merged(list) {
		out = append(out, r.Message(f, b.view.Language))
	}
	return out
}

func (b *builder) unread(list []UnknownFact) (out []string) {
	for _, u := range list {
		out = append(out, u.Explain(b.view.Language))
	}
	return out
}

// merged brings findings together that differ in their value alone, so that one sentence tells them all.
func merged(list []Finding) []Finding {
	var out []Finding
	values := [][]jsontext.Value{}
	for _, f := range list {
		i := slices.IndexFunc(out, func(o Finding) bool {
			return o.Path == f.Path && o.Code == f.Code && bytes.Equal(o.Limit, f.Limit) && f.Value != nil
		})
		if i < 0 {
			out = append(out, f)
			values = append(values, []jsontext.Value{f.Value})
			continue
		}
		values[i] = append(values[i], f.Value)
	}
	for i := range out {
		if len(values[i]) > 1 {
			raw, err := json.Marshal(values[i])
			if err == nil {
				out[i].Value = raw
			}
		}
	}
	return out
}

func join(parts []string) string {
	const most = 4
	text := ""
	for i, p := range slices.Compact(parts) {
		if i == most {
			return text + "; …"
		}
		if i > 0 {
			text += "; "
		}
		text += p
	}
	return text
}

func (b *builder) count(r *Rule, x Result) {
	s, theirs := x.Status, b.view.theirs(r)
	b.out.Summary.Results.add(s, theirs)
	if b.out.Summary.Areas == nil {
		b.out.Summary.Areas = map[string]Count{}
	}
	c := b.out.Summary.Areas[r.Area]
	c.add(s, theirs)
	b.out.Summary.Areas[r.Area] = c
	for _, id := range x.Clauses {
		st := b.clause(id)
		st.Count.add(s, false)
		if s != NotApplicable {
			st.Status = Worse(st.Status, s)
			st.ByRule[r.ID] = Worse(st.ByRule[r.ID], s)
		}
	}
}

func (b *builder) clause(id string) *ClauseState {
	st := b.clauses[id]
	if st == nil {
		st = &ClauseState{Clause: id, ByRule: map[string]Status{}}
		b.clauses[id] = st
	}
	return st
}

// finish adds what nobody looked at, sorts, and sets the overall status.
func (b *builder) finish(rules []*Rule, met map[string]bool) {
	out := &b.out
	out.Summary.Rules = len(rules)
	for _, r := range rules {
		if !met[r.ID] {
			out.Summary.NotLooked = append(out.Summary.NotLooked, r.ID)
		}
		for _, id := range r.Clauses {
			st := b.clause(id)
			st.Rules = append(st.Rules, r.ID)
		}
	}
	for _, st := range b.clauses {
		if st.Status == "" {
			st.Status = Unknown
		}
		out.Clauses = append(out.Clauses, *st)
		if b.view.Theirs == nil || !b.view.Theirs(st.Clause) {
			out.Summary.Status = Worse(out.Summary.Status, st.Status)
		}
	}
	if out.Summary.Results.Pass+out.Summary.Results.Fail+out.Summary.Results.Waived == 0 {
		out.Summary.Status = Worse(out.Summary.Status, Unknown)
	}
	slices.SortFunc(out.Clauses, func(a, b ClauseState) int { return cmp.Compare(a.Clause, b.Clause) })
	slices.SortFunc(out.Results, compareResults)
	for i := range b.uses {
		if b.uses[i].State == "" {
			b.uses[i].State = WaiverUnused
		}
	}
	if b.view.Customer == "" {
		out.Waivers = b.uses
	}
}

func compareResults(a, b Result) int {
	return cmp.Or(cmp.Compare(slices.Index(Areas, a.Area), slices.Index(Areas, b.Area)), cmp.Compare(a.Status.Rank(), b.Status.Rank()),
		cmp.Compare(a.Severity.Rank(), b.Severity.Rank()), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Resource, b.Resource),
		slices.Compare(a.Customers, b.Customers))
}
