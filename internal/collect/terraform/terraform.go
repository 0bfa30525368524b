// Package terraform reads the output of `terraform show -json`, of a plan or of a state, as an inventory of the Azure
// and Entra resources in it. It needs no access to Azure: a plan tells what a deploy would make before it is made.
//
// Reading (read.go) is apart from meaning: table.go says per resource type which function makes its facts, and what it
// says of another resource; join.go brings those to the resource they belong to.
package terraform

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/strictjson"
)

// Config of a Terraform source.
type Config struct {
	File string // path of the output of `terraform show -json`, of a plan or a state; may be gzip if it ends in .gz
	Size int64  // limit in bytes, also of the unpacked file; strictjson.DefaultSize if zero
}

// depth is how deep the JSON may be nested: modules within modules each take three levels.
const depth = 512

// Collector reads one file.
type Collector struct{ cfg Config }

// New makes a collector. Nothing is read yet.
func New(cfg Config) *Collector { return &Collector{cfg: cfg} }

// Collect returns a draft for each resource in the file whose type is known (see docs/collectors/terraform.md). A file
// that is no plan or state, or of another format version, is a *collect.Error.
func (c *Collector) Collect(ctx context.Context, env collect.Env) ([]inventory.Draft, error) {
	if env.Step != nil {
		env.Step(say.Both("reading %s", "%s lezen", filepath.Base(c.cfg.File)))
	}
	data, err := strictjson.ReadFile(c.cfg.File, strictjson.Limits{Size: c.cfg.Size, Depth: depth})
	if err != nil {
		return nil, fileError(err)
	}
	return c.drafts(ctx, data, env)
}

// drafts is Collect after the file was read.
func (c *Collector) drafts(ctx context.Context, data []byte, env collect.Env) ([]inventory.Draft, error) {
	g := newGraph(env, filepath.Base(c.cfg.File))
	if err := read(ctx, data, filepath.Base(c.cfg.File), g); err != nil {
		return nil, err
	}
	return g.finish(), nil
}

func fileError(err error) error {
	var bad *strictjson.Error
	if !errors.As(err, &bad) {
		return err
	}
	code := inventory.Malformed
	if bad.Err != nil {
		code = inventory.SourceError
	}
	hint := bad.Hint
	if !strings.Contains(hint.EN, "path") {
		hint = say.Both("%s; the file is the output of `terraform show -json PLAN`",
			"%s; het bestand is de uitvoer van `terraform show -json PLAN`", hint)
	}
	return &collect.Error{Code: code, Msg: bad.Msg, Hint: hint, Err: bad}
}
