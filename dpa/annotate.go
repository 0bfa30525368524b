package dpa

import (
	"maps"
	"slices"
	"strings"
	"time"

	"waarborg/internal/inventory"
)

// MapSource is the source id of resources that the data map itself makes.
const MapSource = "datamap"

// Annotator adds to what collectors report what no system knows: which personal data of whom sit in a store, who
// hosts it, and whether a grant is within the role matrix.
type Annotator struct {
	Map    DataMap
	Access Access
	Book   Book
	Now    time.Time
	// Token returns the pseudonym of a principal's name, so that access.yaml may name either.
	Token func(name string) string
}

// Annotate completes drafts from the data map, and adds those that only the data map knows: processings, flows,
// suppliers, and the stores that no source reported, of which everything is unknown.
func (a Annotator) Annotate(drafts []inventory.Draft) []inventory.Draft {
	seen := map[string]bool{}
	stores := map[string]*Store{} // by resource id
	for _, d := range drafts {
		if s := a.storeOf(d.ID); s != nil {
			stores[d.ID] = s
			if d.Attributes.Kind() == inventory.KindDatastore {
				seen[s.ID] = true
			}
		}
	}
	crossFill(drafts, stores)
	for i := range drafts {
		switch x := drafts[i].Attributes.(type) {
		case *inventory.Datastore:
			a.datastore(&drafts[i], x, stores[drafts[i].ID])
		case *inventory.Grant:
			a.grant(&drafts[i], x, stores)
		}
	}
	for _, s := range a.Map.Stores {
		if !seen[s.ID] {
			drafts = append(drafts, a.unseen(s))
		}
	}
	drafts = append(drafts, a.processings()...)
	drafts = append(drafts, a.flows()...)
	return append(drafts, a.suppliers()...)
}

// crossFill lets the reports of one store by several sources complete each other: Terraform knows where a database
// stands, the database itself who can read it. A source that reports the store as several resources gives nothing, for
// it is not clear which of them is meant.
func crossFill(drafts []inventory.Draft, stores map[string]*Store) {
	bySource := map[string]map[string][]int{} // store, source, drafts
	for i, d := range drafts {
		s := stores[d.ID]
		if s == nil || d.Attributes.Kind() != inventory.KindDatastore {
			continue
		}
		if bySource[s.ID] == nil {
			bySource[s.ID] = map[string][]int{}
		}
		source, _, _ := strings.Cut(d.ID, "/")
		bySource[s.ID][source] = append(bySource[s.ID][source], i)
	}
	before := slices.Clone(drafts)
	for i, d := range drafts {
		if s := stores[d.ID]; s != nil && d.Attributes.Kind() == inventory.KindDatastore {
			own, _, _ := strings.Cut(d.ID, "/")
			for _, source := range slices.Sorted(maps.Keys(bySource[s.ID])) {
				if list := bySource[s.ID][source]; source != own && len(list) == 1 {
					drafts[i].Fill(before[list[0]])
				}
			}
		}
	}
}

// Expected lists what must be reported of a source: if it fails, these stand for what nobody could see.
func (a Annotator) Expected(source string) []inventory.Draft {
	var out []inventory.Draft
	for _, s := range a.Map.Stores {
		for _, at := range s.Sightings() {
			if at.Source == source {
				out = append(out, a.placeholder(source+"/unread/"+s.ID, s))
				break
			}
		}
	}
	return out
}

func (a Annotator) placeholder(id string, s Store) inventory.Draft {
	d := inventory.Draft{ID: id, Name: s.ID, Attributes: &inventory.Datastore{}}
	a.datastore(&d, d.Attributes.(*inventory.Datastore), &s)
	return d
}

// unseen stands for a store that no source reported.
func (a Annotator) unseen(s Store) inventory.Draft {
	d := a.placeholder(MapSource+"/store/"+s.ID, s)
	inventory.SetUnknown(d.Attributes, inventory.Reason{Code: inventory.NotReported, Detail: "no resource of source " + s.Source + " matches"})
	d.Provenance = a.provenance()
	return d
}

func (a Annotator) provenance() inventory.Provenance {
	return inventory.Provenance{Collector: MapSource, Source: MapSource, Call: "datamap.yaml", At: a.Now}
}

// storeOf finds the store of the data map that a resource is.
func (a Annotator) storeOf(id string) *Store {
	source, rest, _ := strings.Cut(id, "/")
	for i := range a.Map.Stores {
		s := &a.Map.Stores[i]
		if id == source+"/unread/"+s.ID {
			return s
		}
		for _, at := range s.Sightings() {
			if at.Source == source && at.Match.Match(rest) {
				return s
			}
		}
	}
	return nil
}

func (a Annotator) datastore(d *inventory.Draft, x *inventory.Datastore, s *Store) {
	if s == nil {
		x.PersonalData = x.PersonalData.Or(inventory.Unknown[bool](inventory.Undeclared, "datamap.yaml"))
		return
	}
	x.PersonalData = inventory.Known(len(s.Categories) > 0)
	x.DataCategories = inventory.Known(sorted(s.Categories))
	x.Provider = inventory.Known(s.Provider)
	x.Environment = inventory.Known(s.Environment)
	if s.Location != nil {
		x.Location = x.Location.Or(inventory.Known(s.Location.fact()))
	}
	d.Scope = s.scope()
}

func (l Location) fact() inventory.Location {
	return inventory.Location{Provider: l.Provider, Region: l.Region, Country: l.Country}
}

func (s Store) scope() inventory.Scope {
	return inventory.Scope{Customers: sorted(s.Customers.Only()), Applications: sorted(s.Applications)}
}

func (a Annotator) grant(d *inventory.Draft, g *inventory.Grant, stores map[string]*Store) {
	target, known := g.Target.Value()
	s := stores[target]
	if i := slices.IndexFunc(a.Map.Stores, func(s Store) bool { return s.ID == target }); s == nil && known && i >= 0 {
		s = &a.Map.Stores[i] // a secret store names what its secrets open by the data map's id
	}
	switch wide, _ := g.Wildcard.Value(); {
	case s != nil:
		g.PersonalData = inventory.Known(len(s.Categories) > 0)
		g.Environment = inventory.Known(s.Environment)
		d.Scope = s.scope()
	case !known && wide && a.anyStore(d.ID):
		// A grant over a whole subscription reaches every store of that source.
		g.PersonalData = inventory.Known(true)
	case known && !g.PersonalData.IsSet():
		g.PersonalData = inventory.Unknown[bool](inventory.Undeclared, "datamap.yaml")
	}
	names := principalNames(g)
	if g.BreakGlass.IsUnknown() {
		g.BreakGlass = inventory.Known(a.any(a.Access.BreakGlass, names))
	}
	if !g.Country.IsSet() {
		for _, w := range a.Access.WorkCountries {
			if a.any(w.Principals, names) {
				g.Country = inventory.Known(w.Country)
				break
			}
		}
	}
	a.approve(g, s, names)
}

// approve holds a grant against the role matrix (VWO-1.7, BB-LOG-1).
func (a Annotator) approve(g *inventory.Grant, s *Store, names []string) {
	rights, ok := g.Rights.Value()
	if !ok || g.Rights.IsUnknown() {
		g.Approved = inventory.Unknown[bool](g.Rights.Reason().Code, "rights")
		return
	}
	for _, n := range a.Access.Needs {
		all := slices.Contains(n.Stores, "*")
		if !a.any(n.Principals, names) || !all && (s == nil || !slices.Contains(n.Stores, s.ID)) {
			continue
		}
		if !slices.ContainsFunc(rights, func(r string) bool { return !slices.Contains(n.Rights, r) }) {
			g.Approved, g.Need = inventory.Known(true), inventory.Known(n.ID)
			return
		}
	}
	g.Approved, g.Need = inventory.Known(false), inventory.Absent[string]()
}

func principalNames(g *inventory.Grant) []string {
	var names []string
	if p, ok := g.Principal.Value(); ok {
		names = append(names, p)
	}
	path, _ := g.Path.Value()
	for _, part := range path {
		names = append(names, part)
		if _, name, ok := strings.Cut(part, ":"); ok {
			names = append(names, name)
		}
	}
	return names
}

// any tells whether a pattern covers one of the names. A pattern without a star is tried as a person's name too.
func (a Annotator) any(globs []Glob, names []string) bool {
	for _, g := range globs {
		for _, n := range names {
			if g.Match(n) || a.Token != nil && !strings.Contains(string(g), "*") && a.Token(string(g)) == n {
				return true
			}
		}
	}
	return false
}

func (a Annotator) anyStore(id string) bool {
	source, _, _ := strings.Cut(id, "/")
	return slices.ContainsFunc(a.Map.Stores, func(s Store) bool {
		return len(s.Categories) > 0 && slices.ContainsFunc(s.Sightings(), func(at Sighting) bool { return at.Source == source })
	})
}

// processings makes one resource per application and host: what is in use there, to hold against Annex A and the table
// of sub-processors.
func (a Annotator) processings() []inventory.Draft {
	use := map[[2]string]map[string]bool{}
	for _, s := range a.Map.Stores {
		for _, app := range s.Applications {
			k := [2]string{app, s.Provider}
			if use[k] == nil {
				use[k] = map[string]bool{}
			}
			for _, c := range a.categoriesOf(s, app) {
				use[k][c] = true
			}
		}
	}
	var out []inventory.Draft
	for k, cats := range use {
		app, provider := k[0], k[1]
		agreed := inventory.Unknown[[]string](inventory.Undeclared, app)
		for _, ag := range a.Book.Agreements {
			if found, ok := ag.Application(app); ok {
				agreed = inventory.Known(sorted(found.Categories))
			}
		}
		out = append(out, inventory.Draft{ID: MapSource + "/processing/" + app + "/" + provider, Name: app + " @ " + provider,
			Scope: inventory.Scope{Applications: []string{app}}, Provenance: a.provenance(),
			Attributes: &inventory.Processing{Application: inventory.Known(app), Provider: inventory.Known(provider),
				DataCategories: inventory.Known(slices.Sorted(maps.Keys(cats))), Agreed: agreed}})
	}
	slices.SortFunc(out, func(x, y inventory.Draft) int { return strings.Compare(x.ID, y.ID) })
	return out
}

// categoriesOf lists what of an application a store holds. In a store of several applications a category belongs to
// those whose Annex A has it; one that none of them has could be of any, so it counts for all.
func (a Annotator) categoriesOf(s Store, app string) []string {
	if len(s.Applications) == 1 {
		return s.Categories
	}
	agreed := map[string][]string{}
	for _, ag := range a.Book.Agreements {
		for _, x := range ag.Applications {
			agreed[x.ID] = x.Categories
		}
	}
	var out []string
	for _, c := range s.Categories {
		someone := slices.ContainsFunc(s.Applications, func(x string) bool { return slices.Contains(agreed[x], c) })
		if !someone || slices.Contains(agreed[app], c) {
			out = append(out, c)
		}
	}
	return out
}

func (a Annotator) flows() []inventory.Draft {
	var out []inventory.Draft
	for _, f := range a.Map.Flows {
		x := &inventory.Flow{Application: inventory.Known(f.Application), PersonalData: inventory.Known(len(f.Categories) > 0),
			DataCategories: inventory.Known(sorted(f.Categories)), Purpose: inventory.Known(f.Purpose), Feature: inventory.Known(f.Feature),
			Mechanism: inventory.Known(f.Mechanism), Instruction: known(f.Instruction), Encrypted: declared(f.Encrypted),
			LinkMaxHours: declared(f.LinkMaxHours), PersonalAccount: declared(f.PersonalAccount)}
		x.Recipient, x.RecipientType = known(f.Recipient), inventory.Unknown[string](inventory.Undeclared, "recipient")
		if f.Recipient != "" {
			x.RecipientType = inventory.Known("sub-processor")
			if slices.Contains(Recipients(), f.Recipient) {
				x.RecipientType = inventory.Known(f.Recipient)
			}
		}
		if f.Mechanism != "link" && f.LinkMaxHours == nil {
			x.LinkMaxHours = inventory.Absent[int]()
		}
		x.Location = inventory.Unknown[inventory.Location](inventory.Undeclared, "location")
		if f.Location != nil {
			x.Location = inventory.Known(f.Location.fact())
		}
		out = append(out, inventory.Draft{ID: MapSource + "/flow/" + f.ID, Name: f.ID, Attributes: x, Provenance: a.provenance(),
			Scope: inventory.Scope{Customers: sorted(f.Customers.Only()), Applications: []string{f.Application}}})
	}
	return out
}

// known is a word of the data map; an empty one was left out, which is known too.
func known(s string) inventory.Fact[string] {
	if s == "" {
		return inventory.Absent[string]()
	}
	return inventory.Known(s)
}

// declared is a value that the data map may leave open.
func declared[T any](v *T) inventory.Fact[T] {
	if v == nil {
		return inventory.Unknown[T](inventory.Undeclared, "datamap.yaml")
	}
	return inventory.Known(*v)
}

// suppliers makes one resource for each party in use: hosts of stores and recipients of flows (GDPR 28(2)).
func (a Annotator) suppliers() []inventory.Draft {
	use := map[string]map[string]bool{}
	apps := map[string]map[string]bool{}
	add := func(id string, applications, categories []string) {
		if id == "" || slices.Contains(Recipients(), id) {
			return
		}
		if use[id] == nil {
			use[id], apps[id] = map[string]bool{}, map[string]bool{}
		}
		for _, c := range categories {
			use[id][c] = true
		}
		for _, app := range applications {
			apps[id][app] = true
		}
	}
	for _, s := range a.Map.Stores {
		add(s.Provider, s.Applications, s.Categories)
	}
	for _, f := range a.Map.Flows {
		add(f.Recipient, []string{f.Application}, f.Categories)
	}
	var out []inventory.Draft
	for _, id := range slices.Sorted(maps.Keys(use)) {
		x := &inventory.Supplier{Register: inventory.Absent[string](), PersonalData: inventory.Known(len(use[id]) > 0),
			DataCategories:  inventory.Known(slices.Sorted(maps.Keys(use[id]))),
			Countries:       inventory.Unknown[[]string](inventory.Undeclared, "countries"),
			AccessCountries: inventory.Unknown[[]string](inventory.Undeclared, "access_countries")}
		for _, s := range a.Book.SubProcessors {
			if s.ID != id {
				continue
			}
			x.Register = inventory.Known(id)
			if len(s.Countries) > 0 {
				x.Countries = inventory.Known(sorted(s.Countries))
			}
			if len(s.AccessCountries) > 0 {
				x.AccessCountries = inventory.Known(sorted(s.AccessCountries))
			}
		}
		out = append(out, inventory.Draft{ID: MapSource + "/supplier/" + id, Name: id, Attributes: x, Provenance: a.provenance(),
			Scope: inventory.Scope{Applications: slices.Sorted(maps.Keys(apps[id]))}})
	}
	return out
}
