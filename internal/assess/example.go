package assess

import (
	"bytes"
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"io/fs"
	"path"
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
}

// ExampleNow is the time of examples that name none.
const ExampleNow = "2026-11-23T12:00:00Z"

// Examples reads the examples beside a rule.
func Examples(fsys fs.FS, r *Rule) ([]Example, error) {
	file := path.Join(path.Dir(r.File), "examples.yaml")
	raw, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, fmt.Errorf("rule %s has no examples: %w", r.ID, err)
	}
	var doc struct {
		Examples map[string][]Example `yaml:"examples"`
	}
	if err := yaml.NewDecoder(bytes.NewReader(raw), yaml.DisallowUnknownField()).Decode(&doc); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(doc.Examples) != 1 || doc.Examples[r.ID] == nil {
		return nil, fmt.Errorf("%s: its one key under `examples` must be %s", file, r.ID)
	}
	return doc.Examples[r.ID], nil
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
