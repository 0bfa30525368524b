package hclsource

import (
	"bytes"
	"encoding/json/v2"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"waarborg/internal/say"
)

// spot is a line of a file.
type spot struct {
	file string
	line int
}

// block is a resource, a data source or a module call.
type block struct {
	key    string // within its module: type.name, data.type.name, module.name
	spot   spot
	names  map[string]spot // first line of each attribute and nested block, by dotted path
	source string          // of a module call: where the module is, if it is written as a plain text
}

// find is the spot of the first name that is there, or of what stands around it.
func (b *block) find(names []string) spot {
	for _, name := range names {
		if at, ok := b.names[name]; ok {
			return at
		}
	}
	for _, name := range names {
		for cut := strings.LastIndexByte(name, '.'); cut > 0; cut = strings.LastIndexByte(name[:cut], '.') {
			if at, ok := b.names[name[:cut]]; ok {
				return at
			}
		}
	}
	return b.spot
}

// folder is what the files of one module define.
type folder struct {
	blocks map[string]*block
}

// find follows module calls to a resource. calls are those that were found; b is nil if the resource was not.
func (s *Source) find(a address) (calls []*block, b *block) {
	dir, route := s.top, ""
	for _, name := range a.calls {
		call := s.folder(dir).blocks["module."+name]
		if call == nil {
			return calls, nil
		}
		calls = append(calls, call)
		route = strings.TrimPrefix(route+"."+name, ".")
		var ok bool
		if dir, ok = s.called(dir, route, call); !ok {
			return calls, nil
		}
	}
	return calls, s.folder(dir).blocks[a.resource]
}

// called is the folder of the module that a call in dir leads to; route is the dotted path of calls. A module that was
// fetched is where modules.json says; ok is false if it is not there, or outside of what was opened.
func (s *Source) called(dir, route string, call *block) (string, bool) {
	to, ok := "", false
	if strings.HasPrefix(call.source, "./") || strings.HasPrefix(call.source, "../") {
		to, ok = path.Join(dir, call.source), true
	} else if there, known := s.fetched[route]; known {
		to, ok = path.Join(s.top, there), !path.IsAbs(there)
	}
	return to, ok && fs.ValidPath(to)
}

// folder reads the files of a module, once. A folder that is not there has no blocks.
func (s *Source) folder(dir string) *folder {
	if f := s.dirs[dir]; f != nil {
		return f
	}
	f := &folder{blocks: map[string]*block{}}
	s.dirs[dir] = f
	names, overrides := s.list(dir)
	for _, name := range names {
		s.read(path.Join(dir, name), func(b block) {
			if _, twice := f.blocks[b.key]; !twice {
				f.blocks[b.key] = &b
			}
		})
	}
	for _, name := range overrides {
		s.read(path.Join(dir, name), func(b block) {
			if base := f.blocks[b.key]; base == nil {
				f.blocks[b.key] = &b // not valid Terraform, but then it is the only place there is
			} else {
				base.override(b)
			}
		})
	}
	return f
}

// override lets what an override file says of a block take the place of what the block said. A block stays where it was
// first defined. Nested blocks are replaced whole: https://developer.hashicorp.com/terraform/language/files/override
func (b *block) override(by block) {
	for name := range by.names {
		maps.DeleteFunc(b.names, func(have string, _ spot) bool { return strings.HasPrefix(have, name+".") })
	}
	if b.names == nil {
		b.names = map[string]spot{}
	}
	maps.Copy(b.names, by.names)
	if by.source != "" {
		b.source = by.source
	}
}

// list is the files of a module in the order in which Terraform reads them, and those that override.
func (s *Source) list(dir string) (files, overrides []string) {
	f, err := s.files.Open(dir)
	if err != nil {
		s.cannot(dir, err)
		return nil, nil
	}
	defer f.Close()
	d, ok := f.(fs.ReadDirFile)
	if !ok {
		s.cannot(dir, errors.ErrUnsupported)
		return nil, nil
	}
	entries, err := d.ReadDir(s.limits.Files + 1)
	if err != nil && err != io.EOF {
		s.cannot(dir, err)
	}
	if len(entries) > s.limits.Files {
		s.problem(say.Both("the folder %s has more than %d files; some were not read for lines",
			"de map %s heeft meer dan %d bestanden; enkele zijn niet gelezen voor regels", dir, s.limits.Files))
	}
	for _, e := range entries {
		name := e.Name()
		base, native := strings.CutSuffix(name, ".tf")
		if !native {
			base, ok = strings.CutSuffix(name, ".tf.json")
		}
		switch {
		case !native && !ok, e.IsDir(), strings.HasPrefix(name, "."):
		case base == "override", strings.HasSuffix(base, "_override"):
			overrides = append(overrides, name)
		default:
			files = append(files, name)
		}
	}
	slices.Sort(files)
	slices.Sort(overrides)
	return files, overrides
}

// read gives every block of a file to add.
func (s *Source) read(file string, add func(block)) {
	if s.count == s.limits.Files {
		s.problem(say.Both("%s: not read for lines, for there are more than %d files",
			"%s: niet gelezen voor regels, want er zijn meer dan %d bestanden", file, s.limits.Files))
		return
	}
	s.count++
	text, ok := s.bytesOf(file)
	if !ok {
		return
	}
	w := &writer{source: s, file: file, add: add}
	broken := 0
	if strings.HasSuffix(file, ".json") {
		broken = w.readJSON(text)
	} else if broken = w.readNative(text, s.limits.Tokens); broken < 0 {
		s.problem(say.Both("%s: not read for lines, for it has more than %d words and signs",
			"%s: niet gelezen voor regels, want er staan meer dan %d woorden en tekens in", file, s.limits.Tokens))
	}
	if broken > 0 {
		s.problem(say.Both("%s, line %d: not as Terraform writes it; lines of what follows can be missing",
			"%s, regel %d: niet zoals Terraform het schrijft; regels van wat volgt kunnen ontbreken", file, broken))
	}
}

// bytesOf reads a regular file within the limits, without a byte order mark. Symbolic links are followed as far as they
// stay in the folder that was opened.
func (s *Source) bytesOf(file string) ([]byte, bool) {
	info, err := fs.Stat(s.files, file)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.ErrUnsupported // a pipe would wait for ever
	}
	if err != nil {
		s.cannot(file, err)
		return nil, false
	}
	f, err := s.files.Open(file)
	if err != nil {
		s.cannot(file, err)
		return nil, false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, s.limits.FileBytes+1))
	switch {
	case err != nil:
		s.cannot(file, err)
	case int64(len(text)) > s.limits.FileBytes:
		s.problem(say.Both("%s: not read for lines, for it is larger than %d bytes",
			"%s: niet gelezen voor regels, want het is groter dan %d bytes", file, s.limits.FileBytes))
	case s.bytes+int64(len(text)) > s.limits.TotalBytes:
		s.problem(say.Both("%s: not read for lines, for the files together are larger than %d bytes",
			"%s: niet gelezen voor regels, want de bestanden zijn samen groter dan %d bytes", file, s.limits.TotalBytes))
	default:
		s.bytes += int64(len(text))
		return bytes.TrimPrefix(text, []byte("\ufeff")), true
	}
	return nil, false
}

func (s *Source) cannot(file string, err error) {
	s.problem(say.Both("cannot read %s for lines: %s", "kan %s niet lezen voor regels: %s", file, cause(err)))
}

// readFetched reads where `terraform init` put the modules that are not local.
func (s *Source) readFetched() {
	file := path.Join(s.top, ".terraform/modules/modules.json")
	if _, err := fs.Stat(s.files, file); errors.Is(err, fs.ErrNotExist) {
		return
	}
	text, ok := s.bytesOf(file)
	if !ok {
		return
	}
	var list struct{ Modules []struct{ Key, Dir string } }
	if err := json.Unmarshal(text, &list); err != nil {
		s.problem(say.Both("%s: not as Terraform writes it; run `terraform init` to get lines in modules of others",
			"%s: niet zoals Terraform het schrijft; draai `terraform init` voor regels in modules van anderen", file))
		return
	}
	s.fetched = map[string]string{}
	for _, m := range list.Modules {
		s.fetched[m.Key] = m.Dir
	}
}
