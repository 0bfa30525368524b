package terraform

import (
	"cmp"
	"math"
	"net/netip"
	"slices"

	"waarborg/internal/inventory"
)

// closeStore makes the facts of a datastore that satellites have a say in.
func (g *graph) closeStore(n *node) {
	g.closeLogs(n)
	g.closeCopies(n)
	g.closeNetwork(n)
	orDoubt(g, n, areaEndpoint, &n.store.Network.PrivateEndpoint)
	orDoubt(g, n, areaBackup, &n.store.Backup.Enabled)
}

// orDoubt gives a fact that is not known the reason that a satellite of the area could not be placed, if one could not.
func orDoubt[T any](g *graph, n *node, a area, f *inventory.Fact[T]) {
	if why := g.lost(n, a); why.Code != "" {
		*f = f.Or(unknown[T](why))
	}
}

// closeLogs decides where logs go and whether use is audited.
//
// No diagnostic setting in the file means: no log leaves this datastore. That is a conclusion from silence, and it can
// only fail a rule, never pass one. It is drawn only if the file is whole and every diagnostic setting in it could be
// placed. A setting that another configuration or an Azure policy makes is not seen; reading the live system finds it.
func (g *graph) closeLogs(n *node) {
	if n.unlogged {
		return
	}
	doubt := g.doubt(n, areaLogs)
	slices.SortFunc(n.sinks, func(a, b inventory.Sink) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Location.Region, b.Location.Region))
	})
	n.sinks = slices.Compact(n.sinks)
	switch why := cmp.Or(doubt, n.sinkGap); {
	case why.Code == "":
		n.store.LogSinks = inventory.Known(n.sinks)
	case len(n.sinks) > 0:
		n.store.LogSinks = inventory.Partial(n.sinks, why.Code, why.Detail)
	default:
		n.store.LogSinks = unknown[[]inventory.Sink](why)
	}
	audit := &n.store.Audit
	if why := cmp.Or(doubt, n.auditGap); why.Code != "" {
		audit.Enabled = audit.Enabled.Or(unknown[bool](why))
		return
	}
	audit.Enabled = audit.Enabled.Or(inventory.Known(false))
	if engine, _ := n.store.Engine.Value(); auditsBySetting[engine] {
		audit.Reads = audit.Reads.Or(inventory.Known(false))
		audit.Writes = audit.Writes.Or(inventory.Known(false))
	}
}

// closeCopies lists every copy that is known, and whether that is all.
func (g *graph) closeCopies(n *node) {
	copies, why := n.copies, g.doubt(n, areaCopies)
	geo, ok := n.ownCopy.Value()
	switch {
	case !ok && !n.ownCopy.IsSet() && len(copies) == 0 && n.doubts[areaCopies].Code == "":
		return // the type says nothing of copies
	case !ok:
		why = cmp.Or(why, n.ownCopy.Reason())
	case geo:
		location, ok := n.store.Location.Value()
		if !ok {
			why = cmp.Or(why, n.store.Location.Reason())
			break
		}
		copies = append(copies, inventory.Copy{Role: "paired", Location: location})
	}
	slices.SortFunc(copies, func(a, b inventory.Copy) int {
		return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.Location.Region, b.Location.Region))
	})
	copies = slices.Compact(copies)
	switch {
	case why.Code == "":
		n.store.Copies = inventory.Known(copies)
	case len(copies) > 0:
		n.store.Copies = inventory.Partial(copies, why.Code, why.Detail)
	default:
		n.store.Copies = unknown[[]inventory.Copy](why)
	}
}

// closeNetwork decides whether the datastore can be reached from the internet: it has a public address, and either
// nothing guards it or a range lets in everybody.
func (g *graph) closeNetwork(n *node) {
	net := &n.store.Network
	if net.Public.IsSet() || !n.access.IsSet() {
		return
	}
	access, ok := n.access.Value()
	if !ok {
		net.Public, net.AllowedRanges = unknown[bool](n.access.Reason()), unknown[[]string](n.access.Reason())
		return
	}
	if !access {
		net.Public, net.AllowedRanges = inventory.Known(false), inventory.Known([]string(nil))
		return
	}
	guarded, ok := n.guarded.Value()
	why := g.doubt(n, areaRanges)
	switch {
	case n.open || ok && !guarded:
		net.Public = inventory.Known(true)
	case !ok:
		why = cmp.Or(why, n.guarded.Reason())
		net.Public = unknown[bool](why)
	case why.Code != "":
		net.Public = unknown[bool](why)
	default:
		net.Public = inventory.Known(false)
	}
	if ranges := sortedRanges(n.ranges); why.Code == "" {
		net.AllowedRanges = inventory.Known(ranges)
	} else {
		net.AllowedRanges = inventory.Partial(ranges, why.Code, why.Detail)
	}
}

// letIn notes ranges that a firewall lets in. What is wider than any one party holds is the internet: in one range, or together.
func (n *node) letIn(ranges ...netip.Prefix) {
	for _, p := range ranges {
		n.open = n.open || p.Bits() < 8
		n.ranges = append(n.ranges, p)
		n.wide += 1 / math.Pow(2, float64(p.Bits()))
	}
	n.open = n.open || n.wide >= 1.0/64 // as wide as four ranges of /8
}

// letInAll notes a list of ranges of an attribute; why is what of the list is not known.
func (n *node) letInAll(list []string, why inventory.Reason, attr string) {
	for _, s := range list {
		p, ok := asRange(s)
		if !ok {
			why = inventory.Reason{Code: inventory.Malformed, Detail: attr}
			continue
		}
		n.letIn(p)
	}
	if why.Code != "" {
		n.doubts[areaRanges] = why
	}
}

// inherit lets what stands in another datastore take over that one's facts.
func (g *graph) inherit(n *node) {
	found, how := g.resolve(*n.parent)
	if how == exact && found[0].store != nil && found[0].ord != n.ord && found[0].parent == nil {
		if whole := g.closed(found[0].ord); whole != nil {
			n.takeOver(n, whole)
			if n.scope.Applications == nil {
				n.scope = whole.scope
			}
		}
		return
	}
	why := n.parent.lacking(how)
	lackWhole(n, why)
	n.doubts[areaCopies] = why
}

// lackWhole makes unknown what the whole would have told. What only the data map can know stays unset.
func lackWhole(n *node, why inventory.Reason) {
	paths := slices.DeleteFunc(slices.Clone(told[n.typ]), func(path string) bool {
		return slices.Contains(ofDataMap, path) || !n.whole && !slices.Contains(ofServer, path)
	})
	leaveUnknown(n.store, paths, why)
}

var (
	ofDataMap = []string{"data_categories", "environment", "personal_data"}
	// ofServer are the facts of a database with facts of its own that its server has a say in.
	ofServer = []string{"audit.enabled", "audit.reads", "audit.writes", "authentication.password_login", "copies", "encryption.min_tls",
		"location", "network.allowed_ranges", "network.private_endpoint", "network.public"}
)

// takeWhole takes over everything but what the part itself says.
func takeWhole(part, whole *node) {
	own := *part.store
	*part.store = *whole.store
	part.store.Engine = own.Engine
	part.store.Environment = own.Environment.Or(whole.store.Environment)
	part.store.PersonalData = own.PersonalData.Or(whole.store.PersonalData)
	part.store.DataCategories = own.DataCategories.Or(whole.store.DataCategories)
}

// regional says how widely a copy is spread.
var regional = map[string]string{"lrs": "none", "zrs": "zone", "grs": "region", "ragrs": "region", "gzrs": "region", "ragzrs": "region"}

// custody is who holds the key, by a block or attribute that names a key of the customer.
func custody(o object, block string) inventory.Fact[string] {
	b, found, listed, why := o.block(block)
	switch {
	case why.Code != "":
		return unknown[string](why)
	case !listed:
		return inventory.Fact[string]{}
	case !found:
		return inventory.Known("platform")
	case b.read("managed_hsm_key_id").text() != "":
		return inventory.Known("hsm")
	}
	return inventory.Known("customer")
}
