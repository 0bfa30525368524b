package gate

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"strings"
)

// spool keeps records on disk in the order in which they were added: an unlinked file that nobody else can read and that is
// gone with the process. One goroutine writes; after flush any number may read.
type spool struct {
	f    *os.File
	w    *bufio.Writer
	size int64
	buf  []byte
}

// newSpool takes a file that is open for reading and writing, and closes it in the end.
func newSpool(f *os.File) *spool { return &spool{f: f, w: bufio.NewWriterSize(f, 64<<10)} }

// add appends a record and returns where it stands.
func (s *spool) add(record []byte) (at int64, err error) {
	at = s.size
	s.buf = binary.AppendUvarint(s.buf[:0], uint64(len(record)))
	s.size += int64(len(s.buf) + len(record))
	if _, err := s.w.Write(s.buf); err != nil {
		return 0, err
	}
	_, err = s.w.Write(record)
	return at, err
}

func (s *spool) flush() error { return s.w.Flush() }
func (s *spool) close() error { return s.f.Close() }

// each reads all records in order. The bytes are valid until the next one; yield ends the reading by returning false.
func (s *spool) each(yield func(at int64, record []byte) bool) error {
	r := bufio.NewReaderSize(io.NewSectionReader(s.f, 0, s.size), 64<<10)
	var buf []byte
	var at int64
	for {
		n, err := binary.ReadUvarint(r)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if uint64(cap(buf)) < n {
			buf = make([]byte, n)
		}
		buf = buf[:n]
		if _, err := io.ReadFull(r, buf); err != nil {
			return err
		}
		here := at
		at += int64(len(binary.AppendUvarint(nil, n))) + int64(n)
		if !yield(here, buf) {
			return nil
		}
	}
}

// fields writes and reads the parts of a record.
type fields struct{ b []byte }

func (f *fields) num(n int)     { f.b = binary.AppendUvarint(f.b, uint64(n)) }
func (f *fields) text(s string) { f.num(len(s)); f.b = append(f.b, s...) }

// tail writes s in short where it is how another text of the record ends.
func (f *fields) tail(s, of string) {
	if strings.HasSuffix(of, s) {
		f.num(len(s) + 1)
		return
	}
	f.num(0)
	f.text(s)
}

func (f *fields) readTail(of string) string {
	if n := f.readNum(); n > 0 {
		return of[len(of)-n+1:]
	}
	return f.readText()
}

func (f *fields) readNum() int {
	n, size := binary.Uvarint(f.b)
	f.b = f.b[max(size, 0):]
	return int(n)
}

func (f *fields) readText() string {
	n := f.readNum()
	s := string(f.b[:n])
	f.b = f.b[n:]
	return s
}
