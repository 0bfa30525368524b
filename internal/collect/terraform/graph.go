package terraform

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// node is a resource that becomes a draft, or that others refer to. One goroutine makes and changes it.
type node struct {
	head
	shown   string // its address as it may be shown
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
	open     bool              // a range lets in (nearly) everybody
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

// graph collects nodes and satellites while a file is read, and makes drafts at the end.
type graph struct {
	references
	env      collect.Env
	file     string
	made     time.Time // when the file was made, or else when it is read
	complete bool      // every resource of the configuration is in the file, with marks of what is unknown
	nodes    []*node
	satellites
	policies []accessPolicy
	loose    map[place]inventory.Reason // satellites that can belong to any node of a type
	unread   map[string]bool            // types or providers reported as not understood
	ids      map[string]int             // how often an address was given out
}

type satellites []satellite

func newGraph(env collect.Env, file string) *graph {
	g := &graph{env: env, file: file, made: env.Now(), loose: map[place]inventory.Reason{}, unread: map[string]bool{}, ids: map[string]int{}}
	g.references = newReferences(func(typ string) bool { return table[typ] != nil })
	return g
}

func (g *graph) configure(root *tfjson.ConfigModule) { g.references.configure("", root) }

func (g *graph) problem(what say.Text, why inventory.Reason, hint say.Text) {
	if g.env.Problem != nil {
		g.env.Problem(collect.Problem{What: what, Reason: why, Hint: hint})
	}
}

// wanted tells whether a type has a mapping. Types that hold data and have none are reported once.
func (g *graph) wanted(typ string) bool {
	if table[typ] != nil {
		return true
	}
	provider, _, _ := strings.Cut(typ, "_")
	var what say.Text
	switch {
	case notMapped[typ]:
		what = say.Both("resources of type %s", "objecten van type %s", typ)
	case provider == "aws" || provider == "google" || provider == "azapi":
		what = say.Both("resources of provider %s", "objecten van provider %s", provider)
	default:
		return false
	}
	if !g.unread[what.EN] {
		g.unread[what.EN] = true
		g.problem(what, inventory.Reason{Code: inventory.Unsupported, Detail: "type"},
			say.Both("they are not judged; read them from the live system, or put what they hold in the data map",
				"ze worden niet beoordeeld; lees ze uit het systeem zelf, of zet wat ze bevatten in de gegevenskaart"))
	}
	return false
}

func (g *graph) add(r resource) { table[r.typ](g, r) }

// forget adds a resource that goes on existing without Terraform, and reports that.
func (g *graph) forget(r resource) {
	had, shown := len(g.nodes), g.publicAddress(r.address, true)
	g.add(r)
	if len(g.nodes) > had && !g.nodes[had].hidden {
		shown = g.nodes[had].shown
	}
	g.problem(say.Both("what becomes of %s, which is taken out of Terraform's care but goes on existing",
		"wat er gebeurt met %s, dat uit het beheer van Terraform gaat maar blijft bestaan", shown),
		inventory.Reason{Code: inventory.Undeclared, Detail: "forget"},
		say.Both("it is judged as it is now, and not again by a later plan: remove it, bring it back with an import block, or read it from the live system",
			"het wordt beoordeeld zoals het nu is, en door een later plan niet meer: verwijder het, haal het terug met een import-blok, of lees het uit het systeem zelf"))
}

// node adds a node with a draft.
func (g *graph) node(r resource, attrs inventory.Attributes) *node {
	n := &node{head: r.head(), created: r.created, attrs: attrs, doubts: map[area]inventory.Reason{},
		source: g.provenance(r.typ)}
	n.store, _ = attrs.(*inventory.Datastore)
	n.tags(r.object)
	_, person := attrs.(*inventory.Grant)
	n.shown = g.publicAddress(n.address, person)
	if r.second {
		n.shown += "~forgotten"
	}
	if g.ids[n.shown]++; g.ids[n.shown] > 1 {
		// Two keys that differ in case alone have one pseudonym.
		n.shown += fmt.Sprintf("~%d", g.ids[n.shown])
	}
	g.nodes = append(g.nodes, n)
	g.references.add(n, r.read("id").text(), r.read("name").text())
	return n
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

// finish brings the satellites to their nodes and makes the drafts.
func (g *graph) finish() []inventory.Draft {
	g.place()
	g.close(func(n *node) bool { return n.parent == nil })
	g.close(func(n *node) bool { return n.parent != nil })
	for _, n := range g.nodes {
		if grant, ok := n.attrs.(*inventory.Grant); ok {
			g.closeGrant(n, grant)
		}
	}
	return append(g.drafts(), g.signIns()...)
}

// close makes the facts that need every satellite: first of what stands by itself, then of what stands in it.
func (g *graph) close(which func(*node) bool) {
	for _, n := range g.nodes {
		if !which(n) {
			continue
		}
		for _, f := range n.closing {
			f()
		}
		if n.parent != nil {
			g.inherit(n)
		}
		if n.store != nil && !n.whole {
			g.closeStore(n)
		}
	}
}

func (g *graph) drafts() []inventory.Draft {
	out := make([]inventory.Draft, 0, len(g.nodes))
	for _, n := range g.nodes {
		if !n.hidden {
			out = append(out, inventory.Draft{ID: g.env.ID(n.shown), Name: n.shown, Scope: n.scope, Attributes: n.attrs,
				Provenance: n.source})
		}
	}
	return out
}

// place resolves what each satellite belongs to. One that can belong to any node leaves that area of every node in
// doubt; it never makes a fact known.
func (g *graph) place() {
	lost := map[string]int{}
	for _, s := range g.satellites {
		found, how := g.resolve(s.to)
		switch how {
		case exact:
			if n := found[0]; s.target == n.typ || s.target == "" && n.store != nil {
				s.apply(n)
			}
			continue
		case outside:
			continue
		case candidates:
			for _, n := range found {
				n.doubts[s.area] = s.to.reason()
			}
		case none, unresolved:
			g.loose[place{s.area, s.target}] = s.to.reason()
		}
		lost[s.to.from.typ+"."+strings.Join(s.to.path, ".")]++
	}
	for what, count := range lost {
		g.problem(say.Both("to which resource %d of %s belong", "bij welk object %d van %s horen", count, what),
			inventory.Reason{Code: inventory.AfterApply, Detail: what},
			say.Both("refer to the resource itself rather than through a local value or a condition, or collect again from the state after apply",
				"verwijs naar het object zelf en niet via een local of een voorwaarde, of lees opnieuw uit de state na apply"))
	}
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
