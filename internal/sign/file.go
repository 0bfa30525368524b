package sign

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"waarborg/internal/say"
)

// maxKeyFile is far above the size of any key file, in bytes.
const maxKeyFile = 64 << 10

// readKeyFile reads a private key's file if nobody else may.
func readKeyFile(path string, use Use) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing(path, use, "")
	}
	if err != nil {
		return nil, &say.Error{Msg: say.Both("cannot read key file %s", "kan sleutelbestand %s niet lezen", path),
			Hint: say.Both("check who may read it", "controleer wie het mag lezen"), Err: err}
	}
	defer f.Close()
	st, err := f.Stat() // of the opened file, so that it cannot be exchanged in between
	if err != nil || !st.Mode().IsRegular() {
		return nil, &say.Error{Msg: say.Both("%s is not a file", "%s is geen bestand", path),
			Hint: say.Both("put the key's file there", "zet het bestand van de sleutel daar neer"), Err: err}
	}
	if st.Mode().Perm()&0o077 != 0 {
		return nil, &say.Error{Msg: say.Both("key file %s may be read by others (mode %04o)",
			"sleutelbestand %s mag door anderen worden gelezen (mode %04o)", path, st.Mode().Perm()),
			Hint: say.Both("run: chmod 600 %s", "voer uit: chmod 600 %s", path), Err: fs.ErrPermission}
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err != nil || len(text) > maxKeyFile {
		return nil, &say.Error{Msg: say.Both("%s is not a key file", "%s is geen sleutelbestand", path),
			Hint: say.Both("put the original back from a backup", "zet het origineel terug uit een back-up"), Err: err}
	}
	return text, nil
}

func prepareDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return &say.Error{Msg: say.Both("cannot make folder %s", "kan map %s niet maken", dir),
			Hint: say.Both("check who may write there", "controleer wie daar mag schrijven"), Err: err}
	}
	st, err := os.Stat(dir)
	if err != nil {
		return &say.Error{Msg: say.Both("cannot read folder %s", "kan map %s niet lezen", dir),
			Hint: say.Both("check who may read it", "controleer wie het mag lezen"), Err: err}
	}
	if st.Mode().Perm()&0o077 != 0 {
		return &say.Error{Msg: say.Both("folder %s is open to others (mode %04o)",
			"map %s staat open voor anderen (mode %04o)", dir, st.Mode().Perm()),
			Hint: say.Both("run: chmod 700 %s", "voer uit: chmod 700 %s", dir), Err: fs.ErrPermission}
	}
	return nil
}

// ask gets the passphrase. The caller overwrites it.
func ask(use Use, passphrase Passphrase) ([]byte, error) {
	if passphrase == nil {
		return nil, &say.Error{Msg: say.Both("the %s key needs a passphrase, and none is configured",
			"de sleutel %s heeft een wachtzin nodig, en er is er geen ingesteld", use),
			Hint: say.Both("name it in `keys` of waarborg.yaml", "noem die onder `keys` in waarborg.yaml"), Err: ErrPassphrase}
	}
	pass, err := passphrase()
	if _, _, ok := say.In(err, "en"); ok {
		return nil, err // it says itself what to do
	}
	if err != nil {
		return nil, &say.Error{Msg: say.Both("the passphrase of the %s key could not be had",
			"de wachtzin van de sleutel %s is niet te krijgen", use),
			Hint: say.Both("check the reference in `keys` of waarborg.yaml",
				"controleer de verwijzing onder `keys` in waarborg.yaml"), Err: err}
	}
	if len(pass) < MinPassphrase || len(pass) > MaxPassphrase {
		clear(pass)
		return nil, &say.Error{Msg: say.Both("the passphrase of the %s key has the wrong length",
			"de wachtzin van de sleutel %s heeft niet de goede lengte", use),
			Hint: say.Both("use %d to %d bytes", "gebruik %d tot %d bytes", MinPassphrase, MaxPassphrase), Err: ErrPassphrase}
	}
	return pass, nil
}

func missing(path string, use Use, dir string) error {
	hint := say.Both("make it with `waarborg keys init`", "maak hem met `waarborg keys init`")
	if dir != "" {
		if _, err := os.Lstat(keyPath(dir, use)); err == nil {
			hint = say.Both("put it back from a backup; the private key beside it still holds it",
				"zet hem terug uit een back-up; de privésleutel ernaast bevat hem nog")
		}
	}
	return &say.Error{Msg: say.Both("there is no %s key: %s is missing",
		"er is geen sleutel %s: %s ontbreekt", use, path), Hint: hint, Err: fs.ErrNotExist}
}

func existsError(path string) error {
	return &say.Error{Msg: say.Both("%s is there already; a key is never overwritten",
		"%s bestaat al; een sleutel wordt nooit overschreven", path),
		Hint: say.Both("move it away only if nothing signed with it needs it any more",
			"verplaats het alleen als niets wat ermee is ondertekend het nog nodig heeft"), Err: fs.ErrExist}
}

func wrongPassphrase(path string) error {
	return &say.Error{Msg: say.Both("the passphrase does not open %s", "de wachtzin past niet op %s", path),
		Hint: say.Both("check the passphrase; if it is right, the file is damaged: put it back from a backup",
			"controleer de wachtzin; klopt die, dan is het bestand beschadigd: zet het terug uit een back-up"), Err: ErrPassphrase}
}
