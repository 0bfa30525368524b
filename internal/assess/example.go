package assess

import (
	"bytes"
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/goccy/go-yaml"

	"waarborg/internal/inventory"
)

// Example shows in plain data when a rule is met and when not. Examples are tests, and appear in the rule reference.
type Example struct {
	Name   string         `yaml:"name"`
	NameNL string         `yaml:"name_nl"`
	Now    string         `yaml:"now"` // time of assessment, RFC 3339; ExampleNow where it does not matter
	Want   Status         `yaml:"verdict"`
	Input  map[string]any `yaml:"input"`
	Terms  map[string]any `yaml:"terms"`
	// Unknown are attributes of a resource itself that are known only after apply: what is left out there is absent.
	Unknown []string `yaml:"unknown"`
}

// ExampleNow is the time of examples that name none.
const ExampleNow = "2026-11-23T12:00:00Z"

// Examples reads the examples beside a rule. A team's own rule may have none, and share the file with others of its folder.
func Examples(fsys fs.FS, r *Rule) ([]Example, error) {
	file := path.Join(path.Dir(r.File), "examples.yaml")
	examples, err := readExamples(fsys, file)
	switch {
	case r.team && errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("rule %s has no examples: %w", r.ID, err)
	case err != nil:
		return nil, err
	case !r.team && (len(examples) != 1 || examples[r.ID] == nil):
		return nil, fmt.Errorf("%s: its one key under `examples` must be %s", file, r.ID)
	}
	return examples[r.ID], nil
}

// readExamples reads a file of examples, by the id of the rule.
func readExamples(fsys fs.FS, file string) (map[string][]Example, error) {
	raw, err := readUpTo(fsys, file, teamFileSize)
	if err != nil {
		return nil, err
	}
	var doc struct {
		Examples map[string][]Example `yaml:"examples"`
	}
	if len(raw) > teamFileSize {
		return nil, fmt.Errorf("%s: examples may have %d bytes", file, teamFileSize)
	}
	if err := yaml.NewDecoder(bytes.NewReader(raw), yaml.DisallowUnknownField()).Decode(&doc); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return doc.Examples, nil
}

// Try gives a rule's verdict on an example, by the same way as a collected resource.
func (p *Policies) Try(ctx context.Context, r *Rule, x Example) (*Verdict, error) {
	raw, err := json.Marshal(x.Input)
	if err != nil {
		return nil, fmt.Errorf("rule %s, example %q: %w", r.ID, x.Name, err)
	}
	value := jsontext.Value(raw)
	if x.Input == nil {
		value = jsontext.Value("{}")
	}
	if err := value.Canonicalize(); err != nil {
		return nil, fmt.Errorf("rule %s, example %q: %w", r.ID, x.Name, err)
	}
	if x.Now == "" {
		x.Now = ExampleNow
	}
	now, err := time.Parse(time.RFC3339, x.Now)
	if err != nil {
		return nil, fmt.Errorf("rule %s, example %q: `now` is not a time such as %s", r.ID, x.Name, ExampleNow)
	}
	res := inventory.Resource{ID: "example", Kind: r.Kind, Attributes: value}
	for _, path := range x.Unknown {
		if res.Unknown == nil {
			res.Unknown = map[string]inventory.Reason{}
		}
		res.Unknown[path] = inventory.Reason{Code: inventory.AfterApply}
	}
	judged, _, err := p.Assess(ctx, Input{Resources: []inventory.Resource{res}, Customers: []Customer{{Terms: x.Terms}}, Now: now, Workers: 1})
	if err != nil {
		return nil, err
	}
	for _, j := range judged[0] {
		if j.Rule == r {
			return j.Verdict, nil
		}
	}
	return nil, fmt.Errorf("rule %s was not evaluated on its example", r.ID)
}

// StrayExamples lists examples of a team's folder that belong to no rule beside them, so that nothing would try them: the file
// and the id, sorted.
func (p *Policies) StrayExamples(fsys fs.FS) (stray []string, err error) {
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Base(name) != "examples.yaml" {
			return err
		}
		examples, err := readExamples(fsys, name)
		for _, id := range sortedKeys(examples) {
			if !slices.ContainsFunc(p.Rules, func(r *Rule) bool { return r.ID == id && path.Dir(r.File) == path.Dir(name) }) {
				stray = append(stray, name+": "+id)
			}
		}
		return err
	})
	return stray, err
}
