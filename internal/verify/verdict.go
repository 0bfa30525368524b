package verify

import (
	"time"

	"waarborg/internal/attest"
)

// Schema names the form of Verdict in JSON.
const Schema = "waarborg.verdict/v1"

// State is what a file is worth.
type State string

// The states, best first. Only Valid means that the reader can rely on the file.
const (
	Valid      State = "valid"
	Draft      State = "draft"       // intact and by a trusted signer, but not released
	NotTrusted State = "not-trusted" // intact as far as could be seen, but by nobody that the reader trusts, or not at a time when that counted
	Broken     State = "broken"      // changed, forged or contradicting itself
	Unreadable State = "unreadable"  // no file that Waarborg gives out, or too large to look at
)

var order = map[State]int{Valid: 0, Draft: 1, NotTrusted: 2, Unreadable: 3, Broken: 4}

// worse returns the worse of two states.
func worse(a, b State) State {
	if order[b] > order[a] {
		return b
	}
	return a
}

// Mark is how a check ended.
type Mark string

// The marks of a check.
const (
	OK   Mark = "ok"
	Fail Mark = "failed"
	Open Mark = "open" // could not be checked, or does not count
	Note Mark = "note" // worth knowing; says nothing against the file
)

// Check is one thing that was looked at.
type Check struct {
	ID   string `json:"id"` // stable: form, signature, signer, certificate, time, data, evidence, seal, release, replay, pages
	Mark Mark   `json:"mark"`
	Text string `json:"text"` // a sentence, in the language asked for
	Hint string `json:"hint,omitempty"`
}

// Verdict is what verifying a file gave.
type Verdict struct {
	Schema    string            `json:"schema"`
	File      string            `json:"file"`
	Kind      string            `json:"kind"` // report, record, bundle, snapshot, assessment, results, attestation; empty if it is none
	State     State             `json:"state"`
	SHA256    string            `json:"sha256"` // of the file
	Checks    []Check           `json:"checks"`
	Signer    string            `json:"signer,omitempty"`    // name in the certificate
	KeyID     string            `json:"key_id,omitempty"`    // of the signing key
	Level     string            `json:"level,omitempty"`     // PAdES baseline: B-B or B-T
	SignedAt  *time.Time        `json:"signed_at,omitempty"` // proved by a timestamp, else stated by the signer
	Proven    bool              `json:"time_proven"`
	Subject   *Subject          `json:"subject,omitempty"`
	Attested  *attest.Statement `json:"attestation,omitempty"` // what an attestation of the gate says
	Replayed  bool              `json:"replayed"`              // assessed again, with the same results
	Redrawn   bool              `json:"redrawn"`               // drawn again, with the same pages
	Asserted  int               `json:"asserted,omitzero"`     // outcomes that rest on withheld facts and cannot be replayed
	Outcomes  int               `json:"outcomes,omitzero"`
	Resources int               `json:"resources,omitzero"` // proved to be in the sealed snapshot
}

// Subject is what a report says of itself, for the reader to compare. It is only there for a file that is intact.
type Subject struct {
	Processor string    `json:"processor"`
	Customer  string    `json:"customer,omitempty"`
	Assessed  time.Time `json:"assessed_at"`
	Collected time.Time `json:"collected_at"`
	Status    string    `json:"status"`
	Fail      int       `json:"fail"`
	Unknown   int       `json:"unknown"`
	Waived    int       `json:"waived"`
	Pass      int       `json:"pass"`
	Rules     string    `json:"rules"` // digest
}
