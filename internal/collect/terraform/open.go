package terraform

import (
	"bytes"
	"cmp"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/strictjson"
)

// newFile is a file that is not open yet.
func newFile(cfg Config, env collect.Env) *File {
	f := &File{index: newIndex(cfg.RawTypes), env: env, name: filepath.Base(cfg.File), source: "terraform", raw: map[string]bool{},
		workers: cmp.Or(cfg.Workers, runtime.GOMAXPROCS(0)), limit: cmp.Or(cfg.Element, defaultElement)}
	for _, typ := range cfg.RawTypes {
		f.raw[typ] = true
	}
	f.loose, f.skipped = map[place]inventory.Reason{}, map[string]int{}
	f.env.Problem = func(p collect.Problem) { f.problem(p.What, p.Reason, p.Hint) }
	return f
}

// Open walks the file that cfg names. A file that is no plan or state is a *collect.Error. Close it after use; what was read
// of it must not change meanwhile.
func Open(ctx context.Context, cfg Config, env collect.Env) (*File, error) {
	in, err := os.Open(cfg.File)
	if err != nil {
		_, err = strictjson.ReadFile(cfg.File, strictjson.Limits{Size: 1}) // says it well
		return nil, fileError(err)
	}
	info, err := in.Stat()
	if err != nil || !info.Mode().IsRegular() || strings.EqualFold(filepath.Ext(cfg.File), ".gz") {
		defer in.Close()
		if err == nil && info.IsDir() {
			_, err = strictjson.ReadFile(cfg.File, strictjson.Limits{})
			return nil, fileError(err)
		}
		return OpenStream(ctx, in, cfg, env)
	}
	f, err := OpenAt(ctx, in, info.Size(), cfg, env)
	if err != nil {
		in.Close()
		return nil, err
	}
	f.close = in.Close
	return f, nil
}

// OpenAt walks what r holds; cfg.File is its name. Closing the File does not close r.
func OpenAt(ctx context.Context, r io.ReaderAt, size int64, cfg Config, env collect.Env) (*File, error) {
	if limit := orDefault(cfg.Size, defaultSize); size > limit {
		return nil, tooLarge(filepath.Base(cfg.File), limit)
	}
	f := newFile(cfg, env)
	var sum sync.WaitGroup
	var digest string
	var failed error
	stop, cancel := context.WithCancel(ctx)
	defer cancel()
	sum.Go(func() { digest, failed = digestOf(stop, io.NewSectionReader(r, 0, size)) })
	err := f.open(ctx, r, size)
	if err != nil {
		cancel()
	}
	sum.Wait()
	if err == nil && failed != nil {
		err = refusal(f.name, f.limit, &readError{failed})
	}
	f.digest = digest
	return f, err
}

// OpenStream reads r to its end into a file that nobody else can open, and walks that. cfg.File is its name; if it ends in
// .gz, r is unpacked.
func OpenStream(ctx context.Context, r io.Reader, cfg Config, env collect.Env) (*File, error) {
	name := filepath.Base(cfg.File)
	limit := orDefault(cfg.Size, defaultSize)
	h := sha256.New()
	counted := &counter{Reader: io.TeeReader(cancelling{ctx, r}, h)}
	var in io.Reader = counted
	if strings.EqualFold(filepath.Ext(cfg.File), ".gz") {
		limit = orDefault(cfg.Size, strictjson.DefaultSize)
		packed, err := gzip.NewReader(counted)
		if err != nil {
			_, err = strictjson.Read(bytes.NewReader(nil), cfg.File, strictjson.Limits{})
			return nil, fileError(err)
		}
		in = packed
	}
	spool, err := os.CreateTemp("", "waarborg-*")
	if err != nil {
		return nil, spoolError(name, err)
	}
	gone := os.Remove(spool.Name()) == nil // where a file that is open can be removed
	done := func() error {
		err := spool.Close()
		if !gone {
			err = errors.Join(err, os.Remove(spool.Name()))
		}
		return err
	}
	size, err := io.Copy(spool, io.LimitReader(in, limit+1))
	if err == nil && size <= limit {
		_, err = io.Copy(io.Discard, counted) // what follows the packed part belongs to the digest
	}
	var f *File
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = refusal(name, 0, errCutOff)
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.As(err, new(flate.CorruptInputError)):
		err = &collect.Error{Code: inventory.Malformed, Msg: say.Both("%s: is damaged gzip", "%s: is beschadigde gzip", name),
			Hint: say.Both("make it again, or copy it again", "maak het opnieuw, of kopieer het opnieuw")}
	case err != nil:
		err = refusal(name, 0, &readError{err})
	case size > limit:
		err = tooLarge(name, limit)
	default:
		f = newFile(cfg, env)
		err = f.open(ctx, spool, size)
	}
	if err != nil {
		return nil, errors.Join(err, done())
	}
	f.digest, f.close, f.size = "sha256:"+hex.EncodeToString(h.Sum(nil)), done, size
	f.input = counted.n
	return f, nil
}

// counter counts what is read.
type counter struct {
	io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

// Close gives back what the file holds.
func (f *File) Close() error {
	if f.close == nil {
		return nil
	}
	err := f.close()
	f.close = nil
	return err
}

func orDefault(n, other int64) int64 {
	if n > 0 {
		return n
	}
	return other
}

func digestOf(ctx context.Context, r io.Reader) (string, error) {
	h := sha256.New()
	if _, err := io.CopyBuffer(onlyWriter{h}, cancelling{ctx, r}, make([]byte, 128<<10)); err != nil {
		return "", err
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil)), nil
}

type onlyWriter struct{ io.Writer }

func tooLarge(name string, limit int64) error {
	return &collect.Error{Code: inventory.Malformed,
		Msg:  say.Both("%s: is larger than the limit of %d MiB", "%s: is groter dan de grens van %d MiB", name, max(limit>>20, 1)),
		Hint: say.Both("split the configuration, or raise the limit", "splits de configuratie, of verhoog de grens")}
}

func spoolError(name string, err error) error {
	return &collect.Error{Code: inventory.SourceError, Err: err,
		Msg: say.Both("%s: no temporary file could be made to unpack it in", "%s: er kon geen tijdelijk bestand worden gemaakt om het in uit te pakken", name),
		Hint: say.Both("give this account a folder for temporary files with room for the plan (TMPDIR)",
			"geef dit account een map voor tijdelijke bestanden met ruimte voor het plan (TMPDIR)")}
}
