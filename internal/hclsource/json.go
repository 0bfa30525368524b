package hclsource

import (
	"bytes"

	"encoding/json/jsontext"
)

// The JSON syntax of Terraform: blocks are members by their kind and labels, and wherever an object may stand, so may a
// list of objects. https://developer.hashicorp.com/terraform/language/syntax/json

// document reads a file in that syntax.
type document struct {
	*writer
	text []byte
	dec  *jsontext.Decoder
	at   int64 // up to here lines are counted
	line int   // at that place, from 1
}

// readJSON reads a file in the JSON syntax. broken is the line where it stopped being JSON; 0 if it is right. The same name
// twice is read twice: Terraform takes blocks so too, and of two resources with one address the first counts.
func (w *writer) readJSON(text []byte) (broken int) {
	d := &document{writer: w, text: text, line: 1}
	d.dec = jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if err := d.holder(); err != nil {
		return d.here()
	}
	return 0
}

// here is the line of what was read last.
func (d *document) here() int {
	to := d.dec.InputOffset()
	d.line += bytes.Count(d.text[d.at:to], []byte("\n"))
	d.at = to
	return d.line
}

// holder reads the body of the file or of a check.
func (d *document) holder() error {
	return d.members(func(kind string, _ int) error {
		labels := kinds[kind]
		if kind == "check" {
			return d.members(func(string, int) error { return d.holder() })
		}
		return d.labelled(kind, labels, nil)
	})
}

// labelled reads the members that are labels of a kind of block, and then the block.
func (d *document) labelled(kind string, more int, labels []string) error {
	if more == 0 {
		return d.dec.SkipValue()
	}
	return d.members(func(name string, line int) error {
		labels := append(labels[:len(labels):len(labels)], name)
		if more > 1 {
			return d.labelled(kind, more-1, labels)
		}
		b := d.start(kind, labels, line)
		err := d.body(b, "")
		d.add(*b)
		return err
	})
}

// body reads the body of a block, or of a block within it.
func (d *document) body(b *block, within string) error {
	return d.members(func(name string, line int) error {
		if name == "dynamic" {
			return d.members(func(label string, line int) error {
				path := d.note(b, within, label, line)
				return d.members(func(name string, _ int) error {
					if name != "content" || path == "" {
						return d.dec.SkipValue()
					}
					return d.body(b, path)
				})
			})
		}
		path := d.note(b, within, name, line)
		switch kind := d.dec.PeekKind(); {
		case name == "source" && within == "" && kind == '"':
			t, err := d.dec.ReadToken()
			b.source = t.String()
			return err
		case path != "" && (kind == '{' || kind == '['):
			return d.body(b, path)
		}
		return d.dec.SkipValue()
	})
}

// members calls each for every member of an object, or of every object of a list; each reads the member's value. Anything
// else is passed over.
func (d *document) members(each func(name string, line int) error) error {
	list := d.dec.PeekKind() == '['
	if list {
		if _, err := d.dec.ReadToken(); err != nil {
			return err
		}
	}
	for {
		switch kind := d.dec.PeekKind(); {
		case kind == '{':
			if err := d.object(each); err != nil {
				return err
			}
		case list && kind == ']':
			_, err := d.dec.ReadToken()
			return err
		default:
			if err := d.dec.SkipValue(); err != nil {
				return err
			}
		}
		if !list {
			return nil
		}
	}
}

func (d *document) object(each func(name string, line int) error) error {
	if _, err := d.dec.ReadToken(); err != nil {
		return err
	}
	for d.dec.PeekKind() != '}' {
		t, err := d.dec.ReadToken()
		if err != nil {
			return err
		}
		name := t.String()
		if err := each(name, d.here()); err != nil {
			return err
		}
	}
	_, err := d.dec.ReadToken()
	return err
}
