package terraform

import (
	"context"
	"io"
)

// scanner finds where values stand in a file, at about the speed at which memory is read: it knows strings and brackets, and
// leaves it to jsontext whether what is between them is valid.
type scanner struct {
	ctx   context.Context
	at    io.ReaderAt
	size  int64
	limit int // bytes of one string or element
	buf   []byte
	base  int64                 // offset in the file of the start of buf
	pos   int                   // in buf
	keep  int                   // what must stay in buf; -1: nothing
	next  func(size int) []byte // gives the buffer for the next block; the present one is not touched afterwards
	stack []byte                // open brackets
}

// block is how much is read at once.
const block = 512 << 10

func newScanner(ctx context.Context, at io.ReaderAt, size int64, limit int) *scanner {
	s := &scanner{ctx: ctx, at: at, size: size, limit: limit, keep: -1}
	var spare []byte
	s.next = func(size int) []byte {
		out := spare
		if cap(out) < size {
			out = make([]byte, size)
		}
		spare = s.buf
		return out[:size]
	}
	return s
}

func (s *scanner) offset() int64 { return s.base + int64(s.pos) }

// fill reads on from pos. It returns errCutOff at the end of the file.
func (s *scanner) fill() error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	from := s.pos
	if s.keep >= 0 {
		from = min(from, s.keep)
	}
	rest := len(s.buf) - from
	if rest > s.limit {
		return errTooLarge
	}
	end := s.base + int64(len(s.buf))
	if end >= s.size {
		return errCutOff
	}
	size := int(min(int64(max(block, 2*rest)), int64(rest)+s.size-end))
	buf := s.next(size)
	copy(buf, s.buf[from:])
	n, err := s.at.ReadAt(buf[rest:], end)
	if n == 0 && err != nil {
		if err == io.EOF {
			return errCutOff
		}
		return &readError{err}
	}
	s.base += int64(from)
	s.pos -= from
	if s.keep >= 0 {
		s.keep -= from
	}
	s.buf = buf[:rest+n]
	return nil
}

// peek returns the next byte that is not blank, and stands before it.
func (s *scanner) peek() (byte, error) {
	for {
		if s.pos = skipBlanks(s.buf, s.pos); s.pos < len(s.buf) {
			return s.buf[s.pos], nil
		}
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
}

// take reads a byte that must come next, after blanks.
func (s *scanner) take(want byte) error {
	c, err := s.peek()
	if err == nil && c != want {
		err = errInvalid
	}
	s.pos++
	return err
}

// value reads over a value and returns where it stands.
func (s *scanner) value() (start int64, err error) {
	c, err := s.peek()
	if err != nil {
		return 0, err
	}
	start = s.offset()
	switch c {
	case '{', '[':
		return start, s.container()
	case '"':
		return start, s.text()
	}
	from := s.offset()
	for {
		for s.pos < len(s.buf) {
			switch c := s.buf[s.pos]; {
			case c == ',', c == '}', c == ']', c <= ' ':
				if s.offset() == from {
					return start, errInvalid
				}
				return start, nil
			}
			s.pos++
		}
		if err := s.fill(); err != nil {
			return start, err
		}
	}
}

// text reads over a string.
func (s *scanner) text() error {
	for {
		if end := stringEnd(s.buf, s.pos); end >= 0 {
			s.pos = end
			return nil
		}
		if err := s.fill(); err != nil {
			return err
		}
	}
}

// container reads over an object or array. Brackets must match, no deeper than the limit.
func (s *scanner) container() error {
	s.stack = s.stack[:0]
	for {
		b, i := s.buf, s.pos
	scan:
		for i < len(b) {
			switch c := b[i]; c {
			case '"':
				end := stringEnd(b, i)
				if end < 0 {
					break scan
				}
				i = end
				continue
			case '{', '[':
				if len(s.stack) >= depth {
					return errTooDeep
				}
				s.stack = append(s.stack, c+2)
			case '}', ']':
				if s.stack[len(s.stack)-1] != c {
					return errInvalid
				}
				if s.stack = s.stack[:len(s.stack)-1]; len(s.stack) == 0 {
					s.pos = i + 1
					return nil
				}
			}
			i++
		}
		s.pos = i
		if err := s.fill(); err != nil {
			return err
		}
	}
}

// name reads the name of a member and the colon.
func (s *scanner) name() (string, error) {
	if c, err := s.peek(); err != nil || c != '"' {
		if err == nil {
			err = errInvalid
		}
		return "", err
	}
	had := s.keep
	s.keep = s.pos
	if err := s.text(); err != nil {
		return "", err
	}
	name, _ := text(s.buf[s.keep:s.pos])
	s.keep = had
	return name, s.take(':')
}

// more tells whether another member or element follows, after a comma unless it is the first.
func (s *scanner) more(first bool, end byte) (bool, error) {
	c, err := s.peek()
	if err != nil {
		return false, err
	}
	if c == end {
		s.pos++
		return false, nil
	}
	if first {
		return true, nil
	}
	if err := s.take(','); err != nil {
		return false, err
	}
	c, err = s.peek()
	if err == nil && c == end {
		err = errInvalid
	}
	return true, err
}

// end makes sure that nothing follows.
func (s *scanner) end() error {
	switch _, err := s.peek(); err {
	case errCutOff:
		return nil
	case nil:
		return errTrailing
	default:
		return err
	}
}
