package terraform

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"waarborg/internal/inventory"
)

// publicAddress is the address as it may be shown. Instance keys can be anything, also a person's mail address: those of
// grants (person), and any that is not a plain word, become pseudonyms.
func (g *graph) publicAddress(address string, person bool) string {
	steps := splitAddress(address)
	for i, s := range steps {
		name, key := splitKey(s)
		if !strings.HasPrefix(key, `["`) {
			continue
		}
		plain := strings.TrimSuffix(strings.TrimPrefix(key, `["`), `"]`)
		if person || !plainKey.MatchString(plain) {
			steps[i] = name + `["` + g.env.Pseudonyms.Token(plain) + `"]`
		}
	}
	return strings.Join(steps, ".")
}

var plainKey = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,32}$`)

var environments = map[string]string{
	"production": "production", "prod": "production", "prd": "production", "productie": "production",
	"acceptance": "acceptance", "acc": "acceptance", "acceptatie": "acceptance",
	"test": "test", "tst": "test",
	"development": "development", "dev": "development", "ontwikkeling": "development",
}

var slug = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

// tags reads the three tags that have a meaning here, and nothing else of them.
func (n *node) tags(o object) {
	why := o.read("tags").why
	tags := object{}
	tags.values, _ = o.read("tags").value.(map[string]any)
	tags.unknown, _ = marked(o.unknown, "tags")
	tags.sensitive, _ = marked(o.sensitive, "tags")
	if app := strings.ToLower(tags.first("application", "app").text()); slug.MatchString(app) {
		n.scope.Applications = []string{app}
	}
	if n.store == nil {
		return
	}
	switch env := tags.first("environment", "env"); {
	case why.Code != "":
		n.store.Environment = inventory.Unknown[string](why.Code, "tags")
	case env.why.Code != "":
		n.store.Environment = inventory.Unknown[string](env.why.Code, "tags")
	case !env.absent():
		word, bad := oneOf(environments)(env.value)
		n.store.Environment = known(word, bad, "tags")
	}
	if strings.EqualFold(tags.first("data").text(), "personal") {
		n.store.PersonalData = inventory.Known(true)
	}
}

// first is read, by names in any case: Azure does not tell tags apart by case.
func (o object) first(names ...string) reading {
	for _, name := range names {
		for _, have := range slices.Sorted(maps.Keys(o.values)) {
			if strings.EqualFold(have, name) {
				if r := o.read(have); !r.absent() {
					return r
				}
			}
		}
	}
	return reading{}
}
