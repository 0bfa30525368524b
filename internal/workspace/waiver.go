package workspace

import (
	"fmt"

	"waarborg/dpa"
	"waarborg/internal/say"
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
func (w *Waiver) Check(report func(path string, what, hint say.Text)) {
	days := int(w.Expires.Time().Sub(w.Created.Time()).Hours() / 24)
	switch {
	case days < 0:
		report("expires",
			say.Both("%s is before it was created, %s", "%s ligt voor de dag waarop de acceptatie is gemaakt, %s", w.Expires, w.Created), say.Text{})
	case days > MaxWaiverDays:
		report("expires",
			say.Both("%s is %d days after it was created; at most %d are allowed", "%s ligt %d dagen na de dag waarop de acceptatie is gemaakt; hoogstens %d mag",
				w.Expires, days, MaxWaiverDays),
			say.Both("shorten it, and make a new one then if it is still needed", "kort haar in, en maak dan een nieuwe als die nog nodig is"))
	}
	agreed := map[string]bool{}
	for i, c := range w.CustomerConsent {
		if agreed[c.Customer] {
			report(fmt.Sprintf("customer_consent[%d].customer", i), say.Both("%s agrees twice", "%s stemt twee keer in", c.Customer),
				say.Both("keep the document that holds now", "houd het document over dat nu geldt"))
		}
		agreed[c.Customer] = true
	}
	seen := map[string]bool{}
	for i, a := range w.Approvals {
		if seen[a.By] {
			report(fmt.Sprintf("approvals[%d].by", i), say.Both("%s approves twice", "%s keurt twee keer goed", a.By),
				say.Both("approvals count once for each of the people", "van elke persoon telt één goedkeuring"))
		}
		seen[a.By] = true
	}
}
