package inventory

// Reason says why a fact is unknown. The code is a word from the closed list below, so that it can be shown in the
// reader's language; the detail is a short technical token (a permission, an attribute name) and never personal data.
type Reason struct {
	Code   string `json:"code"`
	Detail string `json:"detail,omitempty"`
}

// The codes of a Reason.
const (
	NotReported = "not-reported" // the source has no such fact; the reason of a fact that nobody set
	Permission  = "permission"   // the collector's account may not read it; the detail names what it lacks
	AfterApply  = "after-apply"  // a Terraform value known only after apply
	Sensitive   = "sensitive"    // the source marks the value as secret, so it is not read
	SourceError = "source-error" // the source failed, timed out or refused; the detail says which
	Unsupported = "unsupported"  // the source's version or type is not understood
	Undeclared  = "undeclared"   // the data map or another file of the workspace does not say
	Malformed   = "malformed"    // the source gave a value of the wrong type or out of its range
	NoTerm      = "no-term"      // the agreement in force sets no limit (VWO-1.5: a processor does not choose one)
)

type state uint8

const (
	stateUnknown state = iota // the zero value: what nobody set is unknown, never absent
	stateKnown
	stateAbsent
	statePartial
)

// Fact is a three-valued attribute: known, known to be absent, or unknown with a reason. Its zero value is unknown,
// so a field that a collector forgets can never pass a rule.
type Fact[T any] struct {
	state  state
	value  T
	reason Reason
}

// Known is a fact that was read.
func Known[T any](v T) Fact[T] { return Fact[T]{state: stateKnown, value: v} }

// Absent is a fact that was read and is not there: no expiry date, no log destination.
func Absent[T any]() Fact[T] { return Fact[T]{state: stateAbsent} }

// Unknown is a fact that could not be read, with the reason's code and a detail.
func Unknown[T any](code, detail string) Fact[T] {
	return Fact[T]{reason: Reason{Code: code, Detail: detail}}
}

// Partial is a fact of which only a part was read, such as a list with an element that is known after apply. A rule
// sees the part, so it can fail on it, but cannot pass.
func Partial[T any](v T, code, detail string) Fact[T] {
	return Fact[T]{state: statePartial, value: v, reason: Reason{Code: code, Detail: detail}}
}

// Value returns what was read. ok is false for an absent or unknown fact.
func (f Fact[T]) Value() (v T, ok bool) {
	return f.value, f.state == stateKnown || f.state == statePartial
}

// IsUnknown tells whether the fact, or a part of it, could not be read.
func (f Fact[T]) IsUnknown() bool { return f.state == stateUnknown || f.state == statePartial }

// IsAbsent tells whether the fact was read and is not there.
func (f Fact[T]) IsAbsent() bool { return f.state == stateAbsent }

// IsSet tells whether a collector said anything of the fact, be it that it is unknown.
func (f Fact[T]) IsSet() bool { return f.state != stateUnknown || f.reason.Code != "" }

// Reason returns why the fact is unknown; NotReported where nobody said.
func (f Fact[T]) Reason() Reason {
	if f.IsUnknown() && f.reason.Code == "" {
		return Reason{Code: NotReported}
	}
	return f.reason
}

// Or returns the fact, or other where nobody said anything of it.
func (f Fact[T]) Or(other Fact[T]) Fact[T] {
	if f.IsSet() {
		return f
	}
	return other
}

// anyFact is what the encoder sees of a Fact of any type.
type anyFact interface {
	parts() (state, any, Reason)
	element() any
}

func (f Fact[T]) parts() (state, any, Reason) { return f.state, f.value, f.reason }

// element returns a zero value of the fact's type, for the schema.
func (f Fact[T]) element() any { var v T; return v }

func (f *Fact[T]) setUnknown(r Reason) {
	if !f.IsSet() {
		f.reason = r
	}
}

// fill takes over another fact if nothing at all is known of this one, and tells whether it did.
func (f *Fact[T]) fill(from any) bool {
	other, ok := from.(Fact[T])
	if !ok || f.state != stateUnknown || other.IsUnknown() {
		return false
	}
	*f = other
	return true
}
