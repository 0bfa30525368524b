package arm

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// expr is a parsed expression: a literal, a call, or a member of another expression.
type expr struct {
	value any    // of a literal
	call  string // lower-case function name, with its namespace if it has one
	args  []*expr
	of    *expr // what this is a member of
	index *expr // which member
	maybe bool  // written .? or [?…]: null if there is no such member
}

// Limits of one expression. Azure's own limit on its length is 24,576 characters.
const (
	maxExpression = 1 << 16
	maxNesting    = 128
)

// isExpression tells an expression from plain text. A text that starts with [[ is plain, without its first bracket.
func isExpression(s string) bool {
	return strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") && !strings.HasPrefix(s, "[[")
}

// parse parses an expression with its brackets; nil if it is none that Azure would take.
func parse(s string) *expr {
	if len(s) > maxExpression {
		return nil
	}
	p := parser{rest: s[1 : len(s)-1]}
	e := p.expression(0)
	if p.space(); p.bad || p.rest != "" {
		return nil
	}
	return e
}

type parser struct {
	rest string
	bad  bool
}

func (p *parser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// take takes a token if it is next.
func (p *parser) take(token string) bool {
	p.space()
	rest, ok := strings.CutPrefix(p.rest, token)
	if ok {
		p.rest = rest
	}
	return ok
}

func (p *parser) fail() *expr {
	p.bad = true
	return &expr{}
}

func (p *parser) expression(level int) *expr {
	if level > maxNesting || p.bad {
		return p.fail()
	}
	e := p.primary(level)
	for !p.bad {
		switch {
		case p.take(".?"):
			e = &expr{of: e, index: &expr{value: p.word()}, maybe: true}
		case p.take("."):
			e = &expr{of: e, index: &expr{value: p.word()}}
		case p.take("["):
			maybe := p.take("?")
			e = &expr{of: e, index: p.expression(level + 1), maybe: maybe}
			if !p.take("]") {
				return p.fail()
			}
		default:
			return e
		}
	}
	return e
}

func (p *parser) primary(level int) *expr {
	p.space()
	r, _ := utf8.DecodeRuneInString(p.rest)
	switch {
	case r == '\'':
		return p.literal()
	case r == '-' || r == '+' || unicode.IsDigit(r):
		end := 1
		for end < len(p.rest) && '0' <= p.rest[end] && p.rest[end] <= '9' {
			end++
		}
		n, err := strconv.ParseInt(p.rest[:end], 10, 64)
		p.rest = p.rest[end:]
		if err != nil {
			return p.fail()
		}
		return &expr{value: float64(n)}
	}
	e := &expr{call: strings.ToLower(p.word())}
	for p.take(".") {
		e.call += "." + strings.ToLower(p.word())
	}
	if p.bad || !p.take("(") {
		return p.fail()
	}
	if p.take(")") {
		return e
	}
	for !p.bad {
		e.args = append(e.args, p.expression(level+1))
		if p.take(")") {
			return e
		}
		if !p.take(",") {
			return p.fail()
		}
	}
	return e
}

// literal reads text between quotes; a quote in it is written twice.
func (p *parser) literal() *expr {
	var b strings.Builder
	s := p.rest[1:]
	for {
		i := strings.IndexByte(s, '\'')
		if i < 0 {
			return p.fail()
		}
		b.WriteString(s[:i])
		s = s[i+1:]
		if !strings.HasPrefix(s, "'") {
			break
		}
		b.WriteByte('\'')
		s = s[1:]
	}
	p.rest = s
	return &expr{value: b.String()}
}

func (p *parser) word() string {
	p.space()
	end := strings.IndexFunc(p.rest, func(r rune) bool {
		return r != '_' && r != '$' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if end < 0 {
		end = len(p.rest)
	}
	if end == 0 {
		p.fail()
	}
	w := p.rest[:end]
	p.rest = p.rest[end:]
	return w
}
