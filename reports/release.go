package reports

import (
	"bytes"
	"encoding/base64"
	"slices"

	"waarborg/dpa"
)

// ReleaseState says how far a customer's report has come.
type ReleaseState string

// The states of a release.
const (
	ReleaseNone     ReleaseState = "not-needed" // a report of everything, for the processor's own use
	ReleaseDraft    ReleaseState = "draft"      // one person, or nobody, has signed it
	ReleaseDone     ReleaseState = "released"   // two people have, each with a key of their own
	ReleaseBroken   ReleaseState = "broken"     // a signature does not fit, or one person or key stands for both
	ReleaseStranger ReleaseState = "unknown"    // the signatures fit, but a key is nobody's as far as the reader knows
)

// CheckRelease tells how far a report's release has come. Persons are told apart by their keys. people are the enrolled keys
// that the reader knows: each key must be that of one person, and the two of two persons. nil means that the reader knows
// none and takes two keys for two persons, which the report's own signature vouches for.
func (d Document) CheckRelease(people dpa.People, v dpa.Verifier) ReleaseState {
	if d.Customer == nil {
		if d.Release != nil {
			return ReleaseBroken
		}
		return ReleaseNone
	}
	if d.Release == nil {
		return ReleaseDraft
	}
	digest, err := d.ReleaseDigest()
	if err != nil || digest != d.Release.Digest || d.Release.Prepared == nil {
		return ReleaseBroken
	}
	steps := []*Step{d.Release.Prepared}
	if d.Release.Released != nil {
		steps = append(steps, d.Release.Released)
	}
	stranger := false
	keys, persons := map[string]bool{}, map[string]bool{}
	for _, s := range steps {
		key, err := v.KeyID(s.Key)
		value, err2 := base64.StdEncoding.Strict().DecodeString(s.Signature)
		if err != nil || err2 != nil || v.Verify(s.Key, dpa.ContextApproval, []byte(digest), value) != nil || keys[key] {
			return ReleaseBroken
		}
		keys[key] = true
		if people == nil {
			continue
		}
		switch person := s.Person(people, v); {
		case person == "":
			stranger = true
		case persons[person]:
			return ReleaseBroken
		default:
			persons[person] = true
		}
	}
	switch {
	case stranger:
		return ReleaseStranger
	case len(steps) < 2:
		return ReleaseDraft
	}
	return ReleaseDone
}

// Person is the id of whoever has the step's key among the people that the reader knows; empty where nobody has it, and where
// more than one has, so that it stands for neither.
func (s Step) Person(people dpa.People, v dpa.Verifier) string {
	key, err := v.KeyID(s.Key)
	if err != nil {
		return ""
	}
	found := ""
	for person, keys := range people {
		if !slices.ContainsFunc(keys, func(k string) bool { got, err := v.KeyID(k); return err == nil && got == key }) {
			continue
		}
		if found != "" {
			return ""
		}
		found = person
	}
	return found
}

// ApprovalSchema names the form of an Approval in JSON.
const ApprovalSchema = "waarborg.approval/v1"

// Approval is one person's signature of a draft in a file of its own, so that whoever signs needs neither the key that signs
// reports nor the machine where it is. It names neither the customer nor the person.
type Approval struct {
	Schema string `json:"schema"`
	Digest string `json:"digest"` // of the draft: see [Release]
	Step   Step   `json:"step"`
}

// Encode writes an approval in canonical JSON.
func (a Approval) Encode() ([]byte, error) { return Canonical(a) }

// ReadApproval reads an approval as Encode wrote it, but for a line end that an editor added; anything else is ErrForm. Whether
// its signature holds is for [Document.CheckRelease].
func ReadApproval(raw []byte) (Approval, error) {
	var a Approval
	if err := ParseStrict(bytes.TrimSpace(raw), &a); err != nil {
		return Approval{}, err
	}
	if a.Schema != ApprovalSchema || a.Digest == "" || a.Step.Key == "" || a.Step.Signature == "" || a.Step.At.IsZero() {
		return Approval{}, ErrForm
	}
	return a, nil
}
