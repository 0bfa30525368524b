package inventory

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"regexp"
	"slices"
	"time"

	"waarborg/internal/say"
	"waarborg/internal/strictjson"
)

// SnapshotSchema names the format of a snapshot file.
const SnapshotSchema = schemaPrefix + "1"

const schemaPrefix = "waarborg.snapshot/v"

// Snapshot is all that was seen at one time. It is written sealed: the seal signs the header, which holds the root of a
// Merkle tree over the resources, and the digests of the principals and the particulars. docs/evidence.md describes the file.
type Snapshot struct {
	Info
	Principals map[string]string // token to sealed name, from Pseudonyms.Sealed
	Resources  []Resource        // in the order of Compare, no id twice
	Salts      []Salt            // one for each resource
	Salt       Salt              // of the particulars
}

// Info says where a snapshot comes from.
type Info struct {
	CreatedAt       time.Time // UTC, to the second
	ToolVersion     string
	WorkspaceDigest string // of the agreements and settings it was collected under
	DataMapDigest   string
	Sources         []SourceOutcome
}

// SourceOutcome says how collecting from one source went. Messages hold no personal data and no secret.
type SourceOutcome struct {
	Source    string   `json:"source"`
	Status    string   `json:"status"` // complete, partial, failed
	Resources int      `json:"resources"`
	Message   say.Text `json:"message,omitzero"`
	Hint      say.Text `json:"hint,omitzero"`
}

// Header is what the seal signs, as canonical JSON. Whoever gets a part of a snapshot gets all of the header, so it names
// nothing, neither sources nor kinds, nor does it count the resources.
type Header struct {
	Schema            string    `json:"schema"`
	CreatedAt         time.Time `json:"created_at"`
	ToolVersion       string    `json:"tool_version"`
	WorkspaceDigest   string    `json:"workspace_digest"`
	DataMapDigest     string    `json:"data_map_digest"`
	Leaves            int       `json:"leaves"`             // of the tree: a power of two, at least 64, with padding up to it
	Root              string    `json:"root"`               // hex, RFC 6962 over the leaves in the order of their salts
	PrincipalsDigest  string    `json:"principals_digest"`  // hex, SHA-256 of the canonical JSON of principals
	ParticularsDigest string    `json:"particulars_digest"` // hex, SHA-256 of the canonical JSON of particulars
}

// Message returns what a seal signs: the canonical JSON of the header.
func (h Header) Message() ([]byte, error) {
	message, err := strictjson.Canonical(h)
	if err != nil {
		return nil, &say.Error{Msg: say.Both("the header of the snapshot cannot be encoded",
			"de kop van de momentopname is niet te coderen"),
			Hint: say.Both("a version or digest in it is not UTF-8", "een versie of controlegetal erin is geen UTF-8"), Err: err}
	}
	return message, nil
}

// Particulars is what the header commits to without telling it. The salt makes its digest unguessable.
type Particulars struct {
	Kinds     map[Kind]int    `json:"kinds"`     // resources by kind
	Resources int             `json:"resources"` // of all kinds
	Salt      Salt            `json:"salt"`      // the padding of the tree is made from it, too
	Sources   []SourceOutcome `json:"sources"`
}

// Digest returns the SHA-256, in hex, of the canonical JSON.
func (p Particulars) Digest() (string, error) {
	raw, err := p.encode()
	return hexSum(raw), err
}

func (p Particulars) encode() ([]byte, error) {
	raw, err := strictjson.Canonical(p)
	if err != nil {
		return nil, &say.Error{Msg: say.Both("the sources of the snapshot cannot be encoded",
			"de bronnen van de momentopname zijn niet te coderen"),
			Hint: say.Both("a source's message is not UTF-8", "een bericht van een bron is geen UTF-8"), Err: err}
	}
	return raw, nil
}

func hexSum(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// Seal is the signature over a header. Key and signature are read by whoever verifies, not here.
type Seal struct {
	KeyID     string `json:"key_id"`
	Algorithm string `json:"algorithm"`
	PublicKey []byte `json:"public_key"`
	Value     []byte `json:"signature"`
}

// Sealed is a header with its seal.
type Sealed struct {
	Header Header
	Seal   Seal
}

// Salt makes a leaf unguessable: whoever holds a part of a snapshot cannot try out what the rest might hold. A resource's
// also decides its place in the tree, so no two are equal.
type Salt [16]byte

// Limits of a snapshot, for reading and for writing. A field of zero means the default.
type Limits struct {
	Bytes     int64 // of JSON, unpacked; 1 GiB by default
	Line      int   // bytes of one resource or header; 4 MiB by default
	Depth     int   // nested objects and arrays in one line; 64 by default
	Resources int   // 1,000,000 by default
	Ratio     int64 // how many times larger than packed, once past 1 MiB; 500 by default
}

func (l Limits) orDefaults() Limits {
	for field, def := range map[*int]int{&l.Line: 4 << 20, &l.Depth: 64, &l.Resources: 1_000_000} {
		if *field <= 0 {
			*field = def
		}
	}
	if l.Bytes <= 0 {
		l.Bytes = 1 << 30
	}
	if l.Ratio <= 0 {
		l.Ratio = 500
	}
	return l
}

// NewSnapshot sorts a copy of the resources and gives each, and the particulars, a salt from rnd (crypto/rand.Reader).
func NewSnapshot(info Info, principals map[string]string, resources []Resource, rnd io.Reader) (Snapshot, error) {
	info.CreatedAt = info.CreatedAt.UTC().Truncate(time.Second)
	s := Snapshot{Info: info, Principals: principals, Resources: slices.Clone(resources), Salts: make([]Salt, len(resources))}
	slices.SortStableFunc(s.Resources, Compare)
	all := make([]byte, (1+len(s.Salts))*len(Salt{}))
	if _, err := io.ReadFull(rnd, all); err != nil {
		return Snapshot{}, &say.Error{Msg: say.Both("there is no randomness for the snapshot",
			"er is geen toeval voor de momentopname"), Err: err}
	}
	copy(s.Salt[:], all)
	for i := range s.Salts {
		copy(s.Salts[i][:], all[(1+i)*len(Salt{}):])
	}
	return s, nil
}

// line is a resource as the file has it. What the tree is built over is in leaf.
type line struct {
	Resource Resource `json:"resource"`
	Salt     Salt     `json:"salt"`
}

func (l line) encode() ([]byte, error) {
	out, err := strictjson.Canonical(l)
	if err != nil {
		return nil, &say.Error{Msg: say.Both("resource %q cannot be encoded", "object %q is niet te coderen", l.Resource.ID),
			Hint: say.Both("its collector gave text that is not UTF-8, or attributes that are not JSON",
				"de collector gaf tekst die geen UTF-8 is, of kenmerken die geen JSON zijn"), Err: err}
	}
	return out, nil
}

// The lines of a principal: the token of Pseudonyms.Token and the base64 of its sealed name.
var principalLine = regexp.MustCompile(`^"(p-[a-z2-9]{16})":"([A-Za-z0-9+/]+={0,2})"$`)

// principalLines returns the members of the principals object in order, and the digest of the object's canonical JSON.
func principalLines(principals map[string]string) (lines []string, digest string, err error) {
	for _, token := range slices.Sorted(maps.Keys(principals)) {
		line := `"` + token + `":"` + principals[token] + `"`
		if !principalLine.MatchString(line) {
			return nil, "", &say.Error{Msg: say.Both("a principal is not a pseudonym with a sealed name",
				"een principal is geen pseudoniem met een verzegelde naam"),
				Hint: say.Both("take them from Pseudonyms.Sealed", "neem ze uit Pseudonyms.Sealed")}
		}
		lines = append(lines, line)
	}
	return lines, principalsDigest(lines), nil
}

func principalsDigest(lines []string) string {
	h := sha256.New()
	io.WriteString(h, "{")
	for i, l := range lines {
		if i > 0 {
			io.WriteString(h, ",")
		}
		io.WriteString(h, l)
	}
	io.WriteString(h, "}")
	return hex.EncodeToString(h.Sum(nil))
}

// depth returns how deep the objects and arrays of valid JSON nest.
func depth(raw []byte) int {
	deepest, level := 0, 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '{', '[':
			level++
			deepest = max(deepest, level)
		case '}', ']':
			level--
		case '"':
			i += stringEnd(raw[i+1:])
		}
	}
	return deepest
}

// stringEnd returns the length of what is left of a JSON string, its closing quote included.
func stringEnd(raw []byte) int {
	for i := 0; ; {
		j := bytes.IndexByte(raw[i:], '"')
		if j < 0 {
			return len(raw)
		}
		slashes := 0
		for k := i + j - 1; k >= 0 && raw[k] == '\\'; k-- {
			slashes++
		}
		i += j + 1
		if slashes%2 == 0 {
			return i
		}
	}
}
