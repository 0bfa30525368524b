package sign

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"strings"

	"github.com/sigstore/sigstore/pkg/cryptoutils"

	"waarborg/internal/say"
)

// Public is the public half of a key. A pseudonym key has none; its Public only has an ID. The zero value is no key and
// verifies nothing.
type Public struct {
	ID        string // first 16 hex digits of the SHA-256 of the key as SubjectPublicKeyInfo
	Algorithm string // ECDSAP256 or Ed25519

	key  crypto.PublicKey
	spki []byte // SubjectPublicKeyInfo, DER
}

const ed25519Prefix = "ed25519:"

// ParsePublic reads one public key: PEM (`PUBLIC KEY`), or the base64 of the 32 raw bytes of an Ed25519 key, with or
// without `ed25519:` in front, as `people` in waarborg.yaml has it.
func ParsePublic(text string) (Public, error) {
	text = strings.TrimSpace(text)
	enc, ok := strings.CutPrefix(text, ed25519Prefix)
	if ok || len(text) == base64.StdEncoding.EncodedLen(ed25519.PublicKeySize) {
		raw, err := base64.StdEncoding.Strict().DecodeString(enc)
		if err != nil || len(raw) != ed25519.PublicKeySize {
			return Public{}, badPublic(say.Both("it needs `ed25519:` and the base64 of 32 bytes",
				"nodig is `ed25519:` en de base64 van 32 bytes"), err)
		}
		return newPublic(ed25519.PublicKey(raw))
	}
	keys, err := ParsePublics([]byte(text))
	if err != nil {
		return Public{}, err
	}
	if len(keys) != 1 {
		return Public{}, badPublic(say.Both("it holds more than one key", "er staat meer dan één sleutel in"), nil)
	}
	return keys[0], nil
}

// ParsePublics reads one or more public keys in PEM, such as a file of keys to trust.
func ParsePublics(pemText []byte) ([]Public, error) {
	var keys []Public
	for rest := bytes.TrimSpace(pemText); len(rest) > 0; {
		block, after := pem.Decode(rest)
		if block == nil || block.Type != string(cryptoutils.PublicKeyPEMType) || len(keys) == 1000 {
			return nil, badPublic(say.Both("it is not a PEM file of public keys", "het is geen PEM-bestand met publieke sleutels"), nil)
		}
		pub, err := parseSPKI(block.Bytes)
		if err != nil {
			return nil, err
		}
		keys, rest = append(keys, pub), bytes.TrimSpace(after)
	}
	if len(keys) == 0 {
		return nil, badPublic(say.Both("it is empty", "het is leeg"), nil)
	}
	return keys, nil
}

func parseSPKI(der []byte) (Public, error) {
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return Public{}, badPublic(say.Both("its content is damaged", "de inhoud is beschadigd"), err)
	}
	pub, err := newPublic(key)
	if err == nil && !bytes.Equal(pub.spki, der) {
		return Public{}, badPublic(say.Both("its encoding is not DER",
			"de codering is geen DER"), nil) // else one key would have several ids
	}
	return pub, err
}

func newPublic(key crypto.PublicKey) (Public, error) {
	p := Public{key: key}
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() {
			return Public{}, badPublic(say.Both("its curve is not P-256", "de kromme is niet P-256"), nil)
		}
		p.Algorithm = ECDSAP256
	case ed25519.PublicKey:
		p.Algorithm = Ed25519
	default:
		return Public{}, badPublic(say.Both("it is neither ECDSA P-256 nor Ed25519", "het is geen ECDSA P-256 en geen Ed25519"), nil)
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return Public{}, badPublic(say.Both("its content is damaged", "de inhoud is beschadigd"), err)
	}
	sum := sha256.Sum256(der)
	p.spki, p.ID = der, hex.EncodeToString(sum[:])[:16]
	return p, nil
}

func badPublic(why say.Text, err error) error {
	return &say.Error{Msg: say.Both("the public key cannot be read: %s", "de publieke sleutel is niet te lezen: %s", why),
		Hint: say.Both("export it again with `waarborg keys show`", "exporteer hem opnieuw met `waarborg keys show`"), Err: err}
}

// PEM returns the key as a `PUBLIC KEY` block, which openssl and cosign read.
func (p Public) PEM() []byte {
	if p.key == nil {
		return nil
	}
	return pem.EncodeToMemory(&pem.Block{Type: string(cryptoutils.PublicKeyPEMType), Bytes: p.spki})
}

// String returns the form for `people` in waarborg.yaml, `ed25519:…`; for other keys their id.
func (p Public) String() string {
	if k, ok := p.key.(ed25519.PublicKey); ok {
		return ed25519Prefix + base64.StdEncoding.EncodeToString(k)
	}
	return p.ID
}

// CryptoKey returns the key as the standard library has it: *ecdsa.PublicKey, ed25519.PublicKey, or nil for no key.
func (p Public) CryptoKey() crypto.PublicKey { return p.key }

// Equal tells whether both are the same key.
func (p Public) Equal(other Public) bool { return p.key != nil && bytes.Equal(p.spki, other.spki) }

// errNoKey is the cause where a zero Public is used.
var errNoKey = errors.New("no key")
