package dpa

import (
	"encoding/base64"
	"slices"
)

type signatureVerdict int

const (
	signatureBroken  signatureVerdict = iota // fits none of the person's keys
	signatureUnknown                         // the person, or the key it names, is not enrolled
	signatureMissing                         // a name only
	signatureGood
)

// verify judges one signature and returns the id of the key that made it.
func (s Signature) verify(context string, message []byte, people People, v Verifier) (keyID string, verdict signatureVerdict) {
	if s.Signature == "" {
		return "", signatureMissing
	}
	value, err := base64.StdEncoding.Strict().DecodeString(s.Signature)
	if err != nil {
		return "", signatureBroken
	}
	tried := false
	for _, key := range people[s.By] {
		id, err := v.KeyID(key)
		if err != nil || s.KeyID != "" && s.KeyID != id {
			continue
		}
		tried = true
		if v.Verify(key, context, message, value) == nil {
			return id, signatureGood
		}
	}
	if !tried {
		return "", signatureUnknown
	}
	return "", signatureBroken
}

// Why says why something is or is not approved.
type Why string

// What ApprovedBy answers.
const (
	WhyApproved       Why = "approved"
	WhyNoDigest       Why = "no-digest"        // there is nothing that could be signed
	WhyOwnerNotSigned Why = "owner-not-signed" // the owner is a name only: declared
	WhyOwnerUnknown   Why = "owner-unknown"    // the owner, or the owner's key, is not enrolled
	WhyOwnerBroken    Why = "owner-broken"     // the owner's signature is over something else
	WhySecondMissing  Why = "second-missing"   // nobody but the owner signed
	WhySecondUnknown  Why = "second-unknown"
	WhySecondBroken   Why = "second-broken"
	WhySameKey        Why = "same-key" // one key is enrolled for two people, so it stands for neither
)

// Text says it to people.
func (w Why) Text() Text {
	switch w {
	case WhyApproved:
		return Text{EN: "approved by two people", NL: "goedgekeurd door twee personen"}
	case WhyNoDigest:
		return Text{EN: "declared; there is nothing to sign", NL: "opgegeven; er is niets om te ondertekenen"}
	case WhyOwnerNotSigned:
		return Text{EN: "declared; its owner has not signed", NL: "opgegeven; de eigenaar heeft niet ondertekend"}
	case WhyOwnerUnknown:
		return Text{EN: "declared; its owner's key is not enrolled", NL: "opgegeven; de sleutel van de eigenaar is niet aangemeld"}
	case WhyOwnerBroken:
		return Text{EN: "its owner's signature does not fit: it was changed after signing, or signed for something else",
			NL: "de ondertekening van de eigenaar klopt niet: het is daarna gewijzigd, of er is iets anders ondertekend"}
	case WhySecondMissing:
		return Text{EN: "a second person has not signed", NL: "een tweede persoon heeft niet ondertekend"}
	case WhySecondUnknown:
		return Text{EN: "the second person's key is not enrolled", NL: "de sleutel van de tweede persoon is niet aangemeld"}
	case WhySecondBroken:
		return Text{EN: "the second person's signature does not fit: it was changed after signing, or signed for something else",
			NL: "de ondertekening van de tweede persoon klopt niet: het is daarna gewijzigd, of er is iets anders ondertekend"}
	case WhySameKey:
		return Text{EN: "one key is enrolled for two people", NL: "één sleutel is voor twee personen aangemeld"}
	}
	return Text{EN: "not approved", NL: "niet goedgekeurd"}
}

// ApprovedBy tells whether two people approved what digest (see Digest) stands for: the owner and someone else, each
// with an enrolled key of their own, both over this digest in ContextApproval (message: the bytes of the digest string).
// Signatures that are no good never help; they do not harm either, as long as two good ones are there.
func ApprovedBy(digest string, approvals []Signature, people People, v Verifier, owner string) (bool, Why) {
	if !digestForm.MatchString(digest) {
		return false, WhyNoDigest
	}
	holders := keyHolders(people, v)
	first, second := WhyOwnerNotSigned, WhySecondMissing
	for _, a := range approvals {
		keyID, verdict := a.verify(ContextApproval, []byte(digest), people, v)
		isOwner := a.By == owner
		why := WhyApproved
		switch {
		case verdict == signatureMissing:
			continue
		case verdict == signatureUnknown && isOwner:
			why = WhyOwnerUnknown
		case verdict == signatureUnknown:
			why = WhySecondUnknown
		case verdict == signatureBroken && isOwner:
			why = WhyOwnerBroken
		case verdict == signatureBroken:
			why = WhySecondBroken
		case len(holders[keyID]) != 1:
			why = WhySameKey
		}
		if isOwner && first != WhyApproved {
			first = why
		} else if !isOwner && second != WhyApproved {
			second = why
		}
	}
	if first != WhyApproved {
		return false, first
	}
	return second == WhyApproved, second
}

// keyHolders lists who holds each key, by the key's id.
func keyHolders(people People, v Verifier) map[string][]string {
	holders := map[string][]string{}
	for person, keys := range people {
		for _, key := range keys {
			if id, err := v.KeyID(key); err == nil && !slices.Contains(holders[id], person) {
				holders[id] = append(holders[id], person)
			}
		}
	}
	return holders
}
