package kubernetes

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"waarborg/internal/inventory"
)

// The labels and annotations that have a meaning; the first that is there counts. All others are left alone.
var (
	applicationKeys = []string{"waarborg/application", "app.kubernetes.io/part-of"}
	environmentKeys = []string{"waarborg/environment", "environment", "env"}
)

const (
	dataKey       = "waarborg/data"
	categoriesKey = "waarborg/data-categories"
)

var environments = map[string]string{
	"production": "production", "prod": "production", "prd": "production", "productie": "production",
	"acceptance": "acceptance", "acc": "acceptance", "acceptatie": "acceptance",
	"test": "test", "tst": "test",
	"development": "development", "dev": "development", "ontwikkeling": "development",
}

var (
	slug         = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)
	categoryForm = regexp.MustCompile(`^[a-z0-9_-]{1,40}$`)
)

// label looks for the first of keys in the annotations and labels of an object and of the pods it makes.
func (o *object) label(keys ...string) string {
	pods := o.at("spec", "template", "metadata")
	for _, key := range keys {
		for _, b := range []block{o.at("metadata", "annotations"), o.at("metadata", "labels"), pods.at("annotations"), pods.at("labels")} {
			if s := strings.TrimSpace(b.text(key)); s != "" {
				return s
			}
		}
	}
	return ""
}

// scope says whom an object serves: the application that it, or its namespace, names.
func (w *world) scope(o *object) (s inventory.Scope) {
	for _, x := range []*object{o, w.spaces[o.namespace]} {
		if x == nil {
			continue
		}
		if app := strings.ToLower(x.label(applicationKeys...)); slug.MatchString(app) {
			return inventory.Scope{Applications: []string{app}}
		}
	}
	return s
}

// environment is what the object says, or else its namespace, or else the first or last word of the namespace's name.
func (w *world) environment(o *object) inventory.Fact[string] {
	for _, x := range []*object{o, w.spaces[o.namespace]} {
		if x == nil {
			continue
		}
		if given := x.label(environmentKeys...); given != "" {
			if word, ok := environments[strings.ToLower(given)]; ok {
				return inventory.Known(word)
			}
			return inventory.Unknown[string](inventory.Unsupported, "labels")
		}
	}
	words := strings.Split(o.namespace, "-")
	if o.key == "/Namespace" {
		words = strings.Split(o.name, "-")
	}
	first, last := environments[words[0]], environments[words[len(words)-1]]
	switch {
	case first != "" && last != "" && first != last:
	case first != "":
		return inventory.Known(first)
	case last != "":
		return inventory.Known(last)
	}
	return inventory.Fact[string]{}
}

// described sets what labels say of a datastore.
func (w *world) described(o *object, d *inventory.Datastore) {
	d.Environment = w.environment(o)
	if strings.EqualFold(o.label(dataKey), "personal") {
		d.PersonalData = inventory.Known(true)
	}
	if given := o.label(categoriesKey); given != "" {
		d.DataCategories = categories(given)
	}
}

// categories reads ids of categories, separated by commas, semicolons or plus signs.
func categories(given string) inventory.Fact[[]string] {
	var out []string
	malformed := false
	for _, word := range strings.FieldsFunc(given, func(r rune) bool { return strings.ContainsRune(",;+", r) }) {
		word = strings.ToLower(strings.TrimSpace(word))
		if !categoryForm.MatchString(word) {
			malformed = true
			continue
		}
		out = append(out, word)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if malformed || len(out) == 0 {
		return inventory.Partial(out, inventory.Malformed, "data-categories")
	}
	return inventory.Known(out)
}

// setMissing gives a fact that nothing set the reason that the manifest does not say.
func setMissing(a inventory.Attributes, path string) {
	v := reflect.ValueOf(a).Elem()
	for step := range strings.SplitSeq(path, ".") {
		for i := range v.NumField() {
			if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); name == step {
				v = v.Field(i)
				break
			}
		}
	}
	if f, ok := v.Interface().(interface{ IsSet() bool }); ok && !f.IsSet() {
		_ = inventory.SetReason(a, path, inventory.Reason{Code: inventory.NotReported, Detail: "manifest"}) // the path is one of ours
	}
}
