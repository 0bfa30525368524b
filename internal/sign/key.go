package sign

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/sigstore/sigstore/pkg/cryptoutils"

	"waarborg/internal/durable"
	"waarborg/internal/say"
)

// Passphrase gives the passphrase of a key, from a terminal, an environment variable or a vault. The bytes are
// overwritten after use. Limits: MinPassphrase to MaxPassphrase bytes.
type Passphrase = func() ([]byte, error)

// Limits of a passphrase, in bytes. An empty one would leave the key in the clear.
const (
	MinPassphrase = 12
	MaxPassphrase = 1024
)

// Create makes a key in dir, which is made with mode 0700 if it is missing: `<use>.key`, encrypted, mode 0600, and
// beside it the public half `<use>.pub` (a pseudonym key has none). It never overwrites: an existing file is an error,
// fs.ErrExist. rnd is crypto/rand.Reader; ECDSA keys, salts and nonces take the system's randomness whatever it is.
func Create(dir string, use Use, passphrase Passphrase, rnd io.Reader) (Public, error) {
	if err := use.check(); err != nil {
		return Public{}, err
	}
	if err := prepareDir(dir); err != nil {
		return Public{}, err
	}
	// Looked at before the passphrase is asked; durable.Create decides in the end.
	for _, path := range []string{keyPath(dir, use), pubPath(dir, use)} {
		if exists(path) {
			return Public{}, existsError(path)
		}
	}
	if use == Pseudonym {
		return createPseudonym(dir, passphrase, rnd)
	}
	private, public, err := generate(use, rnd)
	if err != nil {
		return Public{}, err
	}
	text, err := encrypt(private, use, passphrase)
	if err != nil {
		return Public{}, err
	}
	if err := save(keyPath(dir, use), 0o600, text); err != nil {
		return Public{}, err
	}
	return public, save(pubPath(dir, use), 0o644, public.PEM())
}

// encrypt returns the text of a private key's file.
func encrypt(private crypto.PrivateKey, use Use, passphrase Passphrase) ([]byte, error) {
	pass, err := ask(use, passphrase)
	if err != nil {
		return nil, err
	}
	der, err := cryptoutils.MarshalPrivateKeyToEncryptedDER(private, func(bool) ([]byte, error) { return pass, nil })
	clear(pass)
	if err != nil {
		return nil, &say.Error{Msg: say.Both("the %s key could not be encrypted",
			"de sleutel %s kon niet worden versleuteld", use), Err: err}
	}
	return cryptoutils.PEMEncode(cryptoutils.EncryptedSigstorePrivateKeyPEMType, der), nil
}

func generate(use Use, rnd io.Reader) (crypto.PrivateKey, Public, error) {
	var private crypto.Signer
	var err error
	if use.algorithm() == ECDSAP256 {
		private, err = ecdsa.GenerateKey(elliptic.P256(), rnd)
	} else {
		seed := make([]byte, ed25519.SeedSize)
		if _, err = io.ReadFull(rnd, seed); err == nil {
			private = ed25519.NewKeyFromSeed(seed)
		}
		clear(seed)
	}
	if err != nil {
		return nil, Public{}, &say.Error{Msg: say.Both("there is no randomness for a new key",
			"er is geen toeval voor een nieuwe sleutel"), Err: err}
	}
	public, err := newPublic(private.Public())
	return private, public, err
}

// Key is a key that can sign. Safe for concurrent use.
type Key struct {
	use        Use
	public     Public
	dir        string
	passphrase Passphrase

	mu      sync.Mutex // guards private
	private crypto.Signer
}

// Open finds the key of a use in dir without decrypting it: that happens at the first Sign. A missing key is
// fs.ErrNotExist; a key file that others may read is refused.
func Open(dir string, use Use, passphrase Passphrase) (*Key, error) {
	if use == Pseudonym {
		return nil, &say.Error{Msg: say.Both("the pseudonym key does not sign", "de sleutel pseudonym ondertekent niet"),
			Hint: say.Both("use the key meant for it", "gebruik de sleutel die ervoor bedoeld is")}
	}
	public, err := LoadPublic(dir, use)
	if err != nil {
		return nil, err
	}
	k := &Key{use: use, public: public, dir: dir, passphrase: passphrase}
	if _, err := readKeyFile(k.path(), use); err != nil {
		return nil, err
	}
	return k, nil
}

// path is where the private key lies. One that a rotation has just made may not have its usual name yet.
func (k *Key) path() string {
	if path := stagedPath(k.dir, k.use, k.public); exists(path) {
		return path
	}
	return keyPath(k.dir, k.use)
}

// Public returns the public half.
func (k *Key) Public() Public { return k.public }

// LoadPublic reads the public half of a key in dir. It needs no passphrase. A missing file is fs.ErrNotExist.
func LoadPublic(dir string, use Use) (Public, error) {
	if err := use.check(); err != nil {
		return Public{}, err
	}
	path := pubPath(dir, use)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Public{}, missing(path, use, dir)
	}
	if err != nil {
		return Public{}, &say.Error{Msg: say.Both("cannot read file %s", "kan bestand %s niet lezen", path),
			Hint: say.Both("check who may read it", "controleer wie het mag lezen"), Err: err}
	}
	public, err := ParsePublic(string(text))
	if err != nil {
		return Public{}, &say.Error{Msg: say.Both("%s is not a public key", "%s is geen publieke sleutel", path),
			Hint: say.Both("put the original back", "zet het origineel terug"), Err: err}
	}
	if public.Algorithm != use.algorithm() {
		return Public{}, &say.Error{Msg: say.Both("%s holds a key of the wrong kind (%s) for %s",
			"%s bevat een sleutel van de verkeerde soort (%s) voor %s", path, public.Algorithm, use),
			Hint: say.Both("put the original back", "zet het origineel terug")}
	}
	return public, nil
}

// open decrypts the key once. A failure is not kept, so that a mistyped passphrase can be given again.
func (k *Key) open() (crypto.Signer, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.private != nil {
		return k.private, nil
	}
	path := k.path()
	private, err := decrypt(path, k.use, k.passphrase)
	if err != nil {
		return nil, err
	}
	if got, err := newPublic(private.Public()); err != nil || !got.Equal(k.public) {
		return nil, &say.Error{Msg: say.Both("%s and the .pub file beside it are not one key",
			"%s en het .pub-bestand ernaast horen niet bij dezelfde sleutel", path),
			Hint: say.Both("put the right .pub file back", "zet het juiste .pub-bestand terug")}
	}
	k.private = private
	return private, nil
}

func decrypt(path string, use Use, passphrase Passphrase) (crypto.Signer, error) {
	text, err := readKeyFile(path, use)
	if err != nil {
		return nil, err
	}
	if block, rest := pem.Decode(text); block == nil || len(rest) > 0 || block.Type != string(cryptoutils.EncryptedSigstorePrivateKeyPEMType) {
		return nil, &say.Error{Msg: say.Both("%s is not an encrypted key", "%s is geen versleutelde sleutel", path),
			Hint: say.Both("put the original back from a backup", "zet het origineel terug uit een back-up")}
	}
	pass, err := ask(use, passphrase)
	if err != nil {
		return nil, err
	}
	defer clear(pass)
	private, err := cryptoutils.UnmarshalPEMToPrivateKey(text, func(bool) ([]byte, error) { return pass, nil })
	if err != nil {
		return nil, wrongPassphrase(path)
	}
	signer, ok := private.(crypto.Signer)
	if !ok {
		return nil, &say.Error{Msg: say.Both("%s holds no key that signs", "%s bevat geen sleutel die kan ondertekenen", path),
			Hint: say.Both("put the original back from a backup", "zet het origineel terug uit een back-up")}
	}
	return signer, nil
}

func keyPath(dir string, use Use) string { return filepath.Join(dir, string(use)+".key") }
func pubPath(dir string, use Use) string { return filepath.Join(dir, string(use)+".pub") }

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// replace writes a file in the place of one that may be there.
func replace(path string, perm fs.FileMode, text []byte) error {
	err := durable.Replace(path, perm, func(w io.Writer) error { _, err := w.Write(text); return err })
	if err != nil {
		return &say.Error{Msg: say.Of(err),
			Hint: say.Both("check the disk and who may write there", "controleer de schijf en wie daar mag schrijven"), Err: err}
	}
	return nil
}

func save(path string, perm fs.FileMode, text []byte) error {
	err := durable.Create(path, perm, func(w io.Writer) error { _, err := w.Write(text); return err })
	if errors.Is(err, fs.ErrExist) {
		return existsError(path)
	}
	if err != nil {
		return &say.Error{Msg: say.Of(err),
			Hint: say.Both("check the disk and who may write there", "controleer de schijf en wie daar mag schrijven"), Err: err}
	}
	return nil
}
