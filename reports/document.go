package reports

import (
	"time"

	"waarborg/dpa"
	"waarborg/internal/assess"
)

// DocumentSchema names the form of a Document in JSON.
const DocumentSchema = "waarborg.report/v1"

// Document is what a report says besides its results: pages are a function of Document, results and evidence, and of
// nothing else. So whoever holds the attachments of a PDF can draw its pages again. Of people it names the roles alone. In a
// customer's document there is nothing of any other customer.
type Document struct {
	Schema       string              `json:"schema"`
	Version      string              `json:"version"`  // of Waarborg, which draws the pages
	Language     string              `json:"language"` // nl or en
	Processor    Party               `json:"processor"`
	Customer     *Party              `json:"customer,omitempty"` // whose report it is; absent: of everything
	Agreements   []Agreement         `json:"agreements"`
	Applications []string            `json:"applications"` // ids, as the agreement has them
	Coverage     []dpa.CoverageRow   `json:"coverage"`     // clause by clause, in the order of the agreement
	Attestations []Attestation       `json:"attestations,omitempty"`
	Since        *Comparison         `json:"since,omitempty"`
	Trend        []Point             `json:"trend,omitempty"` // earlier assessments, oldest first, the present one last
	Release      *Release            `json:"release,omitempty"`
	Files        map[string]FileHash `json:"files"` // the other attachments by name
}

// Party is the processor or a customer.
type Party struct {
	ID            string `json:"id,omitempty"`
	Name          string `json:"name"`
	Register      string `json:"register,omitempty"`
	PostalAddress string `json:"postal_address,omitempty"`
	Country       string `json:"country,omitempty"`
	Contact       string `json:"contact,omitempty"`
}

// Agreement names an agreement and the contract under it.
type Agreement struct {
	Title    string `json:"title"`
	Version  string `json:"version"`
	InForce  string `json:"in_force"`           // first day
	Text     string `json:"text,omitempty"`     // dpa.CatalogueText, or empty for any other text
	Contract string `json:"contract,omitempty"` // document of the customer's own
	Start    string `json:"start,omitempty"`
}

// Attestation is a person's statement as a report shows it.
type Attestation struct {
	ID         string    `json:"id"`
	Clauses    []string  `json:"clauses"`
	Statement  string    `json:"statement"`
	Role       string    `json:"role"` // of who made it
	MadeAt     time.Time `json:"made_at"`
	ValidUntil string    `json:"valid_until"`
	File       string    `json:"file"`
	SHA256     string    `json:"sha256"`
	State      string    `json:"state"`  // in words of the language
	Proves     bool      `json:"proves"` // whether it counts at the time of assessment
}

// FileHash is an attachment by its digest.
type FileHash struct {
	SHA256 string `json:"sha256"` // 64 hex digits
	Size   int64  `json:"size"`   // bytes
}

// Release is how far a report has come: prepared by one person, released by another. Both signed Digest with an enrolled
// key, in the context of approvals.
type Release struct {
	Digest   string `json:"digest"` // over results, evidence and the document without its release
	Prepared *Step  `json:"prepared,omitempty"`
	Released *Step  `json:"released,omitempty"`
}

// Step is one person's signature of a release. It names no person, only the role: whose key it is, the reader's own list of
// enrolled keys tells (see [Step.Person]).
type Step struct {
	Role      string    `json:"role"`
	At        time.Time `json:"at"`  // by the clock of the machine
	Key       string    `json:"key"` // public, ed25519:…
	Signature string    `json:"signature"`
}

// Draft tells whether a report still has to be released: a customer's report that two people have not signed.
func (d Document) Draft() bool {
	return d.Customer != nil && (d.Release == nil || d.Release.Prepared == nil || d.Release.Released == nil)
}

// Comparison is what changed since an earlier assessment.
type Comparison struct {
	At      time.Time      `json:"at"` // of the earlier one
	Changes assess.Changes `json:"changes"`
}

// Point is one assessment of a trend.
type Point struct {
	At     time.Time     `json:"at"`
	Status assess.Status `json:"status"`
	Count  assess.Count  `json:"count"`
}
