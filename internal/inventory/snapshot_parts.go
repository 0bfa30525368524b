package inventory

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"

	"waarborg/internal/strictjson"
)

// The parts of a resource, by name. Each has a salted commitment of its own in the leaf, so that it can be withheld and the
// rest still be proved.
const (
	PartDetails  = "details"  // words of the source: what was read, where in it, why facts are unknown, whose facts filled others
	PartFacts    = "facts"    // what speaks of the resource alone
	PartIdentity = "identity" // id, name, and the source
	PartPrivate  = "private"  // facts that can name others, and the name of a grant, which holds the roles on the way
	PartScope    = "scope"    // whom it serves
)

// parts is the canonical JSON of each part of a resource.
type parts struct{ details, facts, identity, private, scope jsontext.Value }

type identityPart struct {
	ID         string         `json:"id"`
	Name       string         `json:"name,omitempty"` // not of a grant
	Provenance provenancePart `json:"provenance"`
}

type provenancePart struct {
	At         time.Time `json:"at"`
	Collector  string    `json:"collector"`
	File       string    `json:"file,omitempty"`
	Permission string    `json:"permission,omitempty"`
	Source     string    `json:"source"`
}

type factsPart struct {
	Attributes jsontext.Value    `json:"attributes"`
	Name       string            `json:"name,omitempty"` // of a grant, in the private part
	Unknown    map[string]string `json:"unknown"`        // path to code
}

type detailsPart struct {
	Call    string            `json:"call,omitempty"`
	Filled  map[string]string `json:"filled,omitempty"`
	Line    int               `json:"line,omitzero"`     // in an export it tells how much of others comes before
	Unknown map[string]string `json:"unknown,omitempty"` // path to detail
}

const emptyObject = `{}`

// split divides a line of a snapshot over the parts of its resource. join brings them together again. raw is the canonical
// JSON of l. It works on the text alone, so that no two lines have the same parts: a form of nothing that Encode does not
// write is an error.
func split(raw []byte, l line) (parts, error) {
	s := splitter{private: privateFacts[l.Resource.Kind], grant: l.Resource.Kind == KindGrant,
		attributes: [2]jsontext.Value{jsontext.Value(emptyObject), jsontext.Value(emptyObject)},
		unknown:    [2]jsontext.Value{jsontext.Value(emptyObject), jsontext.Value(emptyObject)}, details: jsontext.Value{'{'}}
	salt, err := json.Marshal(l.Salt)
	resource, starts := bytes.CutPrefix(raw, []byte(`{"resource":`))
	resource, ends := bytes.CutSuffix(resource, append(append([]byte(`,"salt":`), salt...), '}'))
	if err != nil || !starts || !ends || len(resource) == 0 || resource[0] != '{' {
		return parts{}, errPart
	}
	out := parts{scope: jsontext.Value(emptyObject)}
	var left, id, name, provenance jsontext.Value
	eachMember(resource, func(member string, value jsontext.Value) {
		switch member {
		case "attributes":
			s.attributes[0], s.attributes[1] = s.private.divide(value)
		case "id":
			id = value
		case "name":
			name = value
		case "provenance":
			provenance = value
		case "scope":
			out.scope, left = value, value
		case "unknown":
			err = s.reasons(value)
		}
	})
	if err != nil || string(left) == emptyObject || id == nil || name == nil || provenance == nil || provenance[0] != '{' {
		return parts{}, errPart
	}
	// Details are words of the source: beside those on unknown facts, what was read, the line, and what filled facts.
	provenance, details := pick(provenance, func(member string, value jsontext.Value) (stay, away jsontext.Value) {
		if member == "call" || member == "filled" || member == "line" {
			return nil, value
		}
		return value, nil
	})
	if len(s.details) > 1 {
		details = object("call", memberOf(details, "call"), "filled", memberOf(details, "filled"), "line", memberOf(details, "line"), "unknown", append(s.details, '}'))
	}
	var hiddenName jsontext.Value
	if string(name) == `""` {
		name = nil
	} else if s.grant {
		name, hiddenName = nil, name
	}
	out.details = details
	out.identity = object("id", id, "name", name, "provenance", provenance)
	out.facts = object("attributes", s.attributes[0], "unknown", s.unknown[0])
	out.private = object("attributes", s.attributes[1], "name", hiddenName, "unknown", s.unknown[1])
	return out, nil
}

// splitter gathers what is spread over parts; of each pair the second is private.
type splitter struct {
	private             privateSet
	grant               bool
	attributes, unknown [2]jsontext.Value
	details             jsontext.Value // path to detail; an object that is still open
}

// reasons divides the reasons of unknown facts: codes by whether the path is private, details apart.
func (s *splitter) reasons(unknown jsontext.Value) (err error) {
	if unknown[0] != '{' || string(unknown) == emptyObject {
		return errPart
	}
	s.unknown[0], s.unknown[1] = pick(unknown, func(path string, reason jsontext.Value) (stay, away jsontext.Value) {
		code, detail := memberOf(reason, "code"), memberOf(reason, "detail")
		if code == nil || string(detail) == `""` {
			err = errPart
		}
		if detail != nil {
			s.details = put(s.details, path, detail)
		}
		if s.private.has(path) {
			return nil, code
		}
		return code, nil
	})
	return err
}

// errPart says that the content of a part does not have the form that split gives it.
var errPart = errors.New("a part of a resource has not the form that belongs to it")

// join brings parts together. A part that is nil is withheld: what it would say stays empty, and its facts are missing.
func join(kind Kind, p parts) (Resource, error) {
	var identity identityPart
	var details detailsPart
	facts, hidden := factsPart{Attributes: jsontext.Value(emptyObject)}, factsPart{Attributes: jsontext.Value(emptyObject)}
	out := Resource{Kind: kind}
	for _, x := range []struct {
		raw  jsontext.Value
		into any
	}{{p.identity, &identity}, {p.scope, &out.Scope}, {p.facts, &facts}, {p.private, &hidden}, {p.details, &details}} {
		if x.raw == nil {
			continue
		}
		if err := json.Unmarshal(x.raw, x.into, json.RejectUnknownMembers(true)); err != nil {
			return Resource{}, errPart
		}
	}
	if identity.Name != "" && hidden.Name != "" {
		return Resource{}, errPart
	}
	at := identity.Provenance
	out.ID, out.Name = identity.ID, identity.Name+hidden.Name
	out.Provenance = Provenance{Collector: at.Collector, Source: at.Source, Call: details.Call, At: at.At, Permission: at.Permission,
		File: at.File, Line: details.Line, Filled: details.Filled}
	var ok bool
	if out.Attributes, ok = unite(facts.Attributes, hidden.Attributes); !ok {
		return Resource{}, errPart
	}
	for _, codes := range []map[string]string{facts.Unknown, hidden.Unknown} {
		for path, code := range codes {
			if _, twice := out.Unknown[path]; twice {
				return Resource{}, errPart
			}
			if out.Unknown == nil {
				out.Unknown = map[string]Reason{}
			}
			out.Unknown[path] = Reason{Code: code, Detail: details.Unknown[path]}
		}
	}
	return out, nil
}

// unite merges two objects that divide made of one; ok is false where both have a value that is not an object.
func unite(a, b jsontext.Value) (out jsontext.Value, ok bool) {
	if string(b) == emptyObject {
		return a, true
	}
	var left, right map[string]jsontext.Value
	if a.Kind() != '{' || b.Kind() != '{' || json.Unmarshal(a, &left) != nil || json.Unmarshal(b, &right) != nil {
		return nil, false
	}
	if left == nil {
		left = map[string]jsontext.Value{}
	}
	for name, v := range right {
		if other, both := left[name]; both {
			if v, ok = unite(other, v); !ok {
				return nil, false
			}
		}
		left[name] = v
	}
	out, err := strictjson.Canonical(left)
	return out, err == nil
}

// leaf is what the tree is built over: the canonical JSON of the commitments to the parts, and of the kind.
func (p parts) leaf(kind Kind, salt Salt) []byte {
	return leaf(kind, func(name string) string {
		return commit(partSalt(salt, name), p.of(name))
	})
}

func (p *parts) of(name string) jsontext.Value { return *p.at(name) }

func (p *parts) at(name string) *jsontext.Value {
	switch name {
	case PartDetails:
		return &p.details
	case PartFacts:
		return &p.facts
	case PartIdentity:
		return &p.identity
	case PartPrivate:
		return &p.private
	default:
		return &p.scope
	}
}

// leaf writes a leaf from the hex commitment of each part. It is canonical as it stands: kind is one of Kinds.
func leaf(kind Kind, commitment func(part string) string) []byte {
	out := make([]byte, 0, 512)
	for _, name := range []string{PartDetails, PartFacts, PartIdentity, "kind", PartPrivate, PartScope} {
		value := string(kind)
		if name != "kind" {
			value = commitment(name)
		}
		out = append(append(append(append(out, ',', '"'), name...), `":"`...), value...)
		out = append(out, '"')
	}
	out[0] = '{'
	return append(out, '}')
}

// partSalt gives each part a salt of its own, so that giving away one says nothing of the others.
func partSalt(salt Salt, part string) (out Salt) {
	h := hmac.New(sha256.New, salt[:])
	h.Write([]byte(part))
	var sum [sha256.Size]byte
	copy(out[:], h.Sum(sum[:0]))
	return out
}

// commit returns the commitment to a part's content, in hex.
func commit(salt Salt, content []byte) string {
	h := sha256.New()
	h.Write(salt[:])
	h.Write(content)
	var sum [sha256.Size]byte
	return hex.EncodeToString(h.Sum(sum[:0]))
}

// privateTag is the struct tag that says why a fact can speak of others.
const privateTag = "private"

// privateSet is the private facts of a kind: top-level ones, and of each group those below it. Groups are one deep.
type privateSet struct {
	top    map[string]bool
	groups map[string]map[string]bool
}

// privateFacts is read off the types once; nothing changes it.
var privateFacts = func() map[Kind]privateSet {
	out := map[Kind]privateSet{}
	for _, a := range Kinds() {
		s := privateSet{top: map[string]bool{}, groups: map[string]map[string]bool{}}
		t := reflect.TypeOf(a).Elem()
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Tag.Get(privateTag) != "" {
				s.top[jsonName(f)] = true
				continue
			}
			if f.Type.Implements(reflect.TypeFor[anyFact]()) {
				continue
			}
			for j := range f.Type.NumField() {
				if g := f.Type.Field(j); g.Tag.Get(privateTag) != "" {
					if s.groups[jsonName(f)] == nil {
						s.groups[jsonName(f)] = map[string]bool{}
					}
					s.groups[jsonName(f)][jsonName(g)] = true
				}
			}
		}
		out[a.Kind()] = s
	}
	return out
}()

// PrivatePaths lists, sorted, the facts of a kind that can name or speak of others than the one who looks.
func PrivatePaths(k Kind) []string {
	var out []string
	for name := range privateFacts[k].top {
		out = append(out, name)
	}
	for group, names := range privateFacts[k].groups {
		for name := range names {
			out = append(out, group+"."+name)
		}
	}
	slices.Sort(out)
	return out
}

// has tells whether a path, or what it lies in, is private.
func (s privateSet) has(path string) bool {
	first, rest, _ := strings.Cut(path, ".")
	second, _, _ := strings.Cut(rest, ".")
	return s.top[first] || s.groups[first][second]
}

// divide takes the private facts out of canonical attributes. A group stays in facts, be it empty, so that no two
// attributes divide into the same. What is not an object is all fact.
func (s privateSet) divide(attributes jsontext.Value) (facts, private jsontext.Value) {
	if attributes.Kind() != '{' || len(s.top)+len(s.groups) == 0 {
		return attributes, jsontext.Value(emptyObject)
	}
	return pick(attributes, func(name string, value jsontext.Value) (stay, away jsontext.Value) {
		switch {
		case s.top[name]:
			return nil, value
		case s.groups[name] == nil || value.Kind() != '{':
			return value, nil
		}
		stay, away = pick(value, func(inner string, v jsontext.Value) (jsontext.Value, jsontext.Value) {
			if s.groups[name][inner] {
				return nil, v
			}
			return v, nil
		})
		if string(away) == emptyObject {
			away = nil
		}
		return stay, away
	})
}

// pick goes through the members of a canonical object and makes two of it; each keeps the order. A nil value is left out.
func pick(object jsontext.Value, choose func(name string, value jsontext.Value) (a, b jsontext.Value)) (left, right jsontext.Value) {
	left, right = append(make(jsontext.Value, 0, len(object)), '{'), jsontext.Value{'{'}
	eachMember(object, func(name string, value jsontext.Value) {
		a, b := choose(name, value)
		left, right = put(left, name, a), put(right, name, b)
	})
	return append(left, '}'), append(right, '}')
}

// object writes an object of names, in order, each followed by its value. A nil value is left out.
func object(first string, value jsontext.Value, more ...any) jsontext.Value {
	out := put(jsontext.Value{'{'}, first, value)
	for i := 0; i+1 < len(more); i += 2 {
		out = put(out, more[i].(string), more[i+1].(jsontext.Value))
	}
	return append(out, '}')
}

// put adds a member to an object that is still open. The name is as JSON has it between quotes.
func put(open jsontext.Value, name string, value jsontext.Value) jsontext.Value {
	if value == nil {
		return open
	}
	if len(open) > 1 {
		open = append(open, ',')
	}
	return append(append(append(append(open, '"'), name...), '"', ':'), value...)
}

// eachMember goes through the members of a canonical object; names are as JSON has them between quotes.
func eachMember(object jsontext.Value, do func(name string, value jsontext.Value)) {
	for at := 1; at < len(object)-1; at++ { // at the comma, or the closing brace
		end := at + 1 + stringEnd(object[at+1:])
		name := string(object[at+1 : end-1])
		at = end + 1
		end = at + valueEnd(object[at:])
		do(name, object[at:end:end])
		at = end
	}
}

// memberOf returns a member of a canonical object, nil if there is none.
func memberOf(object jsontext.Value, name string) (value jsontext.Value) {
	if len(object) > 0 && object[0] == '{' {
		eachMember(object, func(n string, v jsontext.Value) {
			if n == name {
				value = v
			}
		})
	}
	return value
}

// valueEnd returns the length of the value at the start of canonical JSON that goes on behind it.
func valueEnd(raw []byte) int {
	level := 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '{', '[':
			level++
		case '}', ']':
			if level == 0 {
				return i
			}
			level--
		case '"':
			i += stringEnd(raw[i+1:])
		case ',':
			if level == 0 {
				return i
			}
		}
	}
	return len(raw)
}
