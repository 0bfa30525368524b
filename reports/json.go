package reports

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
)

// JSON writes a value as indented JSON with sorted keys and a newline: the same value gives the same bytes. It may land on a
// terminal, so what in names of the outside controls one, or reorders text, is written as an escape; the value is the same.
func JSON(w io.Writer, v any) error {
	raw, err := json.Marshal(v, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	var out bytes.Buffer
	out.Grow(len(raw) + 1)
	for _, r := range string(raw) {
		if r < 0x7f || !unicode.IsControl(r) && !unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&out, `\u%04x`, unit)
		}
	}
	out.WriteByte('\n')
	_, err = out.WriteTo(w)
	return err
}
