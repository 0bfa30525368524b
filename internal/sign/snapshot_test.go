package sign_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"waarborg/dpa"
	"waarborg/internal/inventory"
	"waarborg/internal/sign"
)

var _ dpa.Verifier = sign.PersonVerifier{}

// TestSealedSnapshot seals a snapshot with a key file and reads it as its owner, as a stranger, and after a change.
func TestSealedSnapshot(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	pass := func() ([]byte, error) { return []byte("correct horse battery"), nil }
	pub, err := sign.Create(dir, sign.Evidence, pass, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := sign.Open(dir, sign.Evidence, pass)
	if err != nil {
		t.Fatal(err)
	}
	names, err := inventory.NewPseudonyms(make([]byte, inventory.PseudonymKeySize))
	if err != nil {
		t.Fatal(err)
	}
	names.Token("anna")
	r, err := inventory.Draft{ID: "a/b", Attributes: &inventory.Flow{}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	snap, err := inventory.NewSnapshot(inventory.Info{CreatedAt: time.Unix(1, 0)}, names.Sealed(), []inventory.Resource{r}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	sealed, err := snap.Write(&file, func(message []byte) (inventory.Seal, error) {
		sig, err := key.Sign(sign.ContextSnapshot, message)
		return inventory.Seal(sig), err
	})
	if err != nil || sealed.Seal.KeyID != pub.ID {
		t.Fatalf("%q, %v", sealed.Seal.KeyID, err)
	}
	trusting := func(trusted ...sign.Public) func([]byte, inventory.Seal) error {
		return func(message []byte, s inventory.Seal) error {
			_, err := sign.Verify(trusted, sign.ContextSnapshot, message, sign.Signature(s))
			return err
		}
	}
	if got, _, err := inventory.ReadSnapshot(bytes.NewReader(file.Bytes()), inventory.Limits{}, trusting(pub)); err != nil || !reflect.DeepEqual(got.Resources[0], r) {
		t.Errorf("as its owner: %v", err)
	}
	if _, _, err := inventory.ReadSnapshot(bytes.NewReader(file.Bytes()), inventory.Limits{}, trusting()); !errors.Is(err, sign.ErrUnknownSigner) {
		t.Errorf("as a stranger: %v", err)
	}
	file.Reset()
	snap.ToolVersion = "other"
	if _, err := snap.Write(&file, func([]byte) (inventory.Seal, error) { return sealed.Seal, nil }); err != nil {
		t.Fatal(err)
	}
	if _, _, err := inventory.ReadSnapshot(bytes.NewReader(file.Bytes()), inventory.Limits{}, trusting(pub)); !errors.Is(err, sign.ErrBroken) {
		t.Errorf("with a seal of another snapshot: %v", err)
	}
}

func TestSizesAgree(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	pass := func() ([]byte, error) { return []byte("correct horse battery"), nil }
	if _, err := sign.Create(dir, sign.Pseudonym, pass, rand.Reader); err != nil {
		t.Fatal(err)
	}
	key, err := sign.OpenPseudonym(dir, pass)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inventory.NewPseudonyms(key); err != nil {
		t.Errorf("the pseudonym key does not fit: %v", err)
	}
	if sign.ContextApproval != dpa.ContextApproval || sign.ContextAttestation != dpa.ContextAttestation {
		t.Error("the contexts of people's signatures differ")
	}
}
