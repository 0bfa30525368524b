package assess

import (
	"cmp"
	"encoding/json/jsontext"
	"slices"
	"strings"

	"waarborg/internal/inventory"
)

// Status is the outcome of a rule for a resource, a clause or a whole assessment.
type Status string

// The statuses. Only Pass is green.
const (
	Fail          Status = "fail"
	Unknown       Status = "unknown"
	Waived        Status = "waived"
	Pass          Status = "pass"
	NotApplicable Status = "not-applicable"
)

// Rank orders statuses, worst first: 0 for Fail.
func (s Status) Rank() int {
	return slices.Index([]Status{Fail, Unknown, Waived, Pass, NotApplicable}, s)
}

// Worse returns the worse of two statuses.
func Worse(a, b Status) Status {
	if b == "" || a != "" && a.Rank() <= b.Rank() {
		return a
	}
	return b
}

// Finding is one thing that is not met, or that a person must decide.
type Finding struct {
	Path  string         `json:"path"`
	Code  string         `json:"code,omitempty"` // picks the rule's message
	Value jsontext.Value `json:"value,omitzero"` // null is a value: the fact is absent
	Limit jsontext.Value `json:"limit,omitzero"`
}

// UnknownFact is a fact or term that a verdict would have needed.
type UnknownFact struct {
	Path   string           `json:"path"`
	Reason inventory.Reason `json:"reason"`
}

// RuleError is the reason code where a rule itself could not be evaluated.
const RuleError = "rule-error"

// RuleTimeout is the reason code where a rule took longer than it may.
const RuleTimeout = "rule-timeout"

// Verdict is the outcome of one rule on one input. Verdicts are shared between resources with the same input, so they
// are never changed once made.
type Verdict struct {
	Rule      *Rule
	Status    Status
	Findings  []Finding     // what is not met; for Fail alone
	Questions []Finding     // what a person must decide, such as open wording; beside a Fail too
	Unknown   []UnknownFact // for Unknown: what could not be read
}

func sortFindings(f []Finding) {
	slices.SortFunc(f, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Code, b.Code),
			slices.Compare(a.Value, b.Value), slices.Compare(a.Limit, b.Limit))
	})
}

// Message returns what a finding means, in a language.
func (r *Rule) Message(f Finding, lang string) string {
	t, ok := r.Messages[cmp.Or(f.Code, "default")]
	if !ok {
		t = r.Title
	}
	var words map[string]Text
	if f.Path == "data_categories" {
		words = r.categories
	}
	return strings.NewReplacer("{value}", plain(f.Value, lang, words), "{limit}", plain(f.Limit, lang, words), "{path}", f.Path).Replace(t.In(lang))
}
