package terraform

import (
	"regexp"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"waarborg/internal/inventory"
)

// reference is an attribute of a resource that names another resource, by its Azure id or by its name.
type reference struct {
	from   head
	path   []string // the attribute in the configuration, through nested blocks
	value  reading
	byName string // if set, the value is the name of a resource of this type
	within bool   // the value may also be the id of a part of the resource
}

// head is what of a resource is kept for resolving references.
type head struct{ address, module, typ, name, key string }

// ref makes a reference of an attribute of the resource itself.
func (r resource) ref(attr string) reference {
	return reference{from: r.head(), path: []string{attr}, value: r.read(attr)}
}

// refNamed makes a reference by name, such as storage_account_name.
func (r resource) refNamed(attr, typ string) reference {
	ref := r.ref(attr)
	ref.byName = typ
	return ref
}

func (r resource) head() head { return head{r.address, r.module, r.typ, r.name, r.key} }

// outcome says how far a reference could be resolved.
type outcome int

const (
	none       outcome = iota // the attribute is absent: nothing is named
	exact                     // one node, certainly
	outside                   // certainly nothing that this file could tell facts of
	candidates                // one or more of the nodes returned
	unresolved                // it can be anything
)

// references resolves references, by ids where they are known and by the configuration where they are not.
type references struct {
	byID      map[string]*node
	byName    map[string][]*node  // type and lower-case name
	byLocal   map[string][]*node  // localKey of the module instance
	modules   map[string][]string // address without its last key to the addresses of the instances
	config    map[string]*tfjson.ConfigModule
	resources map[string]*tfjson.ConfigResource // localKey of the module without keys
	known     func(typ string) bool             // whether a resource of the type can be a target
}

func newReferences(known func(string) bool) references {
	return references{byID: map[string]*node{}, byName: map[string][]*node{}, byLocal: map[string][]*node{},
		modules: map[string][]string{}, config: map[string]*tfjson.ConfigModule{},
		resources: map[string]*tfjson.ConfigResource{}, known: known}
}

// add makes a node findable.
func (x *references) add(n *node, id, name string) {
	if id != "" {
		x.byID[cleanID(id)] = n
	}
	if name != "" {
		k := n.typ + " " + strings.ToLower(name)
		x.byName[k] = append(x.byName[k], n)
	}
	k := localKey(n.module, n.typ, n.name)
	x.byLocal[k] = append(x.byLocal[k], n)
	for m := n.module; m != ""; {
		parent, call, key := parentOf(m)
		base := strings.TrimSuffix(m, key)
		if call == "" || slices.Contains(x.modules[base], m) {
			break
		}
		x.modules[base] = append(x.modules[base], m)
		m = parent
	}
}

// subResource is what diagnostic settings and backups add to the id of the resource that they mean.
var subResource = regexp.MustCompile(`/(blobservices|fileservices|queueservices|tableservices)/default$`)

func cleanID(id string) string {
	return subResource.ReplaceAllString(strings.TrimSuffix(strings.ToLower(id), "/"), "")
}

func (x *references) resolve(ref reference) ([]*node, outcome) {
	if s := ref.value.text(); s != "" {
		found, how := x.lookup(ref, s)
		if how != candidates {
			return found, how
		}
		// Several have the name, in different resource groups; the configuration may tell which is meant.
		if byConfig, how := x.byConfiguration(ref); how == exact {
			return byConfig, how
		}
		return found, how
	}
	if ref.value.absent() {
		return nil, none
	}
	return x.byConfiguration(ref)
}

// byConfiguration resolves by what the configuration refers to.
func (x *references) byConfiguration(ref reference) ([]*node, outcome) {
	resolver := follower{x: x, budget: 64}
	expr := expression(x.resource(ref.from), ref.path)
	if expr == nil {
		return nil, unresolved
	}
	resolver.follow(ref.from.module, ref.from.key, expr.References, ref.from)
	found := resolver.distinct()
	switch {
	case resolver.doubtful && len(found) > 0, len(found) > 1:
		return found, candidates
	case resolver.doubtful:
		return nil, unresolved
	case len(found) == 1 && !resolver.elsewhere:
		return found, exact
	case len(found) == 1:
		return found, candidates
	case resolver.elsewhere:
		return nil, outside
	}
	return nil, unresolved
}

// lookup finds a node by an id or name that is known.
func (x *references) lookup(ref reference, value string) ([]*node, outcome) {
	if ref.byName == "" {
		for id := cleanID(value); ; {
			if n := x.byID[id]; n != nil {
				return []*node{n}, exact
			}
			// The id of a part is that of the whole with two steps more: its kind and its name.
			end := strings.LastIndexByte(id[:max(0, strings.LastIndexByte(id, '/'))], '/')
			if !ref.within || end <= 0 {
				return nil, outside
			}
			id = cleanID(id[:end])
		}
	}
	found := x.byName[ref.byName+" "+strings.ToLower(value)]
	switch len(found) {
	case 0:
		return nil, outside
	case 1:
		return found, exact
	}
	return found, candidates
}

// resource finds the configuration of a resource.
func (x *references) resource(h head) *tfjson.ConfigResource {
	return x.resources[localKey(withoutKeys(h.module), h.typ, h.name)]
}

// expression finds an attribute in the configuration. Of nested blocks there must be one: which block of several made
// which value is not told.
func expression(r *tfjson.ConfigResource, path []string) *tfjson.ExpressionData {
	if r == nil {
		return nil
	}
	level := r.Expressions
	for i, step := range path {
		e := level[step]
		if e == nil || e.ExpressionData == nil {
			return nil
		}
		if i == len(path)-1 {
			return e.ExpressionData
		}
		if len(e.NestedBlocks) != 1 {
			return nil
		}
		level = e.NestedBlocks[0]
	}
	return nil
}

// configure indexes the configuration by module address without keys.
func (x *references) configure(address string, m *tfjson.ConfigModule) {
	if m == nil {
		return
	}
	x.config[address] = m
	for _, r := range m.Resources {
		if r != nil && r.Mode != tfjson.DataResourceMode {
			x.resources[localKey(address, r.Type, r.Name)] = r
		}
	}
	for name, call := range m.ModuleCalls {
		if call != nil {
			x.configure(join(address, "module."+name), call.Module)
		}
	}
}

// reason is why a fact stays unknown that this reference leaves open.
func (ref reference) reason() inventory.Reason {
	if ref.value.why.Code != "" {
		return ref.value.why
	}
	return inventory.Reason{Code: inventory.AfterApply, Detail: ref.path[len(ref.path)-1]}
}

// lacking is why facts of what ref names are not known: it is not in this file, or which one it is is not known.
func (ref reference) lacking(how outcome) inventory.Reason {
	if how == outside || how == none {
		return inventory.Reason{Code: inventory.NotReported, Detail: ref.attr()}
	}
	return ref.reason()
}

func (ref reference) attr() string {
	if len(ref.path) == 0 {
		return ""
	}
	return ref.path[len(ref.path)-1]
}
