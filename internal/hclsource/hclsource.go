// Package hclsource finds the file and line where a Terraform configuration defines a resource, by the resource's address
// in a plan or state. It reads files and nothing else: no expression is evaluated, nothing is run, and what lies outside
// the folder that was opened is not there.
//
// The configuration may be hostile or broken. What can be read of it is used, the rest is a problem that is told; the worst
// that a hostile file does is to give a wrong line of its own.
package hclsource

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"waarborg/internal/say"
)

// Limits bound what is read. A zero field means its default.
type Limits struct {
	FileBytes  int64 // of one file; a larger one is not read. Default 4 MiB
	TotalBytes int64 // of all files together. Default 64 MiB
	Files      int   // files of configuration, and entries of one folder. Default 20,000
	Tokens     int   // words and signs of one file. Default 300,000
	Names      int64 // memory for names of attributes, in bytes; beyond it lines of resources alone are kept. Default 128 MiB
}

func (l *Limits) defaults() {
	set := func(field *int64, value int64) {
		if *field == 0 {
			*field = value
		}
	}
	set(&l.FileBytes, 4<<20)
	set(&l.TotalBytes, 64<<20)
	set(&l.Names, 128<<20)
	if l.Files == 0 {
		l.Files = 20_000
	}
	if l.Tokens == 0 {
		l.Tokens = 300_000
	}
}

// Place is a line in a file.
type Place struct {
	File string // with slashes, relative to the folder that was opened
	Line int    // from 1
	// Caller is where a configuration of one's own calls the module that this file is of, if that module was fetched from
	// elsewhere: the file is not in one's repository, the call is. nil for a file of one's own.
	Caller *Place
}

// Source is a configuration. Its methods may be called from several goroutines.
type Source struct {
	mu       sync.Mutex
	files    fs.FS
	root     *os.Root
	top      string // folder of the root module, relative to files
	limits   Limits
	bytes    int64 // read so far
	count    int   // files read so far
	kept     int64 // of names, so far
	dirs     map[string]*folder
	fetched  map[string]string // modules.json: folder by the dotted path of calls
	names    map[string]string // each name once
	problems []say.Text
	unsaid   int // problems beyond those that are kept
}

// Open opens the configuration whose root module is in the folder `module` below dir; an empty module is dir itself. Files
// are given relative to dir, so dir is best the root of the repository. The root module is read at once, others when an
// address leads there. Only a folder that cannot be opened is an error.
func Open(dir, module string, limits Limits) (*Source, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, &say.Error{
			Msg: say.Both("cannot open the folder with the configuration, %s: %s",
				"kan de map met de configuratie niet openen, %s: %s", dir, cause(err)),
			Hint: say.Both("give the folder where the Terraform files are", "geef de map waar de Terraform-bestanden staan"),
			Err:  err,
		}
	}
	s := open(root.FS(), filepath.ToSlash(module), limits)
	s.root = root
	return s, nil
}

// open is Open on any files.
func open(files fs.FS, module string, limits Limits) *Source {
	limits.defaults()
	s := &Source{files: files, top: path.Clean(module), limits: limits, dirs: map[string]*folder{}, names: map[string]string{}}
	if len(s.folder(s.top).blocks) == 0 {
		s.problem(say.Both("no resources of Terraform in the folder %s, so no line can be shown",
			"geen objecten van Terraform in de map %s, dus er is geen regel te tonen", s.top))
	}
	s.readFetched()
	return s
}

// Close gives back the folder. What is not read by then is not found any more.
func (s *Source) Close() error {
	if s.root == nil {
		return nil
	}
	return s.root.Close()
}

// Problems returns what could not be read so far.
func (s *Source) Problems() []say.Text {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := append([]say.Text(nil), s.problems...)
	if s.unsaid > 0 {
		out = append(out, say.Both("%d more problems with the configuration", "nog %d problemen met de configuratie", s.unsaid))
	}
	return out
}

// Locate finds where the resource or data source with an address stands. If its module is not at hand, the place is that of
// the module call that leads there. ok is false if not even that is found, or if the text is no address of Terraform.
func (s *Source) Locate(address string) (Place, bool) {
	return s.LocateAttribute(address)
}

// LocateAttribute finds where an attribute or block of a resource stands: the first name that is there. A name is a dotted
// path, such as authentication.password_auth_enabled; if it is not there, what stands around it is taken. A dynamic block
// counts as a block. With none of the names, it is the place of the resource.
func (s *Source) LocateAttribute(address string, names ...string) (Place, bool) {
	a, ok := parseAddress(address)
	if !ok {
		return Place{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	calls, b := s.find(a)
	if b == nil {
		if len(calls) == 0 {
			return Place{}, false
		}
		return place(calls, calls[len(calls)-1].spot), true
	}
	return place(calls, b.find(names)), true
}

// place makes a place of a spot; calls are those that lead there.
func place(calls []*block, at spot) Place {
	out := Place{File: at.file, Line: at.line}
	if !isFetched(at.file) {
		return out
	}
	for i := len(calls) - 1; i >= 0; i-- {
		if c := calls[i].spot; !isFetched(c.file) {
			out.Caller = &Place{File: c.file, Line: c.line}
			break
		}
	}
	return out
}

// isFetched tells whether a file is in the folder where Terraform puts modules of others.
func isFetched(file string) bool {
	return strings.HasPrefix(file, ".terraform/") || strings.Contains(file, "/.terraform/")
}

// maxProblems is how many problems are kept; one broken folder can have thousands.
const maxProblems = 50

func (s *Source) problem(what say.Text) {
	if len(s.problems) == maxProblems {
		s.unsaid++
		return
	}
	s.problems = append(s.problems, what)
}

// cause is what the operating system says, without the path that the message has already.
func cause(err error) say.Text {
	if pe, ok := err.(*fs.PathError); ok {
		err = pe.Err
	}
	return say.Same(err.Error())
}
