package main

import (
	"encoding/json/v2"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/say"
	"waarborg/internal/strictyaml"
	"waarborg/internal/workspace"
	"waarborg/policies"
)

// space is a workspace that was read without a problem.
type space struct {
	workspace.Workspace
	dir string
	own *dpa.Book // as the workspace has it, where an export of the register stands in its place; else nil
}

// load reads the workspace and shows all problems of all files in one go.
func (a *app) load() (*space, error) {
	categories, err := categoryGroups()
	if err != nil {
		return nil, err
	}
	ws, problems := workspace.Load(os.DirFS(a.dir), categories)
	if len(problems) > 0 {
		return nil, a.problems(problems)
	}
	return &space{Workspace: ws, dir: a.dir}, nil
}

// problems writes what is wrong with a workspace, and returns an error that ends the command.
func (a *app) problems(list []strictyaml.Problem) error {
	for _, p := range list {
		fmt.Fprintf(a.err, "%s\n\n", p.In(a.lang))
	}
	if len(list) == 1 {
		return fails(say.Both("the workspace has a problem", "de werkmap heeft een fout"), say.Text{})
	}
	return fails(say.Both("the workspace has %d problems", "de werkmap heeft %d fouten", len(list)), say.Text{})
}

// categoryGroups reads the catalogue of categories of personal data: the group of each.
func categoryGroups() (dpa.Categories, error) {
	raw, err := policies.FS.ReadFile("reference/categories.json")
	if err != nil {
		return nil, err
	}
	var doc struct {
		Categories map[string]struct {
			Group string `json:"group"`
		} `json:"categories"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("reading the catalogue of categories: %w", err)
	}
	out := dpa.Categories{}
	for id, c := range doc.Categories {
		out[id] = c.Group
	}
	return out, nil
}

// path makes a path of the workspace's files absolute to it.
func (s *space) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.dir, name)
}

// digest is over the files that decide what is judged and by what: the agreements, the register, the data map and the
// role matrix. Waivers and people may change without making an assessment another one.
func (s *space) digest() (string, error) {
	judged := map[string]string{}
	for name, sum := range s.Digests {
		if name != workspace.ConfigFile && name != workspace.WaiversFile {
			judged[name] = sum
		}
	}
	return dpa.Digest("waarborg.workspace/v1", judged)
}

// changed tells whether the workspace is another than what a digest was made of.
func (s *space) changed(digest string) bool {
	now, err := s.digest()
	return err != nil || now != digest
}

// customers returns the terms in force: the standard ones, and those of every customer whose contract has begun.
func (s *space) customers(now time.Time) ([]assess.Customer, error) {
	day := dpa.DateOf(now)
	standard, err := s.Book.StandardTerms(day)
	if err != nil {
		return nil, shown(err)
	}
	out := []assess.Customer{{ID: assess.Standard, Terms: standard.ForRules()}}
	for _, c := range s.Book.Customers {
		if c.Contract.Start > day {
			continue // not a customer yet: nothing of it is in force
		}
		f, err := s.Book.TermsInForce(c.ID, day)
		if err != nil {
			return nil, shown(err)
		}
		out = append(out, assess.Customer{ID: c.ID, Applications: c.Applications, Terms: f.ForRules()})
	}
	return out, nil
}

// customer checks that a customer exists. The names of others are not given away: a typo must not list them.
func (s *space) customer(id string) error {
	if _, ok := s.Book.Customer(id); ok {
		return nil
	}
	return fails(say.Both("there is no customer %q in this workspace", "er is geen klant %q in deze werkmap", id),
		say.Both("its id is the name of its file in agreements/customers",
			"het id is de naam van het bestand in agreements/customers"))
}

// people are the keys that are enrolled now.
func (s *space) people() dpa.People {
	out := dpa.People{}
	for _, p := range s.Config.People {
		if p.Key != "" {
			out[p.ID] = append(out[p.ID], string(p.Key))
		}
	}
	return out
}

// peopleAt are the keys that count for what was signed at a time: those in use then. Without their first and last days, one
// person could sign for two roles that were held one after the other.
func (s *space) peopleAt(at time.Time) dpa.People {
	out := dpa.People{}
	for _, p := range s.Config.People {
		if p.Key != "" && dpa.DateOf(at.UTC()) >= p.Since {
			out[p.ID] = append(out[p.ID], string(p.Key))
		}
		for _, f := range p.Former {
			if dpa.DateOf(at.UTC()) <= f.Until {
				out[p.ID] = append(out[p.ID], string(f.Key))
			}
		}
	}
	return out
}

// secret resolves a reference.
func (a *app) secret(s *space, ref workspace.SecretRef) (string, error) {
	v, err := workspace.ResolveSecret(ref, a.env, func(name string) ([]byte, error) { return os.ReadFile(s.path(name)) })
	if err != nil {
		return "", shown(err)
	}
	return v, nil
}

// cut removes a suffix of a table's name: schema and table.
func cut(table string) (schema, name string) {
	schema, name, ok := strings.Cut(table, ".")
	if !ok {
		return "public", table
	}
	return schema, name
}

func globs(list []dpa.Glob) []string {
	out := make([]string, 0, len(list))
	for _, g := range list {
		out = append(out, string(g))
	}
	return slices.Clip(out)
}
