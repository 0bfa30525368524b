// Package cms makes and reads the detached CMS signatures (RFC 5652) that stand in signed PDFs: SHA-256, one signer, an ECDSA
// P-256 or RSA key with its certificates. PAdES asks for the attributes content-type, message-digest and
// signing-certificate-v2, and forbids a signing time. The only unsigned attribute is a timestamp.
//
// There is one encoding: Verify encodes again what it read and asks for the same bytes, so nothing can be hidden or changed
// in the parts that the signature itself does not cover. signing-certificate-v2 lists the signer's certificate and, after it,
// each certificate of its chain; so the signature covers all of them, also where the root was left out.
//
// Whom to trust is not decided here: Verify says what the signature is and whose certificate came with it.
package cms

import (
	"errors"

	"waarborg/internal/say"
)

// ErrBroken says that a signature does not fit what it should sign, or is no signature of this form.
var ErrBroken = errors.New("the signature does not verify")

func broken(why say.Text) error {
	return &say.Error{Msg: say.Both("the signature does not verify: %s", "de handtekening klopt niet: %s", why),
		Hint: say.Both("get the original file again", "haal het originele bestand opnieuw op"), Err: ErrBroken}
}

// because is why something is refused, to be said within another error.
func because(why say.Text) error { return &say.Error{Msg: why} }
