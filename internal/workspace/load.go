package workspace

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"waarborg/dpa"
	"waarborg/internal/strictyaml"
)

// The files of a workspace.
const (
	ConfigFile        = "waarborg.yaml"
	AgreementsDir     = "agreements"
	CustomersDir      = "agreements/customers"
	SubProcessorsFile = "subprocessors.yaml"
	DataMapFile       = "datamap.yaml"
	AccessFile        = "access.yaml"
	WaiversFile       = "waivers.yaml"
)

// Workspace is what the files of a workspace say.
type Workspace struct {
	Config  Config
	Book    dpa.Book // agreements, customers, sub-processors
	DataMap dpa.DataMap
	Access  dpa.Access
	Waivers []Waiver
	Digests map[string]string // SHA-256 in hexadecimal of every file that was read, by its name
}

// Load reads a workspace and returns all problems of all its files, sorted by file and line. With problems, what was
// read is incomplete and must not be used to judge anything. categories is the catalogue of categories of personal data.
func Load(fsys fs.FS, categories dpa.Categories) (Workspace, []strictyaml.Problem) {
	l := &loader{fsys: fsys, categories: categories, docs: map[string]*strictyaml.Document{}, bad: map[string]bool{}}
	l.ws.Digests = map[string]string{}
	l.files()
	l.references()
	strictyaml.Sort(l.problems)
	return l.ws, l.problems
}

type loader struct {
	fsys       fs.FS
	categories dpa.Categories
	ws         Workspace
	problems   []strictyaml.Problem
	docs       map[string]*strictyaml.Document // files that were read, by name
	bad        map[string]bool                 // files with problems of their own

	agreementFiles, customerFiles []string // of Book.Agreements and Book.Customers, in their order
}

func (l *loader) files() {
	catalogue, err := dpa.Terms()
	if err != nil {
		l.whole("", err.Error(), "")
	}
	l.ws.Book.Catalogue = catalogue
	l.read(ConfigFile, &l.ws.Config, "run `waarborg init` to make a workspace, or go to the folder of one")
	for _, name := range l.list(AgreementsDir) {
		var a dpa.Agreement
		l.read(name, &a, "")
		l.sameName(name, a.ID)
		l.ws.Book.Agreements = append(l.ws.Book.Agreements, a)
		l.agreementFiles = append(l.agreementFiles, name)
	}
	if len(l.agreementFiles) == 0 {
		l.whole(AgreementsDir, "there is no agreement in this folder", "add a file NAME.yaml")
	}
	for _, name := range l.list(CustomersDir) {
		var c dpa.Customer
		l.read(name, &c, "")
		l.sameName(name, c.ID)
		l.ws.Book.Customers = append(l.ws.Book.Customers, c)
		l.customerFiles = append(l.customerFiles, name)
	}
	var register struct {
		SubProcessors []dpa.SubProcessor `yaml:"subprocessors" validate:"required"`
	}
	l.read(SubProcessorsFile, &register, "make it with `subprocessors: []` if there are none")
	l.ws.Book.SubProcessors = register.SubProcessors
	l.read(DataMapFile, &l.ws.DataMap, "make it with `stores: []` if nothing is mapped yet")
	l.read(AccessFile, &l.ws.Access, "make it with `needs: []` if nobody needs access")
	var waivers struct {
		Waivers []Waiver `yaml:"waivers"`
	}
	if _, err := fs.Stat(l.fsys, WaiversFile); err == nil {
		l.read(WaiversFile, &waivers, "")
	}
	l.ws.Waivers = waivers.Waivers
}

// read decodes one file and keeps its document and digest.
func (l *loader) read(name string, into any, missingHint string) {
	l.bad[name] = true
	info, err := fs.Stat(l.fsys, name)
	if err == nil && info.Size() > strictyaml.MaxBytes {
		l.whole(name, "the file is too large to be read", "split it")
		return
	}
	raw, err := fs.ReadFile(l.fsys, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.whole(name, "this file is missing", missingHint)
		return
	case err != nil:
		l.whole(name, "this file cannot be read", "check that you may read it")
		return
	}
	sum := sha256.Sum256(raw)
	l.ws.Digests[name] = hex.EncodeToString(sum[:])
	doc, problems := strictyaml.Read(name, raw, into)
	l.docs[name] = doc
	l.problems = append(l.problems, problems...)
	l.bad[name] = len(problems) > 0
}

// list returns the YAML files of a folder, sorted. Other things in it are problems: someone meant them to be read.
func (l *loader) list(dir string) []string {
	entries, err := fs.ReadDir(l.fsys, dir)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			l.whole(dir, "this folder cannot be read", "check that you may read it")
		}
		return nil
	}
	var out []string
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		switch {
		case e.IsDir() && name == CustomersDir, strings.HasPrefix(e.Name(), "."):
		case !e.IsDir() && path.Ext(name) == ".yaml":
			out = append(out, name)
		default:
			l.whole(name, "this is not read here", "name it NAME.yaml, or move it elsewhere")
		}
	}
	slices.Sort(out)
	return out
}

// sameName holds a file's name against the id in it, so that each id has one place.
func (l *loader) sameName(name, id string) {
	if id != "" && path.Base(name) != id+".yaml" {
		l.at(name, "id", "the id "+id+" differs from the file's name", "name the file "+id+".yaml")
	}
}

func (l *loader) whole(file, what, hint string) {
	l.problems = append(l.problems, strictyaml.Problem{File: file, What: what, Hint: hint})
}

func (l *loader) at(file, path, what, hint string) {
	if doc, ok := l.docs[file]; ok {
		l.problems = append(l.problems, doc.Problem(path, what, hint))
	}
}
