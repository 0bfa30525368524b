package terraform

import (
	"cmp"
	"context"
	"encoding/json/jsontext"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"waarborg/internal/collect"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// Config of a Terraform source.
type Config struct {
	File     string   // path of the output of `terraform show -json`, of a plan or a state; may be gzip if it ends in .gz
	Size     int64    // limit in bytes, also of the unpacked file; 4 GiB if zero, 512 MiB if it has to be unpacked
	Element  int      // limit in bytes of one resource, or of one text elsewhere; 64 MiB if zero
	Workers  int      // goroutines that read; GOMAXPROCS if zero
	RawTypes []string // types of which a Reader makes subjects also if they have no mapping
}

const (
	defaultSize    = 4 << 30
	defaultElement = 64 << 20
)

// depth is how deep the JSON may be nested: modules within modules each take three levels.
const depth = 512

// File is a plan or a state that was walked once: it knows where each resource stands and what belongs together, and makes
// drafts from the file when they are asked for. Nothing changes once it is open, but a cache; its methods may be called
// from several goroutines.
type File struct {
	index
	env      collect.Env // problems go to the list
	name     string
	source   string // first word of the format
	format   string
	digest   string
	size     int64
	input    int64 // bytes as given, if it had to be unpacked
	at       io.ReaderAt
	close    func() error
	workers  int
	limit    int
	raw      map[string]bool
	made     time.Time // when the file was made, or else when it is read
	complete bool      // every resource of the configuration is in the file, with marks of what is unknown
	unmarked bool      // of planned_values
	state    bool

	config     configuration
	joined     []joint
	loose      map[place]inventory.Reason // satellites that can belong to any node of a type
	policies   []uint32                   // records of conditional access
	policyGone bool                       // one is deleted
	skipped    map[string]int
	drift      []gate.Drift
	cache      cache
	scratch    sync.Pool

	mu       sync.Mutex // guards problems
	problems []problem
}

// problem is one of the file; of the file as it will be, or of what the deploy changes.
type problem struct {
	collect.Problem
	resting bool // also about what the deploy does not change
}

// section is where a member of the document stands.
type section struct {
	at   int64
	size int64
}

// open walks the file.
func (f *File) open(ctx context.Context, r io.ReaderAt, size int64) error {
	f.at, f.size = r, size
	f.made = f.env.Now()
	parts, err := f.walk(ctx)
	if err != nil {
		return refusal(f.name, f.limit, err)
	}
	if err := f.read(ctx, parts); err != nil {
		return refusal(f.name, f.limit, err)
	}
	return nil
}

func (f *File) problem(what say.Text, why inventory.Reason, hint say.Text) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.problems = append(f.problems, problem{Problem: collect.Problem{What: what, Reason: why, Hint: hint}})
}

// walk reads the whole file once. Elements of resource_changes are noted; of the other members only where they stand.
func (f *File) walk(ctx context.Context) (map[string]section, error) {
	s := newScanner(ctx, f.at, f.size, f.limit)
	if err := f.begin(s); err != nil {
		return nil, err
	}
	parts := map[string]section{}
	for first := true; ; first = false {
		more, err := s.more(first, '}')
		if err != nil {
			return nil, err
		}
		if !more {
			return parts, s.end()
		}
		name, err := s.name()
		if err != nil {
			return nil, err
		}
		if _, twice := parts[name]; twice {
			return nil, errTwice
		}
		if len(parts) >= 1000 {
			return nil, notShown(f.name)
		}
		c, err := s.peek()
		if err != nil {
			return nil, err
		}
		start := s.offset()
		if name == "resource_changes" && c != 'n' {
			if c != '[' {
				return nil, malformed(f.name, say.Same("resource_changes"))
			}
			err = f.changes(s)
		} else {
			_, err = s.value()
		}
		if err != nil {
			return nil, err
		}
		parts[name] = section{start, s.offset() - start}
		if c == 'n' {
			parts[name] = section{start, 0} // null: as if it were not there, but not twice
		}
	}
}

// begin looks whether the file is an object in UTF-8.
func (f *File) begin(s *scanner) error {
	err := s.fill()
	switch {
	case err == errCutOff:
		return &collect.Error{Code: inventory.Malformed, Hint: makePlan, Msg: say.Both("%s: is empty", "%s: is leeg", f.name)}
	case err != nil:
		return err
	case len(s.buf) >= 2 && (s.buf[0] == 0xFF && s.buf[1] == 0xFE || s.buf[0] == 0xFE && s.buf[1] == 0xFF || s.buf[0] == 0 || s.buf[1] == 0):
		return &collect.Error{Code: inventory.Malformed,
			Msg: say.Both("%s: is not UTF-8 but UTF-16 or UTF-32, or not text at all", "%s: is geen UTF-8 maar UTF-16 of UTF-32, of geen tekst", f.name),
			Hint: say.Both("save it as UTF-8; in Windows PowerShell 5: | Out-File -Encoding utf8 plan.json",
				"sla het op als UTF-8; in Windows PowerShell 5: | Out-File -Encoding utf8 plan.json")}
	case strings.HasPrefix(string(s.buf[:min(3, len(s.buf))]), "\xEF\xBB\xBF"):
		s.pos = 3
	}
	switch c, err := s.peek(); {
	case err == errCutOff:
		return &collect.Error{Code: inventory.Malformed, Hint: makePlan, Msg: say.Both("%s: is empty", "%s: is leeg", f.name)}
	case err != nil:
		return err
	case c != '{':
		return notShown(f.name)
	}
	s.pos++
	return nil
}

// batch is a block of the file with whole elements in it, on its way through a worker.
type batch struct {
	buf   []byte
	base  int64
	ends  []span
	notes []noted
	bad   bool
	done  chan struct{}
}

type span struct{ from, to int }

// changes notes the elements of resource_changes: one goroutine finds them, workers look into them, and their notes are
// taken in the order of the file.
func (f *File) changes(s *scanner) error {
	const ahead = 3 // batches on their way besides one per worker
	todo := make(chan *batch)
	order := make(chan *batch, f.workers+ahead)
	spare := make(chan *batch, f.workers+ahead+8)
	var workers sync.WaitGroup
	for range f.workers {
		workers.Go(func() {
			p := newHeadParser(&f.index, false)
			for b := range todo {
				b.note(p)
				close(b.done)
			}
		})
	}
	taken := make(chan error, 1)
	go func() {
		var err error
		for b := range order {
			<-b.done
			if err == nil {
				err = f.take(b)
			}
			spare <- b
		}
		taken <- err
	}()
	b, had := &batch{}, s.next
	send := func() {
		b.buf, b.base, b.done = s.buf, s.base, make(chan struct{})
		order <- b
		todo <- b
	}
	var idle []byte // the buffer before the present one, if no batch has it
	s.next = func(size int) (out []byte) {
		if len(b.ends) == 0 {
			out, idle = idle, s.buf
		} else {
			send()
			select {
			case b = <-spare:
			default:
				b = &batch{}
			}
			out, b.ends = b.buf, b.ends[:0]
		}
		if cap(out) < size || cap(out) > 8*block && size <= 2*block {
			out = make([]byte, size)
		}
		return out[:size]
	}
	err := f.split(s, &b)
	s.next = had
	if len(b.ends) > 0 && err == nil {
		send()
		s.buf, s.base, s.pos = append([]byte(nil), s.buf[s.pos:]...), s.offset(), 0
	}
	close(todo)
	close(order)
	workers.Wait()
	return cmp.Or(err, <-taken)
}

// split finds the elements of an array.
func (f *File) split(s *scanner, b **batch) error {
	s.pos++
	for first := true; ; first = false {
		more, err := s.more(first, ']')
		if err != nil || !more {
			return err
		}
		if c, err := s.peek(); err != nil || c != '{' {
			return cmp.Or(err, malformed(f.name, say.Both("an element of resource_changes", "een element van resource_changes")))
		}
		s.keep = s.pos
		if err := s.container(); err != nil {
			return err
		}
		if s.pos-s.keep > f.limit {
			return errTooLarge
		}
		(*b).ends = append((*b).ends, span{s.keep, s.pos})
		s.keep = -1
	}
}

func (b *batch) note(p *headParser) {
	b.bad = false
	if cap(b.notes) < len(b.ends) {
		b.notes = make([]noted, len(b.ends))
	}
	b.notes = b.notes[:len(b.ends)]
	for i, e := range b.ends {
		if !p.element(b.buf[e.from:e.to], b.base+int64(e.from), &b.notes[i]) {
			b.bad = true
			return
		}
	}
}

// take gives the notes of a batch their place in the index.
func (f *File) take(b *batch) error {
	if b.bad {
		return malformed(f.name, say.Both("an element of resource_changes", "een element van resource_changes"))
	}
	for i := range b.notes {
		f.note(&b.notes[i])
	}
	return nil
}

func (f *File) note(n *noted) {
	if n.typ != "" {
		f.unmapped(n.typ, n.changed)
	}
	if n.skipped != "" {
		f.skipped[n.skipped]++
	}
	for _, e := range n.entries[:n.count] {
		ord := f.add(e)
		if f.types[e.typ] == policyType {
			if e.does == drops {
				f.policyGone = true
			} else {
				f.policies = append(f.policies, ord)
			}
		}
	}
}

// read makes sense of the members that were found.
func (f *File) read(ctx context.Context, parts map[string]section) error {
	var version string
	raw, err := f.small(parts["format_version"])
	if err != nil {
		return err
	}
	if version, _ = text(raw); version == "" {
		hint := makePlan
		if parts["lineage"].size > 0 {
			hint = say.Both("this is a state as Terraform stores it; make the file with `terraform show -json > state.json`",
				"dit is een state zoals Terraform die bewaart; maak het bestand met `terraform show -json > state.json`")
		}
		return &collect.Error{Code: inventory.Unsupported, Hint: hint,
			Msg: say.Both("%s: is not the output of `terraform show -json`: format_version is missing",
				"%s: is niet de uitvoer van `terraform show -json`: format_version ontbreekt", f.name)}
	}
	if major, _, _ := strings.Cut(version, "."); major != "1" {
		return &collect.Error{Code: inventory.Unsupported,
			Msg: say.Both("%s: its format_version is not 1, the only one that is understood",
				"%s: de format_version is niet 1, de enige die bekend is", f.name),
			Hint: say.Both("make it with Terraform 1.1 or newer of the 1.x series, or use a newer release of this tool",
				"maak het met Terraform 1.1 of nieuwer van de reeks 1.x, of gebruik een nieuwere versie van Waarborg")}
	}
	if part := parts["configuration"]; part.size > 0 {
		if f.config, err = f.configure(ctx, part); err != nil {
			return err
		}
	}
	if err := f.resources(ctx, parts); err != nil {
		return err
	}
	if err := f.sealed(); err != nil {
		return err
	}
	return f.join(ctx)
}

// small reads a member that is a single value; nil if it is not there or too large for one.
func (f *File) small(part section) ([]byte, error) {
	if part.size == 0 || part.size > 1000 {
		return nil, nil
	}
	raw, err := f.bytes(part.at, int(part.size), nil)
	if err == nil && !jsontext.Value(raw).IsValid() {
		err = errInvalid
	}
	return raw, err
}

// bytes reads a part of the file into buf, if it is large enough.
func (f *File) bytes(at int64, size int, buf []byte) ([]byte, error) {
	if cap(buf) < size {
		buf = make([]byte, size, max(size, 1<<10))
	}
	buf = buf[:size]
	if _, err := f.at.ReadAt(buf, at); err != nil && !errors.Is(err, io.EOF) {
		return nil, &readError{err}
	} else if err != nil && at+int64(size) > f.size {
		return nil, &readError{err}
	}
	return buf, nil
}
