package sign

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"

	"waarborg/internal/say"
)

// Signer is an evidence key, wherever it is kept: *Key in a file, vaultkey.Key in a Vault.
type Signer interface {
	// Public returns the public half. It never fails, and needs neither passphrase nor network.
	Public() Public
	// Sign signs a message in one of the contexts of the evidence key.
	Sign(context string, message []byte) (Signature, error)
	// CryptoSigner returns the key for forms that others define: certificates, PDF signatures, bundles. It signs any SHA-256
	// digest, so whoever uses it must see to it that what is signed can never be the payload of a context.
	CryptoSigner() (crypto.Signer, error)
}

var _ Signer = (*Key)(nil)

// CryptoSigner decrypts the evidence key, asking for the passphrase the first time. Other keys have none: they sign
// payloads of their contexts alone.
func (k *Key) CryptoSigner() (crypto.Signer, error) {
	if k.use != Evidence {
		return nil, &say.Error{Msg: say.Both("the %s key signs no documents", "de sleutel %s ondertekent geen documenten", k.use),
			Hint: say.Both("use the evidence key", "gebruik de evidence-sleutel")}
	}
	return k.open()
}

// SignWith signs a message in a context of the evidence key with a signer that is kept elsewhere. Its public half is known
// beforehand: a signature that this half does not verify is never returned.
func SignWith(signer crypto.Signer, public Public, context string, message []byte) (Signature, error) {
	if !Evidence.maySign(context) {
		return Signature{}, &say.Error{Msg: say.Both("the evidence key does not sign a %s",
			"de evidence-sleutel is niet voor %s", about(context)),
			Hint: say.Both("use the key meant for it", "gebruik de sleutel die ervoor bedoeld is")}
	}
	sum := sha256.Sum256(Payload(context, message))
	value, err := signer.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return Signature{}, err
	}
	if err := public.Check(context, message, value); err != nil {
		return Signature{}, err
	}
	return Signature{KeyID: public.ID, Algorithm: public.Algorithm, PublicKey: public.spki, Value: value}, nil
}

// CheckDigest verifies a bare ECDSA signature over a SHA-256 digest, as bundles and signatures from a Vault have it. The
// error is ErrBroken for errors.Is. Signatures of a context are verified with Check.
func (p Public) CheckDigest(digest, value []byte) error {
	key, ok := p.key.(*ecdsa.PublicKey)
	if !ok || len(digest) != sha256.Size || !ecdsa.VerifyASN1(key, digest, value) {
		return broken("file")
	}
	return nil
}
