package reports

import (
	"encoding/base64"

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
	ReleaseStranger ReleaseState = "unknown"    // the signatures fit, but a key is not that person's as far as the reader knows
)

// CheckRelease tells how far a report's release has come. people are the enrolled keys that the reader knows; nil means
// that the reader knows none and takes the keys that the document names, which the report's own signature vouches for.
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
	ids := map[string]bool{}
	names := map[string]bool{}
	for _, s := range steps {
		id, err := v.KeyID(s.Key)
		value, err2 := base64.StdEncoding.Strict().DecodeString(s.Signature)
		if err != nil || err2 != nil || v.Verify(s.Key, dpa.ContextApproval, []byte(digest), value) != nil || ids[id] || names[s.By] {
			return ReleaseBroken
		}
		ids[id], names[s.By] = true, true
		stranger = stranger || people != nil && !enrolled(people[s.By], id, v)
	}
	switch {
	case stranger:
		return ReleaseStranger
	case len(steps) < 2:
		return ReleaseDraft
	}
	return ReleaseDone
}

func enrolled(keys []string, id string, v dpa.Verifier) bool {
	for _, k := range keys {
		if got, err := v.KeyID(k); err == nil && got == id {
			return true
		}
	}
	return false
}
