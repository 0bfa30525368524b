package sign

import (
	"waarborg/internal/say"
)

// PersonVerifier checks signatures of enrolled people; it fits the Verifier of package dpa.
type PersonVerifier struct{}

// Verify checks a signature with a public key as `people` of waarborg.yaml has it, `ed25519:…`. Any other kind of key
// is refused, however good the signature.
func (PersonVerifier) Verify(publicKey, context string, message, value []byte) error {
	key, err := ParsePublic(publicKey)
	if err != nil {
		return err
	}
	if key.Algorithm != Ed25519 {
		return badPublic(say.Both("a person's key is Ed25519", "de sleutel van een persoon is Ed25519"), nil)
	}
	return key.Check(context, message, value)
}

// KeyID returns the id of a public key as `people` of waarborg.yaml has it, or an error if it is none.
func (PersonVerifier) KeyID(publicKey string) (string, error) {
	key, err := ParsePublic(publicKey)
	return key.ID, err
}
