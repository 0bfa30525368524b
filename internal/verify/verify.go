package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"time"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/sign"
	"waarborg/internal/sign/bundle"
	"waarborg/reports"
)

// Reader is whoever verifies: what is known to be genuine, and how much is to be looked at.
type Reader struct {
	Trust sign.Trust
	// Workspace is the folder whose keys are trusted; empty where the reader named the keys.
	Workspace string
	// People gives the keys of the people who release reports, as they counted at a time; nil: not known, so that the report's
	// own word counts.
	People   func(at time.Time) dpa.People
	Stampers *x509.CertPool // roots of timestamp authorities; nil: none is trusted
	Now      time.Time
	Version  string // of this Waarborg: pages are compared with those that the same version draws
	Language string // nl or en
	// Policies are the rules to replay with; nil: nothing is replayed.
	Policies *assess.Policies
}

// MaxFile is the largest file that is looked at, in bytes.
const MaxFile = 256 << 20

// skew is how far a clock may be ahead of the reader's.
const skew = time.Hour

// inspection is the making of one verdict.
type inspection struct {
	Reader
	Verdict
	signingKey []byte // SubjectPublicKeyInfo of whoever signed a PDF, once that is trusted
}

func (v *inspection) tooLarge() {
	v.fail(Unreadable, "form", v.pick("the file is too large to be one of ours", "het bestand is te groot om er een van ons te zijn"), "")
}

// File judges the content of a file. beside gives the content of another file in the same folder, for a bundle that speaks
// of it, and fs.ErrNotExist if there is none. It never fails: what cannot be read is a verdict too.
func (r Reader) File(ctx context.Context, name string, raw []byte, beside func(name string) ([]byte, error)) Verdict {
	v := r.inspect(name, raw)
	switch {
	case len(raw) > MaxFile:
		v.tooLarge()
	case bytes.HasPrefix(raw, []byte("%PDF")):
		v.pdf(ctx, raw)
	case bytes.HasPrefix(raw, []byte{0x1f, 0x8b}):
		v.packed(raw)
	case bundle.IsStatement(raw):
		v.attestation(raw, nil)
	case isBundle(raw):
		v.bundle(ctx, name, raw, beside)
	case bytes.HasPrefix(raw, []byte("{")):
		v.json(raw, beside)
	default:
		v.stranger()
	}
	return v.done()
}

func (r Reader) inspect(name string, raw []byte) *inspection {
	sum := sha256.Sum256(raw)
	return &inspection{Reader: r, Verdict: Verdict{Schema: Schema, File: name, State: Valid, SHA256: hex.EncodeToString(sum[:])}}
}

func (v *inspection) done() Verdict {
	if v.State != Valid && v.State != Draft {
		v.Subject, v.Attested = nil, nil // what a file says that cannot be relied on is not repeated
	}
	return v.Verdict
}

func (v *inspection) stranger() {
	v.fail(Unreadable, "form", v.pick("this is no file that Waarborg gives out", "dit is geen bestand dat Waarborg uitgeeft"),
		v.pick("give a report (PDF), a bundle (.sigstore.json), a snapshot, an assessment or results", "geef een rapport (PDF), een bundel (.sigstore.json), een momentopname, een beoordeling of resultaten"))
}

func (v *inspection) pick(en, nl string) string { return assess.Text{EN: en, NL: nl}.In(v.Language) }

func (v *inspection) pickf(en, nl string, args ...any) string {
	return fmt.Sprintf(v.pick(en, nl), args...)
}

func (v *inspection) ok(id, text string) {
	v.Checks = append(v.Checks, Check{ID: id, Mark: OK, Text: text})
}

func (v *inspection) note(id, text string) {
	v.Checks = append(v.Checks, Check{ID: id, Mark: Note, Text: text})
}

// fail writes down what speaks against the file, and makes it no better than s.
func (v *inspection) fail(s State, id, text, hint string) {
	mark := Fail
	if s == NotTrusted || s == Draft {
		mark = Open
	}
	v.Checks = append(v.Checks, Check{ID: id, Mark: mark, Text: text, Hint: hint})
	v.State = worse(v.State, s)
}

// time writes a moment for people, in UTC.
func (v *inspection) time(t time.Time) string {
	return reports.TimeText(t, v.Language)
}
