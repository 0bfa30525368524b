package sign

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"filippo.io/age"
	"filippo.io/age/armor"

	"waarborg/internal/say"
)

// pseudonymSize is the size of a pseudonym key in bytes; inventory.PseudonymKeySize is the same.
const pseudonymSize = 32

// scryptLogN is the work factor of the pseudonym key's passphrase, about a quarter of a second. A file that asks for
// more is refused: it would only keep the processor busy.
const scryptLogN = 16

func createPseudonym(dir string, passphrase Passphrase, rnd io.Reader) (Public, error) {
	key := make([]byte, pseudonymSize)
	if _, err := io.ReadFull(rnd, key); err != nil {
		return Public{}, &say.Error{Msg: say.Both("there is no randomness for a new key",
			"er is geen toeval voor een nieuwe sleutel"), Err: err}
	}
	defer clear(key)
	pass, err := ask(Pseudonym, passphrase)
	if err != nil {
		return Public{}, err
	}
	text, err := encryptAge(key, pass)
	clear(pass)
	if err != nil {
		return Public{}, &say.Error{Msg: say.Both("the pseudonym key could not be encrypted",
			"de sleutel pseudonym kon niet worden versleuteld"), Err: err}
	}
	return Public{ID: PseudonymID(key)}, save(keyPath(dir, Pseudonym), 0o600, text)
}

func encryptAge(key, pass []byte) ([]byte, error) {
	recipient, err := age.NewScryptRecipient(string(pass))
	if err != nil {
		return nil, err
	}
	recipient.SetWorkFactor(scryptLogN)
	var out bytes.Buffer
	armored := armor.NewWriter(&out)
	w, err := age.Encrypt(armored, recipient)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(key); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	err = armored.Close()
	return out.Bytes(), err
}

// OpenPseudonym decrypts the pseudonym key in dir and returns its 32 bytes. A missing key is fs.ErrNotExist.
func OpenPseudonym(dir string, passphrase Passphrase) ([]byte, error) {
	path := keyPath(dir, Pseudonym)
	text, err := readKeyFile(path, Pseudonym)
	if err != nil {
		return nil, err
	}
	pass, err := ask(Pseudonym, passphrase)
	if err != nil {
		return nil, err
	}
	defer clear(pass)
	identity, err := age.NewScryptIdentity(string(pass))
	if err != nil {
		return nil, wrongPassphrase(path)
	}
	identity.SetMaxWorkFactor(scryptLogN)
	r, err := age.Decrypt(armor.NewReader(bytes.NewReader(text)), identity)
	if err != nil {
		return nil, wrongPassphrase(path)
	}
	key, err := io.ReadAll(io.LimitReader(r, pseudonymSize+1))
	if err != nil || len(key) != pseudonymSize {
		return nil, &say.Error{Msg: say.Both("%s is not a pseudonym key", "%s is geen sleutel voor pseudoniemen", path),
			Hint: say.Both("put the original back from a backup", "zet het origineel terug uit een back-up"), Err: err}
	}
	return key, nil
}

// PseudonymID names a pseudonym key without giving anything of it away: 16 hex digits of a labelled SHA-256.
func PseudonymID(key []byte) string {
	sum := sha256.Sum256(append([]byte("waarborg pseudonym key id v1\x00"), key...))
	return hex.EncodeToString(sum[:])[:16]
}
