package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits on input. The parser's memory and time grow faster than its input for deep nesting (100,000 opening brackets
// take 10 GB) and for mappings with many keys (50,000 take 8 s), so both are measured before it runs.
const (
	MaxBytes     = 4 << 20
	MaxDepth     = 64
	MaxAliases   = 100     // anchors and aliases together
	MaxKeys      = 2_000   // keys of one mapping
	maxStructure = 200_000 // characters that can start a token
	maxNodes     = 200_000 // values after following aliases
	maxKey       = 500     // bytes of a key
)

// clean checks size and encoding and returns the text with line ends made uniform. It fills the document's lines.
func clean(doc *Document, data []byte) (string, *Problem) {
	whole := func(what, hint string) *Problem { return &Problem{File: doc.File, What: what, Hint: hint} }
	if len(data) > MaxBytes {
		return "", whole(fmt.Sprintf("the file has %d bytes; at most %d are read", len(data), MaxBytes), "split it")
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return "", whole("the file is in UTF-16", "save it as UTF-8")
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data))
	doc.lines = strings.Split(text, "\n")
	structure := 0
	for i, line := range doc.lines {
		for j, r := range line {
			if r == utf8.RuneError && !strings.HasPrefix(line[j:], string(utf8.RuneError)) {
				p := whole("the file is not in UTF-8", "save it as UTF-8")
				p.Line, p.Column = i+1, utf8.RuneCountInString(line[:j])+1
				return "", p
			}
			if unprintable(r) {
				p := whole("the file has a character that cannot be printed", "remove it, or save the file as UTF-8")
				p.Line, p.Column = i+1, utf8.RuneCountInString(line[:j])+1
				return "", p
			}
			if strings.ContainsRune("[]{},:-?&*!|>#", r) {
				structure++
			}
		}
		structure++
	}
	if structure > maxStructure {
		return "", whole("the file has too many keys and values to be read", "split it")
	}
	return text, nil
}

// parse returns the body of the only document; nil for a file with nothing but comments.
func parse(doc *Document, text string) (body ast.Node, problem *Problem) {
	defer func() {
		if recover() != nil { // the library stops so on some malformed input
			body, problem = nil, &Problem{File: doc.File, What: "the file is not valid YAML", Hint: "check its quotes and indentation"}
		}
	}()
	tokens := lexer.Tokenize(text)
	if p := measure(doc, tokens); p != nil {
		return nil, p
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey()) // double keys are reported with the other problems
	if err != nil {
		return nil, syntaxProblem(doc, err)
	}
	for i, d := range file.Docs {
		if _, is := d.Body.(*ast.DirectiveNode); is || i > 0 {
			what := "the file has more than one document"
			hint := "keep one, without lines of `---`"
			if is {
				what, hint = "a line with % at the start is not allowed", "remove it"
			}
			p := doc.atToken(tokenOf(d), what, hint)
			return nil, &p
		}
	}
	if len(file.Docs) == 0 {
		return nil, nil
	}
	return file.Docs[0].Body, nil
}

func tokenOf(d *ast.DocumentNode) *token.Token {
	if d.Start != nil {
		return d.Start
	}
	if d.Body != nil {
		return d.Body.GetToken()
	}
	return nil
}

func (d *Document) atToken(t *token.Token, what, hint string) Problem {
	if t == nil || t.Position == nil {
		return Problem{File: d.File, What: what, Hint: hint}
	}
	return d.at(t.Position.Line, t.Position.Column, "", what, hint)
}

// measure counts nesting, keys per mapping and aliases on the tokens, before the parser builds a tree of them.
func measure(doc *Document, tokens token.Tokens) *Problem {
	type block struct{ column, keys int }
	var blocks []block // block-style sequences and mappings that are open, by column
	flow, aliases := 0, 0
	var before *token.Token
	for _, t := range tokens {
		column := 0
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow = max(flow-1, 0)
		case token.AnchorType, token.AliasType:
			aliases++
		case token.SequenceEntryType, token.MappingKeyType:
			column = t.Position.Column
		case token.MappingValueType:
			if before != nil {
				column = before.Position.Column
			}
		}
		if column > 0 && flow == 0 {
			for len(blocks) > 0 && blocks[len(blocks)-1].column > column {
				blocks = blocks[:len(blocks)-1]
			}
			if len(blocks) == 0 || blocks[len(blocks)-1].column < column {
				blocks = append(blocks, block{column: column})
			}
			if t.Type == token.MappingValueType {
				blocks[len(blocks)-1].keys++
			}
		}
		before = t
		var p Problem
		switch {
		case flow+len(blocks) > MaxDepth:
			p = doc.atToken(t, fmt.Sprintf("values are nested more than %d deep", MaxDepth), "check for a bracket that is not closed")
		case aliases > MaxAliases:
			p = doc.atToken(t, fmt.Sprintf("the file has more than %d anchors (&) and aliases (*)", MaxAliases), "write the values out")
		case len(blocks) > 0 && blocks[len(blocks)-1].keys > MaxKeys:
			p = doc.atToken(t, fmt.Sprintf("one mapping has more than %d keys", MaxKeys), "split it")
		default:
			continue
		}
		return &p
	}
	return nil
}

// syntaxTexts puts the parser's messages that people meet most into plain words, by a part of the message.
var syntaxTexts = []struct{ part, what, hint string }{
	{"'\t' that cannot start any token", "a tab is used for indentation", "use spaces"},
	{"tab character cannot", "a tab is used for indentation", "use spaces"},
	{"']' not found", "a list that starts with [ is not closed", "add the missing ]"},
	{"'}' not found", "a mapping that starts with { is not closed", "add the missing }"},
	{"end character of double-quoted", "a text that starts with \" is not closed", "add the missing \""},
	{"end character of single-quoted", "a text that starts with ' is not closed", "add the missing '"},
	{"mapping value is not allowed", "a second `: ` on one line", "put the value in quotes"},
	{"value is not allowed in this context", "the indentation does not fit the lines above", "line it up with the keys or dashes it belongs to"},
	{"non-map value is specified", "a key without `: ` and a value", "write `key: value`"},
	{"is a reserved character", "a value cannot start with @ or a backtick", "put the value in quotes"},
	{"invalid key for this map", "a key must be plain text", "write `key: value`"},
}

func syntaxProblem(doc *Document, err error) *Problem {
	var ye yaml.Error
	if !errors.As(err, &ye) {
		return &Problem{File: doc.File, What: "the file is not valid YAML", Hint: "check its quotes and indentation"}
	}
	what, hint := "not valid YAML", "check the quotes and indentation here and on the line above"
	for _, s := range syntaxTexts {
		if strings.Contains(ye.GetMessage(), s.part) {
			what, hint = s.what, s.hint
			break
		}
	}
	p := doc.atToken(ye.GetToken(), what, hint)
	return &p
}
