package terraform

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"

	"waarborg/internal/inventory"
)

// node is a resource that becomes a draft, or that others refer to. One goroutine makes and changes it.
type node struct {
	head
	ord     uint32 // its record
	shown   string // its address as it may be shown
	id      string // its own, and a second one that it also goes by
	otherID string
	called  string // its name in Azure
	created bool
	hidden  bool // no draft: only there for others to refer to
	attrs   inventory.Attributes
	store   *inventory.Datastore // attrs, if it is a datastore
	scope   inventory.Scope
	source  inventory.Provenance
	closing []func() // run when every satellite has been told

	parent   *reference              // what it stands in, such as a database's server
	whole    bool                    // it has no satellites of its own
	takeOver func(part, whole *node) // takes over the facts of what it stands in

	doubts map[area]inventory.Reason

	// What satellites told, until closing makes facts of it.
	unlogged bool // its type has no diagnostic settings
	sinks    []inventory.Sink
	sinkGap  inventory.Reason // a log destination that is not fully known
	auditGap inventory.Reason // log categories that are not fully known
	copies   []inventory.Copy
	ownCopy  inventory.Fact[bool] // a copy in the paired region, by an attribute of its own
	access   inventory.Fact[bool] // its public address is switched on
	guarded  inventory.Fact[bool] // only listed ranges are let in
	ranges   []netip.Prefix
	open     bool              // ranges let in (nearly) everybody
	wide     float64           // which part of all addresses they are
	settings map[string]string // parameters of a database server, lower case
	days     inventory.Fact[int]
	target   reference // of a grant: what it is a right on
	roleID   reference // of a grant by a custom role
	role     *customRole
	waf, ids inventory.Fact[string]
	rules    []portRule
}

// area is a part of a node that a satellite decides.
type area string

const (
	areaLogs      area = "logs"
	areaCopies    area = "copies"
	areaRanges    area = "ranges"
	areaAnonymous area = "anonymous"
	areaLifecycle area = "lifecycle"
	areaCustody   area = "custody"
	areaAudit     area = "audit"
	areaBackup    area = "backup"
	areaEndpoint  area = "endpoint"
	areaRules     area = "rules"
	areaWAF       area = "waf"
	areaIDS       area = "ids"
)

// satellite is a resource that tells something of another one.
type satellite struct {
	area   area
	target string // type of what it can belong to; empty for any
	to     reference
	apply  func(target *node) // called only if it certainly belongs to the target
}

// place is an area of the nodes of a type, or of all.
type place struct {
	area   area
	target string
}

// resource is one resource instance of a file.
type resource struct {
	head
	ord     uint32
	was     string // its address before a move
	created bool   // the plan makes it anew
	object
	asked *[]reference // if set, every reference that is made of it
}

// graph is the sheet on which one resource is worked out: what its mapping makes, and what it tells of others. One
// goroutine uses it, for one resource after the other.
type graph struct {
	*File
	nodes      []*node
	satellites []satellite
	policies   []accessPolicy
	in         decoder
	last       resource     // the one that was mapped last
	asked      *[]reference // if set, every reference that is made is appended
	err        error        // the first that came up where none can be returned
}

func (g *graph) fail(err error) {
	if g.err == nil {
		g.err = err
	}
}

// sheet is an empty graph; give it back when nothing of it is used any more.
func (f *File) sheet() *graph {
	g, ok := f.scratch.Get().(*graph)
	if !ok {
		g = &graph{File: f}
	}
	return g
}

// clear makes the sheet empty again.
func (g *graph) clear() {
	clear(g.nodes)
	clear(g.satellites)
	g.in.clear()
	g.nodes, g.satellites, g.policies, g.err, g.last = g.nodes[:0], g.satellites[:0], g.policies[:0], nil, resource{}
}

func (g *graph) giveBack() {
	g.clear()
	g.asked = nil
	g.scratch.Put(g)
}

// node adds a node with a draft.
func (g *graph) node(r resource, attrs inventory.Attributes) *node {
	n := &node{head: r.head, ord: r.ord, created: r.created, attrs: attrs, doubts: map[area]inventory.Reason{},
		id: r.read("id").text(), called: r.read("name").text()}
	if r.typ == roleDefinitionType {
		n.otherID = r.read("role_definition_resource_id").text()
	}
	n.store, _ = attrs.(*inventory.Datastore)
	n.tags(r.object)
	if attrs != nil {
		n.shown = g.shown(r.head, r.ord)
		n.source = g.provenance(r.typ)
	}
	g.nodes = append(g.nodes, n)
	return n
}

// shown is the address of a record as it may be shown. Two keys that differ in case alone have one pseudonym, so the
// second gets a number.
func (f *File) shown(h head, ord uint32) string {
	out := publicAddress(f.env.Pseudonyms, h.address, grants[h.typ])
	if f.records[ord].flags&isSecond != 0 {
		out += "~forgotten"
	}
	if n := f.suffix[ord]; n > 0 {
		out += "~" + strconv.Itoa(n)
	}
	return out
}

// provenance is where the facts of resources of a type come from.
func (f *File) provenance(typ string) inventory.Provenance {
	return inventory.Provenance{Collector: f.source, Source: f.env.Source, Call: typ, At: f.made, File: f.name}
}

// helper adds a node that others refer to, without a draft.
func (g *graph) helper(r resource) *node {
	n := g.node(r, nil)
	n.hidden = true
	return n
}

// tell has apply called for the node that a satellite belongs to, if that is a node of type target (any, if empty).
func (g *graph) tell(a area, target string, to reference, apply func(*node)) {
	g.satellites = append(g.satellites, satellite{a, target, to, apply})
}

// lost tells why a satellite of the area, that may belong to the node, could not be placed.
func (g *graph) lost(n *node, a area) inventory.Reason {
	return cmp.Or(n.doubts[a], g.loose[place{a, n.typ}], g.loose[place{a, ""}])
}

// doubt is lost, and also tells if the file may lack satellites.
func (g *graph) doubt(n *node, a area) inventory.Reason {
	if why := g.lost(n, a); why.Code != "" || g.complete {
		return why
	}
	return inventory.Reason{Code: inventory.AfterApply, Detail: "complete"}
}

func known[T any](v T, bad, detail string) inventory.Fact[T] {
	if bad != "" {
		return inventory.Unknown[T](bad, detail)
	}
	return inventory.Known(v)
}

func unknown[T any](why inventory.Reason) inventory.Fact[T] {
	return inventory.Unknown[T](why.Code, why.Detail)
}

// sortedRanges writes ranges as sorted text, each once.
func sortedRanges(list []netip.Prefix) []string {
	out := make([]string, 0, len(list))
	for _, p := range list {
		out = append(out, p.String())
	}
	slices.Sort(out)
	return slices.Compact(out)
}
