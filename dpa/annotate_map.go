package dpa

import (
	"maps"
	"slices"
	"strings"

	"waarborg/internal/inventory"
)

// audience is whom a part of the data map is about: everybody of the applications, or some customers alone, whose data
// and suppliers no other customer is to hear of.
type audience struct {
	customers string // ids, sorted and joined; empty for everybody
}

func audienceOf(c Customers) audience { return audience{strings.Join(sorted(c.Only()), "+")} }

func (x audience) list() []string {
	if x.customers == "" {
		return nil
	}
	return strings.Split(x.customers, "+")
}

// id adds the audience to an id, so that the parts of different customers differ.
func (x audience) id(base string) string {
	if x.customers == "" {
		return base
	}
	return base + "@" + x.customers
}

// processings makes one resource per application and host, apart for stores of some customers alone: what is in use
// there, to hold against Annex A and the table of sub-processors.
func (a Annotator) processings() []inventory.Draft {
	type place struct {
		app, provider string
		who           audience
	}
	use := map[place]map[string]bool{}
	for _, s := range a.Map.Stores {
		for _, app := range s.Applications {
			k := place{app, s.Provider, audienceOf(s.Customers)}
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
		agreed := inventory.Unknown[[]string](inventory.Undeclared, k.app)
		for _, ag := range a.Book.Agreements {
			if found, ok := ag.Application(k.app); ok {
				agreed = inventory.Known(sorted(found.Categories))
			}
		}
		out = append(out, inventory.Draft{ID: k.who.id(MapSource + "/processing/" + k.app + "/" + k.provider), Name: k.app + " @ " + k.provider,
			Scope: inventory.Scope{Customers: k.who.list(), Applications: []string{k.app}}, Provenance: a.provenance(),
			Attributes: &inventory.Processing{Application: inventory.Known(k.app), Provider: inventory.Known(k.provider),
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

// suppliers makes one resource for each party in use, apart for what it does for some customers alone: hosts of stores and
// recipients of flows (GDPR 28(2)).
func (a Annotator) suppliers() []inventory.Draft {
	type party struct {
		id  string
		who audience
	}
	use, apps := map[party]map[string]bool{}, map[party]map[string]bool{}
	add := func(p party, applications, categories []string) {
		if p.id == "" || slices.Contains(Recipients(), p.id) {
			return
		}
		if use[p] == nil {
			use[p], apps[p] = map[string]bool{}, map[string]bool{}
		}
		for _, c := range categories {
			use[p][c] = true
		}
		for _, app := range applications {
			apps[p][app] = true
		}
	}
	for _, s := range a.Map.Stores {
		add(party{s.Provider, audienceOf(s.Customers)}, s.Applications, s.Categories)
	}
	for _, f := range a.Map.Flows {
		add(party{f.Recipient, audienceOf(f.Customers)}, []string{f.Application}, f.Categories)
	}
	var out []inventory.Draft
	for p, categories := range use {
		x := a.supplier(p.id, slices.Sorted(maps.Keys(categories)))
		scope := inventory.Scope{Customers: p.who.list(), Applications: slices.Sorted(maps.Keys(apps[p]))}
		out = append(out, inventory.Draft{ID: p.who.id(MapSource + "/supplier/" + p.id), Name: p.id, Attributes: x, Provenance: a.provenance(), Scope: scope})
		if s, ok := a.Book.subProcessor(p.id); ok && s.OpenObjections > 0 && p.who.customers == "" {
			// Who objects is between that customer and us: the others' views do not have it.
			out = append(out, inventory.Draft{ID: MapSource + "/supplier/" + p.id + "/objections", Name: p.id, Attributes: a.supplier(p.id, sorted(s.Categories)),
				Provenance: a.provenance(), Scope: inventory.Scope{Internal: true}})
		}
	}
	slices.SortFunc(out, func(x, y inventory.Draft) int { return strings.Compare(x.ID, y.ID) })
	return out
}

// supplier is what the register says of a party, or that it has none.
func (a Annotator) supplier(id string, categories []string) *inventory.Supplier {
	x := &inventory.Supplier{Register: inventory.Absent[string](), PersonalData: inventory.Known(true), DataCategories: inventory.Known(categories),
		Countries:       inventory.Unknown[[]string](inventory.Undeclared, "countries"),
		AccessCountries: inventory.Unknown[[]string](inventory.Undeclared, "access_countries")}
	s, ok := a.Book.subProcessor(id)
	if !ok {
		return x
	}
	x.Register = inventory.Known(id)
	if len(s.Countries) > 0 {
		x.Countries = inventory.Known(sorted(s.Countries))
	}
	if len(s.AccessCountries) > 0 {
		x.AccessCountries = inventory.Known(sorted(s.AccessCountries))
	}
	return x
}

func (b Book) subProcessor(id string) (SubProcessor, bool) {
	for _, s := range b.SubProcessors {
		if s.ID == id {
			return s, true
		}
	}
	return SubProcessor{}, false
}
