package dpa

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
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
// stands, the database itself who can read it. A source that reports the store as several resources neither gives nor
// takes, for it is not clear which of them is meant.
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
				if list := bySource[s.ID][source]; source != own && len(list) == 1 && len(bySource[s.ID][own]) == 1 {
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
				out = append(out, a.standIn(source+"/unread/"+s.ID, s))
				break
			}
		}
	}
	return out
}

func (a Annotator) standIn(id string, s Store) inventory.Draft {
	d := inventory.Draft{ID: id, Name: s.ID, Attributes: &inventory.Datastore{}}
	a.datastore(&d, d.Attributes.(*inventory.Datastore), &s)
	return d
}

// unseen stands for a store that no source reported.
func (a Annotator) unseen(s Store) inventory.Draft {
	d := a.standIn(MapSource+"/store/"+s.ID, s)
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
	x.PersonalData = s.personal(x.PersonalData)
	x.DataCategories = s.held(x.DataCategories)
	x.Provider = inventory.Known(s.Provider)
	x.Environment = inventory.Known(s.Environment)
	if len(s.Instructions) > 0 {
		x.Retention.Instructions = x.Retention.Instructions.Or(inventory.Known(sorted(s.Instructions)))
	}
	if s.Location != nil {
		x.Location = x.Location.Or(inventory.Known(s.Location.fact()))
	}
	d.Scope = s.scope()
}

func (l Location) fact() inventory.Location {
	return inventory.Location{Provider: l.Provider, Region: l.Region, Country: l.Country}
}

// personal says whether a store holds personal data. What the system itself marks as personal stays so, whatever the data
// map leaves out: an empty list of categories would otherwise switch off every duty.
func (s Store) personal(seen inventory.Fact[bool]) inventory.Fact[bool] {
	if marked, ok := seen.Value(); ok && marked {
		return seen
	}
	return inventory.Known(len(s.Categories) > 0)
}

// held are the categories in a store: what the data map says, and what the resource says of itself, for neither takes away.
func (s Store) held(seen inventory.Fact[[]string]) inventory.Fact[[]string] {
	own, tagged := seen.Value()
	all := slices.Concat(s.Categories, own)
	slices.Sort(all)
	all = slices.Compact(all)
	if tagged && seen.IsUnknown() {
		return inventory.Partial(all, seen.Reason().Code, seen.Reason().Detail)
	}
	return inventory.Known(sorted(all))
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
		g.PersonalData = s.personal(g.PersonalData)
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
	d.Name = reach(g, target, s)
}

// reach says who can reach what, by which path: the pseudonym, the roles and groups on the way, and the store.
func reach(g *inventory.Grant, target string, s *Store) string {
	who, _ := g.Principal.Value()
	path, _ := g.Path.Value()
	parts := append([]string{who}, path...)
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	parts = slices.Compact(parts)
	switch {
	case s != nil:
		parts = append(parts, s.ID)
	case target != "":
		parts = append(parts, target)
	}
	return strings.Join(parts, " → ")
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

// One returns what completes drafts one at a time, and tells of strangers in them, for an input whose resources do not all fit in
// memory. Two reports of one store do not complete each other, and nothing is added that only the data map knows. The function
// may be called from several goroutines.
func (a Annotator) One() func(*inventory.Draft) []say.Text {
	known := a.known()
	if token := a.Token; token != nil {
		var tokens sync.Map // of the names in access.yaml: each is made once, not for every grant
		a.Token = func(name string) string {
			if t, ok := tokens.Load(name); ok {
				return t.(string)
			}
			t := token(name)
			tokens.Store(name, t)
			return t
		}
	}
	return func(d *inventory.Draft) []say.Text {
		switch x := d.Attributes.(type) {
		case *inventory.Datastore:
			s := a.storeOf(d.ID)
			a.datastore(d, x, s)
			if s == nil {
				undeclared(x)
			}
		case *inventory.Grant:
			stores := map[string]*Store{}
			if target, ok := x.Target.Value(); ok {
				if s := a.storeOf(target); s != nil {
					stores[target] = s
				}
			}
			a.grant(d, x, stores)
		}
		return known.strangers(d)
	}
}

// undeclared says of what only the data map knows that it is silent.
func undeclared(x *inventory.Datastore) {
	x.PersonalData = silent(x.PersonalData)
	x.DataCategories = silent(x.DataCategories)
	x.Provider = silent(x.Provider)
	x.Environment = silent(x.Environment)
}

// silent says of a fact that the source does not report either that the data map is to tell it.
func silent[T any](f inventory.Fact[T]) inventory.Fact[T] {
	if _, some := f.Value(); !some && f.IsUnknown() && f.Reason().Code == inventory.NotReported {
		return inventory.Unknown[T](inventory.Undeclared, "datamap.yaml")
	}
	return f
}

// Declared lists the fact paths of a kind that the workspace must tell of every resource that a source reports: without them
// nobody said what it holds. What it may leave open, such as the instruction behind a retention, is not among them.
func Declared(k inventory.Kind) []string {
	switch k {
	case inventory.KindDatastore:
		return []string{"personal_data", "data_categories", "provider", "environment"}
	case inventory.KindGrant:
		return []string{"personal_data", "environment", "approved"}
	}
	return nil
}

// ids are those of the customers and applications that exist.
type ids struct{ customers, applications map[string]bool }

func (a Annotator) known() ids {
	out := ids{map[string]bool{}, map[string]bool{}}
	for _, c := range a.Book.Customers {
		out.customers[c.ID] = true
	}
	for _, ag := range a.Book.Agreements {
		for _, app := range ag.Applications {
			out.applications[app.ID] = true
		}
	}
	return out
}

// strangers widens the scope of a draft that names what does not exist.
func (x ids) strangers(d *inventory.Draft) (unknown []say.Text) {
	check := func(list *[]string, known map[string]bool, what say.Text) {
		for _, id := range *list {
			if !known[id] {
				unknown = append(unknown, say.Both("%s says it serves the %s %q: there is none of that id, so it is judged for everybody",
					"%s zegt te werken voor de %s %q: die is er niet, dus het wordt voor iedereen beoordeeld", d.ID, what, id))
				*list = nil
				return
			}
		}
	}
	check(&d.Scope.Customers, x.customers, say.Both("customer", "klant"))
	check(&d.Scope.Applications, x.applications, say.Both("application", "toepassing"))
	return unknown
}

// Strangers widens what is said to serve customers or applications that do not exist, and names them: a misspelt id would
// otherwise take a resource out of its customer's view without a word.
func (a Annotator) Strangers(drafts []inventory.Draft) (unknown []say.Text) {
	known := a.known()
	for i := range drafts {
		unknown = append(unknown, known.strangers(&drafts[i])...)
	}
	slices.SortFunc(unknown, func(a, b say.Text) int { return strings.Compare(a.EN, b.EN) })
	return unknown
}
