package dpa

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"io"
	"time"

	"waarborg/internal/say"
	"waarborg/internal/strictjson"
)

// AttestationSchema names the format of an attestation's file.
const AttestationSchema = "waarborg.attestation/v1"

// Attestation is a person's signed statement that a measure is in place which no system can show, with the evidence
// that the person saw. It proves something for as long as it is valid and not a day longer.
type Attestation struct {
	Statement
	Signatures []Signature
}

// Statement is what the person signs.
type Statement struct {
	ID          string    `json:"id"`                  // names the file: attestations/<id>.json
	Clauses     []string  `json:"clauses"`             // ids of the clauses it speaks of
	StatementEN string    `json:"statement_en"`        // free text without personal data
	StatementNL string    `json:"statement_nl"`        // the same in Dutch
	By          string    `json:"by"`                  // id of a person in `people`, who must sign
	Role        string    `json:"role"`                // in which role: security officer
	Evidence    Evidence  `json:"evidence"`            // what the person relied on
	MadeAt      time.Time `json:"made_at"`             // UTC, to the second
	ValidUntil  Date      `json:"valid_until"`         // the last day it holds, at most MaxAttestationYears after MadeAt
	Customers   []string  `json:"customers,omitempty"` // ids; empty for all
}

// Evidence is a document by its digest. The document itself may lie elsewhere.
type Evidence struct {
	File   string `json:"file"`   // name without folders
	SHA256 string `json:"sha256"` // of its bytes, 64 lower case hex digits
	Size   int64  `json:"size"`   // bytes
}

// Signature is one person's signature. A name without a valid signature is a declaration and proves nothing.
type Signature struct {
	By        string `json:"by" yaml:"by" validate:"required"`               // id of a person in `people`
	KeyID     string `json:"key_id,omitempty" yaml:"key_id"`                 // tells a replaced key from a forgery; may be left out
	Signature string `json:"signature" yaml:"signature" validate:"required"` // base64 of 64 bytes, Ed25519
}

// People gives the public keys of each enrolled person, as `people` of waarborg.yaml has them.
type People map[string][]string

// Verifier checks signatures of people. Contexts keep a signature for one purpose from counting for another.
type Verifier interface {
	// Verify returns nil only if the signature of the message in the context was made with the public key.
	Verify(publicKey, context string, message, signature []byte) error
	// KeyID returns an id that is the same for the same key, however it is written.
	KeyID(publicKey string) (string, error)
}

// The contexts of people's signatures.
const (
	ContextAttestation = "attestation"
	ContextApproval    = "approval"
)

// Limits of attestations. The notices are in days before the last day.
const (
	MaxAttestationYears = 3
	FirstNotice         = 60
	LastNotice          = 30
	maxAttestationFile  = 1 << 20 // bytes
)

// attestationFile is the form of the file.
type attestationFile struct {
	Schema      string      `json:"schema"`
	Attestation Statement   `json:"attestation"`
	Signatures  []Signature `json:"signatures,omitempty"`
}

// ParseAttestation reads the content of an attestation's file. Any issue means that it is not to be used. Whether it is
// signed and valid is for State to say.
func ParseAttestation(raw []byte) (Attestation, []Issue) {
	if len(raw) > maxAttestationFile {
		return Attestation{}, []Issue{{"", say.Both("is larger than 1 MiB", "is groter dan 1 MiB"),
			say.Both("keep the evidence in a file of its own", "bewaar het bewijs in een eigen bestand")}}
	}
	var f attestationFile
	err := json.Unmarshal(raw, &f, json.RejectUnknownMembers(true))
	makeIt := say.Both("make it with `waarborg attest`", "maak het bestand met `waarborg attest`")
	var semantic *json.SemanticError
	switch {
	case errors.As(err, &semantic):
		return Attestation{}, []Issue{{string(semantic.JSONPointer),
			say.Both("is unknown, or of the wrong type", "is onbekend, of van het verkeerde type"), makeIt}}
	case err != nil:
		return Attestation{}, []Issue{{"",
			say.Both("is not JSON in UTF-8 with every key once", "is geen JSON in UTF-8 met elk veld één keer"), makeIt}}
	case f.Schema != AttestationSchema:
		return Attestation{}, []Issue{{"schema", say.Both("is not %s", "is niet %s", AttestationSchema),
			say.Both("use a newer Waarborg, or make the file with `waarborg attest`",
				"gebruik een nieuwere Waarborg, of maak het bestand met `waarborg attest`")}}
	}
	a := Attestation{Statement: f.Attestation, Signatures: f.Signatures}
	return a, a.Check()
}

// Encode returns the content of the file: canonical JSON (RFC 8785).
func (a Attestation) Encode() ([]byte, error) {
	return canonicalJSON(attestationFile{AttestationSchema, a.normal(), a.Signatures})
}

// Message returns what a signature in ContextAttestation signs: the file's canonical JSON without the signatures.
func (s Statement) Message() ([]byte, error) {
	return canonicalJSON(attestationFile{Schema: AttestationSchema, Attestation: s.normal()})
}

func (s Statement) normal() Statement {
	s.MadeAt = s.MadeAt.UTC().Truncate(time.Second)
	return s
}

// Digest is the digest that approvals sign: SHA-256 over canonical JSON of the schema and the value, as "sha256:" and
// hex. The schema keeps two kinds of things with equal content apart.
func Digest(schema string, value any) (string, error) {
	raw, err := canonicalJSON(map[string]any{"schema": schema, "value": value})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return digestPrefix + hex.EncodeToString(sum[:]), nil
}

const digestPrefix = "sha256:"

func canonicalJSON(v any) (jsontext.Value, error) {
	value, err := strictjson.Canonical(v)
	if err != nil {
		return nil, &say.Error{Msg: say.Both("this cannot be written as JSON in UTF-8",
			"dit kan niet als JSON in UTF-8 worden geschreven"), Err: err}
	}
	return value, nil
}

// NewEvidence reads a document to its end and returns it as evidence.
func NewEvidence(name string, r io.Reader) (Evidence, error) {
	h := sha256.New()
	n, err := io.Copy(h, r)
	if err != nil {
		return Evidence{}, &say.Error{Msg: say.Both("evidence %s cannot be read", "het bewijs %s kan niet worden gelezen", name), Err: err}
	}
	return Evidence{File: name, SHA256: hex.EncodeToString(h.Sum(nil)), Size: n}, nil
}

// Matches tells whether a document is the evidence that was signed for: nil means it is.
func (e Evidence) Matches(r io.Reader) error {
	got, err := NewEvidence(e.File, io.LimitReader(r, e.Size+1))
	if err != nil {
		return err
	}
	if got != e {
		return &say.Error{Msg: say.Both("evidence %s is not the document that was signed for",
			"het bewijs %s is niet het document waarvoor is getekend", e.File)}
	}
	return nil
}
