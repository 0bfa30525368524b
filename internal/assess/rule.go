package assess

import (
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// Severity of a rule, for sorting and for people: it does not change a verdict.
type Severity string

// Severities, worst first.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
)

// Rank is 0 for the worst severity.
func (s Severity) Rank() int { return slices.Index([]Severity{Critical, High, Medium, Low}, s) }

// Text is a text for people, in Dutch and English.
type Text = say.Text

// TermNeed is a path under the terms in force that a rule reads. Without it the verdict is unknown, unless it is optional.
type TermNeed struct {
	Path     string
	Optional bool
}

// Rule is one duty over one kind of resource, as its annotations describe it.
type Rule struct {
	ID          string
	Area        string // transfers, access, retention, security, subprocessors, processings; of a team's own rule any word
	Package     string // of the Rego module: waarborg.<area>.<name>, of a team's own team.<area>.<name> or team.<name>
	File        string
	Kind        inventory.Kind
	Needs       []string // fact paths that decide; all that the rule sees besides Scope and Terms
	Scope       []string // fact paths that decide whether the rule applies
	Terms       []TermNeed
	Clauses     []string
	GDPR        []string
	Severity    Severity
	Waivable    bool
	Title       Text
	Description Text
	Remediation Text
	Messages    map[string]Text // by code; "default" for findings without one

	hasApplies, hasDeny, hasUnsure bool
	team                           bool            // a team's own
	categories                     map[string]Text // names of categories of personal data, for messages
}

// annotation is the `custom` block of a rule's METADATA.
type annotation struct {
	ID            string          `json:"id"`
	Kind          inventory.Kind  `json:"kind"`
	Needs         []string        `json:"needs"`
	Scope         []string        `json:"scope"`
	Terms         []string        `json:"terms"`
	Clauses       []string        `json:"clauses"`
	GDPR          []string        `json:"gdpr"`
	Severity      Severity        `json:"severity"`
	Waivable      *bool           `json:"waivable"`
	TitleNL       string          `json:"title_nl"`
	DescriptionNL string          `json:"description_nl"`
	Remediation   string          `json:"remediation"`
	RemediationNL string          `json:"remediation_nl"`
	Messages      map[string]Text `json:"messages"`
}

// readRule makes a Rule of a parsed module's package annotation.
func readRule(file string, m *ast.Module) (*Rule, error) {
	a := packageAnnotation(m)
	if a == nil {
		return nil, fmt.Errorf("%s: the package has no METADATA annotation", file)
	}
	var c annotation
	if err := readCustom(a, &c); err != nil {
		return nil, fmt.Errorf("%s: the `custom` annotation has an unknown key or a wrong type: %w", file, err)
	}
	pkg := packageName(m)
	parts := strings.Split(pkg, ".")
	if len(parts) != 3 {
		return nil, fmt.Errorf("%s: package %s is not of the form waarborg.<area>.<rule>", file, pkg)
	}
	r := makeRule(file, m, a, c)
	r.Area = parts[1]
	if missing := r.lacks(); len(missing) > 0 {
		return nil, fmt.Errorf("%s: the rule lacks or misspells: %s", r.File, strings.Join(missing, ", "))
	}
	return r, nil
}

// packageAnnotation is the annotation of a module's package; nil without one.
func packageAnnotation(m *ast.Module) (found *ast.Annotations) {
	for _, x := range m.Annotations {
		if x.Scope == "package" {
			found = x
		}
	}
	return found
}

// packageName is a module's package as people write it, without `data.`.
func packageName(m *ast.Module) string { return strings.TrimPrefix(m.Package.Path.String(), "data.") }

// readCustom reads the `custom` block of an annotation.
func readCustom(a *ast.Annotations, into any) error {
	raw, err := json.Marshal(a.Custom)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into, json.RejectUnknownMembers(true))
}

// makeRule makes a rule without its area.
func makeRule(file string, m *ast.Module, a *ast.Annotations, c annotation) *Rule {
	r := &Rule{
		ID: c.ID, Package: packageName(m), File: file, Kind: c.Kind, Needs: c.Needs, Scope: c.Scope, Clauses: c.Clauses,
		GDPR: c.GDPR, Severity: c.Severity, Waivable: c.Waivable == nil || *c.Waivable,
		Title: Text{EN: a.Title, NL: c.TitleNL}, Description: Text{EN: a.Description, NL: c.DescriptionNL},
		Remediation: Text{EN: c.Remediation, NL: c.RemediationNL}, Messages: c.Messages,
	}
	for _, t := range c.Terms {
		path, optional := strings.CutSuffix(t, "?")
		r.Terms = append(r.Terms, TermNeed{path, optional})
	}
	for _, x := range m.Rules {
		switch x.Head.Name.String() {
		case "applies":
			r.hasApplies = true
		case "deny":
			r.hasDeny = true
		case "unsure":
			r.hasUnsure = true
		}
	}
	return r
}

// lacks lists what a rule's file must say and does not, sorted.
func (r *Rule) lacks() []string {
	var missing []string
	for name, ok := range map[string]bool{
		"id": r.ID != "", "kind": r.Kind != "", "needs": len(r.Needs) > 0, "clauses": len(r.Clauses) > 0 || r.team,
		"severity": r.Severity.Rank() >= 0, "title": r.Title.EN != "", "title_nl": r.Title.NL != "",
		"description": r.Description.EN != "", "description_nl": r.Description.NL != "",
		"remediation": r.Remediation.EN != "", "remediation_nl": r.Remediation.NL != "",
		"`deny`/`unsure`": r.hasDeny || r.hasUnsure,
	} {
		if !ok {
			missing = append(missing, name)
		}
	}
	for code, t := range r.Messages {
		if t.EN == "" {
			missing = append(missing, "messages."+code+".en")
		}
		if t.NL == "" {
			missing = append(missing, "messages."+code+".nl")
		}
	}
	if r.hasDeny && r.Messages["default"].EN == "" && len(r.Messages) == 0 {
		missing = append(missing, "messages")
	}
	slices.Sort(missing)
	return missing
}

// facts lists every fact path the rule may read, sorted and without doubles.
func (r *Rule) facts() []string {
	all := slices.Concat(r.Needs, r.Scope)
	slices.Sort(all)
	return slices.Compact(all)
}

// NeedsPrivate tells whether the rule rests on facts that can name or speak of others, see inventory.PrivatePaths.
func (r *Rule) NeedsPrivate() bool { return r.anyPrivate(r.facts()) }

// AppliesByPrivate tells whether already the question if the rule applies rests on such facts.
func (r *Rule) AppliesByPrivate() bool { return r.anyPrivate(r.Scope) }

func (r *Rule) anyPrivate(facts []string) bool {
	private := inventory.PrivatePaths(r.Kind)
	return slices.ContainsFunc(facts, func(fact string) bool {
		return slices.ContainsFunc(private, func(p string) bool {
			return p == fact || strings.HasPrefix(p, fact+".") || strings.HasPrefix(fact, p+".")
		})
	})
}
