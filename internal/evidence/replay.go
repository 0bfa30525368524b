package evidence

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// Results replays the assessment in a language, nl or en: of a whole one the processor's own view, of a slice its customer's.
// It does not look at proofs and seal; that is Check. The error is ErrOtherRules if p has other rules than it was made with,
// ErrBroken if it contradicts itself.
func (a Assessment) Results(ctx context.Context, p *assess.Policies, lang string) (assess.Results, error) {
	return a.View(ctx, p, a.Customer, lang)
}

// View is Results as one customer sees them, also of a whole assessment; of a slice only its own customer does. It gives
// for a whole assessment, byte for byte, what Results gives for that customer's slice.
func (a Assessment) View(ctx context.Context, p *assess.Policies, customer, lang string) (assess.Results, error) {
	if !a.Whole() && customer != a.Customer {
		return assess.Results{}, broken(nil, say.Both("it is another customer's", "het is van een andere klant"))
	}
	r, err := a.replay(ctx, p, customer)
	if err != nil {
		return assess.Results{}, err
	}
	return a.build(r, p, customer, lang)
}

// replayed is an assessment judged again.
type replayed struct {
	resources []inventory.Resource
	judged    [][]assess.Judged
}

// replay judges the resources for the customers that count for a view: all, or the one beside the standard terms.
func (a Assessment) replay(ctx context.Context, p *assess.Policies, customer string) (r replayed, err error) {
	if a.Rules != p.Digest {
		return r, &Error{Kind: ErrOtherRules, Msg: say.Both("the evidence was assessed by other rules than this version has",
			"het bewijs is beoordeeld met andere regels dan deze versie heeft"),
			Hint: say.Both("use Waarborg %s", "gebruik Waarborg %s", a.Version)}
	}
	if r.resources, err = a.join(); err != nil {
		return r, err
	}
	in := assess.Input{Resources: r.resources, Now: a.At}
	if err := json.Unmarshal(a.Regions, &in.TeamRegions); err != nil {
		return r, broken(err, say.Both("the regions cannot be read", "de regio's zijn niet te lezen"))
	}
	for _, c := range a.Customers {
		if customer != "" && c.ID != customer && c.ID != assess.Standard {
			continue
		}
		x := assess.Customer{ID: c.ID, Applications: c.Applications}
		if err := json.Unmarshal(c.Terms, &x.Terms); err != nil {
			return r, broken(err, say.Both("the terms of a customer cannot be read", "de voorwaarden van een klant zijn niet te lezen"))
		}
		in.Customers = append(in.Customers, x)
	}
	if !slices.ContainsFunc(in.Customers, func(c assess.Customer) bool { return c.ID == assess.Standard }) {
		return r, broken(nil, say.Both("the standard terms are missing", "de standaardvoorwaarden ontbreken"))
	}
	if r.judged, _, err = p.Assess(ctx, in); err != nil {
		if ctx.Err() != nil {
			return r, ctx.Err()
		}
		return r, broken(err, say.Both("a resource cannot be judged", "een object is niet te beoordelen"))
	}
	if !a.Whole() {
		err = a.assert(p, r.judged)
	}
	return r, err
}

// join gives the resources as rules see them. In a slice they serve its customer or everyone, and those without a name
// have their alias.
func (a Assessment) join() ([]inventory.Resource, error) {
	if a.resources != nil || len(a.Resources) == 0 {
		return a.resources, nil
	}
	out := make([]inventory.Resource, len(a.Resources))
	for i, e := range a.Resources {
		r, err := e.Resource()
		if err != nil {
			return nil, broken(err, say.Both("resource %d cannot be read", "object %d is niet te lezen", e.Index))
		}
		if !a.Whole() {
			r.Scope = inventory.Scope{}
			if e.Serves == ServesCustomer {
				r.Scope.Customers = []string{a.Customer}
			}
			if e.Identity.Withheld() {
				r.ID = fmt.Sprintf("%d", e.Index)
			}
		}
		out[i] = r
	}
	return out, nil
}

// assert puts what a slice states in the place of verdicts that cannot be replayed, and wants it for exactly these.
func (a Assessment) assert(p *assess.Policies, judged [][]assess.Judged) error {
	for i, e := range a.Resources {
		used := 0
		judged[i] = slices.Clone(judged[i]) // resources with the same verdicts share them
		for k, j := range judged[i] {
			o, stated := e.Asserted[j.Rule.ID]
			if needed := e.Private.Withheld() && unproved(j); needed != stated {
				return broken(nil, say.Both("of resource %d an outcome is stated that can be replayed, or one is missing",
					"van object %d staat er een uitkomst die is na te rekenen, of er ontbreekt een", e.Index))
			}
			if !stated {
				continue
			}
			used++
			judged[i][k] = assess.Judged{Verdict: o.verdict(j.Rule), Customers: j.Customers}
		}
		if used != len(e.Asserted) {
			return broken(nil, say.Both("of resource %d an outcome is stated for a rule that does not judge it",
				"van object %d staat er een uitkomst van een regel die er niet over gaat", e.Index))
		}
	}
	return nil
}

// unproved tells whether a verdict can differ when private facts are known. Whether a rule applies at all is known without
// them, unless that too rests on one.
func unproved(j assess.Judged) bool {
	return j.Rule.NeedsPrivate() && (j.Status != assess.NotApplicable || j.Rule.AppliesByPrivate())
}

func (o Outcome) verdict(r *assess.Rule) *assess.Verdict {
	return &assess.Verdict{Rule: r, Status: o.Status, Findings: o.Findings, Questions: o.Questions, Unknown: o.Unknown}
}

// build turns what was judged into results.
func (a Assessment) build(r replayed, p *assess.Policies, customer, lang string) (assess.Results, error) {
	shown, err := a.shown(r, customer)
	if err != nil {
		return assess.Results{}, err
	}
	out := p.Build(r.resources, r.judged, assess.View{Customer: customer, Language: lang, Waivers: a.waivers(r), Now: a.At,
		Private: func(i int) bool { return shown[i] }, Theirs: func(clause string) bool { return slices.Contains(a.Duties, clause) }, Rows: a.rows()})
	out.Version = a.Version
	e := assess.Evidence{CollectedAt: a.Header.CreatedAt, Rules: a.Rules, Workspace: a.Header.WorkspaceDigest}
	if a.Seal != nil {
		e.Root, e.SealedBy = a.Header.Root, a.Seal.KeyID
	}
	out.Evidence = e
	out.Sources = a.sources(out)
	if a.Particulars != nil {
		// Also a source that the view does not show: its checks are missing.
		for _, s := range a.Particulars.Sources {
			worsen(&out, s.Status)
		}
	}
	for _, s := range out.Sources {
		worsen(&out, s.Status)
	}
	return out, nil
}

func worsen(r *assess.Results, source string) {
	if source == "failed" {
		r.Summary.Status = assess.Worse(r.Summary.Status, assess.Unknown)
	}
}

// shown tells of each resource whether its private facts are the customer's to see.
func (a Assessment) shown(r replayed, customer string) ([]bool, error) {
	out := make([]bool, len(a.Resources))
	if customer == "" {
		return out, nil
	}
	for i, e := range a.Resources {
		if !a.Whole() {
			out[i] = !e.Private.Withheld()
			continue
		}
		var err error
		if out[i], err = a.mayShowPrivate(e, r.resources[i].Scope, customer); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// sources are the sources as a view shows them.
func (a Assessment) sources(r assess.Results) (out []assess.SourceState) {
	if !a.Whole() {
		return a.Sources
	}
	if a.Particulars == nil {
		return nil
	}
	for _, s := range a.Particulars.Sources {
		// All that keep their names to themselves are one: how many there are is nobody's business.
		if st, shown := sourceState(s, r); shown && (st.ID != otherSource || !slices.Contains(out, st)) {
			out = append(out, st)
		}
	}
	return out
}

// otherSource stands for sources that a customer's view does not name.
const otherSource = "(other)"

// sourceState is a source as a view shows it. In a customer's view one that told nothing of that customer can be another
// customer's own: it keeps its name to itself, and is there only if it failed, so that nothing goes missing silently.
func sourceState(o inventory.SourceOutcome, r assess.Results) (st assess.SourceState, shown bool) {
	if r.Customer == "" {
		return assess.SourceState{ID: o.Source, Status: o.Status, Message: o.Message.In(r.Language), Hint: o.Hint.In(r.Language)}, true
	}
	// Messages and hints may speak of other customers' tables.
	if slices.ContainsFunc(r.Results, func(x assess.Result) bool { return strings.HasPrefix(x.Resource, o.Source+"/") }) {
		return assess.SourceState{ID: o.Source, Status: o.Status}, true
	}
	return assess.SourceState{ID: otherSource, Status: o.Status}, o.Status == "failed"
}

// waivers gives waivers, or in a slice what is accepted, as the builder of results wants them.
func (a Assessment) waivers(r replayed) (out []assess.Waiver) {
	place := map[int]string{}
	if len(a.Waivers)+len(a.Accepted) > 0 {
		for i, e := range a.Resources {
			place[e.Index] = r.resources[i].ID
		}
	}
	covers := func(indexes []int) func(string) bool {
		ids := map[string]bool{}
		for _, i := range indexes {
			if id, ok := place[i]; ok {
				ids[id] = true
			}
		}
		return func(id string) bool { return ids[id] }
	}
	for _, w := range a.Waivers {
		out = append(out, assess.Waiver{ID: w.ID, Rule: w.Rule, Covers: covers(w.Resources), Owner: w.Owner, Reason: w.Reason, Expires: w.Expires,
			Approved: w.Approved, Why: w.Why, Consent: w.Consent})
	}
	for _, x := range a.Accepted {
		w := assess.Waiver{ID: x.ID, Rule: x.Rule, Covers: covers(x.Resources), Expires: a.At.Add(time.Hour), Approved: true}
		if x.Consent != nil {
			w.Consent = []assess.Consent{*x.Consent}
		}
		out = append(out, w)
	}
	return out
}

// Check tells whether the evidence is of the snapshot that was sealed: its form, its proofs, and last the seal, through
// verifySeal, which gets the signed message and returns nil only for an intact seal of a trusted key. The error is
// ErrBroken, ErrUnsealed or ErrSealRefused, which wraps what verifySeal returned; with the last two all the rest is in order.
// What nobody sealed, such as terms and waivers, is for the signature of whatever holds the evidence.
func (a Assessment) Check(verifySeal func(message []byte, seal inventory.Seal) error) error {
	if err := a.checkForm(); err != nil {
		return err
	}
	disclosed := make([]inventory.Disclosure, len(a.Resources))
	for i, e := range a.Resources {
		disclosed[i] = e.Disclosure
	}
	var err error
	if a.Whole() {
		err = inventory.CheckWhole(a.Header, *a.Particulars, disclosed)
	} else {
		err = inventory.CheckMultiProof(a.Header, disclosed, a.Proof)
	}
	if err != nil {
		return broken(err, say.Both("its resources are not those of the snapshot that was sealed",
			"de objecten zijn niet die van de momentopname die is verzegeld"))
	}
	if a.Seal == nil {
		return &Error{Kind: ErrUnsealed, Msg: say.Both("the snapshot was not sealed", "de momentopname is niet verzegeld"),
			Hint: say.Both("collect with --save or `waarborg collect`, which seal it",
				"verzamel met --save of met `waarborg collect`; die verzegelen")}
	}
	message, err := a.Header.Message()
	if err != nil {
		return broken(err, say.Both("its header cannot be encoded", "de kop is niet te coderen"))
	}
	if err := verifySeal(message, *a.Seal); err != nil {
		return &Error{Kind: ErrSealRefused, Msg: say.Both("the seal of the snapshot is not accepted: %s",
			"het zegel van de momentopname wordt niet aanvaard: %s", err), Hint: say.HintOf(err), Err: err}
	}
	return nil
}

// checkForm holds what a whole assessment and a slice have and have not.
func (a Assessment) checkForm() error {
	if a.Schema != Schema || a.Header.Schema != inventory.SnapshotSchema {
		return broken(nil, say.Both("its form is not one that this version knows", "de vorm is er geen die deze versie kent"))
	}
	whole := a.Whole()
	if whole != (a.Particulars != nil) || whole && len(a.Accepted)+len(a.Sources)+len(a.Proof) > 0 ||
		!whole && len(a.Waivers) > 0 {
		return broken(nil, say.Both("it is neither a whole assessment nor a customer's slice",
			"het is geen hele beoordeling en niet het deel van één klant"))
	}
	for _, c := range a.Customers {
		if !whole && c.ID != a.Customer && c.ID != assess.Standard {
			return broken(nil, say.Both("a customer's slice holds terms of another",
				"in het deel van één klant staan voorwaarden van een ander"))
		}
	}
	for _, e := range a.Resources {
		d := e.Disclosure
		var ok bool
		switch {
		case whole:
			ok = e.Serves == "" && e.Asserted == nil && !slices.ContainsFunc([]inventory.Part{d.Details, d.Facts, d.Identity, d.Private, d.Scope}, inventory.Part.Withheld)
		case e.Serves == ServesCustomer:
			ok = d.Details.Withheld() && !d.Facts.Withheld() && !d.Identity.Withheld()
		case e.Serves == ServesShared:
			ok = d.Details.Withheld() && !d.Facts.Withheld() && d.Identity.Withheld() && d.Scope.Withheld()
		}
		if !ok {
			return broken(nil, say.Both("of resource %d more or less is shown than belongs there",
				"van object %d wordt meer of minder getoond dan er hoort", e.Index))
		}
		for _, o := range e.Asserted {
			if !o.possible() {
				return broken(nil, say.Both("of resource %d an outcome is stated that no rule can have",
					"van object %d staat er een uitkomst die geen regel kan geven", e.Index))
			}
		}
	}
	return a.checkOrder()
}

// possible tells whether a verdict can be so. Waived is none: that is for waivers to say.
func (o Outcome) possible() bool {
	switch o.Status {
	case assess.Fail:
		return len(o.Findings) > 0 && len(o.Unknown) == 0
	case assess.Unknown:
		return len(o.Findings) == 0 && len(o.Questions)+len(o.Unknown) > 0
	case assess.Pass, assess.NotApplicable:
		return len(o.Findings)+len(o.Questions)+len(o.Unknown) == 0
	}
	return false
}

// checkOrder wants the resources in the order of the snapshot, as far as their names are shown: aliases are counted in it.
func (a Assessment) checkOrder() error {
	var kind inventory.Kind
	last := ""
	for _, e := range a.Resources {
		if e.Kind != kind {
			last = ""
		}
		var identity struct {
			ID string `json:"id"`
		}
		if !e.Identity.Withheld() {
			if err := json.Unmarshal(e.Identity.Content, &identity); err != nil {
				return broken(err, say.Both("resource %d cannot be read", "object %d is niet te lezen", e.Index))
			}
		}
		if e.Kind < kind || !e.Identity.Withheld() && identity.ID <= last {
			return broken(nil, say.Both("its resources are not in their order", "de objecten staan niet op volgorde"))
		}
		kind, last = e.Kind, max(last, identity.ID)
	}
	return nil
}

// rows gives the clause of each sub-processor's row, as the standard terms have it.
func (a Assessment) rows() map[string]string {
	for _, c := range a.Customers {
		if c.ID == assess.Standard {
			return Rows(c.Terms)
		}
	}
	return map[string]string{}
}

// Rows gives the clause that is each sub-processor's row of the table, by its id, out of the standard terms as JSON.
func Rows(terms jsontext.Value) map[string]string {
	out := map[string]string{}
	var doc struct {
		Register map[string]struct {
			Clause string `json:"clause"`
		} `json:"register"`
	}
	if json.Unmarshal(terms, &doc) != nil {
		return nil
	}
	for id, row := range doc.Register {
		if row.Clause != "" {
			out[id] = row.Clause
		}
	}
	return out
}
