// Package timestamp asks an RFC 3161 authority when a signature was there, and verifies what it answered.
//
// An authority's signature covers the time, but not everything in a token: certificates can be added, attributes that are not
// signed, one name of an algorithm for another. Stamp therefore keeps a token in one form: what the authority signed, and
// exactly the certificates from its own to the root that was trusted. Verify accepts that form alone, so each changed byte
// is noticed, even by a reader who does not know the authority.
package timestamp

import (
	"errors"

	"waarborg/internal/say"
)

// What went wrong, for errors.Is.
var (
	// ErrBroken says that a token is damaged, is of another signature, or is no token.
	ErrBroken = errors.New("the timestamp does not verify")
	// ErrUntrusted says that a token is intact, but of an authority that is not trusted.
	ErrUntrusted = errors.New("the timestamp authority is not trusted")
	// ErrNoAnswer says that the authority gave no usable answer. Asking again later may help.
	ErrNoAnswer = errors.New("the timestamp authority gave no answer")
)

func broken(why say.Text) error {
	return &say.Error{Msg: say.Both("the timestamp does not verify: %s", "het tijdstempel klopt niet: %s", why),
		Hint: say.Both("get the original file again", "haal het originele bestand opnieuw op"), Err: ErrBroken}
}

// because is why something failed, to be said within another error.
func because(why say.Text) error { return &say.Error{Msg: why} }
