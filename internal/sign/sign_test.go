package sign

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/sigstore/sigstore/pkg/cryptoutils"
)

const secret = "correct horse battery"

func pass() ([]byte, error) { return []byte(secret), nil }

func create(t *testing.T, dir string, use Use) Public {
	t.Helper()
	pub, err := Create(dir, use, pass, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return pub
}

func open(t *testing.T, dir string, use Use) *Key {
	t.Helper()
	k, err := Open(dir, use, pass)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// inMemory is a key without files, for tests that are not about them: scrypt is slow by design.
func inMemory(t testing.TB, use Use) (*Key, Public) {
	t.Helper()
	private, pub, err := generate(use, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &Key{use: use, public: pub, private: private.(crypto.Signer)}, pub
}

// keys is a folder that Create has to make.
func keys(t *testing.T) string { return filepath.Join(t.TempDir(), "keys") }

func TestKeyFiles(t *testing.T) {
	dir := keys(t)
	pub := create(t, dir, Evidence)
	for name, mode := range map[string]fs.FileMode{".": 0o700 | fs.ModeDir, "evidence.key": 0o600, "evidence.pub": 0o644} {
		st, err := os.Stat(filepath.Join(dir, name))
		if err != nil || st.Mode() != mode {
			t.Errorf("%s: mode %v, %v", name, st.Mode(), err)
		}
	}
	text, _ := os.ReadFile(filepath.Join(dir, "evidence.key"))
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "ENCRYPTED SIGSTORE PRIVATE KEY" {
		t.Fatal("the key is not in cosign's form")
	}
	// What cosign does with it.
	private, err := cryptoutils.UnmarshalPEMToPrivateKey(text, func(bool) ([]byte, error) { return []byte(secret), nil })
	if err != nil || private.(*ecdsa.PrivateKey).Curve != elliptic.P256() {
		t.Fatalf("private key: %v", err)
	}
	pubText, _ := os.ReadFile(filepath.Join(dir, "evidence.pub"))
	pubBlock, _ := pem.Decode(pubText)
	sum := sha256.Sum256(pubBlock.Bytes)
	if pub.ID != hex.EncodeToString(sum[:8]) || pub.Algorithm != ECDSAP256 {
		t.Errorf("id %s, algorithm %s", pub.ID, pub.Algorithm)
	}
	if _, err := Create(dir, Evidence, pass, rand.Reader); !errors.Is(err, fs.ErrExist) {
		t.Errorf("created twice: %v", err)
	}
	os.Remove(filepath.Join(dir, "evidence.key"))
	if _, err := Create(dir, Evidence, pass, rand.Reader); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a public key whose private half lies elsewhere was overwritten: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "evidence.key"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(dir, "evidence.pub"))
	if _, err := Open(dir, Evidence, pass); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("opened without a public half: %v", err)
	}
}

func TestSignAndVerify(t *testing.T) {
	dir := keys(t)
	anna, _ := Person("anna")
	uses := map[Use]string{Evidence: ContextSnapshot, Checkpoint: ContextCheckpoint, anna: ContextApproval}
	for use, context := range uses {
		t.Run(string(use), func(t *testing.T) {
			pub := create(t, dir, use)
			k := open(t, dir, use)
			msg := []byte("message")
			sig, err := k.Sign(context, msg)
			if err != nil {
				t.Fatal(err)
			}
			stranger, _, _ := ed25519.GenerateKey(rand.Reader)
			other, _ := newPublic(stranger)
			if id, err := Verify([]Public{other, pub}, context, msg, sig); err != nil || id != pub.ID {
				t.Errorf("Verify: %q, %v", id, err)
			}
			for name, trusted := range map[string][]Public{"stranger": {other}, "nobody": nil, "zero": {{}}} {
				if id, err := Verify(trusted, context, msg, sig); !errors.Is(err, ErrUnknownSigner) || id != "" {
					t.Errorf("%s: %q, %v", name, id, err)
				}
			}
			if _, err := Verify([]Public{pub}, context, []byte("massage"), sig); !errors.Is(err, ErrBroken) {
				t.Errorf("other message: %v", err)
			}
			if _, err := Verify([]Public{pub}, ContextReport, msg, sig); !errors.Is(err, ErrBroken) {
				t.Errorf("other context: %v", err)
			}
			if _, err := k.Sign("waiver", msg); err == nil {
				t.Error("signed in a context that is not its own")
			}
		})
	}
}

func TestEveryFlippedByteOfASignatureIsNoticed(t *testing.T) {
	key, pub := inMemory(t, Checkpoint)
	sig, err := key.Sign(ContextCheckpoint, []byte("m"))
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]func(*Signature) []byte{
		"value":      func(s *Signature) []byte { s.Value = bytes.Clone(s.Value); return s.Value },
		"public key": func(s *Signature) []byte { s.PublicKey = bytes.Clone(s.PublicKey); return s.PublicKey },
	}
	for name, field := range fields {
		for i := range field(&sig) {
			bad := sig
			field(&bad)[i] ^= 1
			if _, err := Verify([]Public{pub}, ContextCheckpoint, []byte("m"), bad); !errors.Is(err, ErrBroken) {
				t.Errorf("byte %d of the %s: %v", i, name, err)
			}
		}
	}
	for _, bad := range []Signature{{}, {KeyID: pub.ID}, {KeyID: "0", Algorithm: sig.Algorithm, PublicKey: sig.PublicKey, Value: sig.Value},
		{KeyID: sig.KeyID, Algorithm: ECDSAP256, PublicKey: sig.PublicKey, Value: sig.Value}} {
		if _, err := Verify([]Public{pub}, ContextCheckpoint, []byte("m"), bad); !errors.Is(err, ErrBroken) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestAForgersOwnKeyUnderATrustedID(t *testing.T) {
	_, pub := inMemory(t, Checkpoint)
	evil, _ := inMemory(t, Checkpoint)
	sig, err := evil.Sign(ContextCheckpoint, []byte("m"))
	if err != nil {
		t.Fatal(err)
	}
	sig.KeyID = pub.ID
	if _, err := Verify([]Public{pub}, ContextCheckpoint, []byte("m"), sig); !errors.Is(err, ErrBroken) {
		t.Errorf("with the forger's key: %v", err)
	}
	sig.PublicKey = pub.spki
	if _, err := Verify([]Public{pub}, ContextCheckpoint, []byte("m"), sig); !errors.Is(err, ErrBroken) {
		t.Errorf("with the trusted key: %v", err)
	}
}

func TestOpenNeedsNoPassphraseUntilItSigns(t *testing.T) {
	dir := keys(t)
	create(t, dir, Checkpoint)
	asked := 0
	tries := []string{"wrong passphrase", "short", secret}
	k, err := Open(dir, Checkpoint, func() ([]byte, error) { asked++; return []byte(tries[asked-1]), nil })
	if err != nil || asked != 0 {
		t.Fatalf("asked %d times, %v", asked, err)
	}
	for range 2 {
		if _, err := k.Sign(ContextCheckpoint, nil); !errors.Is(err, ErrPassphrase) || strings.Contains(err.Error(), "wrong pass") {
			t.Errorf("bad passphrase: %v", err)
		}
	}
	for range 3 {
		if _, err := k.Sign(ContextCheckpoint, nil); err != nil {
			t.Fatal(err)
		}
	}
	if asked != 3 {
		t.Errorf("asked %d times", asked)
	}
}

func TestPassphraseIsOverwritten(t *testing.T) {
	given := []byte(secret)
	if _, err := Create(keys(t), Checkpoint, func() ([]byte, error) { return given, nil }, rand.Reader); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(given, make([]byte, len(given))) {
		t.Error("the passphrase is still in memory")
	}
}

func TestRefusals(t *testing.T) {
	dir := keys(t)
	create(t, dir, Checkpoint)
	key, pub := filepath.Join(dir, "checkpoint.key"), filepath.Join(dir, "checkpoint.pub")
	good, _ := os.ReadFile(key)
	other := keys(t)
	create(t, other, Checkpoint)
	otherPub, _ := os.ReadFile(filepath.Join(other, "checkpoint.pub"))
	_, plain, _ := ed25519.GenerateKey(rand.Reader)
	der, _ := x509.MarshalPKCS8PrivateKey(plain)
	tests := []struct {
		name, want string
		spoil      func() error
	}{
		{"readable by the group", "chmod 600 " + key, func() error { return os.Chmod(key, 0o640) }},
		{"writable by others", "chmod 600 " + key, func() error { return os.Chmod(key, 0o602) }},
		{"a folder", "is not a file", func() error { return errors.Join(os.Remove(key), os.Mkdir(key, 0o700)) }},
		{"missing", "keys init", func() error { return os.Remove(key) }},
		{"not a key", "not an encrypted key", func() error { return os.WriteFile(key, []byte("hello"), 0o600) }},
		{"too large", "not a key file", func() error { return os.WriteFile(key, make([]byte, maxKeyFile+1), 0o600) }},
		{"in the clear", "not an encrypted key", func() error {
			return os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)
		}},
		{"other public half", "not one key", func() error { return os.WriteFile(pub, otherPub, 0o644) }},
		{"no public key", "not a public key", func() error { return os.WriteFile(pub, []byte("x"), 0o644) }},
	}
	goodPub, _ := os.ReadFile(pub)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := errors.Join(os.RemoveAll(key), os.WriteFile(key, good, 0o600), os.WriteFile(pub, goodPub, 0o644)); err != nil {
				t.Fatal(err)
			}
			if err := tt.spoil(); err != nil {
				t.Fatal(err)
			}
			k, err := Open(dir, Checkpoint, pass)
			if err == nil {
				_, err = k.Sign(ContextCheckpoint, nil)
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestCreateRefusals(t *testing.T) {
	wide := t.TempDir()
	if err := os.Chmod(wide, 0o755); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		dir  string
		use  Use
		pass Passphrase
		want string
	}{
		{"open folder", wide, Evidence, pass, "chmod 700 " + wide},
		{"no passphrase", keys(t), Evidence, nil, "needs a passphrase"},
		{"empty passphrase", keys(t), Pseudonym, func() ([]byte, error) { return nil, nil }, "wrong length"},
		{"failing passphrase", keys(t), Evidence, func() ([]byte, error) { return nil, errors.New("sesame") }, "could not be had"},
		{"no use", keys(t), "../x", pass, "no key use"},
		{"a path as a person", keys(t), "person-../x", pass, "cannot name a key"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Create(tt.dir, tt.use, tt.pass, rand.Reader)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "sesame") {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
			if left, _ := filepath.Glob(filepath.Join(tt.dir, "*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestPseudonymKey(t *testing.T) {
	dir := keys(t)
	seed := bytes.Repeat([]byte{42}, pseudonymSize)
	pub, err := Create(dir, Pseudonym, pass, bytes.NewReader(seed))
	if err != nil {
		t.Fatal(err)
	}
	key, err := OpenPseudonym(dir, pass)
	if err != nil || !bytes.Equal(key, seed) || pub.ID != PseudonymID(key) {
		t.Errorf("OpenPseudonym: %v", err)
	}
	text, _ := os.ReadFile(filepath.Join(dir, "pseudonym.key"))
	identity, _ := age.NewScryptIdentity(secret)
	if _, err := age.Decrypt(armor.NewReader(bytes.NewReader(text)), identity); err != nil {
		t.Errorf("age itself cannot open it: %v", err)
	}
	if _, err := OpenPseudonym(dir, func() ([]byte, error) { return []byte("another passphrase"), nil }); !errors.Is(err, ErrPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
	if _, err := Create(dir, Pseudonym, pass, rand.Reader); !errors.Is(err, fs.ErrExist) {
		t.Errorf("overwritten: %v", err)
	}
	if _, err := Open(dir, Pseudonym, pass); err == nil {
		t.Error("a pseudonym key was opened to sign")
	}
	if _, err := Create(keys(t), Pseudonym, pass, strings.NewReader("too short")); err == nil {
		t.Error("made a key without enough randomness")
	}
}

func TestPublicForms(t *testing.T) {
	raw, _, _ := ed25519.GenerateKey(rand.Reader)
	p, _ := newPublic(raw)
	for _, form := range []string{p.String(), string(p.PEM()), "\n" + p.String() + "\n", strings.TrimPrefix(p.String(), "ed25519:")} {
		if got, err := ParsePublic(form); err != nil || !got.Equal(p) || got.ID != p.ID {
			t.Errorf("%q: %v", form, err)
		}
	}
	p384, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	der, _ := x509.MarshalPKIXPublicKey(p384.Public())
	two := string(p.PEM()) + string(p.PEM())
	if both, err := ParsePublics([]byte(two)); err != nil || len(both) != 2 {
		t.Errorf("two keys: %v", err)
	}
	for _, bad := range []string{"", "ed25519:", "ed25519:AAAA", p.String() + "=", two, string(p.PEM()) + "x",
		string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))} {
		if _, err := ParsePublic(bad); err == nil {
			t.Errorf("%q was read as a key", bad)
		}
	}
}

// TestOpenSSL verifies a signature the way docs/evidence.md tells a reader to who does not trust this program.
func TestOpenSSL(t *testing.T) {
	dir := keys(t)
	create(t, dir, Evidence)
	sig, err := open(t, dir, Evidence).Sign(ContextSnapshot, []byte("message"))
	if err != nil {
		t.Fatal(err)
	}
	payload, value := filepath.Join(dir, "payload"), filepath.Join(dir, "sig")
	for path, data := range map[string][]byte{payload: Payload(ContextSnapshot, []byte("message")), value: sig.Value} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command("openssl", "dgst", "-sha256", "-verify", filepath.Join(dir, "evidence.pub"), "-signature", value, payload).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Verified OK") {
		t.Errorf("openssl: %v: %s", err, out)
	}
}

func TestContextsBelongToOneUse(t *testing.T) {
	anna, _ := Person("anna")
	for _, c := range []string{ContextSnapshot, ContextReport, ContextBundle, ContextRegister, ContextCheckpoint, ContextAttestation, ContextApproval} {
		n := 0
		for _, u := range []Use{Evidence, Checkpoint, Pseudonym, anna} {
			if u.maySign(c) {
				n++
			}
		}
		if n != 1 || slices.ContainsFunc([]byte(c), func(b byte) bool { return b < 'a' || b > 'z' }) {
			t.Errorf("context %q is signed by %d uses", c, n)
		}
	}
}

func FuzzParsePublic(f *testing.F) {
	raw, _, _ := ed25519.GenerateKey(rand.Reader)
	p, _ := newPublic(raw)
	f.Add(p.String())
	f.Add(string(p.PEM()))
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePublic(text)
		if err != nil {
			return
		}
		if again, err := ParsePublic(string(p.PEM())); err != nil || !again.Equal(p) || again.ID != p.ID {
			t.Errorf("%q: not the same key after PEM: %v", text, err)
		}
	})
}
