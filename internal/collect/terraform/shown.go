package terraform

import (
	"regexp"
	"slices"
	"strings"

	"waarborg/internal/inventory"
)

// publicAddress is the address as it may be shown. Instance keys can be anything, also a person's mail address: those of
// grants (person), and any that is not a plain word, become pseudonyms. So does a key that looks like one.
func publicAddress(names *inventory.Pseudonyms, address string, person bool) string {
	if !strings.Contains(address, `["`) {
		return address
	}
	steps := splitAddress(address)
	for i, s := range steps {
		name, plain, ok := textKey(s)
		if ok && (person || !plainKey.MatchString(plain) || tokenForm.MatchString(plain)) {
			steps[i] = name + `["` + names.Token(plain) + `"]`
		}
	}
	return strings.Join(steps, ".")
}

// textKey splits a step of an address of which the instance key is text. ok is false if it is not.
func textKey(step string) (name, plain string, ok bool) {
	name, key := splitKey(step)
	plain, ok = strings.CutPrefix(key, `["`)
	return name, strings.TrimSuffix(plain, `"]`), ok
}

var (
	plainKey  = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,32}$`)
	tokenForm = regexp.MustCompile(`^p-[a-z2-9]{16}$`)
)

var environments = map[string]string{
	"production": "production", "prod": "production", "prd": "production", "productie": "production",
	"acceptance": "acceptance", "acc": "acceptance", "acceptatie": "acceptance",
	"test": "test", "tst": "test",
	"development": "development", "dev": "development", "ontwikkeling": "development",
}

// isSlug tells whether s is the id of an application: lower-case letters, digits and dashes.
func isSlug(s string) bool {
	return len(s) > 0 && len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// tags reads the four tags that have a meaning here, and nothing else of them.
func (n *node) tags(o object) {
	tags, why := o.object("tags")
	if app := strings.ToLower(tags.first("application", "app").text()); isSlug(app) {
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
	switch list := tags.first("data_categories", "data-categories"); {
	case list.why.Code != "":
		n.store.DataCategories = inventory.Unknown[[]string](list.why.Code, "tags")
	case !list.absent():
		n.store.DataCategories = categoriesOf(list.value)
	}
}

var (
	categoryForm  = regexp.MustCompile(`^[a-z0-9_-]{1,40}$`)
	attributeForm = regexp.MustCompile(`^[a-z0-9_]{1,64}$`)
)

// categoriesOf reads ids of categories with a comma, semicolon or plus between them; Azure forbids some of these in
// values of some types. A word of another form could be anything, and is not carried over.
func categoriesOf(v any) inventory.Fact[[]string] {
	s, ok := v.(string)
	var list []string
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(",;+ ", r) }) {
		if categoryForm.MatchString(word) {
			list = append(list, word)
		} else {
			ok = false
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	switch {
	case ok && len(list) > 0:
		return inventory.Known(list)
	case len(list) > 0:
		return inventory.Partial(list, inventory.Malformed, "tags")
	}
	return inventory.Unknown[[]string](inventory.Malformed, "tags")
}

// first is read, by names in any case: Azure does not tell tags apart by case. Of names that differ in case alone the
// first in the order of bytes counts.
func (o object) first(names ...string) reading {
	for _, name := range names {
		var best string
		var found reading
		for _, have := range o.values {
			if len(have.name) != len(name) || !strings.EqualFold(string(have.name), name) || best != "" && string(have.name) > best {
				continue
			}
			if r := o.read(string(have.name)); !r.absent() {
				best, found = string(have.name), r
			}
		}
		if best != "" {
			return found
		}
	}
	return reading{}
}
