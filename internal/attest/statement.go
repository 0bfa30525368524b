// Package attest makes and verifies attestations of the gate: what was judged, by which rules, and what came out, as an
// in-toto statement that the evidence key signed. A deploy stage that was handed one knows that the very files before it were
// judged, without judging them again. docs/attestation.md has the form.
//
// The types are our own rather than those of in-toto's library: that has a predicate as a loose tree and keeps what it does
// not know, while what is signed here is read back strictly, and only in the one form that is written.
package attest

import (
	"bytes"
	"encoding/json/v2"
	"errors"
	"regexp"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/internal/sign/bundle"
	"waarborg/internal/strictjson"
)

// What the statement is.
const (
	StatementType = "https://in-toto.io/Statement/v1"
	PredicateType = "https://waarborg.dev/attestation/gate/v1"
)

// Statement says of files what the gate found.
type Statement struct {
	Type          string    `json:"_type"`
	Subject       []Subject `json:"subject"`
	PredicateType string    `json:"predicateType"`
	Predicate     Predicate `json:"predicate"`
}

// Subject is a file that was judged.
type Subject struct {
	Name        string      `json:"name"`
	Digest      Digest      `json:"digest"`
	Annotations Annotations `json:"annotations"`
}

// Digest is of the file's bytes, in hex.
type Digest struct {
	SHA256 string `json:"sha256"`
}

// Annotations say how the file was read: the same bytes can mean something else in another format.
type Annotations struct {
	Format string `json:"format"` // as gate.Info has it
}

// Predicate is what the gate found, and by what.
type Predicate struct {
	Version    string        `json:"waarborg_version"`
	JudgedAt   time.Time     `json:"judged_at"`
	ValidUntil time.Time     `json:"valid_until"` // no later than the end of any waiver that was used
	Status     assess.Status `json:"status"`      // fail, unknown or pass
	Resources  int           `json:"resources"`   // judged
	Counts     gate.Counts   `json:"counts"`
	Blocks     []Block       `json:"blocks"`
	Basis
	Ref      string   `json:"git_ref,omitempty"` // that the workspace was read from
	Waivers  []Waiver `json:"waivers"`           // those that were used
	ToProve  ToProve  `json:"to_prove"`
	Softened Softened `json:"softened"`
}

// Basis is what the files were judged by: digests, each of the form sha256:….
type Basis struct {
	Rules     string `json:"rules"`
	TeamRules string `json:"team_rules,omitempty"` // empty: there were none
	Workspace string `json:"workspace"`
}

// Block is a reason to stop the deploy that is not a rule's outcome; see gate.Block.
type Block struct {
	What   string        `json:"what"`
	Status assess.Status `json:"status"`
}

// Waiver is one that something not met was accepted by.
type Waiver struct {
	ID        string `json:"id"`
	Rule      string `json:"rule"`
	Until     string `json:"until"`     // the last day it holds, as 2027-05-31
	Resources int    `json:"resources"` // that it was used for
}

// ToProve is the list of outcomes that are known only after apply.
type ToProve struct {
	Count  int    `json:"count"`
	Digest string `json:"digest"` // see Open
}

// Softened says what was asked for that lets more through.
type Softened struct {
	AllowUnproved bool   `json:"allow_unproved"`
	AllowEmpty    bool   `json:"allow_empty"`
	Baseline      string `json:"baseline,omitempty"` // its digest; empty: there was none
}

var hexDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)

const digestPrefix = "sha256:"

func isDigest(s string) bool {
	return len(s) > len(digestPrefix) && s[:len(digestPrefix)] == digestPrefix && hexDigest.MatchString(s[len(digestPrefix):])
}

// sound tells whether a statement holds all that it must. It says nothing of what it means.
func (s Statement) sound() bool {
	p := s.Predicate
	ok := s.Type == StatementType && s.PredicateType == PredicateType && len(s.Subject) > 0 &&
		isDigest(p.Rules) && (p.TeamRules == "" || isDigest(p.TeamRules)) && isDigest(p.Workspace) && isDigest(p.ToProve.Digest) &&
		(p.Softened.Baseline == "" || isDigest(p.Softened.Baseline)) && isMoment(p.JudgedAt) && isMoment(p.ValidUntil) && p.ValidUntil.After(p.JudgedAt) &&
		p.ToProve.Count == p.Counts.ToProve && p.Resources >= 0 && isStatus(p.Status, assess.Pass)
	for _, x := range s.Subject {
		ok = ok && x.Name != "" && x.Annotations.Format != "" && hexDigest.MatchString(x.Digest.SHA256)
	}
	for _, b := range p.Blocks {
		ok = ok && isStatus(b.Status, assess.Fail)
	}
	c := p.Counts
	return ok && min(c.Failing, c.Accepted, c.Known, c.ToProve, c.Unclear, c.LeftOver, c.Pass, c.NotApplicable) >= 0
}

// isMoment tells whether a time is written in the one way: in UTC, in whole seconds.
func isMoment(t time.Time) bool {
	_, offset := t.Zone()
	return !t.IsZero() && offset == 0 && t.Nanosecond() == 0
}

func isStatus(s, or assess.Status) bool { return s == assess.Fail || s == assess.Unknown || s == or }

// Read returns what an attestation says and which of the keys signed it. It accepts exactly what Make makes, byte for byte.
// The error is, for errors.Is, sign.ErrBroken if the attestation was changed or is none, and sign.ErrUnknownSigner if it names
// a key that is not among keys. Whether the key counts, sign.Trust tells, and whether what it says is enough, Check does.
func Read(raw []byte, keys []sign.Public) (Statement, sign.Public, error) {
	payload, key, err := bundle.VerifyStatement(raw, keys)
	if err != nil {
		return Statement{}, sign.Public{}, err
	}
	var s Statement
	err = json.Unmarshal(payload, &s, json.RejectUnknownMembers(true))
	if err == nil {
		var again []byte
		if again, err = strictjson.Canonical(s); err == nil && bytes.Equal(again, payload) && s.sound() {
			return s, key, nil
		}
	}
	return Statement{}, sign.Public{}, &say.Error{
		Msg: say.Both("this is a signed statement, but not an attestation of the gate that this version knows",
			"dit is een ondertekende verklaring, maar geen attest van de gate dat deze versie kent"),
		Hint: say.Both("make it again with `waarborg gate --attest`, with this version of Waarborg",
			"maak het opnieuw met `waarborg gate --attest`, met deze versie van Waarborg"), Err: errors.Join(sign.ErrBroken, err)}
}
