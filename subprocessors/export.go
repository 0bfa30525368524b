// Package subprocessors is the register of sub-processors as it travels: an export that is signed and ends after a day or so,
// by which a pipeline judges a deploy without reaching any system of ours. It holds no personal data.
//
// The file is one line of canonical JSON (RFC 8785) with a line feed: {"register": an Export, "seal": a Seal}. The seal signs
// the canonical JSON of the export.
package subprocessors

import (
	"slices"
	"time"

	"waarborg/internal/say"
	"waarborg/internal/strictjson"
)

// Schema names the form of an Export.
const Schema = "waarborg.register/v1"

// MaxValid is how long an export may hold at most: what it says of objections is of the day it was made.
const MaxValid = 31 * 24 * time.Hour

// Export is the register at one moment. Its lists are sorted and name nothing twice, so that one register has one form.
type Export struct {
	Schema    string    `json:"schema"`
	Processor Processor `json:"processor"`
	IssuedAt  time.Time `json:"issued_at"`  // UTC, to the second
	ExpiresAt time.Time `json:"expires_at"` // first moment at which it no longer holds; UTC, to the second
	Entries   []Entry   `json:"entries"`    // by id
}

// Processor is whose register it is.
type Processor struct {
	Name     string `json:"name"`
	Register string `json:"register,omitempty"` // number in the trade register
}

// Entry is a sub-processor. Dates are YYYY-MM-DD; an empty one is none.
type Entry struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Purpose Text   `json:"purpose"`
	Status  Status `json:"status"`
	Source  Source `json:"source"`

	Applications    []string            `json:"applications"` // ids; empty: all
	Categories      []string            `json:"categories"`   // of personal data, named for it
	OpenGroups      []string            `json:"open_groups"`  // of categories whose wording is open
	EEA             bool                `json:"eea"`          // within the European Economic Area, as the agreement says
	Countries       []string            `json:"countries"`    // ISO 3166-1; empty: the register names none
	AccessCountries []string            `json:"access_countries"`
	Regions         map[string][]string `json:"regions"` // by provider; empty: the register names none

	Agreement   string `json:"agreement,omitempty"` // of the contract with it
	Ground      string `json:"ground,omitempty"`    // of transfer: none, adequacy, scc, bcr
	GroundUntil string `json:"ground_until,omitempty"`
	TIA         string `json:"tia,omitempty"` // of the transfer impact assessment

	Notice     Notice           `json:"notice"`
	Notices    []CustomerNotice `json:"notices"`    // where a customer's differs, by customer
	Objections []Objection      `json:"objections"` // by reference
}

// Text is a text in two languages.
type Text struct {
	EN string `json:"en"`
	NL string `json:"nl"`
}

// Source says where an entry is agreed or announced.
type Source struct {
	Document string `json:"document"`
	Clause   string `json:"clause"`
	Date     string `json:"date,omitempty"`
}

// Status says how an entry stood when the export was made.
type Status string

// The states of an entry.
const (
	Active    Status = "active"
	Announced Status = "announced" // not to be used yet
	Ended     Status = "ended"     // not to be used any more
)

// Notice is when a change was announced, and the first day on which the sub-processor may be used after it. Both empty: it was
// there from the start.
type Notice struct {
	Given string `json:"given,omitempty"`
	Ends  string `json:"ends,omitempty"`
}

// CustomerNotice is the notice that one customer got.
type CustomerNotice struct {
	Customer string `json:"customer"` // id
	Notice
}

// Objection is a customer's objection to a sub-processor, without a word of what it says.
type Objection struct {
	Ref      string `json:"ref"`                // random; 8 to 64 letters, digits, hyphens and underscores
	Customer string `json:"customer,omitempty"` // id; empty: the register does not say whose, so it counts for everybody
	State    State  `json:"state"`
	Since    string `json:"since,omitempty"` // first day; empty: the register does not say
}

// State is how an objection stands.
type State string

// The states of an objection. Only an open one keeps a sub-processor out of use.
const (
	Open      State = "open"
	Resolved  State = "resolved"
	Withdrawn State = "withdrawn"
)

// Seal is the signature over an export. Key and signature are read by whoever verifies, not here.
type Seal struct {
	KeyID     string `json:"key_id"`
	Algorithm string `json:"algorithm"`
	PublicKey []byte `json:"public_key"`
	Value     []byte `json:"signature"`
}

// Message returns what a seal signs: the canonical JSON of the export.
func (e Export) Message() ([]byte, error) {
	message, err := strictjson.Canonical(e)
	if err != nil {
		return nil, &say.Error{Msg: say.Both("the register cannot be encoded", "het register is niet te coderen"),
			Hint: say.Both("a text in it is not UTF-8", "een tekst erin is geen UTF-8"), Err: err}
	}
	return message, nil
}

// Expired tells whether the export holds no longer at a moment.
func (e Export) Expired(now time.Time) bool { return !now.Before(e.ExpiresAt) }

// Entry returns an entry by its id.
func (e Export) Entry(id string) (Entry, bool) {
	for _, x := range e.Entries {
		if x.ID == id {
			return x, true
		}
	}
	return Entry{}, false
}

// NoticeFor is the notice that holds for a customer.
func (x Entry) NoticeFor(customer string) Notice {
	for _, n := range x.Notices {
		if n.Customer == customer {
			return n.Notice
		}
	}
	return x.Notice
}

// Serves tells whether the entry is for a customer with these applications.
func (x Entry) Serves(applications []string) bool {
	return len(x.Applications) == 0 || slices.ContainsFunc(x.Applications, func(id string) bool { return slices.Contains(applications, id) })
}

// OpenObjections counts the open objections of a customer, those of nobody in particular included. Without a customer it counts all.
func (x Entry) OpenObjections(customer string) int {
	n := 0
	for _, o := range x.Objections {
		if o.State == Open && (customer == "" || o.Customer == "" || o.Customer == customer) {
			n++
		}
	}
	return n
}

// StatusAt is the status that the notice gives an entry on a day (YYYY-MM-DD).
func (n Notice) StatusAt(day string) Status {
	if n.Ends > day || n.Given != "" && n.Ends == "" {
		return Announced
	}
	return Active
}
