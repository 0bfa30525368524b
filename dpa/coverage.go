package dpa

import (
	"fmt"
	"slices"
	"strings"

	"waarborg/internal/assess"
)

// CoverageState says how a clause stands.
type CoverageState string

// The states of a clause. Met and Attested are proof; Customer means that the clause binds the customer alone, NotTaken that
// it binds nobody here.
const (
	CoverageNotMet   CoverageState = "not-met"
	CoverageUnproven CoverageState = "unproven" // nothing proves it yet
	CoverageUnknown  CoverageState = "unknown"  // something would prove it, but could not be evaluated
	CoveragePartly   CoverageState = "partly"   // what was seen is met, but some rules met nothing to look at
	CoverageWaived   CoverageState = "waived"
	CoverageAttested CoverageState = "attested" // a person's signed evidence
	CoverageMet      CoverageState = "met"
	CoverageCustomer CoverageState = "customer"
	CoverageNotTaken CoverageState = "not-applicable" // it is about an application that no customer takes
)

// CoverageStates lists them, worst first.
func CoverageStates() []CoverageState {
	return []CoverageState{CoverageNotMet, CoverageUnproven, CoverageUnknown, CoveragePartly, CoverageWaived, CoverageAttested, CoverageMet, CoverageCustomer,
		CoverageNotTaken}
}

// Text names the state for people.
func (s CoverageState) Text() Text {
	switch s {
	case CoverageNotMet:
		return Text{EN: "not met", NL: "niet voldaan"}
	case CoverageUnknown:
		return Text{EN: "unknown", NL: "onbekend"}
	case CoveragePartly:
		return Text{EN: "met as far as seen", NL: "voldaan, voor zover gezien"}
	case CoverageWaived:
		return Text{EN: "waived", NL: "geaccepteerd"}
	case CoverageAttested:
		return Text{EN: "attested", NL: "verklaard"}
	case CoverageMet:
		return Text{EN: "met", NL: "voldaan"}
	case CoverageCustomer:
		return Text{EN: "customer's duty", NL: "plicht van de klant"}
	case CoverageNotTaken:
		return Text{EN: "not applicable", NL: "niet van toepassing"}
	}
	return Text{EN: "not proved by anything", NL: "nergens mee bewezen"}
}

// Proof is one thing that proves, or would prove, a clause.
type Proof struct {
	Type  string        `json:"type"` // rule, workflow, attestation, document
	ID    string        `json:"id"`
	State CoverageState `json:"state"`
	Note  string        `json:"note,omitempty"`
}

// CoverageRow is a clause and what proves it.
type CoverageRow struct {
	Clause     string        `json:"clause"`
	Part       string        `json:"part"`
	Text       string        `json:"text"`
	DutyHolder string        `json:"duty_holder"` // processor, controller, both
	Kind       string        `json:"kind"`
	GDPR       []string      `json:"gdpr,omitempty"`
	State      CoverageState `json:"state"`
	Proofs     []Proof       `json:"proofs"`
	Gap        string        `json:"gap,omitempty"`
}

// JudgedAttestation is an attestation and what it is worth now.
type JudgedAttestation struct {
	Attestation
	Status AttestationStatus
}

// CoverageInput is what a coverage is made from.
type CoverageInput struct {
	Clauses      []Clause
	Rules        []assess.ClauseState
	Attestations []JudgedAttestation
	Book         Book
	Language     string
}

// Coverage accounts for every clause: a row each, in the order of the agreement, also where nothing proves it. Clauses about
// an application that the book's agreements have, and that none of its customers takes, are NotTaken.
func Coverage(in CoverageInput) ([]CoverageRow, error) {
	cases, err := workflows()
	if err != nil {
		return nil, err
	}
	papers := in.Book.documents()
	byClause := map[string]assess.ClauseState{}
	for _, s := range in.Rules {
		byClause[s.Clause] = s
	}
	clauses := inOrder(in.Clauses)
	application, notTaken := applications(clauses), in.Book.notTaken()
	rows := make([]CoverageRow, 0, len(clauses))
	for _, c := range clauses {
		row := CoverageRow{Clause: c.ID, Part: c.Part, Text: Text{EN: c.EN, NL: c.NL}.In(in.Language), DutyHolder: c.DutyHolder, Kind: c.Kind,
			GDPR: c.GDPR, Gap: Text{EN: c.Gap, NL: c.GapNL}.In(in.Language), Proofs: []Proof{}}
		if s, ok := byClause[c.ID]; ok {
			row.Proofs = append(row.Proofs, ruleProofs(s)...)
		}
		if w, ok := cases[c.ID]; ok {
			row.Proofs = append(row.Proofs, Proof{Type: "workflow", ID: w, State: CoverageUnproven,
				Note: Text{EN: "not in this version", NL: "zit niet in deze versie"}.In(in.Language)})
		}
		if p, ok := papers[c.ID]; ok {
			row.Proofs = append(row.Proofs, p)
		}
		row.Proofs = append(row.Proofs, attestationProofs(c.ID, in)...)
		row.State = coverageState(c, byClause, row.Proofs)
		if notTaken[application[c.ID]] && row.State != CoverageNotMet { // a failure is never put away
			row.State = CoverageNotTaken
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func ruleProofs(s assess.ClauseState) []Proof {
	var out []Proof
	for _, id := range s.Rules {
		out = append(out, Proof{Type: "rule", ID: id, State: ruleState(s.ByRule[id])})
	}
	return out
}

func ruleState(s assess.Status) CoverageState {
	switch s {
	case assess.Fail:
		return CoverageNotMet
	case assess.Waived:
		return CoverageWaived
	case assess.Pass:
		return CoverageMet
	default:
		return CoverageUnknown // also where the rule met no resource: nobody looked
	}
}

func attestationProofs(clause string, in CoverageInput) []Proof {
	var out []Proof
	for _, a := range in.Attestations {
		if !slices.Contains(a.Clauses, clause) {
			continue
		}
		p := Proof{Type: "attestation", ID: a.ID, State: CoverageUnproven, Note: a.Status.State.Text().In(in.Language)}
		switch {
		case !a.Status.State.Proves():
		case !in.Book.all(a.Customers):
			p.Note = fmt.Sprintf(Text{EN: "%s, but for some customers alone: %s", NL: "%s, maar alleen voor sommige klanten: %s"}.In(in.Language), p.Note, strings.Join(a.Customers, ", "))
		default:
			p.State = CoverageAttested
			p.Note = fmt.Sprintf(Text{EN: "%s, until %s", NL: "%s, tot en met %s"}.In(in.Language), p.Note, a.ValidUntil)
		}
		out = append(out, p)
	}
	return out
}

// all tells whether a statement about some customers speaks of all of them; an empty list means everybody.
func (b Book) all(customers []string) bool {
	return len(customers) == 0 || !slices.ContainsFunc(b.Customers, func(c Customer) bool { return !slices.Contains(customers, c.ID) })
}

// coverageState weighs the proofs. What a system shows outweighs what a person says: an attestation never covers a
// failing, waived or unknown rule, and stands only for rules that met nothing to look at.
func coverageState(c Clause, rules map[string]assess.ClauseState, proofs []Proof) CoverageState {
	if c.DutyHolder == "controller" {
		return CoverageCustomer
	}
	has := func(kind string, s CoverageState) bool {
		return slices.ContainsFunc(proofs, func(p Proof) bool { return p.Type == kind && p.State == s })
	}
	r, checked := rules[c.ID]
	seen := checked && r.Count.Fail+r.Count.Unknown+r.Count.Waived+r.Count.Pass > 0
	attested := has("attestation", CoverageAttested)
	switch {
	case checked && r.Status == assess.Fail, has("document", CoverageNotMet):
		return CoverageNotMet
	case seen && r.Status == assess.Unknown:
		return CoverageUnknown
	case seen && r.Status == assess.Waived:
		return CoverageWaived
	case c.Kind == PolicyCheck && seen && r.Status == assess.Pass && len(r.ByRule) == len(r.Rules):
		return CoverageMet
	case attested:
		return CoverageAttested
	case has("document", CoverageMet):
		return CoverageMet
	case c.Kind == PolicyCheck && seen:
		return CoveragePartly
	case checked && !seen:
		return CoverageUnknown
	}
	// A workflow or organisational duty is more than what its rules can see, so passing rules alone do not prove it.
	return CoverageUnproven
}

// CoverageCount counts rows by state, for a duty holder or, with "", for all.
func CoverageCount(rows []CoverageRow, holder string) map[CoverageState]int {
	out := map[CoverageState]int{}
	for _, r := range rows {
		if holder == "" || r.DutyHolder == holder {
			out[r.State]++
		}
	}
	return out
}
