package kubernetes

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"waarborg/internal/collect"
	"waarborg/internal/say"
)

// object is one object of a manifest.
type object struct {
	api, group, kind string // apps/v1, apps, Deployment
	key              string // group/kind
	namespace, name  string // as they are, for joins; no namespace: it is of the cluster
	address, shown   string // as they may be shown
	line             int
	block
}

func (o *object) typ() string { return o.api + " " + o.kind }

var (
	apiForm  = regexp.MustCompile(`^([a-z0-9]([a-z0-9.-]{0,200})/)?v[a-z0-9]{1,20}$`)
	kindForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]{0,62}$`)
	nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.:-]{0,252}$`) // what is not could be a mail address
)

// ofCluster are the kinds we read that stand in no namespace.
var ofCluster = map[string]bool{"/Namespace": true, "/Node": true, "/PersistentVolume": true, "storage.k8s.io/StorageClass": true,
	rbac + "ClusterRole": true, rbac + "ClusterRoleBinding": true}

// moved are kinds that were first in the group extensions.
var moved = map[string]string{"Deployment": "apps", "DaemonSet": "apps", "ReplicaSet": "apps", "StatefulSet": "apps",
	"Ingress": "networking.k8s.io", "NetworkPolicy": "networking.k8s.io"}

// reading collects the objects of an input.
type reading struct {
	cfg     Config
	env     collect.Env
	objects []*object
	byID    map[[3]string]*object // group/kind, namespace, name
	shown   map[string]int        // how often an address was given out
}

// start is an input without what can stand before its first character.
func start(data []byte) []byte {
	return bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
}

func readObjects(cfg Config, env collect.Env, data []byte) ([]*object, error) {
	r := &reading{cfg: cfg, env: env, byID: map[[3]string]*object{}, shown: map[string]int{}}
	read := readYAML
	if first := start(data); bytes.HasPrefix(first, []byte("{")) && !bytes.HasPrefix(first, []byte("{{")) && !bytes.Contains(first, []byte("\n---")) {
		read = readJSON
	}
	if err := read(cfg.Name, data, func(doc any, line int) error { return r.add(doc, line, "", "", 0) }); err != nil {
		return nil, err
	}
	if len(r.objects) == 0 {
		return nil, refuse(say.Both("%s has no objects of Kubernetes", "%s heeft geen objecten van Kubernetes", cfg.Name),
			say.Both("give it what `helm template` or `kustomize build` writes", "geef het wat `helm template` of `kustomize build` schrijft"))
	}
	return r.objects, nil
}

func (r *reading) bad(line int, what, hint say.Text) error {
	return refuse(say.Both("%s:%d: %s", "%s:%d: %s", r.cfg.Name, line, what), hint)
}

// add takes one object, or those of a list. The items of a typed list such as PodList need not repeat what they are.
func (r *reading) add(doc any, line int, api, kind string, depth int) error {
	tree, ok := doc.(map[string]any)
	if !ok || depth > 8 {
		return r.bad(line, say.Both("this is no object of Kubernetes", "dit is geen object van Kubernetes"), asManifest())
	}
	if at, there := tree[lineKey].(int); there {
		line = at
		delete(tree, lineKey)
	}
	b := block{tree}
	api, kind = cmp.Or(b.text("apiVersion"), api), cmp.Or(b.text("kind"), kind)
	if !apiForm.MatchString(api) || !kindForm.MatchString(kind) {
		what := say.Both("apiVersion and kind are missing or malformed", "apiVersion en kind ontbreken of zijn onjuist")
		if templated(tree) {
			return template(say.Both("%s:%d: %s", "%s:%d: %s", r.cfg.Name, line, what))
		}
		return r.bad(line, what, asManifest())
	}
	list, isList := tree[items].([]any)
	if isList && strings.HasSuffix(kind, "List") {
		itemKind := strings.TrimSuffix(kind, "List")
		for _, item := range list {
			if err := r.add(item, line, api, itemKind, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	group, _, grouped := strings.Cut(api, "/")
	if !grouped {
		group = ""
	}
	if group == "kustomize.config.k8s.io" {
		return r.bad(line, say.Both("this is an instruction for kustomize, not what it makes", "dit is een instructie voor kustomize, niet wat het maakt"),
			say.Both("judge what `kustomize build DIR` or `kubectl kustomize DIR` writes",
				"beoordeel wat `kustomize build MAP` of `kubectl kustomize MAP` schrijft"))
	}
	return r.object(b, api, group, kind, line)
}

func asManifest() say.Text {
	return say.Both("each document needs apiVersion, kind and metadata.name", "elk document heeft apiVersion, kind en metadata.name nodig")
}

func (r *reading) object(b block, api, group, kind string, line int) error {
	delete(b.tree, "status") // what is, not what is asked for; only `kubectl get` writes it
	meta := b.at("metadata")
	delete(meta.tree, "managedFields")
	o := &object{api: api, group: group, kind: kind, name: meta.text("name"), namespace: meta.text("namespace"), line: line, block: b}
	if group == "extensions" {
		group = cmp.Or(moved[kind], group)
	}
	o.key = group + "/" + kind
	if judged(o.key) && templated(withoutAnnotations(b.tree)) {
		return template(say.Both("%s:%d: this object has {{ in it", "%s:%d: dit object heeft {{ in zich", r.cfg.Name, line))
	}
	for _, member := range []string{"name", "namespace", "generateName"} {
		if _, ok := meta.tree[member].(string); !ok && meta.has(member) {
			return r.bad(line, say.Both("metadata.%s is not text", "metadata.%s is geen tekst", member),
				say.Both("put it in quotes", "zet het tussen aanhalingstekens"))
		}
	}
	generated := meta.text("generateName")
	if o.name == "" && generated == "" {
		return r.bad(line, say.Both("the object has no name", "het object heeft geen naam"), asManifest())
	}
	switch {
	case ofCluster[o.key]:
		o.namespace = ""
	case o.namespace == "":
		o.namespace = r.cfg.Namespace
	}
	if id := [3]string{o.key, o.namespace, o.name}; o.name != "" {
		if first := r.byID[id]; first != nil {
			if reflect.DeepEqual(first.tree, o.tree) {
				return nil
			}
			return r.bad(line, say.Both("this object is there twice; the first is on line %d", "dit object staat er twee keer; het eerste staat op regel %d", first.line),
				say.Both("keep one: the last would win", "houd er één over: het laatste zou gelden"))
		}
		r.byID[id] = o
	}
	o.shown = r.public(cmp.Or(o.name, generated))
	shownKind := kind
	if !judged(o.key) && group != "" {
		shownKind += "." + group
	}
	o.address = shownKind + "/" + o.shown
	if o.namespace != "" {
		o.address = r.public(o.namespace) + "/" + o.address
	}
	if len(r.objects) == maxObjects {
		return refuse(say.Both("%s has more than %d objects", "%s heeft meer dan %d objecten", r.cfg.Name, maxObjects), splitUp())
	}
	if r.shown[o.address]++; r.shown[o.address] > 1 {
		o.address = fmt.Sprintf("%s~%d", o.address, r.shown[o.address])
	}
	r.objects = append(r.objects, o)
	return nil
}

func splitUp() say.Text {
	return say.Both("split it by application or namespace", "splits het per applicatie of namespace")
}

// public is a name as it may be shown: one that Kubernetes would take for most kinds, or else a pseudonym.
func (r *reading) public(name string) string {
	if nameForm.MatchString(name) {
		return name
	}
	return r.env.Pseudonyms.Token(name)
}

// judged tells whether a kind has a meaning here, on its own or for others.
func judged(key string) bool {
	return workloads[key] || operators[key] != nil || joined[key] || routeReaders[key] != nil ||
		slices.Contains([]string{"/Service", "/Namespace", "/PersistentVolumeClaim", "networking.k8s.io/NetworkPolicy",
			rbac + "RoleBinding", rbac + "ClusterRoleBinding"}, key)
}

// templated tells whether a value has a text with the marks of a template, or a key with them.
func templated(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, "{{")
	case map[string]any:
		for k, x := range v {
			if strings.Contains(k, "{{") || templated(x) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, templated)
	}
	return false
}

// withoutAnnotations leaves out what often holds templates of other programs.
func withoutAnnotations(tree map[string]any) map[string]any {
	out := maps.Clone(tree)
	meta := maps.Clone(block{tree}.at("metadata").tree)
	delete(meta, "annotations")
	out["metadata"] = meta
	if template := (block{tree}).at("spec", "template"); template.tree != nil {
		spec := maps.Clone(block{tree}.at("spec").tree)
		spec["template"] = withoutAnnotations(template.tree)
		out["spec"] = spec
	}
	return out
}

// owned tells whether a controller made the object, so that what it says is said by that controller.
func (o *object) owned() bool {
	return slices.ContainsFunc(o.at("metadata").blocks("ownerReferences"), func(b block) bool {
		yes, _ := b.truth("controller")
		return yes
	})
}
