// Package file reads an export of a system that has no collector of its own, such as the output of `az … -o json` or a
// list of devices, as JSON or YAML. A mapping says where in it the facts of one kind of resource are.
//
// A mapping can pick, compare, count and translate; it cannot compute. What it does not ask for is not read, and what it
// asks for must have the form of the fact, so that a careless mapping cannot bring names or secrets into a snapshot.
package file

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
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
		env.Step(say.Both("reading %s", "%s lezen", name))
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
	return collectFrom(ctx, d, r)
}

// collectFrom makes the drafts of an export that was read.
func collectFrom(ctx context.Context, d document, r *run) ([]inventory.Draft, error) {
	if r.m.Exported != nil {
		r.dated(d.value(*r.m.Exported))
	}
	for _, key := range nextPage {
		if d.value(Pointer{[]string{key}}) != nil {
			r.env.Problem(collect.Problem{
				What:   say.Both("the pages of %s after the first", "de pagina's van %s na de eerste", d.name),
				Reason: inventory.Reason{Code: inventory.NotReported, Detail: "nextLink"},
				Hint: say.Both("the export is one page of a longer list; follow its nextLink and put all pages into one file",
					"de export is één pagina van een langere lijst; volg nextLink en zet alle pagina's in één bestand")})
		}
	}
	if err := d.each(ctx, r.m.Items, r.item); err != nil {
		return nil, err
	}
	return r.finish()
}

func readMapping(path string) (*Mapping, error) {
	name := filepath.Base(path)
	data, err := readCapped(path)
	if err != nil {
		return nil, &collect.Error{Code: inventory.SourceError,
			Msg: say.Both("the mapping %s could not be read", "de mapping %s kon niet worden gelezen", name),
			Hint: say.Both("check `mapping` of the source in waarborg.yaml, and that this account may read the file",
				"controleer `mapping` van de bron in waarborg.yaml, en of dit account het bestand mag lezen"), Err: err}
	}
	m, problems := ReadMapping(name, data)
	if len(problems) == 0 {
		return m, nil
	}
	return nil, wrong(problems)
}

// wrong says what is wrong with a mapping: the first problem of it, with its place.
func wrong(problems []strictyaml.Problem) error {
	p := problems[0]
	msg := say.Both("%s:%d:%d: %s", "%s:%d:%d: %s", p.File, p.Line, p.Column, p.What)
	if n := len(problems) - 1; n > 0 {
		msg = say.Both("%s (and %d more)", "%s (en nog %d)", msg, n)
	}
	const page = "docs/collectors/file.md"
	hint := say.Both("%s lists what a mapping can say", "%s noemt wat een mapping kan hebben", page)
	if !p.Hint.IsZero() {
		hint = say.Both("%s; %s", "%s; %s", p.Hint, hint)
	}
	return &collect.Error{Code: inventory.Undeclared, Msg: msg, Hint: hint}
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
