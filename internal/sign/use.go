package sign

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Use is what a key is for: Evidence, Checkpoint, Pseudonym or the use that Person returns. It names the key's files.
type Use string

// The uses of keys that an organisation has one of.
const (
	Evidence   Use = "evidence"
	Checkpoint Use = "checkpoint"
	Pseudonym  Use = "pseudonym"
)

const personPrefix = "person-"

var personID = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,62}$`)

// Person returns the use of the key of one enrolled person. The id is the person's key in `people` of waarborg.yaml:
// lower case letters, digits, dots, dashes and underscores, at most 63.
func Person(id string) (Use, error) {
	if !personID.MatchString(id) {
		return "", &Error{Msg: fmt.Sprintf("person id %q cannot name a key", id),
			Hint: "use lower case letters, digits, dots, dashes and underscores"}
	}
	return Use(personPrefix + id), nil
}

// What signatures are about. Each belongs to one use.
const (
	ContextSnapshot    = "snapshot"    // the header of a snapshot
	ContextReport      = "report"      // a report's content
	ContextBundle      = "bundle"      // a bundle of evidence
	ContextCheckpoint  = "checkpoint"  // a head of the journal
	ContextAttestation = "attestation" // a person's statement
	ContextApproval    = "approval"    // a person's yes to a digest
)

// Algorithms, as signatures name them.
const (
	ECDSAP256 = "ecdsa-p256-sha256"
	Ed25519   = "ed25519"
)

// check refuses a use that is none, before it becomes the name of a file.
func (u Use) check() error {
	if u == Evidence || u == Checkpoint || u == Pseudonym {
		return nil
	}
	id, ok := strings.CutPrefix(string(u), personPrefix)
	if !ok {
		return &Error{Msg: fmt.Sprintf("there is no key use %q", string(u)), Hint: "use evidence, checkpoint, pseudonym or a person's"}
	}
	_, err := Person(id)
	return err
}

func (u Use) algorithm() string {
	switch u {
	case Evidence:
		return ECDSAP256
	case Pseudonym:
		return ""
	}
	return Ed25519
}

func (u Use) maySign(context string) bool {
	switch u {
	case Evidence:
		return slices.Contains([]string{ContextSnapshot, ContextReport, ContextBundle}, context)
	case Checkpoint:
		return context == ContextCheckpoint
	case Pseudonym:
		return false
	}
	return context == ContextAttestation || context == ContextApproval
}

// Error is a failure that the user can do something about. It never holds a passphrase, a key or signed content.
type Error struct {
	Msg  string // what failed, on what
	Hint string // what to do
	Err  error  // the cause, for errors.Is; its text is not for users
}

func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Msg
	}
	return e.Msg + "; " + e.Hint
}
func (e *Error) Unwrap() error { return e.Err }

// What went wrong, for errors.Is.
var (
	// ErrBroken says that a signature does not fit what it should sign, or is no signature at all.
	ErrBroken = errors.New("the signature does not verify")
	// ErrUnknownSigner says that a signature is intact, but made with a key that is not trusted.
	ErrUnknownSigner = errors.New("the signer is unknown")
	// ErrPassphrase says that a passphrase does not open a key.
	ErrPassphrase = errors.New("the passphrase does not fit")
	// ErrExpired says that a certificate had ended when it was used.
	ErrExpired = errors.New("the certificate has expired")
	// ErrNotYetValid says that a certificate had not begun when it was used.
	ErrNotYetValid = errors.New("the certificate is not valid yet")
	// ErrWrongUse says that a certificate is not one for signing documents.
	ErrWrongUse = errors.New("the certificate is not for signing documents")
	// ErrRetired says that a signature was made after its key was retired.
	ErrRetired = errors.New("the key was retired")
	// ErrCompromised says that a key was in the hands of others, and that nothing proves the signature to be older.
	ErrCompromised = errors.New("the key was compromised")
)
