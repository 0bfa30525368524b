package inventory

import (
	"encoding/hex"
	"encoding/json/jsontext"

	"golang.org/x/mod/sumdb/tlog"

	"waarborg/internal/say"
)

// Disclosure is what someone gets of one resource of a snapshot: some of its parts, and commitments to the others.
// With the others' commitments its leaf can be worked out, and with CheckMultiProof that it is of the snapshot.
type Disclosure struct {
	Index    int  `json:"index"` // of the leaf in the tree, from 0; random, so that it tells nothing of other resources
	Kind     Kind `json:"kind"`
	Details  Part `json:"details"`
	Facts    Part `json:"facts"`
	Identity Part `json:"identity"`
	Private  Part `json:"private"`
	Scope    Part `json:"scope"`
}

// Part is a part of a resource: its canonical JSON with the salt, or, where it is withheld, the commitment alone. Salt and
// commitment are hex in lower case. A commitment is SHA-256 over the 16 bytes of the salt and the content.
type Part struct {
	Commitment string         `json:"commitment,omitempty"`
	Content    jsontext.Value `json:"content,omitzero"`
	Salt       string         `json:"salt,omitempty"`
}

// Withheld tells whether the part's content is kept back.
func (p Part) Withheld() bool { return p.Content == nil }

// Withhold keeps the content back.
func (p *Part) Withhold() error {
	if p.Withheld() {
		return nil
	}
	c, err := p.commitment()
	*p = Part{Commitment: c}
	return err
}

func (p Part) commitment() (string, error) {
	if p.Withheld() {
		if p.Salt != "" || len(p.Commitment) != hex.EncodedLen(32) || !lowerHex(p.Commitment) {
			return "", notProved(say.Both("a commitment to a part of a resource is malformed",
				"een vastlegging van een deel van een object heeft een verkeerde vorm"))
		}
		return p.Commitment, nil
	}
	var salt Salt
	if p.Commitment != "" || len(p.Salt) != hex.EncodedLen(len(salt)) || !lowerHex(p.Salt) {
		return "", notProved(say.Both("the salt of a part of a resource is malformed",
			"het zout van een deel van een object heeft een verkeerde vorm"))
	}
	hex.Decode(salt[:], []byte(p.Salt)) // cannot fail: it is hex
	return commit(salt, p.Content), nil
}

// lowerHex leaves one form of each value.
func lowerHex(s string) bool {
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func (d *Disclosure) part(name string) *Part {
	switch name {
	case PartDetails:
		return &d.Details
	case PartFacts:
		return &d.Facts
	case PartIdentity:
		return &d.Identity
	case PartPrivate:
		return &d.Private
	default:
		return &d.Scope
	}
}

var partNames = []string{PartDetails, PartFacts, PartIdentity, PartPrivate, PartScope}

// leaf works out the leaf of the resource.
func (d Disclosure) leaf() (out []byte, err error) {
	if _, known := privateFacts[d.Kind]; !known {
		return nil, &say.Error{Msg: say.Both("the resource in place %d is of a kind that this version does not know",
			"het object op plaats %d is van een soort die deze versie niet kent", d.Index),
			Hint: say.Both("use a newer Waarborg", "gebruik een nieuwere Waarborg")}
	}
	out = leaf(d.Kind, func(name string) string {
		c, bad := d.part(name).commitment()
		if bad != nil {
			err = bad
		}
		return c
	})
	return out, err
}

// Resource returns what is disclosed. What is withheld stays empty, and facts in it are missing.
func (d Disclosure) Resource() (Resource, error) {
	var p parts
	for _, name := range partNames {
		*p.at(name) = d.part(name).Content
	}
	r, err := join(d.Kind, p)
	if err != nil {
		return Resource{}, notProved(say.Both("the resource in place %d is not as a snapshot divides it",
			"het object op plaats %d is niet verdeeld zoals een momentopname dat doet", d.Index))
	}
	return r, nil
}

// Disclose gives all parts of all resources, with the header and the particulars of the snapshot, which is as Write would
// seal it. The resources are not checked for their order and their size.
func (s Snapshot) Disclose() ([]Disclosure, Header, Particulars, error) {
	if len(s.Salts) != len(s.Resources) {
		return nil, Header{}, Particulars{}, saltError(s)
	}
	out, leaves, kinds := make([]Disclosure, len(s.Resources)), make([]tlog.Hash, len(s.Resources)), map[Kind]int{}
	for i, r := range s.Resources {
		l := line{r, s.Salts[i]}
		enc, err := l.encode()
		if err != nil {
			return nil, Header{}, Particulars{}, err
		}
		p, err := split(enc, l)
		if err != nil {
			return nil, Header{}, Particulars{}, err
		}
		d := Disclosure{Kind: r.Kind}
		leaves[i] = tlog.RecordHash(leaf(r.Kind, func(name string) string {
			salt := partSalt(s.Salts[i], name)
			*d.part(name) = Part{Content: p.of(name), Salt: hex.EncodeToString(salt[:])}
			return commit(salt, p.of(name))
		}))
		out[i] = d
		kinds[r.Kind]++
	}
	tree, places, err := grow(s.Salts, leaves, s.Salt)
	if err != nil {
		return nil, Header{}, Particulars{}, err
	}
	for i, place := range places {
		out[i].Index = place
	}
	h, _, _, err := s.head(kinds, tree)
	return out, h, s.particulars(kinds), err
}
