package workspace

import (
	"fmt"

	"waarborg/dpa"
)

// Waiver accepts a finding for a while. It takes effect only with valid signatures, which are checked elsewhere.
type Waiver struct {
	ID        string     `yaml:"id" validate:"required,id"`
	Rule      string     `yaml:"rule" validate:"required"`     // id of a rule
	Resource  dpa.Glob   `yaml:"resource" validate:"required"` // on resource ids
	Owner     string     `yaml:"owner" validate:"required"`    // id of one of the people
	Reason    string     `yaml:"reason" validate:"required,min=10"`
	Created   dpa.Date   `yaml:"created" validate:"required"`
	Expires   dpa.Date   `yaml:"expires" validate:"required"` // last day; at most MaxWaiverDays after created
	Approvals []Approval `yaml:"approvals"`

	// CustomerConsent is who agreed to it in writing. To every other customer the finding stays not met: what we accept
	// for ourselves binds no controller.
	CustomerConsent []Consent `yaml:"customer_consent"`
}

// Consent is one customer's written agreement to a waiver.
type Consent struct {
	Customer string   `yaml:"customer" validate:"required,id"`
	Document string   `yaml:"document" validate:"required"` // where it stands, such as a letter's reference
	Date     dpa.Date `yaml:"date" validate:"required"`     // of the document; the consent holds from that day
}

// MaxWaiverDays is how long a waiver can last: what lasts longer belongs in the agreement.
const MaxWaiverDays = 365

// Approval is a signature by one of the people over the waiver's digest.
type Approval struct {
	By        string `yaml:"by" validate:"required"`
	Signature string `yaml:"signature" validate:"required"` // base64
}

// Check holds the dates against each other and asks for two different approvers.
func (w *Waiver) Check(report func(path, what, hint string)) {
	days := int(w.Expires.Time().Sub(w.Created.Time()).Hours() / 24)
	switch {
	case days < 0:
		report("expires", fmt.Sprintf("%s is before it was created, %s", w.Expires, w.Created), "")
	case days > MaxWaiverDays:
		report("expires", fmt.Sprintf("%s is %d days after it was created; at most %d are allowed", w.Expires, days, MaxWaiverDays),
			"shorten it, and make a new one then if it is still needed")
	}
	agreed := map[string]bool{}
	for i, c := range w.CustomerConsent {
		if agreed[c.Customer] {
			report(fmt.Sprintf("customer_consent[%d].customer", i), c.Customer+" agrees twice", "keep the document that holds now")
		}
		agreed[c.Customer] = true
	}
	seen := map[string]bool{}
	for i, a := range w.Approvals {
		if seen[a.By] {
			report(fmt.Sprintf("approvals[%d].by", i), a.By+" approves twice", "approvals count once for each of the people")
		}
		seen[a.By] = true
	}
}
