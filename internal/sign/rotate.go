package sign

import (
	"encoding/json/v2"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"encoding/json/jsontext"

	"waarborg/internal/say"
)

// Retirement says from when on a key's signatures do not count any more.
type Retirement struct {
	At               time.Time
	CompromisedSince time.Time // zero: never in the hands of others. Else only signatures that are provably older count
}

// retirement is the file `retired/<key id>.json`. The public half lies beside it.
type retirement struct {
	KeyID            string    `json:"key_id"`
	Use              Use       `json:"use"`
	RetiredAt        time.Time `json:"retired_at"`
	CompromisedSince time.Time `json:"compromised_since,omitzero"`
}

// Rotate makes a new key in the place of the present one. Of the old key the public half, its certificate and its
// retirement go into `retired`; its private key is deleted, or with keep moved there. It is for evidence and people's keys.
//
// `<use>.pub` says which key is the present one. It is replaced in one step, when the new private key is written and the old
// key is known as retired. So after a crash at any moment there is a present key that signs, and the old one is known;
// the next Rotate clears away what was left. The certificate of a new evidence key is made by EnsureCertificate.
func Rotate(dir string, use Use, r Retirement, keep bool, passphrase Passphrase, rnd io.Reader) (old, new Public, err error) {
	return rotate(dir, use, r, keep, func() (Public, error) {
		private, public, err := generate(use, rnd)
		if err != nil {
			return Public{}, err
		}
		text, err := encrypt(private, use, passphrase)
		if err != nil {
			return Public{}, err
		}
		return public, save(stagedPath(dir, use, public), 0o600, text)
	})
}

// RotateTo is Rotate for an evidence key that is kept elsewhere, by its public half.
func RotateTo(dir string, next Public, r Retirement, keep bool) (old Public, err error) {
	if next.Algorithm != ECDSAP256 {
		return Public{}, badPublic(say.Both("an evidence key is ECDSA P-256", "een evidence-sleutel is ECDSA P-256"), nil)
	}
	old, _, err = rotate(dir, Evidence, r, keep, func() (Public, error) { return next, nil })
	return old, err
}

// Pin keeps the public half of an evidence key that is kept elsewhere, so that reading what it signed needs nothing else.
// It never overwrites: fs.ErrExist.
func Pin(dir string, public Public) error {
	if public.Algorithm != ECDSAP256 {
		return badPublic(say.Both("an evidence key is ECDSA P-256", "een evidence-sleutel is ECDSA P-256"), nil)
	}
	if err := prepareDir(dir); err != nil {
		return err
	}
	return save(pubPath(dir, Evidence), 0o644, public.PEM())
}

func rotate(dir string, use Use, r Retirement, keep bool, stage func() (Public, error)) (old, new Public, err error) {
	if use == Pseudonym || use == Checkpoint {
		return old, new, &say.Error{Msg: say.Both("the %s key cannot be rotated", "de sleutel %s kan niet worden vervangen", use),
			Hint: say.Both("rotate the evidence key or a person's", "vervang de evidence-sleutel of die van een persoon")}
	}
	if old, err = LoadPublic(dir, use); err != nil {
		return old, new, err
	}
	if err := settle(dir, use, old); err != nil {
		return old, new, err
	}
	if new, err = stage(); err != nil {
		return old, new, err
	}
	if now, err := LoadPublic(dir, use); err != nil || !now.Equal(old) || new.Equal(old) {
		return old, new, errors.Join(err, &say.Error{Msg: say.Both("the %s key is the new one already, or was changed meanwhile",
			"de sleutel %s is al de nieuwe, of is intussen gewijzigd", use),
			Hint: say.Both("look at it with `waarborg keys show`", "bekijk hem met `waarborg keys show`")})
	}
	if err := retire(dir, use, old, r); err != nil {
		return old, new, err
	}
	if err := replace(pubPath(dir, use), 0o644, new.PEM()); err != nil {
		return old, new, err
	}
	return old, new, discard(dir, use, old, new, keep)
}

// discard takes the old private key away, and gives the new one, if it is here, its usual name.
func discard(dir string, use Use, old, new Public, keep bool) error {
	key := keyPath(dir, use)
	if keep && exists(key) {
		if err := os.Link(key, filepath.Join(retiredDir(dir), old.ID+".key")); err != nil && !errors.Is(err, fs.ErrExist) {
			return cannot(say.Both("cannot keep the old key: %s", "kan de oude sleutel niet bewaren: %s", key), err)
		}
	}
	if staged := stagedPath(dir, use, new); exists(staged) {
		if err := os.Rename(staged, key); err != nil {
			return cannot(say.Both("cannot name the new key: %s", "kan de nieuwe sleutel niet haar naam geven: %s", key), err)
		}
		return nil
	}
	if err := os.Remove(key); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cannot(say.Both("cannot delete the old key: %s", "kan de oude sleutel niet verwijderen: %s", key), err)
	}
	return nil
}

// settle ends a rotation that was cut short: a staged key that became the present one gets its usual name, and others,
// which never signed anything, go.
func settle(dir string, use Use, present Public) error {
	staged, err := filepath.Glob(escape(keyPath(dir, use)) + "." + strings.Repeat("[0-9a-f]", len(present.ID)))
	if err != nil {
		return err
	}
	for _, path := range staged {
		if path == stagedPath(dir, use, present) {
			err = os.Rename(path, keyPath(dir, use))
		} else {
			err = os.Remove(path)
		}
		if err != nil {
			return cannot(say.Both("cannot clear away: %s", "kan niet opruimen: %s", path), err)
		}
	}
	return nil
}

// escape makes a path a pattern that matches it alone.
func escape(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// retire writes what is to be known of the old key. The retirement itself comes last: it says that the rest is there.
func retire(dir string, use Use, old Public, r Retirement) error {
	if err := prepareDir(retiredDir(dir)); err != nil {
		return err
	}
	base := filepath.Join(retiredDir(dir), old.ID)
	if err := replace(base+".pub", 0o644, old.PEM()); err != nil {
		return err
	}
	if use == Evidence {
		chain, err := LoadCertificate(dir, old)
		switch {
		case err == nil:
			err = replace(base+".crt", 0o644, ChainPEM(chain))
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, errOtherKey):
			err = nil // it has none
		}
		if err != nil {
			return err
		}
	}
	doc := retirement{KeyID: old.ID, Use: use, RetiredAt: r.At.UTC().Truncate(time.Second), CompromisedSince: r.CompromisedSince.UTC().Truncate(time.Second)}
	text, err := json.Marshal(doc, jsontext.Multiline(true))
	if err != nil {
		return err
	}
	return replace(base+".json", 0o644, append(text, '\n'))
}

func cannot(what say.Text, err error) error {
	return &say.Error{Msg: what, Hint: say.Both("check who may write in its folder, and run the command again",
		"controleer wie in die map mag schrijven, en voer het commando opnieuw uit"), Err: err}
}

func retiredDir(dir string) string { return filepath.Join(dir, "retired") }

// stagedPath is where a rotation puts a new private key until it is the present one.
func stagedPath(dir string, use Use, public Public) string {
	return keyPath(dir, use) + "." + public.ID
}
