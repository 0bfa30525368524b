package inventory

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"reflect"
	"strings"
)

// Schema returns the JSON Schema of a kind's facts as a rule sees them, with the terms beside them. It is generated
// from the Go type, so the two cannot drift; a test holds the copies in policies/schemas to it.
func Schema(a Attributes) ([]byte, error) {
	s := structSchema(reflect.TypeOf(a).Elem())
	s["$schema"] = "http://json-schema.org/draft-07/schema#"
	s["title"] = string(a.Kind())
	s["properties"].(map[string]any)["terms"] = map[string]any{
		"type":        "object",
		"description": "the terms in force that the rule names",
	}
	raw, err := json.Marshal(s, json.Deterministic(true), jsontext.WithIndent("  "))
	return append(raw, '\n'), err
}

func structSchema(t reflect.Type) map[string]any {
	props := map[string]any{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if fact, ok := reflect.Zero(f.Type).Interface().(anyFact); ok {
			// anyOf rather than a list of types: OPA's type checker reads only the first type of such a list.
			props[name] = map[string]any{"anyOf": []any{valueSchema(reflect.TypeOf(fact.element())), map[string]any{"type": "null"}}}
			continue
		}
		props[name] = valueSchema(f.Type)
	}
	return map[string]any{"type": "object", "properties": props, "additionalProperties": false}
}

func valueSchema(t reflect.Type) map[string]any {
	switch t.Kind() {
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int:
		return map[string]any{"type": "integer"}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": valueSchema(t.Elem())}
	default:
		return structSchema(t)
	}
}
