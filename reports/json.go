package reports

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"io"
)

// JSON writes a value as indented JSON with sorted keys and a newline: the same value gives the same bytes.
func JSON(w io.Writer, v any) error {
	if err := json.MarshalWrite(w, v, json.Deterministic(true), jsontext.WithIndent("  ")); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
