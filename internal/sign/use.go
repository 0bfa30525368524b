package sign

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"waarborg/internal/say"
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
		return "", &say.Error{Msg: say.Both("person id %q cannot name a key", "met persoons-id %q kan geen sleutel worden aangeduid", id),
			Hint: say.Both("use lower case letters, digits, dots, dashes and underscores",
				"gebruik kleine letters, cijfers, punten, streepjes en onderstrepingstekens")}
	}
	return Use(personPrefix + id), nil
}

// What signatures are about. Each belongs to one use.
const (
	ContextSnapshot    = "snapshot"    // the header of a snapshot
	ContextReport      = "report"      // a report's content
	ContextBundle      = "bundle"      // a bundle of evidence
	ContextRegister    = "register"    // an export of the register of sub-processors
	ContextCheckpoint  = "checkpoint"  // a head of the journal
	ContextAttestation = "attestation" // a person's statement
	ContextApproval    = "approval"    // a person's yes to a digest
)

// about is what a signature of a context is about: a noun, in Dutch with its article.
func about(context string) say.Text {
	nl, ok := map[string]string{ContextSnapshot: "de momentopname", ContextReport: "het rapport", ContextBundle: "de bundel",
		ContextRegister: "het register", ContextCheckpoint: "het checkpoint", ContextAttestation: "de verklaring", ContextApproval: "de goedkeuring"}[context]
	if !ok {
		nl = "het bestand"
	}
	return say.Text{EN: context, NL: nl}
}

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
		return &say.Error{Msg: say.Both("there is no key use %q", "er is geen soort sleutel %q", string(u)),
			Hint: say.Both("use evidence, checkpoint, pseudonym or a person's",
				"gebruik evidence, checkpoint, pseudonym of die van een persoon")}
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
		return slices.Contains([]string{ContextSnapshot, ContextReport, ContextBundle, ContextRegister}, context)
	case Checkpoint:
		return context == ContextCheckpoint
	case Pseudonym:
		return false
	}
	return context == ContextAttestation || context == ContextApproval
}

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
