package strictjson

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
)

// Canonical returns the canonical JSON (RFC 8785) of a value: the one form of it that is hashed, signed and compared. The
// error is that of a text that is not UTF-8, or of a value that JSON does not have.
func Canonical(v any) (jsontext.Value, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	value := jsontext.Value(raw)
	err = value.Canonicalize()
	return value, err
}
