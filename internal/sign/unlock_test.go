package sign

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"testing"
)

func TestFits(t *testing.T) {
	dir := keys(t)
	anna, _ := Person("anna")
	if got := Private(dir); len(got) > 0 {
		t.Errorf("keys of no folder: %v", got)
	}
	if _, err := Fits(dir, Evidence, pass); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no key: %v", err)
	}
	wrong := func() ([]byte, error) { return []byte("another passphrase"), nil }
	short := func() ([]byte, error) { return []byte("short"), nil }
	refused := errors.New("refused")
	for _, use := range []Use{anna, Pseudonym, Evidence} {
		if Exists(dir, use) {
			t.Errorf("%s is there before it is made", use)
		}
		create(t, dir, use)
		if !Exists(dir, use) {
			t.Errorf("%s is not there", use)
		}
		if fits, err := Fits(dir, use, pass); !fits || err != nil {
			t.Errorf("%s: %v, %v", use, fits, err)
		}
		if fits, err := Fits(dir, use, wrong); fits || err != nil {
			t.Errorf("%s with a wrong passphrase: %v, %v", use, fits, err)
		}
		for name, none := range map[string]Passphrase{"short": short, "none": nil} {
			if fits, err := Fits(dir, use, none); fits || !errors.Is(err, ErrPassphrase) {
				t.Errorf("%s, %s: %v, %v", use, name, fits, err)
			}
		}
		if _, err := Fits(dir, use, func() ([]byte, error) { return nil, refused }); !errors.Is(err, refused) {
			t.Errorf("%s: %v", use, err)
		}
	}

	// What is no private key of a use does not count as one.
	for _, name := range []string{"person-.key", "person-Bram.key", "other.key", "person-anna.key.0123456789abcdef"} {
		if err := os.WriteFile(dir+"/"+name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := Private(dir); !slices.Equal(got, []Use{Evidence, Pseudonym, anna}) {
		t.Errorf("keys: %v", got)
	}

	// Half of a key is there, and is not one that opens; the halves of two keys are none either.
	if err := os.Remove(keyPath(dir, anna)); err != nil {
		t.Fatal(err)
	}
	if _, err := Fits(dir, anna, pass); !errors.Is(err, fs.ErrNotExist) || !Exists(dir, anna) {
		t.Errorf("a public half alone: %v", err)
	}
	_, other := inMemory(t, Evidence)
	if err := os.WriteFile(pubPath(dir, Evidence), other.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	if fits, err := Fits(dir, Evidence, pass); fits || err == nil {
		t.Error("the halves of two keys fit")
	}
}
