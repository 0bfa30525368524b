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
	"waarborg/internal/say"
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
		l.damaged(err)
	}
	l.ws.Book.Catalogue = catalogue
	l.read(ConfigFile, &l.ws.Config, say.Both("run `waarborg init` to make a workspace, or go to the folder of one",
		"maak een werkmap met `waarborg init`, of ga naar de map van een werkmap"))
	for _, name := range l.list(AgreementsDir) {
		var a dpa.Agreement
		l.read(name, &a, say.Text{})
		l.sameName(name, a.ID)
		l.ws.Book.Agreements = append(l.ws.Book.Agreements, a)
		l.agreementFiles = append(l.agreementFiles, name)
	}
	if len(l.agreementFiles) == 0 {
		l.whole(AgreementsDir, say.Both("there is no agreement in this folder", "in deze map staat geen overeenkomst"),
			say.Both("add a file NAME.yaml", "voeg een bestand NAAM.yaml toe"))
	}
	for _, name := range l.list(CustomersDir) {
		var c dpa.Customer
		l.read(name, &c, say.Text{})
		l.sameName(name, c.ID)
		l.ws.Book.Customers = append(l.ws.Book.Customers, c)
		l.customerFiles = append(l.customerFiles, name)
	}
	var register struct {
		SubProcessors []dpa.SubProcessor `yaml:"subprocessors" validate:"required"`
	}
	l.read(SubProcessorsFile, &register,
		say.Both("make it with `subprocessors: []` if there are none", "maak het met `subprocessors: []` als er geen zijn"))
	l.ws.Book.SubProcessors = register.SubProcessors
	l.read(DataMapFile, &l.ws.DataMap,
		say.Both("make it with `stores: []` if nothing is mapped yet", "maak het met `stores: []` als er nog niets in kaart is gebracht"))
	l.read(AccessFile, &l.ws.Access,
		say.Both("make it with `needs: []` if nobody needs access", "maak het met `needs: []` als niemand toegang nodig heeft"))
	var waivers struct {
		Waivers []Waiver `yaml:"waivers"`
	}
	if _, err := fs.Stat(l.fsys, WaiversFile); err == nil {
		l.read(WaiversFile, &waivers, say.Text{})
	}
	l.ws.Waivers = waivers.Waivers
}

// read decodes one file and keeps its document and digest.
func (l *loader) read(name string, into any, missingHint say.Text) {
	l.bad[name] = true
	info, err := fs.Stat(l.fsys, name)
	if err == nil && info.Size() > strictyaml.MaxBytes {
		l.whole(name, say.Both("the file is too large to be read", "het bestand is te groot om te lezen"), say.Both("split it", "splits het op"))
		return
	}
	raw, err := fs.ReadFile(l.fsys, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.whole(name, say.Both("this file is missing", "dit bestand ontbreekt"), missingHint)
		return
	case err != nil:
		l.whole(name, say.Both("this file cannot be read", "dit bestand kan niet worden gelezen"),
			say.Both("check that you may read it", "kijk of u het mag lezen"))
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
			l.whole(dir, say.Both("this folder cannot be read", "deze map kan niet worden gelezen"),
				say.Both("check that you may read it", "kijk of u de map mag lezen"))
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
			l.whole(name, say.Both("this is not read here", "dit wordt hier niet gelezen"),
				say.Both("name it NAME.yaml, or move it elsewhere", "noem het NAAM.yaml, of zet het ergens anders"))
		}
	}
	slices.Sort(out)
	return out
}

// sameName holds a file's name against the id in it, so that each id has one place.
func (l *loader) sameName(name, id string) {
	if id != "" && path.Base(name) != id+".yaml" {
		l.at(name, "id", say.Both("the id %s differs from the file's name", "het id %s is niet de naam van het bestand", id),
			say.Both("name the file %s.yaml", "noem het bestand %s.yaml", id))
	}
}

// damaged reports that the program's own data cannot be read.
func (l *loader) damaged(err error) {
	l.whole("", say.Of(err), say.HintOf(err))
}

func (l *loader) whole(file string, what, hint say.Text) {
	l.problems = append(l.problems, strictyaml.Problem{File: file, What: what, Hint: hint})
}

func (l *loader) at(file, path string, what, hint say.Text) {
	if doc, ok := l.docs[file]; ok {
		l.problems = append(l.problems, doc.Problem(path, what, hint))
	}
}
