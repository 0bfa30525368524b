// Package file reads an export of a system that has no collector of its own, such as the output of `az … -o json` or a
// list of devices, as JSON or YAML. A mapping says where in it the facts of one kind of resource are.
//
// A mapping can pick, compare, count and translate; it cannot compute. What it does not ask for is not read, and what it
// asks for must have the form of the fact, so that a careless mapping cannot bring names or secrets into a snapshot.
package file

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/strictyaml"
)

// Config of a file source. The paths are used as they are.
type Config struct {
	File    string // the export: YAML if it ends in .yaml or .yml, else JSON, or gzip of JSON if it ends in .gz
	Mapping string // YAML, see Mapping
}

// Collector reads one file.
type Collector struct{ cfg Config }

// New makes a collector. Nothing is read yet.
func New(cfg Config) *Collector { return &Collector{cfg: cfg} }

// nextPage are the keys by which Microsoft's systems say that a list goes on.
var nextPage = []string{"@odata.nextLink", "nextLink"}

// Collect returns a draft for each item of the export that the mapping selects. A mapping or an export that cannot be
// read, and an export without items, is a *collect.Error. So is an item whose id is missing or is that of another; the
// other items are returned with that error.
func (c *Collector) Collect(ctx context.Context, env collect.Env) ([]inventory.Draft, error) {
	name := filepath.Base(c.cfg.File)
	if env.Step != nil {
		env.Step("reading " + name)
	}
	m, err := readMapping(c.cfg.Mapping)
	if err != nil {
		return nil, err
	}
	r := newRun(env, m, name)
	d, err := readDocument(c.cfg.File)
	if err != nil {
		return nil, err
	}
	if m.Exported != nil {
		r.dated(d.value(*m.Exported))
	}
	for _, key := range nextPage {
		if d.value(Pointer{[]string{key}}) != nil {
			env.Problem(collect.Problem{What: "the pages of " + name + " after the first", Reason: inventory.Reason{Code: inventory.NotReported, Detail: "nextLink"},
				Hint: "the export is one page of a longer list; follow its nextLink and put all pages into one file"})
		}
	}
	if err := d.each(ctx, m.Items, r.item); err != nil {
		return nil, err
	}
	return r.finish()
}

func readMapping(path string) (*Mapping, error) {
	name := filepath.Base(path)
	data, err := readCapped(path)
	if err != nil {
		return nil, &collect.Error{Code: inventory.SourceError, Msg: "the mapping " + name + " could not be read",
			Hint: "check `mapping` of the source in waarborg.yaml, and that this account may read the file", Err: err}
	}
	m, problems := ReadMapping(name, data)
	if len(problems) == 0 {
		return m, nil
	}
	p := problems[0]
	msg := fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.What)
	if n := len(problems) - 1; n > 0 {
		msg += fmt.Sprintf(" (and %d more)", n)
	}
	return nil, &collect.Error{Code: inventory.Undeclared, Msg: msg, Hint: strings.TrimSpace(p.Hint + "; docs/collectors/file.md lists what a mapping can say")}
}

// readCapped reads at most one byte more than strictyaml takes, which then refuses the file by its size.
func readCapped(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, strictyaml.MaxBytes+1))
}
