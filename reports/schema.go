package reports

import (
	"embed"
	"strings"
)

//go:embed schema/*.schema.json
var schemas embed.FS

// Schema returns the JSON Schema (draft 2020-12) of a form by its name, such as "waarborg.results/v1", and nil where there
// is none. The schemas are strict: what they do not name may not be there.
func Schema(name string) []byte {
	form, ok := strings.CutPrefix(name, "waarborg.")
	if !ok {
		return nil
	}
	raw, err := schemas.ReadFile("schema/" + strings.ReplaceAll(form, "/", "-") + ".schema.json")
	if err != nil {
		return nil
	}
	return raw
}
