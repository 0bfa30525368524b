package sign

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// seal signs with the present key of a folder, and tells which that is.
func seal(t *testing.T, dir string, use Use, context string) Signature {
	t.Helper()
	sig, err := open(t, dir, use).Sign(context, []byte("m"))
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestRotate(t *testing.T) {
	dir := keys(t)
	first := create(t, dir, Evidence)
	before := seal(t, dir, Evidence, ContextSnapshot)
	if _, _, err := EnsureCertificate(dir, open(t, dir, Evidence), example, noon, rand.Reader); err != nil {
		t.Fatal(err)
	}
	old, second, err := Rotate(dir, Evidence, Retirement{At: noon}, false, pass, rand.Reader)
	if err != nil || !old.Equal(first) || second.Equal(first) {
		t.Fatalf("%s, %s, %v", old.ID, second.ID, err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"evidence.crt", "evidence.key", "evidence.pub", "retired"}) {
		t.Errorf("files: %v", got)
	}
	if got := names(t, retiredDir(dir)); !slices.Equal(got, []string{first.ID + ".crt", first.ID + ".json", first.ID + ".pub"}) {
		t.Errorf("retired: %v", got)
	}
	if st, err := os.Stat(keyPath(dir, Evidence)); err != nil || st.Mode() != 0o600 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
	after := seal(t, dir, Evidence, ContextSnapshot)
	if after.KeyID != second.ID {
		t.Errorf("signed by %s", after.KeyID)
	}
	trust, err := LoadTrust(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, sig := range []Signature{before, after} {
		if _, err := Verify(trust.Keys(), ContextSnapshot, []byte("m"), sig); err != nil {
			t.Errorf("%s: %v", sig.KeyID, err)
		}
	}
	chain, made, err := EnsureCertificate(dir, open(t, dir, Evidence), example, noon, rand.Reader)
	if err != nil || !made || CheckChain(chain, second, noon) != nil {
		t.Errorf("certificate: %v, %v", made, err)
	}

	// Kept, and of the folder's present key again.
	_, third, err := Rotate(dir, Evidence, Retirement{At: noon, CompromisedSince: noon.AddDate(0, -1, 0)}, true, pass, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := decrypt(filepath.Join(retiredDir(dir), second.ID+".key"), Evidence, pass)
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := newPublic(kept.Public()); !p.Equal(second) {
		t.Error("another key was kept")
	}
	if trust, err = LoadTrust(dir); err != nil || len(trust.Keys()) != 3 {
		t.Fatalf("%d keys, %v", len(trust.Keys()), err)
	}
	if _, err := trust.Key(second, noon.AddDate(0, 0, -1), true); !errors.Is(err, ErrCompromised) {
		t.Errorf("%v", err)
	}

	// To a key that is kept elsewhere, and back.
	_, elsewhere := inMemory(t, Evidence)
	if old, err := RotateTo(dir, elsewhere, Retirement{At: noon}, false); err != nil || !old.Equal(third) {
		t.Fatal(err)
	}
	if exists(keyPath(dir, Evidence)) {
		t.Error("the private key is still there")
	}
	if _, err := RotateTo(dir, elsewhere, Retirement{At: noon}, false); err == nil {
		t.Error("rotated to the same key")
	}
	if trust, err = LoadTrust(dir); err != nil {
		t.Fatal(err)
	}
	if by, err := trust.Key(elsewhere, noon.AddDate(1, 0, 0), true); err != nil || by.Retired {
		t.Errorf("the present key is retired by a rotation to itself: %v", err)
	}
	if _, _, err := Rotate(dir, Evidence, Retirement{At: noon}, false, pass, rand.Reader); err != nil {
		t.Fatal(err)
	}
	seal(t, dir, Evidence, ContextReport)
}

// TestRotationCutShort stops a rotation after each of its steps: there is always a present key that signs, the key before is
// always known, and the next rotation clears up.
func TestRotationCutShort(t *testing.T) {
	start := keys(t)
	first := create(t, start, Evidence)
	before := seal(t, start, Evidence, ContextSnapshot)
	private, next, err := generate(Evidence, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, err := encrypt(private, Evidence, pass)
	if err != nil {
		t.Fatal(err)
	}
	original, err := os.ReadFile(keyPath(start, Evidence))
	if err != nil {
		t.Fatal(err)
	}
	steps := []func(dir string) error{
		func(dir string) error { return save(stagedPath(dir, Evidence, next), 0o600, text) },
		func(dir string) error { return prepareDir(retiredDir(dir)) },
		func(dir string) error {
			return replace(filepath.Join(retiredDir(dir), first.ID+".pub"), 0o644, first.PEM())
		},
		func(dir string) error { return retire(dir, Evidence, first, Retirement{At: noon}) },
		func(dir string) error { return replace(pubPath(dir, Evidence), 0o644, next.PEM()) },
		func(dir string) error { return discard(dir, Evidence, first, next, true) },
	}
	for n := range steps {
		dir := keys(t)
		if err := os.CopyFS(dir, os.DirFS(start)); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(os.Chmod(dir, 0o700), os.Chmod(keyPath(dir, Evidence), 0o600)); err != nil {
			t.Fatal(err)
		}
		for _, step := range steps[:n+1] {
			if err := step(dir); err != nil {
				t.Fatal(err)
			}
		}
		// What signs is compared rather than used: decrypting a key takes long by design.
		k := open(t, dir, Evidence)
		want := map[bool][]byte{k.public.Equal(first): original, k.public.Equal(next): text}[true]
		if signs, err := os.ReadFile(k.path()); err != nil || want == nil || !bytes.Equal(signs, want) {
			t.Errorf("after step %d the present key %s has not its private half: %v", n, k.public.ID, err)
		}
		counts(t, dir, n, before)
		if _, _, err := Rotate(dir, Evidence, Retirement{At: noon}, false, pass, rand.Reader); err != nil {
			t.Fatal(err)
		}
		counts(t, dir, n, before)
		if n >= len(steps)-2 {
			seal(t, dir, Evidence, ContextSnapshot)
		}
		if got := names(t, dir); !slices.Equal(got, []string{"evidence.key", "evidence.pub", "retired"}) {
			t.Errorf("step %d leaves %v", n, got)
		}
	}
}

// counts wants the present key to be one without an end, and what was signed before to count.
func counts(t *testing.T, dir string, step int, before Signature) {
	t.Helper()
	trust := mustTrust(t, dir)
	if _, err := Verify(trust.Keys(), ContextSnapshot, []byte("m"), before); err != nil {
		t.Errorf("step %d: the key before: %v", step, err)
	}
	present, err := LoadPublic(dir, Evidence)
	if err != nil {
		t.Fatal(err)
	}
	if by, err := trust.Key(present, noon.AddDate(1, 0, 0), true); err != nil || by.Retired {
		t.Errorf("step %d: the present key does not count: %v", step, err)
	}
}

func TestRotateRefusals(t *testing.T) {
	dir := keys(t)
	if _, _, err := Rotate(dir, Evidence, Retirement{At: noon}, false, pass, rand.Reader); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a key: %v", err)
	}
	pub := create(t, dir, Evidence)
	for _, use := range []Use{Checkpoint, Pseudonym, "../x"} {
		if _, _, err := Rotate(dir, use, Retirement{At: noon}, false, pass, rand.Reader); err == nil {
			t.Errorf("rotated %s", use)
		}
	}
	if _, _, err := Rotate(dir, Evidence, Retirement{At: noon}, false, nil, rand.Reader); !errors.Is(err, ErrPassphrase) {
		t.Errorf("without a passphrase: %v", err)
	}
	if trust, err := LoadTrust(dir); err != nil || len(trust.Keys()) != 1 {
		t.Errorf("%v", err)
	}
	if by, err := mustTrust(t, dir).Key(pub, noon.AddDate(1, 0, 0), true); err != nil || by.Retired {
		t.Errorf("a refused rotation retired the key: %v", err)
	}
	_, ed := inMemory(t, Checkpoint)
	if _, err := RotateTo(dir, ed, Retirement{At: noon}, false); err == nil {
		t.Error("rotated to an Ed25519 key")
	}
	if err := Pin(keys(t), ed); err == nil {
		t.Error("pinned an Ed25519 key")
	}
	if err := Pin(dir, pub); !errors.Is(err, fs.ErrExist) {
		t.Errorf("pinned twice: %v", err)
	}
	// A new key that cannot be written changes nothing.
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700) // so that the test's folder can go
	if os.Geteuid() != 0 {
		if _, _, err := Rotate(dir, Evidence, Retirement{At: noon}, false, pass, rand.Reader); err == nil {
			t.Error("rotated in a folder that cannot be written to")
		}
	}
	seal(t, dir, Evidence, ContextSnapshot)
}

func mustTrust(t *testing.T, dir string) Trust {
	t.Helper()
	trust, err := LoadTrust(dir)
	if err != nil {
		t.Fatal(err)
	}
	return trust
}

func TestRotatePerson(t *testing.T) {
	dir := keys(t)
	anna, _ := Person("anna")
	twin, _ := Person("anna.key.x") // its files begin as the staged ones of anna do
	create(t, dir, Evidence)
	first := create(t, dir, anna)
	other := create(t, dir, twin)
	old, next, err := Rotate(dir, anna, Retirement{At: noon}, false, pass, rand.Reader)
	if err != nil || !old.Equal(first) {
		t.Fatal(err)
	}
	if sig := seal(t, dir, anna, ContextApproval); sig.KeyID != next.ID {
		t.Errorf("signed by %s", sig.KeyID)
	}
	if sig := seal(t, dir, twin, ContextApproval); sig.KeyID != other.ID {
		t.Errorf("another person's key is gone: %s", sig.KeyID)
	}
	if trust := mustTrust(t, dir); len(trust.Keys()) != 1 {
		t.Error("a person's retired key is trusted for evidence")
	}
}
