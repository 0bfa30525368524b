package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
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
	for _, s := range list {
		format, name, ok := strings.Cut(s, "=")
		switch {
		case !ok || name == "" || !slices.Contains(gateFormats(), format):
			return nil, fails(say.Both("-o %s is not of the form FORMAT=FILE", "-o %s heeft niet de vorm FORMAT=BESTAND", s),
				say.Both("FORMAT is one of: %s", "FORMAT is een van: %s", strings.Join(gateFormats(), ", ")))
		}
		out = append(out, outputFlag{format, name})
	}
	return out, nil
}

// apart refuses to write over a file that is read, and to write two things to one place.
func apart(args []string, o gateOptions, outputs []outputFlag) error {
	read := append(slices.Clone(args), o.parameters, o.register, o.snapshot)
	for _, as := range o.as {
		_, mapping, _ := strings.Cut(as, "=")
		read = append(read, mapping)
	}
	written := []string{o.attest}
	for _, x := range outputs {
		written = append(written, x.file)
	}
	if o.updateBaseline {
		written = append(written, o.baseline)
	} else {
		read = append(read, o.baseline)
	}
	for i, name := range written {
		switch {
		case name == "" || name == "-":
		case slices.ContainsFunc(read, func(r string) bool { return r != "-" && samePlace(name, r) }):
			return fails(say.Both("%s would be written over, but it is read too", "%s zou worden overschreven, maar wordt ook gelezen", name),
				say.Both("write to another file", "schrijf naar een ander bestand"))
		case slices.ContainsFunc(written[:i], func(w string) bool { return samePlace(name, w) }):
			return fails(say.Both("two outputs go to %s", "twee uitvoeren gaan naar %s", name), say.Both("give each a file of its own", "geef elk een eigen bestand"))
		}
	}
	return nil
}

// samePlace tells whether two names are of one file, be it there or not. What is no file, such as /dev/null, is never the same.
func samePlace(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	if errX == nil && errY == nil {
		return x.Mode().IsRegular() && os.SameFile(x, y)
	}
	fullA, errA := filepath.Abs(a)
	fullB, errB := filepath.Abs(b)
	return errX != nil && errY != nil && errA == nil && errB == nil && fullA == fullB
}

// writeOutputs writes every output that was asked for, and then the one to standard output. Files are there all together or, after
// an error or when ctx ends, not at all.
func (a *app) writeOutputs(ctx context.Context, run *gate.Run, list []outputFlag) error {
	o := ci.Options{Language: a.lang, Now: a.now()}
	var files []outputFlag
	shown := []string{}
	for _, x := range list {
		if x.file == "-" {
			shown = append(shown, x.format)
		} else {
			files = append(files, x)
		}
	}
	if err := a.writeFiles(ctx, run, files, o); err != nil {
		if hint := say.HintOf(err); ctx.Err() != nil || !hint.IsZero() {
			return err
		}
		return fails(say.Of(err), checkDisk)
	}
	if len(shown) == 0 {
		shown = []string{a.format}
	}
	o.Color, o.Width = a.color, min(cmp.Or(a.width, 100), 120)
	for _, format := range shown {
		if err := ci.Writers()[format](a.out, run.Report, whileIn(ctx, outcomesOf(run, format)), o); err != nil {
			return err
		}
	}
	return nil
}

// outcomesOf leaves out fingerprints where a form has none.
func outcomesOf(run *gate.Run, format string) gate.Outcomes {
	switch format {
	case "table", "github", "azure", "summary", "junit":
		return run.Unnamed()
	}
	return run.Outcomes()
}

// writeFiles writes the first file beside its place, then the others in the same way, and moves it there when all are written.
func (a *app) writeFiles(ctx context.Context, run *gate.Run, files []outputFlag, o ci.Options) error {
	if len(files) == 0 {
		return nil
	}
	x := files[0]
	return replaceOrFill(x.file, func(w io.Writer) error {
		if err := ci.Writers()[x.format](w, run.Report, whileIn(ctx, outcomesOf(run, x.format)), o); err != nil {
			return outputError(x.file, err)
		}
		return a.writeFiles(ctx, run, files[1:], o)
	})
}

// replaceOrFill writes a file whole or not at all. What is there and no file, such as /dev/stdout or a pipe, is written to and not
// replaced.
func replaceOrFill(name string, write func(io.Writer) error) error {
	if info, err := os.Stat(name); err != nil || info.Mode().IsRegular() || info.IsDir() {
		return durable.Replace(name, 0o644, write)
	}
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return outputError(name, err)
	}
	if err := write(f); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

// outputError says where writing went wrong, in the words of the system.
func outputError(name string, err error) error {
	if _, is := errors.AsType[*fs.PathError](err); !is {
		return err
	}
	return fails(say.Both("cannot write %s: %s", "kan %s niet schrijven: %s", name, reasonOf(err)), checkDisk)
}

var checkDisk = say.Both("check the disk and who may write there", "controleer de schijf en wie daar mag schrijven")

// whileIn ranges over outcomes for as long as ctx lasts, and ends with its error.
func whileIn(ctx context.Context, all gate.Outcomes) gate.Outcomes {
	return func(yield func(gate.Outcome, error) bool) {
		for o, err := range all {
			if err == nil {
				err = ctx.Err()
			}
			if !yield(o, err) || err != nil {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(gate.Outcome{}, err)
		}
	}
}
