package assess

import (
	"bytes"
	"encoding/json/jsontext"
	"fmt"
	"io"
	"strings"

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
