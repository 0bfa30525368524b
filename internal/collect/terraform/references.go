package terraform

import (
	"strings"

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
	ref := reference{from: r.head, path: []string{attr}, value: r.read(attr)}
	if r.asked != nil {
		*r.asked = append(*r.asked, ref)
	}
	return ref
}

// refNamed makes a reference by name, such as storage_account_name.
func (r resource) refNamed(attr, typ string) reference {
	ref := r.ref(attr)
	ref.byName = typ
	if r.asked != nil {
		(*r.asked)[len(*r.asked)-1] = ref
	}
	return ref
}

// outcome says how far a reference could be resolved.
type outcome int

const (
	none       outcome = iota // the attribute is absent: nothing is named
	exact                     // one node, certainly
	outside                   // certainly nothing that this file could tell facts of
	candidates                // one or more of the nodes returned
	unresolved                // it can be anything
)

// cleanID is an id in the form that ids are compared in. Diagnostic settings and backups add the service to the id of the
// account that they mean.
func cleanID(id string) string {
	id = strings.TrimSuffix(strings.ToLower(id), "/")
	if whole, ok := strings.CutSuffix(id, "/default"); ok {
		for _, service := range []string{"/blobservices", "/fileservices", "/queueservices", "/tableservices"} {
			if account, ok := strings.CutSuffix(whole, service); ok {
				return account
			}
		}
	}
	return id
}

// find tells which records a reference names, by ids where they are known and by the configuration where they are not.
func (g *graph) find(ref reference) ([]uint32, outcome) {
	if s := ref.value.text(); s != "" {
		found, how := g.lookup(ref, s)
		if how != candidates {
			return found, how
		}
		// Several have the name, in different resource groups; the configuration may tell which is meant.
		if byConfig, how := g.byConfiguration(ref); how == exact {
			return byConfig, how
		}
		return found, how
	}
	if ref.value.absent() {
		return nil, none
	}
	return g.byConfiguration(ref)
}

// byConfiguration resolves by what the configuration refers to.
func (g *graph) byConfiguration(ref reference) ([]uint32, outcome) {
	f := follower{g: g, budget: 64}
	r, ok := g.resource(ref.from)
	if !ok {
		return nil, unresolved
	}
	refs, ok := references(expression(r, ref.path))
	if !ok {
		return nil, unresolved
	}
	f.follow(ref.from.module, ref.from.key, refs, ref.from)
	found := f.distinct()
	switch {
	case len(found) > maxCandidates:
		return nil, unresolved
	case f.doubtful && len(found) > 0, len(found) > 1:
		return found, candidates
	case f.doubtful:
		return nil, unresolved
	case len(found) == 1 && !f.elsewhere:
		return found, exact
	case len(found) == 1:
		return found, candidates
	case f.elsewhere:
		return nil, outside
	}
	return nil, unresolved
}

// maxCandidates is how many resources one reference may leave open before it counts as one that can be anything.
const maxCandidates = 1000

// lookup finds records by an id or name that is known. Two with one id leave it open which is meant.
func (g *graph) lookup(ref reference, value string) ([]uint32, outcome) {
	if ref.byName != "" {
		return number(having(g.names, g.hash(ref.byName, strings.ToLower(value))))
	}
	for id := cleanID(value); ; {
		if found := having(g.ids, g.hash(id)); len(found) > 0 {
			return number(found)
		}
		// The id of a part is that of the whole with two steps more: its kind and its name.
		end := strings.LastIndexByte(id[:max(0, strings.LastIndexByte(id, '/'))], '/')
		if !ref.within || end <= 0 {
			return nil, outside
		}
		id = cleanID(id[:end])
	}
}

func number(found []uint32) ([]uint32, outcome) {
	switch {
	case len(found) == 0:
		return nil, outside
	case len(found) == 1:
		return found, exact
	case len(found) > maxCandidates:
		return nil, unresolved
	}
	return found, candidates
}

// names tells whether the node has the id or name that the reference has; true if it has none. Hashes found the node, and
// are not believed.
func (ref reference) names(n *node) bool {
	s := ref.value.text()
	switch {
	case s == "":
		return true
	case ref.byName != "":
		return n.typ == ref.byName && strings.EqualFold(n.called, s)
	}
	id := cleanID(s)
	for _, own := range []string{n.id, n.otherID} {
		if own = cleanID(own); own != "" && (own == id || ref.within && strings.HasPrefix(id, own+"/")) {
			return true
		}
	}
	return false
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
