package hclsource

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// The parser of HCL calls itself for each bracket, sign and condition, so hostile text can exhaust the stack, which no Go
// program survives. Lines need no expressions: the scanner of HCL tells strings, comments and heredocs apart, and below is
// a loop over what it gives. It also goes on after what the parser would stop at.

// frame is a body that is open: of the file, a block or a block within it.
type frame struct {
	depth  int    // of brackets within it
	block  *block // that it belongs to; nil if it is of no interest
	path   string // of the nested block within the block
	holds  bool   // it is one in which resources stand: of the file, or a check
	inside bool   // it is that of a dynamic block, so `content` adds nothing to the path
}

// native reads tokens.
type native struct {
	*writer
	tokens hclsyntax.Tokens
	depth  int
	frames []frame
}

// readNative reads a file in the syntax of HCL. broken is the line where it stopped being right; 0 if it is right, as far as
// that matters here, and -1 if there are more than `most` tokens.
func (w *writer) readNative(text []byte, most int) (broken int) {
	if tooMany(text, most) {
		return -1
	}
	tokens, _ := hclsyntax.LexConfig(text, "", hcl.InitialPos)
	n := &native{writer: w, tokens: tokens, frames: []frame{{holds: true}}}
	first := true // on a line, or in a body
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		switch t.Type {
		case hclsyntax.TokenComment:
			first = first || len(t.Bytes) > 0 && t.Bytes[len(t.Bytes)-1] == '\n'
			continue
		case hclsyntax.TokenNewline:
			first = true
			continue
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen,
			hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			n.depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd:
			if n.depth == 0 && broken == 0 {
				broken = t.Range.Start.Line
			}
			n.depth = max(n.depth-1, 0)
			n.close()
		case hclsyntax.TokenInvalid, hclsyntax.TokenBadUTF8, hclsyntax.TokenQuotedNewline:
			if broken == 0 {
				broken = t.Range.Start.Line
			}
		case hclsyntax.TokenIdent:
			if !first {
				break
			}
			if end, lost := n.item(i); end > i {
				if lost && broken == 0 {
					broken = t.Range.Start.Line
				}
				i = end // the brace that opens the body: what follows is the first in it
				continue
			}
		}
		first = false
	}
	if broken == 0 && n.depth > 0 {
		broken = tokens[len(tokens)-1].Range.Start.Line
	}
	n.depth = 0
	n.close()
	return broken
}

// top is the innermost body.
func (n *native) top() *frame { return &n.frames[len(n.frames)-1] }

// close ends the bodies whose bracket was closed.
func (n *native) close() {
	for len(n.frames) > 1 && n.top().depth > n.depth {
		f := *n.top()
		n.frames = n.frames[:len(n.frames)-1]
		if f.block != nil && f.path == "" && f.block != n.top().block {
			n.add(*f.block)
		}
	}
}

// item reads what starts with a name at i: an attribute, or the head of a block. end is the brace that opens the block's
// body, and i if there is none. lost: a block starts where none can, so a bracket before it was never closed.
func (n *native) item(i int) (end int, lost bool) {
	name, line := string(n.tokens[i].Bytes), n.tokens[i].Range.Start.Line
	if n.tokens[i+1].Type == hclsyntax.TokenEqual { // the last token is that of the end, so i+1 is there
		n.attribute(name, line, i+2)
		return i, false
	}
	labels, end, ok := n.head(i + 1)
	if !ok {
		return i, false
	}
	wanted := kinds[name] > 0 && kinds[name] == len(labels)
	stands := n.top().holds && n.top().depth == n.depth
	if wanted && !stands && n.tokens[i].Range.Start.Column == 1 {
		n.depth, lost = 0, true
		n.close()
	}
	outer := *n.top()
	n.depth++
	inner := frame{depth: n.depth}
	switch {
	case outer.depth != n.depth-1: // in an expression
	case outer.holds && wanted:
		inner.block = n.start(name, labels, line)
	case outer.holds:
		inner.holds = name == "check"
	case outer.block == nil:
	case outer.inside && name == "content":
		inner.block, inner.path = outer.block, outer.path
	default:
		if name == "dynamic" && len(labels) == 1 {
			name, inner.inside = labels[0], true
		}
		if inner.path = n.note(outer.block, outer.path, name, line); inner.path != "" {
			inner.block = outer.block
		}
	}
	n.frames = append(n.frames, inner)
	return end, lost
}

// attribute notes one, and reads where a called module is.
func (n *native) attribute(name string, line, value int) {
	f := n.top()
	if f.block == nil || f.depth != n.depth || f.inside {
		return
	}
	n.note(f.block, f.path, name, line)
	if name == "source" && f.path == "" {
		if text, _, ok := n.quoted(value); ok {
			f.block.source = text
		}
	}
}

// head reads the labels of a block up to its brace, at end.
func (n *native) head(i int) (labels []string, end int, ok bool) {
	for len(labels) < 4 {
		switch n.tokens[i].Type {
		case hclsyntax.TokenOBrace:
			return labels, i, true
		case hclsyntax.TokenIdent:
			labels = append(labels, string(n.tokens[i].Bytes))
			i++
		case hclsyntax.TokenOQuote:
			label, next, ok := n.quoted(i)
			if !ok {
				return nil, 0, false
			}
			labels, i = append(labels, label), next
		default:
			return nil, 0, false
		}
	}
	return nil, 0, false
}

// quoted reads a plain text in quotes, without escapes and templates. next is the token after it.
func (n *native) quoted(i int) (text string, next int, ok bool) {
	if n.tokens[i].Type != hclsyntax.TokenOQuote || n.tokens[i+1].Type != hclsyntax.TokenQuotedLit || i+2 >= len(n.tokens) {
		return "", 0, false
	}
	if n.tokens[i+2].Type != hclsyntax.TokenCQuote || slices.Contains(n.tokens[i+1].Bytes, '\\') {
		return "", 0, false
	}
	return string(n.tokens[i+1].Bytes), i + 3, true
}

// tooMany tells whether a text can have more tokens than most. A token takes a hundred bytes of memory. Words, numbers and
// all signs but spaces are counted, also in comments and strings, so the count is too high rather than too low.
func tooMany(text []byte, most int) bool {
	const space, sign, letter, digit = 0, 1, 2, 3
	count, before := 0, space
	for _, c := range text {
		class := sign
		switch {
		case c == ' ', c == '\t':
			class = space
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
			class = letter
		case c >= '0' && c <= '9':
			class = digit
		}
		if class == sign || class != before && class != space {
			count++
		}
		before = class
	}
	return count > most
}
