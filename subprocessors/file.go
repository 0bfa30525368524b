package subprocessors

import (
	"bytes"
	"encoding/json/v2"
	"io"
	"os"

	"waarborg/internal/durable"
	"waarborg/internal/say"
	"waarborg/internal/strictjson"
)

// MaxSize is how large a file may be, in bytes.
const MaxSize = 8 << 20

// maxDepth is how deep its objects and arrays nest: file, export, entries, entry, regions, list.
const maxDepth = 6

// document is the file.
type document struct {
	Register Export `json:"register"`
	Seal     Seal   `json:"seal"`
}

// Write checks an export, has it sealed, and writes the file.
func Write(w io.Writer, e Export, seal func(message []byte) (Seal, error)) (Seal, error) {
	if err := e.Check(); err != nil {
		return Seal{}, err
	}
	message, err := e.Message()
	if err != nil {
		return Seal{}, err
	}
	sealed, err := seal(message)
	if err != nil {
		return Seal{}, err
	}
	raw, err := encode(document{e, sealed})
	if err != nil {
		return Seal{}, err
	}
	if len(raw) > MaxSize {
		return Seal{}, wrong(say.Both("it is larger than %d bytes", "hij is groter dan %d bytes", MaxSize))
	}
	_, err = w.Write(raw)
	return sealed, err
}

// WriteFile is Write into a file that others may read, in the place of an earlier one; whole or not at all.
func WriteFile(path string, e Export, seal func(message []byte) (Seal, error)) (sealed Seal, err error) {
	err = durable.Replace(path, 0o644, func(w io.Writer) error {
		sealed, err = Write(w, e, seal)
		return err
	})
	return sealed, err
}

// Read reads a file exactly in the form that Write gives it, and checks all of it. verify gets the signed message, and returns nil
// only for an intact seal of a key that is trusted; its error is found with errors.Is, and with it comes the export, for a
// reader that wants to tell whose it says it is. name only serves errors.
func Read(r io.Reader, name string, verify func(message []byte, seal Seal) error) (Export, Seal, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return Export{}, Seal{}, unreadable(name, err)
	}
	value, err := strictjson.Read(bytes.NewReader(raw), name, strictjson.Limits{Size: MaxSize, Depth: maxDepth})
	if err != nil {
		return Export{}, Seal{}, err
	}
	var d document
	if err := json.Unmarshal(value, &d, json.RejectUnknownMembers(true)); err != nil {
		return Export{}, Seal{}, notOurs(name, err)
	}
	// What reads the same but is written otherwise would be a second form of what was signed.
	if want, err := encode(d); err != nil || !bytes.Equal(raw, want) {
		return Export{}, Seal{}, notOurs(name, err)
	}
	message, err := d.Register.Message()
	if err != nil {
		return Export{}, Seal{}, err
	}
	if err := d.Register.Check(); err != nil {
		return Export{}, Seal{}, err
	}
	return d.Register, d.Seal, verify(message, d.Seal)
}

// ReadFile is Read of a file.
func ReadFile(path string, verify func(message []byte, seal Seal) error) (Export, Seal, error) {
	f, err := os.Open(path)
	if err != nil {
		return Export{}, Seal{}, unreadable(path, err)
	}
	defer f.Close()
	return Read(f, path, verify)
}

func encode(d document) ([]byte, error) {
	raw, err := strictjson.Canonical(d)
	return append(raw, '\n'), err
}

func unreadable(path string, err error) error {
	return &say.Error{Msg: say.Both("cannot read register export %q", "kan registerexport %q niet lezen", path),
		Hint: say.Both("check the name and who may read it", "controleer de naam en wie hem mag lezen"), Err: err}
}

func notOurs(name string, err error) error {
	return &say.Error{Msg: say.Both("%q is not a register export", "%q is geen registerexport", name), Hint: again(), Err: err}
}
