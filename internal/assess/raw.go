package assess

import (
	"regexp"
	"slices"
	"strings"

	"waarborg/internal/inventory"
)

// rawForms say how the kinds are written that stand for a resource itself, by the format of the input.
var rawForms = map[string]*regexp.Regexp{
	"terraform":  regexp.MustCompile(`^[a-z][a-z0-9_]*$`),
	"arm":        regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)+(/[A-Za-z0-9]+)+$`),
	"kubernetes": regexp.MustCompile(`^[a-z0-9.-]+(/[a-z0-9]+)? [A-Z][A-Za-z0-9]*$`),
}

// IsRaw tells whether a kind stands for a resource itself, as its input has it: terraform.azurerm_storage_account,
// arm.Microsoft.Storage/storageAccounts or kubernetes.apps/v1 Deployment. Its facts are the attributes that rules ask for; of
// these, what a Resource neither has nor gives a reason for is absent.
func IsRaw(k inventory.Kind) bool {
	format, typ, _ := strings.Cut(string(k), ".")
	form := rawForms[format]
	return form != nil && form.MatchString(typ)
}

// rawKind is what rules ask of a resource itself.
type rawKind struct {
	kind  inventory.Kind
	paths [][]string
}

// rawKey is what kinds are compared by: types of Azure mean the same in any case.
func rawKey(format, typ string) string {
	if format == "arm" {
		typ = strings.ToLower(typ)
	}
	return format + "." + typ
}

// indexRaw collects what rules ask of resources themselves. Kinds that differ in case alone become one.
func (p *Policies) indexRaw() {
	asked := map[string][]string{}
	for _, r := range p.Rules {
		if !IsRaw(r.Kind) {
			continue
		}
		format, typ, _ := strings.Cut(string(r.Kind), ".")
		key := rawKey(format, typ)
		if p.raw[key] == nil {
			p.raw[key] = &rawKind{kind: r.Kind}
		}
		r.Kind = p.raw[key].kind
		asked[key] = append(asked[key], r.facts()...)
	}
	for key, paths := range asked {
		slices.Sort(paths)
		for _, path := range slices.Compact(paths) {
			p.raw[key].paths = append(p.raw[key].paths, strings.Split(path, "."))
		}
	}
}

// RawKinds lists the kinds by which rules ask for resources themselves, sorted.
func (p *Policies) RawKinds() (kinds []inventory.Kind) {
	for _, key := range sortedKeys(p.raw) {
		kinds = append(kinds, p.raw[key].kind)
	}
	return kinds
}

// RawPaths lists the attribute paths that rules ask of a kind, sorted; nil if none does. They are shared, not to be changed.
func (p *Policies) RawPaths(kind inventory.Kind) [][]string {
	format, typ, _ := strings.Cut(string(kind), ".")
	_, paths := p.RawOf(format, typ)
	return paths
}

// RawOf finds what rules ask of a type of a format (terraform, arm or kubernetes): the kind and the attribute paths. paths is nil
// if no rule asks for it.
func (p *Policies) RawOf(format, typ string) (kind inventory.Kind, paths [][]string) {
	if len(p.raw) == 0 {
		return "", nil
	}
	found := p.raw[rawKey(format, typ)]
	if found == nil {
		return "", nil
	}
	return found.kind, found.paths
}

// Described returns the rules, each id once: a rule of several kinds counts once for each in Rules.
func (p *Policies) Described() []*Rule {
	return slices.CompactFunc(slices.Clone(p.Rules), func(a, b *Rule) bool { return a.ID == b.ID })
}
