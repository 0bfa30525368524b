package main

import (
	"cmp"
	"context"
	"io"
	"maps"
	"slices"
	"strings"

	"waarborg/internal/durable"
	"waarborg/internal/gate"
	"waarborg/internal/say"
	"waarborg/reports/ci"
)

// gateFormats are the forms of output, the default first.
func gateFormats() []string {
	return append([]string{"table"}, slices.DeleteFunc(slices.Sorted(maps.Keys(ci.Writers())), func(f string) bool { return f == "table" })...)
}

// outputFlag is one -o.
type outputFlag struct{ format, file string }

func (a *app) outputs(list []string) (out []outputFlag, err error) {
	seen := map[string]bool{}
	for _, s := range list {
		format, name, ok := strings.Cut(s, "=")
		switch {
		case !ok || name == "" || !slices.Contains(gateFormats(), format):
			return nil, fails(say.Both("-o %s is not of the form FORMAT=FILE", "-o %s heeft niet de vorm FORMAT=BESTAND", s),
				say.Both("FORMAT is one of: %s", "FORMAT is een van: %s", strings.Join(gateFormats(), ", ")))
		case seen[name] && name != "-":
			return nil, fails(say.Both("two outputs go to %s", "twee uitvoeren gaan naar %s", name), say.Text{})
		}
		seen[name] = true
		out = append(out, outputFlag{format, name})
	}
	return out, nil
}

// writeOutputs writes every output that was asked for, each whole or not at all, and then the one to standard output.
func (a *app) writeOutputs(ctx context.Context, run *gate.Run, list []outputFlag) error {
	o := ci.Options{Language: a.lang, Now: a.now()}
	toOut := false
	for _, x := range list {
		write := ci.Writers()[x.format]
		if x.file == "-" {
			toOut = true
			continue
		}
		err := durable.Replace(x.file, 0o644, func(w io.Writer) error {
			if err := write(w, run.Report, run.Outcomes(), o); err != nil {
				return err
			}
			return ctx.Err() // stopped meanwhile: nothing half-looked-at stays
		})
		if err != nil {
			return err
		}
	}
	o.Color, o.Width = a.color, min(cmp.Or(a.width, 100), 120)
	for _, x := range list {
		if x.file == "-" {
			if err := ci.Writers()[x.format](a.out, run.Report, run.Outcomes(), o); err != nil {
				return err
			}
		}
	}
	if toOut {
		return nil
	}
	return ci.Writers()[a.format](a.out, run.Report, run.Outcomes(), o)
}
