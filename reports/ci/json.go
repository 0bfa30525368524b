package ci

import (
	"bytes"
	_ "embed"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"io"

	"waarborg/internal/gate"
)

//go:embed schema/gate.schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of what JSON writes. It is strict: what it does not name may not be there.
func Schema() []byte { return bytes.Clone(schema) }

// stream is JSON in the making: the first error stays, so that only the end need look at it.
type stream struct {
	*jsontext.Encoder
	err error
}

func newStream(w io.Writer) *stream { return &stream{Encoder: jsontext.NewEncoder(&visible{w: w})} }

func (s *stream) token(tokens ...jsontext.Token) {
	for _, t := range tokens {
		if s.err == nil {
			s.err = s.WriteToken(t)
		}
	}
}

func (s *stream) value(v any) {
	if s.err == nil {
		s.err = json.MarshalEncode(s.Encoder, v, json.Deterministic(true))
	}
}

func (s *stream) member(key string, v any) {
	s.token(jsontext.String(key))
	s.value(v)
}

func (s *stream) open(key string) { s.token(jsontext.String(key), jsontext.BeginArray) }

func (s *stream) close() { s.token(jsontext.EndArray) }

// each calls f for every outcome until an error.
func (s *stream) each(all gate.Outcomes, f func(o *gate.Outcome)) {
	if s.err != nil {
		return
	}
	for o, err := range all {
		if err != nil {
			s.err = err
		} else {
			f(&o)
		}
		if s.err != nil {
			return
		}
	}
}

// JSON writes the report and all outcomes as one object of the form waarborg.gate/v1. Values are as they are; what controls a
// terminal or reorders text is an escape in them.
func JSON(w io.Writer, r *gate.Report, all gate.Outcomes, _ Options) error {
	head := *r
	head.Schema = gate.Schema
	raw, err := json.Marshal(&head, json.Deterministic(true))
	if err != nil {
		return err
	}
	s := newStream(w)
	s.token(jsontext.BeginObject)
	d := jsontext.NewDecoder(bytes.NewReader(raw))
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != '}' && s.err == nil {
		var v jsontext.Value
		if v, s.err = d.ReadValue(); s.err == nil {
			s.err = s.WriteValue(v)
		}
	}
	s.open("results")
	s.each(all, func(o *gate.Outcome) { s.value(o) })
	s.close()
	s.token(jsontext.EndObject)
	return s.err
}
