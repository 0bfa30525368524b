package assess

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"io"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"waarborg/internal/inventory"
)

// slots finds the values of a kind's fact paths in a resource's canonical JSON in one pass, without decoding the rest.
type slots struct {
	paths []string
	root  *slotNode
}

type slotNode struct {
	slot     int // index in paths, -1 for none
	children map[string]*slotNode
}

func newSlots(paths []string) *slots {
	s := &slots{paths: paths, root: &slotNode{slot: -1}}
	for i, p := range paths {
		n := s.root
		for part := range strings.SplitSeq(p, ".") {
			if n.children == nil {
				n.children = map[string]*slotNode{}
			}
			if n.children[part] == nil {
				n.children[part] = &slotNode{slot: -1}
			}
			n = n.children[part]
		}
		n.slot = i
	}
	return s
}

// find returns the raw value per path; nil where it is missing.
func (s *slots) find(attributes jsontext.Value) ([]jsontext.Value, error) {
	out := make([]jsontext.Value, len(s.paths))
	return out, s.walk(s.root, attributes, out)
}

func (s *slots) walk(n *slotNode, raw jsontext.Value, out []jsontext.Value) error {
	if raw.Kind() != '{' {
		return nil // null or a scalar where a rule expects an object: nothing below it is known
	}
	d := jsontext.NewDecoder(bytes.NewReader(raw))
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		child := n.children[name.String()]
		if child == nil {
			if err := d.SkipValue(); err != nil {
				return err
			}
			continue
		}
		value, err := d.ReadValue()
		if err != nil {
			return err
		}
		value = value.Clone()
		if child.slot >= 0 {
			out[child.slot] = value
		}
		if child.children != nil {
			if err := s.walk(child, value, out); err != nil {
				return err
			}
		}
	}
	if _, err := d.ReadToken(); err != nil && err != io.EOF {
		return fmt.Errorf("attributes are not an object: %w", err)
	}
	return nil
}

// facts are one resource's values by slot. It belongs to the goroutine that judges the resource.
type facts struct {
	raw     []jsontext.Value
	unknown map[int]inventory.Reason
	terms   []*ast.Term // made when a rule asks
}

func newFacts(r inventory.Resource, s *slots) (*facts, error) {
	raw, err := s.find(r.Attributes)
	if err != nil {
		return nil, err
	}
	f := &facts{raw: raw, unknown: map[int]inventory.Reason{}, terms: make([]*ast.Term, len(raw))}
	for i, path := range s.paths {
		reason, is := why(r, path, raw[i])
		switch {
		case is && raw[i] == nil && reason.Code == inventory.NotReported && IsRaw(r.Kind):
			raw[i] = jsontext.Value("null") // all was asked for: what is missing without a reason is not there
		case is:
			f.unknown[i] = reason
		}
	}
	return f, nil
}

// term returns the value of a slot for OPA; nil where it is missing.
func (f *facts) term(slot int) (*ast.Term, error) {
	if f.raw[slot] == nil || f.terms[slot] != nil {
		return f.terms[slot], nil
	}
	var x any
	if err := json.Unmarshal(f.raw[slot], &x); err != nil {
		return nil, err
	}
	v, err := ast.InterfaceToValue(x)
	if err != nil {
		return nil, err
	}
	f.terms[slot] = ast.NewTerm(v)
	return f.terms[slot], nil
}

// why says why a fact is unknown, and whether it is: missing, or listed as unknown itself, above it or below it.
func why(r inventory.Resource, path string, value jsontext.Value) (inventory.Reason, bool) {
	if reason, ok := r.UnknownAt(path); ok {
		return reason, true
	}
	if value == nil {
		return inventory.Reason{Code: inventory.NotReported}, true
	}
	return inventory.Reason{}, false
}
