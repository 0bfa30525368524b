package sign

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
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
		return nil, &Error{Msg: "cannot read key file " + path, Hint: "check who may read it", Err: err}
	}
	defer f.Close()
	st, err := f.Stat() // of the opened file, so that it cannot be exchanged in between
	if err != nil || !st.Mode().IsRegular() {
		return nil, &Error{Msg: path + " is not a file", Hint: "put the key's file there", Err: err}
	}
	if st.Mode().Perm()&0o077 != 0 {
		return nil, &Error{Msg: fmt.Sprintf("key file %s may be read by others (mode %04o)", path, st.Mode().Perm()),
			Hint: "run: chmod 600 " + path, Err: fs.ErrPermission}
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err != nil || len(text) > maxKeyFile {
		return nil, &Error{Msg: path + " is not a key file", Hint: "put the original back from a backup", Err: err}
	}
	return text, nil
}

func prepareDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return &Error{Msg: "cannot make folder " + dir, Hint: "check who may write there", Err: err}
	}
	st, err := os.Stat(dir)
	if err != nil {
		return &Error{Msg: "cannot read folder " + dir, Hint: "check who may read it", Err: err}
	}
	if st.Mode().Perm()&0o077 != 0 {
		return &Error{Msg: fmt.Sprintf("folder %s is open to others (mode %04o)", dir, st.Mode().Perm()),
			Hint: "run: chmod 700 " + dir, Err: fs.ErrPermission}
	}
	return nil
}

// ask gets the passphrase. The caller overwrites it.
func ask(use Use, passphrase Passphrase) ([]byte, error) {
	if passphrase == nil {
		return nil, &Error{Msg: fmt.Sprintf("the %s key needs a passphrase, and none is configured", use), Hint: "name it in `keys` of waarborg.yaml", Err: ErrPassphrase}
	}
	pass, err := passphrase()
	if err != nil {
		return nil, &Error{Msg: fmt.Sprintf("the passphrase of the %s key could not be had", use), Hint: "check the reference in `keys` of waarborg.yaml", Err: err}
	}
	if len(pass) < MinPassphrase || len(pass) > MaxPassphrase {
		clear(pass)
		return nil, &Error{Msg: fmt.Sprintf("the passphrase of the %s key has the wrong length", use),
			Hint: fmt.Sprintf("use %d to %d bytes", MinPassphrase, MaxPassphrase), Err: ErrPassphrase}
	}
	return pass, nil
}

func missing(path string, use Use, dir string) error {
	hint := "make it with `waarborg keys init`"
	if dir != "" {
		if _, err := os.Lstat(keyPath(dir, use)); err == nil {
			hint = "put it back from a backup; the private key beside it still holds it"
		}
	}
	return &Error{Msg: fmt.Sprintf("there is no %s key: %s is missing", use, path), Hint: hint, Err: fs.ErrNotExist}
}

func existsError(path string) error {
	return &Error{Msg: path + " is there already; a key is never overwritten",
		Hint: "move it away only if nothing signed with it needs it any more", Err: fs.ErrExist}
}

func wrongPassphrase(path string) error {
	return &Error{Msg: "the passphrase does not open " + path, Hint: "check the passphrase; if it is right, the file is damaged: put it back from a backup", Err: ErrPassphrase}
}
