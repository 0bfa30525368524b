package strictyaml

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"waarborg/internal/say"
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
	whole := func(what, hint say.Text) *Problem { return &Problem{File: doc.File, What: what, Hint: hint} }
	if len(data) > MaxBytes {
		return "", whole(say.Both("the file has %d bytes; at most %d are read", "het bestand heeft %d bytes; er worden er hoogstens %d gelezen",
			len(data), MaxBytes), split())
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return "", whole(say.Both("the file is in UTF-16", "het bestand is in UTF-16"), asUTF8())
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data))
	doc.lines = strings.Split(text, "\n")
	structure := 0
	for i, line := range doc.lines {
		for j, r := range line {
			if r == utf8.RuneError && !strings.HasPrefix(line[j:], string(utf8.RuneError)) {
				p := whole(say.Both("the file is not in UTF-8", "het bestand is niet in UTF-8"), asUTF8())
				p.Line, p.Column = i+1, utf8.RuneCountInString(line[:j])+1
				return "", p
			}
			if unprintable(r) {
				p := whole(say.Both("the file has a character that cannot be printed", "het bestand heeft een teken dat niet te tonen is"),
					say.Both("remove it, or save the file as UTF-8", "haal het weg, of sla het bestand op als UTF-8"))
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
		return "", whole(say.Both("the file has too many keys and values to be read",
			"het bestand heeft te veel velden en waarden om te lezen"), split())
	}
	return text, nil
}

// parse returns the body of the only document; nil for a file with nothing but comments.
func parse(doc *Document, text string) (body ast.Node, problem *Problem) {
	defer func() {
		if recover() != nil { // the library stops so on some malformed input
			body, problem = nil, invalid(doc)
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
			what := say.Both("the file has more than one document", "het bestand heeft meer dan één document")
			hint := say.Both("keep one, without lines of `---`", "houd er één over, zonder regels met `---`")
			if is {
				what = say.Both("a line with %% at the start is not allowed", "een regel die met %% begint mag niet")
				hint = say.Both("remove it", "haal die weg")
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

func (d *Document) atToken(t *token.Token, what, hint say.Text) Problem {
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
			p = doc.atToken(t, say.Both("values are nested more than %d deep", "waarden zijn meer dan %d diep genest", MaxDepth),
				say.Both("check for a bracket that is not closed", "kijk of er een haakje niet is gesloten"))
		case aliases > MaxAliases:
			p = doc.atToken(t,
				say.Both("the file has more than %d anchors (&) and aliases (*)", "het bestand heeft meer dan %d ankers (&) en aliassen (*)",
					MaxAliases), writeOut())
		case len(blocks) > 0 && blocks[len(blocks)-1].keys > MaxKeys:
			p = doc.atToken(t, say.Both("one mapping has more than %d keys", "één groep heeft meer dan %d velden", MaxKeys), split())
		default:
			continue
		}
		return &p
	}
	return nil
}

func split() say.Text  { return say.Both("split it", "splits dit op") }
func asUTF8() say.Text { return say.Both("save it as UTF-8", "sla het op als UTF-8") }

func invalid(doc *Document) *Problem {
	return &Problem{File: doc.File, What: say.Both("the file is not valid YAML", "het bestand is geen geldige YAML"),
		Hint: say.Both("check its quotes and indentation", "controleer de aanhalingstekens en het inspringen")}
}
