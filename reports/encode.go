package reports

import (
	"bytes"
	"encoding/json/v2"
	"errors"
	"fmt"
	"slices"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/strictjson"
)

// Canonical returns the canonical JSON (RFC 8785) of a value: the form in which reports carry their data, so that the same
// assessment gives the same bytes.
func Canonical(v any) ([]byte, error) {
	value, err := strictjson.Canonical(v)
	if err != nil {
		return nil, fmt.Errorf("encoding a report's data: %w", err)
	}
	return value, nil
}

// ErrForm says that data are not what a report carries: not JSON, of another form, or not canonical.
var ErrForm = errors.New("the data are not of the form that a report carries")

// ParseDocument reads the canonical JSON of a Document. Anything else, such as an unknown key, is ErrForm, and so is a
// customer's document that has clauses about an application as not applicable, and that application as taken.
func ParseDocument(raw []byte) (Document, error) {
	var d Document
	if err := ParseStrict(raw, &d); err != nil || d.Schema != DocumentSchema {
		return Document{}, ErrForm
	}
	if d.Customer == nil {
		return d, nil
	}
	without, err := dpa.CoverageNotTakenBy(d.Coverage)
	if err != nil {
		return Document{}, err
	}
	if slices.ContainsFunc(without, func(app string) bool { return slices.Contains(d.Applications, app) }) {
		return Document{}, ErrForm
	}
	return d, nil
}

// ParseResults reads the canonical JSON of results. Anything else, such as an unknown key, is ErrForm.
func ParseResults(raw []byte) (assess.Results, error) {
	var r assess.Results
	if err := ParseStrict(raw, &r); err != nil || r.Schema != assess.ResultsSchema {
		return assess.Results{}, ErrForm
	}
	return r, nil
}

// ParseStrict reads canonical JSON: what is read must give the same bytes when written again. Else it is ErrForm.
func ParseStrict(raw []byte, into any) error {
	if err := json.Unmarshal(raw, into, json.RejectUnknownMembers(true)); err != nil {
		return ErrForm
	}
	again, err := Canonical(into)
	if err != nil || !bytes.Equal(again, raw) {
		return ErrForm
	}
	return nil
}

// ReleaseDigest is what the two people of a release sign: everything in the document but the release itself, and with it
// the results and the evidence, whose digests are in Files.
func (d Document) ReleaseDigest() (string, error) {
	d.Release = nil
	return dpa.Digest("waarborg.release/v1", d)
}

// ReadResults reads results in any layout of JSON, as `check --format json` prints them. Unknown keys and other forms are
// ErrForm. Who relies on them has to know where they come from.
func ReadResults(raw []byte) (assess.Results, error) {
	var r assess.Results
	if err := json.Unmarshal(raw, &r, json.RejectUnknownMembers(true)); err != nil || r.Schema != assess.ResultsSchema {
		return assess.Results{}, ErrForm
	}
	return r, nil
}
