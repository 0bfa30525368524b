package sign

import (
	"bytes"
	"crypto"
	"crypto/sha256"

	"github.com/sigstore/sigstore/pkg/signature"

	"waarborg/internal/say"
)

// Signature is a signature with the key that made it. The key is there to tell an intact signature of a stranger from a
// broken one; it is never trusted for being there.
type Signature struct {
	KeyID     string `json:"key_id"`
	Algorithm string `json:"algorithm"`
	PublicKey []byte `json:"public_key"` // SubjectPublicKeyInfo, DER
	Value     []byte `json:"signature"`  // ASN.1 DER for ECDSA, 64 bytes for Ed25519
}

// Signer returns the key that travels with the signature, for looking it up among those that are trusted.
func (s Signature) Signer() (Public, error) {
	signer, err := parseSPKI(s.PublicKey)
	if err != nil || signer.ID != s.KeyID || signer.Algorithm != s.Algorithm {
		return Public{}, broken("file")
	}
	return signer, nil
}

// Payload returns the bytes that a signature of the context really signs; see the package comment.
func Payload(context string, message []byte) []byte {
	sum := sha256.Sum256(message)
	return append([]byte("waarborg "+context+" v1\x00"), sum[:]...)
}

// Sign signs a message in one of the key's contexts. The first call asks for the passphrase and decrypts the key.
func (k *Key) Sign(context string, message []byte) (Signature, error) {
	if !k.use.maySign(context) {
		return Signature{}, &say.Error{Msg: say.Both("the %s key does not sign a %s",
			"de sleutel %s is niet voor %s", k.use, about(context)),
			Hint: say.Both("use the key meant for it", "gebruik de sleutel die ervoor bedoeld is")}
	}
	private, err := k.open()
	if err != nil {
		return Signature{}, err
	}
	signer, err := signature.LoadSigner(private, crypto.SHA256)
	if err != nil {
		return Signature{}, &say.Error{Msg: say.Both("the %s key could not be used",
			"de sleutel %s kon niet worden gebruikt", k.use), Err: err}
	}
	value, err := signer.SignMessage(bytes.NewReader(Payload(context, message)))
	if err != nil {
		return Signature{}, &say.Error{Msg: say.Both("the %s key could not sign", "de sleutel %s kon niet ondertekenen", k.use), Err: err}
	}
	return Signature{KeyID: k.public.ID, Algorithm: k.public.Algorithm, PublicKey: k.public.spki, Value: value}, nil
}

// Verify returns the id of the trusted key that signed the message in the context. The error is, for errors.Is,
// ErrBroken if the signature does not fit the message, and ErrUnknownSigner if it does but its key is not trusted.
func Verify(trusted []Public, context string, message []byte, sig Signature) (keyID string, err error) {
	signer, err := sig.Signer()
	if err != nil {
		return "", broken(context)
	}
	if err := signer.Check(context, message, sig.Value); err != nil {
		return "", err
	}
	for _, t := range trusted {
		if t.Equal(signer) {
			return t.ID, nil
		}
	}
	return "", &say.Error{Msg: say.Both("the signature of the %s is intact, but its key %s is not trusted",
		"de handtekening van %s is gaaf, maar sleutel %s wordt niet vertrouwd", about(context), signer.ID),
		Hint: say.Both("if you know whose key it is, name it with --trust FILE",
			"weet u van wie de sleutel is, noem hem dan met --trust BESTAND"), Err: ErrUnknownSigner}
}

// Check verifies a bare signature with this key; the error is ErrBroken for errors.Is.
func (p Public) Check(context string, message, value []byte) error {
	if p.key == nil {
		return &say.Error{Msg: say.Both("there is no key to verify the %s with",
			"er is geen sleutel om %s mee te controleren", about(context)), Err: errNoKey}
	}
	v, err := signature.LoadVerifier(p.key, crypto.SHA256)
	if err != nil {
		return broken(context)
	}
	if err := v.VerifySignature(bytes.NewReader(value), bytes.NewReader(Payload(context, message))); err != nil {
		return broken(context)
	}
	return nil
}

func broken(context string) error {
	return &say.Error{Msg: say.Both("the signature of the %s does not verify", "de handtekening van %s klopt niet", about(context)),
		Hint: say.Both("it was changed after signing, or the signature belongs to something else; get the original again",
			"het is na ondertekening gewijzigd, of de handtekening hoort bij iets anders; haal het origineel opnieuw op"), Err: ErrBroken}
}
