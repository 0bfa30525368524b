// Package strictjson reads JSON that others made, before any program trusts it: bounded in size and depth, UTF-8, one
// value, no key twice, no half file. What it returns is valid JSON, so that readers of files only deal with its meaning.
package strictjson

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/json/jsontext"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"waarborg/internal/say"
)

// Limits of one reading. A field that is zero or less means the default.
type Limits struct {
	Size  int64 // bytes, of the input and, if it is compressed, of what it unpacks to; default DefaultSize
	Depth int   // nested objects and arrays; default DefaultDepth, at most MaxDepth
}

// The limits that hold where nothing else is said.
const (
	DefaultSize  = 512 << 20
	DefaultDepth = 64
	MaxDepth     = 9_999 // jsontext itself stops at 10,000
)

func (l Limits) orDefaults() Limits {
	if l.Size <= 0 {
		l.Size = DefaultSize
	}
	if l.Depth <= 0 {
		l.Depth = DefaultDepth
	}
	l.Depth = min(l.Depth, MaxDepth)
	return l
}

// Error says why an input was refused. It never quotes the input, which may hold secrets or personal data.
type Error struct {
	Line, Column int      // 1-based, the column in characters; 0 where the place says nothing
	Msg          say.Text // one line: the name, the place, and what is wrong
	Hint         say.Text // what to do
	Err          error    // the cause, such as fs.ErrNotExist; nil if the input itself is the cause
}

// Error is the English text, for logs and tests.
func (e *Error) Error() string { return e.said().Error() }

// Unwrap returns what to say, with the cause.
func (e *Error) Unwrap() error { return e.said() }

func (e *Error) said() *say.Error { return &say.Error{Msg: e.Msg, Hint: e.Hint, Err: e.Err} }

// ReadFile reads the file at path with Read.
func ReadFile(path string, limits Limits) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, openError(path, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, refuse(path, say.Both("is a folder", "is een map"), say.Both("name the file in it",
			"noem het bestand dat erin staat"))
	}
	return Read(f, path, limits)
}

// Read reads all of r and returns one valid JSON value, without a byte order mark. Input whose name ends in .gz is
// unpacked first. The error is an *Error; name, usually the path, only serves it.
func Read(r io.Reader, name string, limits Limits) ([]byte, error) {
	limits = limits.orDefaults()
	data, err := readAll(r, name, limits.Size)
	if err != nil {
		return nil, err
	}
	if data, err = decodeText(data, name); err != nil {
		return nil, err
	}
	if err := checkValue(data, name, limits.Depth); err != nil {
		return nil, err
	}
	return data, nil
}

// readAll reads at most size bytes, of the input and of what it unpacks to: a few kilobytes of gzip can unpack to
// gigabytes.
func readAll(r io.Reader, name string, size int64) ([]byte, error) {
	if strings.EqualFold(filepath.Ext(name), ".gz") {
		packed, err := gzip.NewReader(io.LimitReader(r, size))
		if err != nil {
			return nil, refuse(name, say.Both("is not gzip, though its name ends in .gz",
				"is geen gzip, terwijl de naam op .gz eindigt"),
				say.Both("give it the name that fits its content, or make it again",
					"geef het een naam die past bij de inhoud, of maak het opnieuw"))
		}
		r = packed
	}
	data, err := io.ReadAll(io.LimitReader(r, size+1))
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, refuse(name, endsEarly, cutOff)
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.As(err, &corrupt):
		return nil, refuse(name, say.Both("is damaged gzip", "is beschadigde gzip"),
			say.Both("make it again, or copy it again", "maak het opnieuw, of kopieer het opnieuw"))
	case err != nil:
		e := refuse(name, say.Both("could not be read", "kon niet worden gelezen"),
			say.Both("check that the file and its disk are in order", "kijk of het bestand en de schijf in orde zijn"))
		e.Err = err
		return nil, e
	case int64(len(data)) > size:
		limit := max(size>>20, 1)
		return nil, refuse(name, say.Both("is larger than the limit of %d MiB", "is groter dan de grens van %d MiB", limit),
			say.Both("split it, or raise the limit", "splits het, of verhoog de grens"))
	}
	return data, nil
}

// decodeText refuses what is not UTF-8 and drops a UTF-8 byte order mark. Windows PowerShell's `>` writes UTF-16.
func decodeText(data []byte, name string) ([]byte, error) {
	hint := say.Both("save it as UTF-8", "sla het op als UTF-8")
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE, 0, 0}), bytes.HasPrefix(data, []byte{0, 0, 0xFE, 0xFF}):
		return nil, refuse(name, say.Both("is UTF-32", "is geen UTF-8 maar UTF-32"), hint)
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return nil, refuse(name, say.Both("is UTF-16", "is geen UTF-8 maar UTF-16"), hint)
	case bytes.IndexByte(data[:min(4, len(data))], 0) >= 0:
		// JSON starts with an ASCII character, so a zero byte this early is the other half of one.
		return nil, refuse(name, say.Both("is UTF-16, UTF-32 or not text at all", "is UTF-16, UTF-32 of helemaal geen tekst"), hint)
	}
	data = bytes.TrimPrefix(data, []byte{0xEF, 0xBB, 0xBF})
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, refuse(name, say.Both("is empty", "is leeg"),
			say.Both("check that the tool that makes it ended well, and make it again",
				"kijk of het programma dat het maakt goed is geëindigd, en maak het opnieuw"))
	}
	if !utf8.Valid(data) {
		return nil, refuseAt(name, data, invalidAt(data), say.Both("is not UTF-8", "is geen UTF-8"), hint)
	}
	return data, nil
}

// invalidAt is the offset of the first byte that is not UTF-8.
func invalidAt(data []byte) int64 {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return int64(i)
		}
		i += n
	}
	return int64(len(data))
}

// checkValue walks the tokens of data: exactly one value, not too deep, no key twice in an object.
func checkValue(data []byte, name string, depth int) error {
	dec := jsontext.NewDecoder(bytes.NewBuffer(data)) // of a bytes.Buffer it makes no copy
	for {
		tok, err := dec.ReadToken()
		if err != nil {
			return tokenError(name, data, err)
		}
		if k := tok.Kind(); (k == '{' || k == '[') && dec.StackDepth() > depth {
			return refuseAt(name, data, dec.InputOffset()-1,
				say.Both("is nested deeper than %d levels", "is dieper genest dan %d niveaus", depth),
				say.Both("check that this is the file you meant; no report that is read here is that deep",
					"kijk of dit het bedoelde bestand is; niets dat hier wordt gelezen, is zo diep"))
		}
		if dec.StackDepth() == 0 {
			break
		}
	}
	end := dec.InputOffset()
	if rest := bytes.TrimLeft(data[end:], " \t\r\n"); len(rest) > 0 {
		return refuseAt(name, data, int64(len(data)-len(rest)), say.Both("something follows the JSON value",
			"er volgt nog iets na de JSON-waarde"),
			say.Both("put one JSON value in a file, and no other output such as warnings",
				"zet één JSON-waarde in een bestand, en geen andere uitvoer zoals waarschuwingen"))
	}
	return nil
}

func tokenError(name string, data []byte, err error) *Error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		at := int64(len(data))
		if errors.As(err, &syntax) {
			at = syntax.ByteOffset
		}
		return refuseAt(name, data, at, say.Both("an object has the same key twice", "een object heeft twee keer dezelfde sleutel"),
			say.Both("remove one of them: programs differ in which one they take",
				"haal er een weg: programma's verschillen in welke ze nemen"))
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return refuseAt(name, data, int64(len(data)), endsEarly, cutOff)
	case errors.As(err, &syntax):
		return refuseAt(name, data, syntax.ByteOffset, say.Both("is not valid JSON here", "is hier geen geldige JSON"),
			say.Both("make it again with the tool it comes from, rather than mend it by hand",
				"maak het opnieuw met het programma waar het vandaan komt, in plaats van het met de hand te herstellen"))
	}
	return refuse(name, say.Both("is not valid JSON", "is geen geldige JSON"),
		say.Both("make it again with the tool it comes from", "maak het opnieuw met het programma waar het vandaan komt"))
}

func openError(path string, err error) *Error {
	e := refuse(path, say.Both("could not be opened", "kon niet worden geopend"), say.Both("check the path", "controleer het pad"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e = refuse(path, say.Both("does not exist", "bestaat niet"),
			say.Both("check the path, or make the file first", "controleer het pad, of maak het bestand eerst"))
	case errors.Is(err, fs.ErrPermission):
		e = refuse(path, say.Both("may not be read by this account", "mag door dit account niet worden gelezen"),
			say.Both("give this account permission to read it", "geef dit account recht om het te lezen"))
	}
	e.Err = err
	return e
}

var (
	endsEarly = say.Both("ends in the middle", "houdt halverwege op")
	cutOff    = say.Both("make it again; its writing was cut off", "maak het opnieuw; het schrijven is afgebroken")
)

func refuse(name string, msg, hint say.Text) *Error {
	return &Error{Msg: say.Both("%s: %s", "%s: %s", printable(name), msg), Hint: hint}
}

func refuseAt(name string, data []byte, offset int64, msg, hint say.Text) *Error {
	before := data[:max(0, min(offset, int64(len(data))))]
	line := bytes.Count(before, []byte{'\n'}) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return &Error{Line: line, Column: column, Msg: say.Both("%s:%d:%d: %s",
		"%s:%d:%d: %s", printable(name), line, column, msg), Hint: hint}
}

// printable keeps an error on one line, whatever a file is called.
func printable(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}
