package inventory

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"maps"
	"strings"
	"sync"

	"waarborg/internal/say"
)

// Pseudonyms replaces the names of principals (people, accounts) by tokens that are the same in every collection with
// the same key. The names themselves are kept apart, encrypted under that key, so that the privacy officer can look
// them up; without the key, or once it is erased, a token says nothing. Safe for concurrent use.
type Pseudonyms struct {
	mac  []byte
	aead cipher.AEAD

	mu    sync.Mutex        // guards names
	names map[string]string // token to encrypted name
}

// PseudonymKeySize is the size of a pseudonym key in bytes.
const PseudonymKeySize = 32

// NewPseudonyms needs a random key of PseudonymKeySize bytes.
func NewPseudonyms(key []byte) (*Pseudonyms, error) {
	if len(key) != PseudonymKeySize {
		return nil, fmt.Errorf("inventory: the pseudonym key has %d bytes, it needs %d", len(key), PseudonymKeySize)
	}
	mac, err := hkdf.Key(sha256.New, key, nil, "waarborg pseudonym token v1", 32)
	if err != nil {
		return nil, err
	}
	enc, err := hkdf.Key(sha256.New, key, nil, "waarborg pseudonym name v1", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(enc)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Pseudonyms{mac: mac, aead: aead, names: map[string]string{}}, nil
}

var tokenEncoding = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// Token returns the pseudonym of a principal's name, "p-" and sixteen letters and digits. Case and surrounding blanks
// do not matter: directories differ in them for one and the same person.
func (p *Pseudonyms) Token(name string) string {
	clean := strings.ToLower(strings.TrimSpace(name))
	h := hmac.New(sha256.New, p.mac)
	h.Write([]byte(clean))
	sum := h.Sum(nil)
	token := "p-" + tokenEncoding.EncodeToString(sum[:10])
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.names[token]; !ok {
		// The nonce is derived from the name, so equal names give equal bytes and different ones never share a nonce.
		nonce := sum[len(sum)-p.aead.NonceSize():]
		sealed := p.aead.Seal(nonce[:len(nonce):len(nonce)], nonce, []byte(clean), []byte(token))
		p.names[token] = base64.StdEncoding.EncodeToString(sealed)
	}
	return token
}

// Sealed returns the encrypted names of all tokens given out so far.
func (p *Pseudonyms) Sealed() map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.names)
}

// ErrOtherKey says that a sealed name was made with another key.
var ErrOtherKey error = &say.Error{Msg: say.Both("the name was sealed with another pseudonym key",
	"de naam is verzegeld met een andere sleutel voor pseudoniemen")}

// Reveal decrypts the name behind a token. It returns ErrOtherKey if key or token do not fit.
func (p *Pseudonyms) Reveal(token, sealed string) (string, error) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(raw) < p.aead.NonceSize() {
		return "", ErrOtherKey
	}
	name, err := p.aead.Open(nil, raw[:p.aead.NonceSize()], raw[p.aead.NonceSize():], []byte(token))
	if err != nil {
		return "", ErrOtherKey
	}
	return string(name), nil
}
