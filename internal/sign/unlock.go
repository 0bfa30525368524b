package sign

import (
	"errors"
	"os"
	"strings"
)

// Private returns the uses of the private keys whose files lie in dir: the organisation's first, then people's by name. Of a
// folder that cannot be read there are none.
func Private(dir string) []Use {
	var out []Use
	for _, use := range []Use{Evidence, Checkpoint, Pseudonym} {
		if exists(keyPath(dir, use)) {
			out = append(out, use)
		}
	}
	found, _ := os.ReadDir(dir)
	for _, f := range found {
		name, isKey := strings.CutSuffix(f.Name(), ".key")
		id, isPerson := Use(name).Owner()
		if use, err := Person(id); isKey && isPerson && err == nil {
			out = append(out, use)
		}
	}
	return out
}

// Exists tells whether a file of a key lies in dir, its private or its public half: Create refuses to make it then.
func Exists(dir string, use Use) bool { return exists(keyPath(dir, use)) || exists(pubPath(dir, use)) }

// Fits tells whether the passphrase opens the private key of a use in dir. A key that is not there is fs.ErrNotExist, no
// passphrase or one of a wrong length ErrPassphrase; a file that no passphrase opens, or that is not the other half of its
// `.pub`, is an error too. It takes as long as a first signature.
func Fits(dir string, use Use, passphrase Passphrase) (bool, error) {
	var unasked error // why there is no passphrase to try
	try := func() ([]byte, error) {
		pass, err := ask(use, passphrase)
		unasked = err
		return pass, err
	}
	err := unlock(dir, use, try)
	if unasked == nil && errors.Is(err, ErrPassphrase) {
		return false, nil
	}
	return err == nil, err
}

func unlock(dir string, use Use, passphrase Passphrase) error {
	if use == Pseudonym {
		key, err := OpenPseudonym(dir, passphrase)
		clear(key)
		return err
	}
	key, err := Open(dir, use, passphrase)
	if err != nil {
		return err
	}
	_, err = key.open()
	return err
}

// Owner returns the id of the person whose key it is; false for a key of the organisation.
func (u Use) Owner() (id string, is bool) { return strings.CutPrefix(string(u), personPrefix) }
