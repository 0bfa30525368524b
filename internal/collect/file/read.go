package file

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/strictjson"
	"waarborg/internal/strictyaml"
)

// maxSize is the limit of a JSON export in bytes, unpacked. One of YAML has the limit of strictyaml.
const maxSize = 64 << 20

// document is an export that was read. Numbers of JSON are json.Number, those of YAML int or float64.
type document struct {
	name string
	json []byte               // valid JSON, of which one item at a time is decoded; nil for YAML
	yaml any                  // the decoded whole
	at   *strictyaml.Document // for the lines of YAML
}

func readDocument(path string) (document, error) {
	d := document{name: filepath.Base(path)}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".yaml", ".yml":
		return d, d.readYAML(path)
	}
	data, err := strictjson.ReadFile(path, strictjson.Limits{Size: maxSize})
	d.json = data
	return d, fileError(err)
}

func (d *document) readYAML(path string) error {
	data, err := readCapped(path)
	if err != nil {
		return &collect.Error{Code: inventory.SourceError,
			Msg: say.Both("%s could not be read", "%s kon niet worden gelezen", d.name),
			Hint: say.Both("check `file` of the source in waarborg.yaml, and that this account may read the file",
				"controleer `file` van de bron in waarborg.yaml, en of dit account het bestand mag lezen"), Err: err}
	}
	return d.parseYAML(data)
}

// parseYAML reads at most one byte more than strictyaml takes, which then refuses the file by its size.
func (d *document) parseYAML(data []byte) error {
	var whole strictyaml.Any
	doc, problems := strictyaml.Read(d.name, data, &whole)
	if len(problems) > 0 {
		p := problems[0] // its text may quote the export, so only the place is passed on
		return &collect.Error{Code: inventory.Malformed,
			Msg: say.Both("%s:%d:%d: is not YAML that can be read",
				"%s:%d:%d: is geen YAML die te lezen is", d.name, p.Line, p.Column),
			Hint: say.Both("export it as JSON, or make it again: one document in UTF-8, of at most 4 MiB, without tags, merge keys or double keys",
				"exporteer het als JSON, of maak het opnieuw: één document in UTF-8, van ten hoogste 4 MiB, zonder tags, merge keys of dubbele sleutels")}
	}
	d.yaml, d.at = whole.Value, doc
	return nil
}

// value returns one value of the whole document; nil if it is not there.
func (d document) value(p Pointer) any {
	if d.json == nil {
		v, _ := p.find(d.yaml)
		return v
	}
	dec := jsontext.NewDecoder(bytes.NewBuffer(d.json))
	for _, step := range p.steps {
		if !enter(dec, step) {
			return nil
		}
	}
	v, _, err := next(dec, &lineCounter{})
	if err != nil {
		return nil
	}
	return v
}

// each calls visit for each element of the list that items points to, or once for an object that it points to, with the
// line where it starts.
func (d document) each(ctx context.Context, items Pointer, visit func(value any, line int)) error {
	visitor := func(value any, line int) error {
		visit(value, line)
		return ctx.Err()
	}
	if d.json == nil {
		return d.eachYAML(items, visitor)
	}
	return d.eachJSON(items, visitor)
}

func (d document) eachYAML(items Pointer, visit func(any, int) error) error {
	v, found := items.find(d.yaml)
	if !found || v == nil {
		return d.notThere(items)
	}
	at := ""
	for _, step := range items.steps {
		if _, index := position(step); index && !d.at.Has(strictyaml.Key(at, step)) {
			at += "[" + step + "]"
			continue
		}
		at = strictyaml.Key(at, step)
	}
	list, isList := v.([]any)
	if !isList {
		line, _ := d.at.Position(at)
		return d.visitOne(items, v, line, visit)
	}
	for i, item := range list {
		line, _ := d.at.Position(fmt.Sprintf("%s[%d]", at, i))
		if err := visit(item, line); err != nil {
			return err
		}
	}
	return nil
}

func (d document) eachJSON(items Pointer, visit func(any, int) error) error {
	dec := jsontext.NewDecoder(bytes.NewBuffer(d.json))
	for _, step := range items.steps {
		if !enter(dec, step) {
			return d.notThere(items)
		}
	}
	lines := lineCounter{data: d.json, line: 1}
	switch dec.PeekKind() {
	case 'n':
		return d.notThere(items)
	case '[':
		if _, err := dec.ReadToken(); err != nil {
			return fileError(err)
		}
		for dec.PeekKind() != ']' {
			value, line, err := next(dec, &lines)
			if err != nil {
				return fileError(err)
			}
			if err := visit(value, line); err != nil {
				return err
			}
		}
		return nil
	}
	value, line, err := next(dec, &lines)
	if err != nil {
		return fileError(err)
	}
	return d.visitOne(items, value, line, visit)
}

func (d document) visitOne(items Pointer, v any, line int, visit func(any, int) error) error {
	if _, ok := v.(map[string]any); !ok {
		return &collect.Error{Code: inventory.Malformed,
			Msg: say.Both("what %s has at %q is neither a list nor an object",
				"wat %s heeft op %q is geen lijst en geen object", d.name, items.String()),
			Hint: say.Both("let `items` of the mapping point to the list", "laat `items` van de mapping naar de lijst wijzen")}
	}
	return visit(v, line)
}

// enter moves into the member or element that a step names; the next value of the decoder is then that one.
func enter(dec *jsontext.Decoder, step string) bool {
	open, err := dec.ReadToken()
	if err != nil {
		return false
	}
	isObject := open.Kind() == '{'
	n, isPosition := position(step)
	if !isObject && (open.Kind() != '[' || !isPosition) {
		return false
	}
	for i := 0; dec.PeekKind() != '}' && dec.PeekKind() != ']'; i++ {
		here := !isObject && i == n
		if isObject {
			key, err := dec.ReadToken()
			if err != nil {
				return false
			}
			here = key.String() == step
		}
		if here {
			return true
		}
		if dec.SkipValue() != nil {
			return false
		}
	}
	return false
}

// next decodes one value and tells on which line it starts.
func next(dec *jsontext.Decoder, lines *lineCounter) (any, int, error) {
	raw, err := dec.ReadValue()
	if err != nil {
		return nil, 0, err
	}
	line := lines.at(dec.InputOffset() - int64(len(raw)))
	// encoding/json of version 1 can keep numbers as they are written; strictjson has refused double keys before.
	reader := json.NewDecoder(bytes.NewReader(raw))
	reader.UseNumber()
	var v any
	err = reader.Decode(&v)
	return v, line, err
}

// lineCounter counts lines up to offsets that only grow. Without data it counts none.
type lineCounter struct {
	data []byte
	from int64
	line int
}

func (l *lineCounter) at(offset int64) int {
	if l.data != nil {
		l.line += bytes.Count(l.data[l.from:offset], []byte{'\n'})
		l.from = offset
	}
	return l.line
}

func (d document) notThere(items Pointer) error {
	return &collect.Error{Code: inventory.Malformed,
		Msg: say.Both("there is nothing at %q in %s", "er staat niets op %q in %s", items.String(), d.name),
		Hint: say.Both("let `items` of the mapping point to the list; leave it out if the file is the list",
			"laat `items` van de mapping naar de lijst wijzen; laat het weg als het bestand de lijst is")}
}

func fileError(err error) error {
	if err == nil {
		return nil
	}
	var bad *strictjson.Error
	if !errors.As(err, &bad) {
		return &collect.Error{Code: inventory.Malformed,
			Msg:  say.Both("the export could not be read", "de export kon niet worden gelezen"),
			Hint: say.Both("make it again", "maak hem opnieuw"), Err: err}
	}
	code := inventory.Malformed
	if bad.Err != nil {
		code = inventory.SourceError
	}
	return &collect.Error{Code: code, Msg: bad.Msg, Hint: bad.Hint, Err: bad}
}
