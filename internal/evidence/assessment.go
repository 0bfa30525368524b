package evidence

import (
	"bytes"
	"encoding/json/jsontext"
	"errors"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/strictjson"
)

// Schema names the form of an Assessment in JSON.
const Schema = "waarborg.evidence/v1"

// Assessment is all that results depend on, whole or as the slice of one customer. It is never changed once made.
type Assessment struct {
	Schema   string    `json:"schema"`
	Version  string    `json:"version"` // of Waarborg
	At       time.Time `json:"at"`      // of assessment, UTC
	Customer string    `json:"customer,omitempty"`
	Rules    string    `json:"rules"` // digest of the rules

	Header      inventory.Header       `json:"header"`
	Seal        *inventory.Seal        `json:"seal,omitzero"`        // nil: the snapshot was not sealed
	Particulars *inventory.Particulars `json:"particulars,omitzero"` // of a whole assessment alone
	Resources   []Entry                `json:"resources"`            // in the order of kind and id, as in the snapshot; of a slice only some
	Proof       []tlog.Hash            `json:"proof"`                // see inventory.Tree.MultiProof; nothing for a whole one

	Customers []Customer     `json:"customers"`         // with terms in force; in a slice the standard terms and its own
	Regions   jsontext.Value `json:"regions"`           // the workspace's own regions; in a slice those that its facts name
	Duties    []string       `json:"customer_duties"`   // clauses that bind the customer alone, sorted
	Waivers   []Waiver       `json:"waivers,omitempty"` // of a whole assessment alone

	Accepted []Acceptance         `json:"accepted,omitempty"` // of a slice alone: waivers as far as they are the customer's to see
	Sources  []assess.SourceState `json:"sources,omitempty"`  // of a slice alone: as the customer's view shows them

	resources []inventory.Resource // what New was given, so that it need not be joined again
}

// Entry is a resource of an assessment.
type Entry struct {
	inventory.Disclosure
	Serves   string             `json:"serves,omitempty"`   // in a slice: ServesCustomer or ServesShared
	Asserted map[string]Outcome `json:"asserted,omitempty"` // in a slice: by rule, what rests on facts that are withheld
}

// What a resource of a slice serves, where its scope itself is withheld.
const (
	ServesCustomer = "customer" // this customer alone; it is named
	ServesShared   = "shared"   // perhaps others too; shown under an alias
)

// Outcome is a verdict that a slice states, because it cannot be replayed without facts that speak of others.
type Outcome struct {
	Status    assess.Status        `json:"status"`
	Findings  []assess.Finding     `json:"findings,omitempty"`
	Questions []assess.Finding     `json:"questions,omitempty"`
	Unknown   []assess.UnknownFact `json:"unknown,omitempty"`
}

// Customer is a customer with its terms in force.
type Customer struct {
	ID           string         `json:"id"` // assess.Standard for the standard terms
	Applications []string       `json:"applications"`
	Terms        jsontext.Value `json:"terms"`
}

// Waiver is a waiver on the day of assessment.
type Waiver struct {
	ID        string           `json:"id"`
	Rule      string           `json:"rule"`
	Resources []int            `json:"resources"` // it is meant for, by their index, sorted; of the rule's kind alone
	Owner     string           `json:"owner"`
	Reason    string           `json:"reason"`
	Expires   time.Time        `json:"expires"` // first moment at which it no longer holds
	Approved  bool             `json:"approved"`
	Why       assess.Text      `json:"why,omitzero"` // why it is not approved
	Consent   []assess.Consent `json:"consent,omitempty"`
}

// Acceptance is what a customer may know of a waiver that has effect: which outcomes are accepted. It has an id only if
// the customer agreed to it.
type Acceptance struct {
	ID        string          `json:"id,omitempty"`
	Rule      string          `json:"rule"`
	Resources []int           `json:"resources"`
	Consent   *assess.Consent `json:"consent,omitzero"`
}

// Inputs is what an assessment needs besides a snapshot.
type Inputs struct {
	Policies  *assess.Policies
	Version   string // of Waarborg
	Now       time.Time
	Customers []assess.Customer // the standard terms and all customers with terms in force
	Regions   map[string]any    // the workspace's own, see assess.Input
	Waivers   []assess.Waiver
	Duties    []string // clauses that bind the customer alone
}

// The ways in which an assessment fails. Errors of this package wrap one of them in an *Error.
var (
	ErrBroken      = errors.New("the evidence does not hold together")
	ErrUnsealed    = errors.New("the snapshot was not sealed")
	ErrSealRefused = errors.New("the seal of the snapshot is not accepted")
	ErrOtherRules  = errors.New("the evidence was assessed by other rules")
	ErrNoCustomer  = errors.New("no terms are in force for the customer")
	ErrNotKept     = errors.New("the assessment was never kept")
	ErrDropped     = errors.New("the evidence was kept, and dropped for newer")
)

// Error says what is wrong with an assessment, and what to do.
type Error struct {
	Kind error    // one of the errors of this package
	Msg  say.Text // what is wrong
	Hint say.Text
	Err  error // the cause, if there is another
}

// Error is the English text, for logs and tests.
func (e *Error) Error() string { return e.said().Error() }

// Unwrap returns the kind of failure, and what to say of it, with the cause.
func (e *Error) Unwrap() []error { return []error{e.Kind, e.said()} }

func (e *Error) said() *say.Error { return &say.Error{Msg: e.Msg, Hint: e.Hint, Err: e.Err} }

func broken(err error, why say.Text) *Error {
	return &Error{Kind: ErrBroken, Msg: say.Both("the evidence does not hold together: %s",
		"het bewijs klopt niet met zichzelf: %s", why),
		Hint: say.Both("get the original again, or make the assessment again",
			"haal het origineel opnieuw op, of maak de beoordeling opnieuw"), Err: err}
}

// New makes the assessment of a whole snapshot; sealed is nil if that has no seal. What the waivers cover is resolved here,
// for they name resources by pattern. The error is an *Error or an *say.Error.
func New(snap inventory.Snapshot, sealed *inventory.Sealed, in Inputs) (Assessment, error) {
	all, header, particulars, err := snap.Disclose()
	if err != nil {
		return Assessment{}, err
	}
	a := Assessment{Schema: Schema, Version: in.Version, At: in.Now.UTC().Round(0), Rules: in.Policies.Digest, Header: header, Particulars: &particulars,
		Resources: make([]Entry, len(all)), Proof: []tlog.Hash{}, Duties: slices.Sorted(slices.Values(in.Duties)), resources: snap.Resources}
	if a.Duties == nil {
		a.Duties = []string{}
	}
	if sealed != nil {
		have, err1 := header.Message()
		want, err2 := sealed.Header.Message()
		if err := errors.Join(err1, err2); err != nil || !bytes.Equal(have, want) {
			return Assessment{}, broken(err, say.Both("the snapshot is another than the one that was sealed",
				"de momentopname is een andere dan die is verzegeld"))
		}
		a.Seal = &sealed.Seal
	}
	for i, d := range all {
		a.Resources[i] = Entry{Disclosure: d}
	}
	if a.Regions, err = strictjson.Canonical(orEmpty(in.Regions)); err != nil {
		return Assessment{}, broken(err, say.Both("the regions cannot be encoded", "de regio's zijn niet te coderen"))
	}
	for _, c := range in.Customers {
		terms, err := strictjson.Canonical(orEmpty(c.Terms))
		if err != nil {
			return Assessment{}, broken(err, say.Both("the terms of customer %q cannot be encoded",
				"de voorwaarden van klant %q zijn niet te coderen", c.ID))
		}
		a.Customers = append(a.Customers, Customer{ID: c.ID, Applications: append([]string{}, c.Applications...), Terms: terms})
	}
	a.Waivers = waivers(in, snap.Resources, a.Resources)
	return a, nil
}

// orEmpty makes a nil map an empty one, which is an object in JSON.
func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// waivers resolves which resources each waiver is meant for. Entries are those of the resources.
func waivers(in Inputs, resources []inventory.Resource, entries []Entry) []Waiver {
	kinds := map[string]inventory.Kind{}
	for _, r := range in.Policies.Rules {
		kinds[r.ID] = r.Kind
	}
	var out []Waiver
	for _, w := range in.Waivers {
		x := Waiver{ID: w.ID, Rule: w.Rule, Resources: []int{}, Owner: w.Owner, Reason: w.Reason, Expires: w.Expires.UTC(), Approved: w.Approved,
			Why: w.Why, Consent: w.Consent}
		for i, r := range resources {
			if r.Kind == kinds[w.Rule] && w.Covers(r.ID) {
				x.Resources = append(x.Resources, entries[i].Index)
			}
		}
		slices.Sort(x.Resources)
		out = append(out, x)
	}
	return out
}

// Whole tells whether the assessment is of everything, rather than a customer's slice.
func (a Assessment) Whole() bool { return a.Customer == "" }

// Asserted counts the outcomes that rest on the word of whoever made a slice, rather than on facts in it.
func (a Assessment) Asserted() int {
	n := 0
	for _, e := range a.Resources {
		n += len(e.Asserted)
	}
	return n
}
