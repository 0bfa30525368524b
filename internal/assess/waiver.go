package assess

import "time"

// Waiver accepts a failing rule for some resources until a day. A waived finding is not met; it only stops failing the
// processor's own check.
type Waiver struct {
	ID       string
	Rule     string                     // id of a rule
	Covers   func(resource string) bool // whether it is meant for a resource, by its id
	Owner    string
	Reason   string
	Expires  time.Time // first moment at which it no longer holds
	Approved bool      // two enrolled people signed it
	Why      Text      // why it is not approved, in plain words
	// Consent lists the customers who agreed to it; to all others the finding stays not met.
	Consent []Consent
}

// Consent is a customer's written agreement to a waiver.
type Consent struct {
	Customer string `json:"customer"`
	Document string `json:"document"` // where it stands
	Date     string `json:"date"`     // of the document
}

// consentOf returns a customer's consent; nil where it did not agree.
func (w Waiver) consentOf(customer string) *Consent {
	for i, c := range w.Consent {
		if c.Customer == customer {
			return &w.Consent[i]
		}
	}
	return nil
}

// WaiverState says what became of a waiver in an assessment.
type WaiverState string

// The states of a waiver. Only WaiverUsed has an effect.
const (
	WaiverUsed       WaiverState = "used"
	WaiverUnused     WaiverState = "unused"       // nothing fails that it covers: take it away
	WaiverExpired    WaiverState = "expired"      // its day has passed
	WaiverOrphaned   WaiverState = "orphaned"     // there is no such rule
	WaiverDeclared   WaiverState = "not-approved" // a name in a file approves nothing
	WaiverNotAllowed WaiverState = "not-allowed"  // the rule may not be waived
)

// WaiverUse reports one waiver.
type WaiverUse struct {
	ID      string      `json:"id"`
	Rule    string      `json:"rule"`
	State   WaiverState `json:"state"`
	Why     string      `json:"why,omitempty"`
	Matched int         `json:"matched"`
	Owner   string      `json:"owner"`
	Reason  string      `json:"reason"`
	Expires string      `json:"expires"`
}

// state is what a waiver may do before any match is known; empty when it may be used.
func (w Waiver) state(rules map[string]*Rule, now time.Time) WaiverState {
	r, ok := rules[w.Rule]
	switch {
	case !ok:
		return WaiverOrphaned
	case !r.Waivable:
		return WaiverNotAllowed
	case !now.Before(w.Expires):
		return WaiverExpired
	case !w.Approved:
		return WaiverDeclared
	default:
		return ""
	}
}
