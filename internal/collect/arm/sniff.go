package arm

import (
	"bytes"
	"encoding/json/jsontext"
	"strings"
)

// Is tells by the beginning of a file, of some kilobytes or all of it, whether it is an ARM template or an outcome of
// what-if. It decides on top-level keys alone; what is beyond the beginning is not asked for.
func Is(head []byte) (format string, ok bool) {
	dec := jsontext.NewDecoder(bytes.NewReader(bytes.TrimPrefix(head, []byte("\uFEFF"))))
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != '{' {
		return "", false
	}
	seen := map[string]bool{}
	empty := false // a list of changes with nothing in it
	for {
		tok, err := dec.ReadToken()
		if err != nil || tok.Kind() != '"' {
			break
		}
		key := strings.ToLower(tok.String())
		switch seen[key] = true; {
		case key == "$schema":
			tok, err := dec.ReadToken()
			if err != nil {
				return "", false
			}
			if tok.Kind() == '"' && isTemplateSchema(tok.String()) {
				return Template, true
			}
			return "", false
		case key == "changes":
			var is bool
			if is, empty = areChanges(dec); is {
				return WhatIf, true
			} else if !empty {
				return "", false
			}
			continue
		case key == "properties":
			if holdsChanges(dec) {
				return WhatIf, true
			}
			return "", false
		}
		if dec.SkipValue() != nil {
			break
		}
	}
	switch {
	case empty && (seen["status"] || seen["potentialchanges"] || seen["diagnostics"]):
		return WhatIf, true
	case seen["contentversion"] && seen["resources"]:
		return Template, true
	}
	return "", false
}

// isTemplateSchema tells a template's schema, of any scope and any year, from that of a parameters file.
func isTemplateSchema(schema string) bool {
	schema = strings.ToLower(strings.TrimRight(schema, "#"))
	return strings.Contains(schema, "schema.management.azure.com/") && strings.HasSuffix(schema, "deploymenttemplate.json")
}

// areChanges looks at the first element of a list. After an empty list the decoder stands behind it.
func areChanges(dec *jsontext.Decoder) (are, empty bool) {
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != '[' {
		return false, false
	}
	if dec.PeekKind() == ']' {
		_, err := dec.ReadToken()
		return false, err == nil
	}
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != '{' {
		return false, false
	}
	seen := map[string]bool{}
	for {
		tok, err := dec.ReadToken()
		if err != nil || tok.Kind() != '"' {
			break
		}
		seen[strings.ToLower(tok.String())] = true
		if seen["resourceid"] && seen["changetype"] || seen["after"] && seen["before"] {
			return true, false
		}
		if dec.SkipValue() != nil {
			return seen["after"] || seen["before"] || seen["changetype"], false // a long value, cut off
		}
	}
	return seen["changetype"], false
}

// holdsChanges looks for a list of changes in an object, as the answer of the service itself has it.
func holdsChanges(dec *jsontext.Decoder) bool {
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != '{' {
		return false
	}
	for {
		tok, err := dec.ReadToken()
		if err != nil || tok.Kind() != '"' {
			return false
		}
		if strings.EqualFold(tok.String(), "changes") {
			are, empty := areChanges(dec)
			return are || empty
		}
		if dec.SkipValue() != nil {
			return false
		}
	}
}
