package kubernetes

import (
	"bytes"
	"encoding/json/jsontext"
	"errors"
	"math"
	"strconv"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/strictjson"
)

// readJSON gives the one value of a JSON input to visit, or each item of a list, with the line where it starts.
func readJSON(name string, data []byte, visit func(doc any, line int) error) error {
	data, err := strictjson.Read(bytes.NewReader(data), "manifest.json", strictjson.Limits{Size: MaxSize, Depth: maxDepth})
	if err != nil {
		var bad *strictjson.Error
		if errors.As(err, &bad) {
			return &collect.Error{Code: inventory.Malformed, Msg: say.Both("%s:%d:%d: %s", "%s:%d:%d: %s", name, bad.Line, bad.Column, bad.Msg),
				Hint: bad.Hint, Err: err}
		}
		return err
	}
	d := jsonReader{name: name, data: data, dec: jsontext.NewDecoder(bytes.NewBuffer(data))}
	value, err := d.value("", "")
	if err != nil {
		return err
	}
	return visit(value, 1)
}

// jsonReader makes plain values of JSON that was checked. What is hidden is skipped, not decoded.
type jsonReader struct {
	name    string
	data    []byte
	dec     *jsontext.Decoder
	counted int // bytes of data of which the lines were counted
	lines   int
}

func (d *jsonReader) value(parent, key string) (any, error) {
	if hides(parent, key) {
		return hidden{}, d.dec.SkipValue()
	}
	switch d.dec.PeekKind() {
	case '{':
		return d.object(parent, key)
	case '[':
		if _, err := d.dec.ReadToken(); err != nil {
			return nil, err
		}
		list := []any{}
		for d.dec.PeekKind() != ']' {
			v, err := d.value(parent, key)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.dec.ReadToken()
		return list, err
	case '"':
		if hidesText(key) {
			return hidden{}, d.dec.SkipValue()
		}
	}
	t, err := d.dec.ReadToken()
	if err != nil {
		return nil, err
	}
	switch t.Kind() {
	case '"':
		return t.String(), nil
	case 't', 'f':
		return t.Bool(), nil
	case '0':
		f, err := strconv.ParseFloat(t.String(), 64)
		if err != nil || math.IsInf(f, 0) {
			return nil, refuse(say.Both("%s:%d: a number is too large", "%s:%d: een getal is te groot", d.name, d.line()),
				say.Both("correct the manifest, or what makes it", "verbeter het manifest, of wat het maakt"))
		}
		return f, nil
	}
	return nil, nil
}

// line is the number of the line that was read up to.
func (d *jsonReader) line() int {
	to := int(d.dec.InputOffset())
	d.lines += bytes.Count(d.data[d.counted:to], []byte{'\n'})
	d.counted = to
	return d.lines + 1
}

func (d *jsonReader) object(parent, key string) (any, error) {
	if _, err := d.dec.ReadToken(); err != nil {
		return nil, err
	}
	out := map[string]any{}
	if parent == "" && key == items {
		out[lineKey] = d.line()
	}
	for d.dec.PeekKind() != '}' {
		name, err := d.dec.ReadToken()
		if err != nil {
			return nil, err
		}
		member := name.String()
		if out[member], err = d.value(key, member); err != nil {
			return nil, err
		}
	}
	_, err := d.dec.ReadToken()
	return out, err
}
