package file

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"waarborg/internal/collect"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/strictjson"
	"waarborg/internal/strictyaml"
)

// Input is an export to judge by a mapping, as `--as KIND=MAPPING.yaml` gives it.
type Input struct {
	Name    string    // for people, without folders; its ending decides between YAML and JSON, and without one its first character
	Data    io.Reader // unpacked; read to its end by OpenInput
	Kind    string    // what the mapping must make; empty: whatever it makes
	Mapping string    // path of the mapping
}

// OpenInput reads an export by a mapping, with the limits of a file source. Its subjects are what Collect would report, told
// by the paths that the mapping sets. env.Problem is not used: problems stand in the reader's Info. The error is a
// *collect.Error: a mapping or an export that cannot be read, an export without items, items without an id of their own.
func OpenInput(ctx context.Context, in Input, env collect.Env) (gate.Reader, error) {
	m, err := readMapping(in.Mapping)
	var unreadable *collect.Error
	if errors.As(err, &unreadable) && unreadable.Code == inventory.SourceError {
		unreadable.Hint = say.Both("check the path behind --as, and that this account may read the file",
			"controleer het pad achter --as, en of dit account het bestand mag lezen")
	}
	if err != nil {
		return nil, err
	}
	if in.Kind != "" && in.Kind != m.Kind {
		return nil, &collect.Error{Code: inventory.Undeclared,
			Msg: say.Both("the mapping %s makes objects of kind %s, not %s", "de mapping %s maakt objecten van soort %s, niet %s",
				filepath.Base(in.Mapping), m.Kind, in.Kind),
			Hint: say.Both("write --as %s=%s, or take another mapping", "schrijf --as %s=%s, of neem een andere mapping", m.Kind, filepath.Base(in.Mapping))}
	}
	d, data, err := inputDocument(in)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	r := &reader{kind: m.Kind, tells: slices.Sorted(maps.Keys(m.Facts)),
		info: gate.Info{Name: in.Name, Format: "mapped", Digest: "sha256:" + hex.EncodeToString(sum[:]), Size: int64(len(data))}}
	env.Problem = func(p collect.Problem) {
		r.info.Problems = append(r.info.Problems, gate.Problem{What: p.What, Reason: p.Reason, Hint: p.Hint})
	}
	r.drafts, err = collectFrom(ctx, d, newRun(env, m, in.Name))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(r.info.Problems, func(a, b gate.Problem) int { return strings.Compare(a.What.EN, b.What.EN) })
	return r, nil
}

// inputDocument reads all of an input, and returns its bytes as they are too.
func inputDocument(in Input) (document, []byte, error) {
	d := document{name: in.Name}
	raw, err := io.ReadAll(io.LimitReader(in.Data, maxSize+1))
	if err != nil {
		return d, nil, &collect.Error{Code: inventory.SourceError,
			Msg: say.Both("%s could not be read", "%s kon niet worden gelezen", d.name),
			Hint: say.Both("check the path, and that this account may read it",
				"controleer het pad, en of dit account het mag lezen"), Err: err}
	}
	if in.isYAML(raw) {
		return d, raw, d.parseYAML(raw[:min(len(raw), strictyaml.MaxBytes+1)])
	}
	name := in.Name
	if ext := filepath.Ext(name); strings.EqualFold(ext, ".gz") {
		name = strings.TrimSuffix(name, ext) // or strictjson would unpack what is unpacked already
	}
	d.json, err = strictjson.Read(bytes.NewReader(raw), name, strictjson.Limits{Size: maxSize})
	return d, raw, fileError(err)
}

func (in Input) isYAML(data []byte) bool {
	switch strings.ToLower(filepath.Ext(in.Name)) {
	case ".yaml", ".yml":
		return true
	case ".json":
		return false
	}
	first := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(first) > 0 && first[0] != '{' && first[0] != '['
}

// reader gives the drafts of an export as subjects.
type reader struct {
	info   gate.Info
	kind   string
	tells  []string
	drafts []inventory.Draft
}

// Info tells what the input is.
func (r *reader) Info() gate.Info { return r.info }

// Units is how many items were selected.
func (r *reader) Units() int { return len(r.drafts) }

// Read makes subjects of a range of items.
func (r *reader) Read(ctx context.Context, from, to int, out []gate.Subject) ([]gate.Subject, error) {
	if from < 0 || to > len(r.drafts) || from > to {
		return out, fmt.Errorf("file: there are no units %d to %d of %d", from, to, len(r.drafts))
	}
	for _, d := range r.drafts[from:to] {
		// Whoever judges adds to the facts, so each reading gets its own.
		facts := reflect.New(reflect.TypeOf(d.Attributes).Elem())
		facts.Elem().Set(reflect.ValueOf(d.Attributes).Elem())
		d.Attributes = facts.Interface().(inventory.Attributes)
		out = append(out, gate.Subject{Draft: d, Address: cmp.Or(address(d), d.Name), Type: r.kind, Change: gate.Present, Tells: r.tells})
	}
	return out, ctx.Err()
}

// address is the id without that of the source.
func address(d inventory.Draft) string {
	return strings.TrimPrefix(d.ID, d.Provenance.Source+"/")
}

// Close gives nothing back: the garbage collector does.
func (r *reader) Close() error { return nil }
