package kubernetes

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"waarborg/internal/say"
)

// Limits on YAML, beside MaxSize. The parser keeps some 200 bytes for each value, so what could be a value is counted
// before it runs.
const (
	maxDepth     = 64
	maxStructure = 300_000 // characters of one document that can start a value
	maxValues    = 300_000 // values of one document, aliases followed
)

// The parser is the one that kubectl's comes from, so that what is judged here is what the cluster would be given.

// readYAML gives each document of an input, with the line where it starts, to visit.
func readYAML(name string, data []byte, visit func(doc any, line int) error) error {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return refuse(say.Both("%s is not UTF-8", "%s is geen UTF-8", name), say.Both("save it as UTF-8", "sla het op als UTF-8"))
	}
	return split(name, data, func(doc []byte, line int) error {
		node, err := parse(name, doc, line)
		if err != nil || node == nil {
			return err
		}
		c := converter{name: name, above: line - 1}
		value, err := c.value(node, "", "", 0)
		if err != nil {
			return err
		}
		if value == nil {
			return nil // nothing but comments, or null
		}
		return visit(value, c.line(node))
	})
}

// split cuts an input at its lines of three dashes, as kubectl does, and gives each part with the number of its first line.
func split(name string, data []byte, visit func(doc []byte, line int) error) error {
	start, begins, line, structure := 0, 1, 0, 0
	offset := 0
	for text := range bytes.Lines(data) {
		line++
		if bytes.HasPrefix(text, []byte("---")) {
			if rest := bytes.TrimSpace(text[3:]); len(rest) > 0 && rest[0] != '#' {
				return refuse(say.Both("%s:%d: something stands behind ---", "%s:%d: er staat iets achter ---", name, line),
					say.Both("start the document on the next line", "begin het document op de volgende regel"))
			}
			if err := visit(data[start:offset], begins); err != nil {
				return err
			}
			start, begins, structure = offset+len(text), line+1, 0
		}
		offset += len(text)
		if structure += 1 + couldStart(text); structure > maxStructure {
			return refuse(say.Both("%s:%d: the document has too many values to be read", "%s:%d: het document heeft te veel waarden om te lezen", name, line),
				say.Both("split it, or write it as JSON", "splits het, of schrijf het als JSON"))
		}
	}
	return visit(data[start:], begins)
}

// couldStart counts what can start a value on a line.
func couldStart(line []byte) int {
	n := bytes.Count(line, []byte("- "))
	for _, c := range line {
		switch c {
		case '[', '{', ',', ':', '?':
			n++
		}
	}
	return n
}

// parse returns the only document of a text; nil if it has none.
func parse(name string, doc []byte, line int) (root *yaml.Node, err error) {
	defer func() {
		if recover() != nil { // so that a fault of the library stops one input alone
			root, err = nil, notYAML(name, doc, line)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(doc))
	var node, second yaml.Node
	switch err := dec.Decode(&node); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, notYAML(name, doc, line)
	}
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, notYAML(name, doc, line) // kubectl would not see what follows
	}
	if len(node.Content) != 1 {
		return nil, nil
	}
	return node.Content[0], nil
}

// notYAML says that a document cannot be read; the text of the library can quote it, so only the place is passed on.
func notYAML(name string, doc []byte, line int) error {
	msg := say.Both("%s: the document that starts on line %d is not YAML that can be read",
		"%s: het document dat op regel %d begint is geen YAML die te lezen is", name, line)
	if bytes.Contains(doc, []byte("{{")) {
		return template(msg)
	}
	return refuse(msg, say.Both("check its quotes and indentation; `kubectl apply --dry-run=client -f FILE` shows the place",
		"controleer de aanhalingstekens en het inspringen; `kubectl apply --dry-run=client -f BESTAND` toont de plaats"))
}

// template is the error of what looks like a template of Helm.
func template(msg say.Text) error {
	return refuse(msg, say.Both("it looks like a template; render it first with `helm template`, and judge what that writes",
		"het lijkt een sjabloon; maak het eerst af met `helm template`, en beoordeel wat dat schrijft"))
}

// converter makes plain values of a document's nodes.
type converter struct {
	name   string
	above  int // lines before the document
	values int
}

func (c *converter) line(n *yaml.Node) int { return c.above + n.Line }

func (c *converter) bad(n *yaml.Node, what say.Text) error {
	return refuse(say.Both("%s:%d: %s", "%s:%d: %s", c.name, c.line(n), what),
		say.Both("correct the manifest, or what makes it", "verbeter het manifest, of wat het maakt"))
}

// value converts a node that stands under key, itself in what stands under parent. Numbers become float64, as in JSON.
func (c *converter) value(n *yaml.Node, parent, key string, depth int) (any, error) {
	if hides(parent, key) {
		return hidden{}, nil
	}
	if c.values++; c.values > maxValues {
		return nil, refuse(say.Both("%s: the aliases (*) of the document that starts on line %d expand to too many values",
			"%s: de aliassen (*) van het document dat op regel %d begint leveren te veel waarden op", c.name, c.above+1),
			say.Both("write the values out", "schrijf de waarden uit"))
	}
	if depth > maxDepth {
		return nil, c.bad(n, say.Both("values are nested more than %d deep", "waarden zijn meer dan %d diep genest", maxDepth))
	}
	switch n.Kind {
	case yaml.AliasNode:
		return c.value(n.Alias, parent, key, depth+1)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			v, err := c.value(item, parent, key, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.MappingNode:
		return c.mapping(n, parent, key, depth)
	}
	return c.scalar(n, key)
}

func (c *converter) mapping(n *yaml.Node, parent, key string, depth int) (any, error) {
	out := make(map[string]any, len(n.Content)/2)
	if parent == "" && key == items {
		out[lineKey] = c.line(n)
	}
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode || k.Tag == "!!null" {
			return nil, c.notPlain(k)
		}
		if k.Tag == "!!merge" {
			merged = append(merged, v)
			continue
		}
		if _, double := out[k.Value]; double {
			return nil, c.bad(k, say.Both("a key is there twice", "een veld staat er twee keer"))
		}
		value, err := c.value(v, key, k.Value, depth+1)
		if err != nil {
			return nil, err
		}
		out[k.Value] = value
	}
	for _, m := range merged {
		if err := c.merge(out, m, parent, key, depth); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// merge adds what `<<` brings; keys that are there, and earlier ones of a list, go first.
func (c *converter) merge(into map[string]any, from *yaml.Node, parent, key string, depth int) error {
	value, err := c.value(from, parent, key, depth+1)
	if err != nil {
		return err
	}
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	for _, x := range list {
		more, ok := x.(map[string]any)
		if !ok {
			return c.bad(from, say.Both("`<<` does not stand before keys", "`<<` staat niet voor velden"))
		}
		for k, v := range more {
			if _, there := into[k]; !there {
				into[k] = v
			}
		}
	}
	return nil
}

// notPlain is the error of a key that is not text: `{{ .Values.x }}` is such a key to YAML.
func (c *converter) notPlain(k *yaml.Node) error {
	what := say.Both("a key is not plain text", "de naam van een veld is geen gewone tekst")
	if k.Kind == yaml.MappingNode {
		return template(say.Both("%s:%d: %s", "%s:%d: %s", c.name, c.line(k), what))
	}
	return c.bad(k, what)
}

// oldTruths are the words that kubectl takes for true or false where they are not quoted, beside true and false themselves.
var oldTruths = map[string]bool{"y": true, "Y": true, "yes": true, "Yes": true, "YES": true, "on": true, "On": true, "ON": true,
	"n": false, "N": false, "no": false, "No": false, "NO": false, "off": false, "Off": false, "OFF": false}

func (c *converter) scalar(n *yaml.Node, key string) (any, error) {
	switch n.Tag {
	case "!!str", "!!timestamp", "!!binary":
		if truth, is := oldTruths[n.Value]; is && n.Style == 0 {
			return truth, nil
		}
		if hidesText(key) {
			return hidden{}, nil
		}
		return n.Value, nil
	case "!!null":
		return nil, nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true"), nil
	case "!!int":
		if i, err := strconv.ParseInt(n.Value, 0, 64); err == nil {
			return float64(i), nil
		}
	case "!!float":
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
			return f, nil
		}
	default:
		return nil, c.bad(n, say.Both("a tag that is not known stands before a value", "voor een waarde staat een tag die niet bekend is"))
	}
	return nil, c.bad(n, say.Both("a number is malformed or too large", "een getal is onjuist of te groot"))
}
