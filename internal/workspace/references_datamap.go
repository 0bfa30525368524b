package workspace

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"waarborg/dpa"
	"waarborg/internal/say"
	"waarborg/internal/strictyaml"
)

// stores checks the stores, tables and secrets of the data map.
func (l *loader) stores(x *index) {
	for i, s := range l.ws.DataMap.Stores {
		path := fmt.Sprintf("stores[%d]", i)
		for j, app := range s.Applications {
			x.refer(kindApplication, app, DataMapFile, fmt.Sprintf("%s.applications[%d]", path, j))
		}
		x.refer(kindSource, s.Source, DataMapFile, path+".source")
		for j, other := range s.SeenIn {
			x.refer(kindSource, other.Source, DataMapFile, fmt.Sprintf("%s.seen_in[%d].source", path, j))
		}
		x.refer(kindSubProcessor, s.Provider, DataMapFile, path+".provider", dpa.Own)
		for j, instruction := range s.Instructions {
			x.refer(kindInstruction, instruction, DataMapFile, fmt.Sprintf("%s.instructions[%d]", path, j))
		}
		l.someCustomers(x, s.Customers, path)
		l.issues(DataMapFile, dpa.UnknownCategories(s.Categories, l.categories, path+".categories"))
		if len(s.Tables) > 0 && len(s.Categories) == 0 {
			l.at(DataMapFile, path+".categories", say.Both("the store %s has tables with customers' records, and no category of personal data",
				"de opslag %s heeft tabellen met gegevens van klanten, en geen categorie persoonsgegevens", s.ID),
				say.Both("list what the tables hold; `unclassified` where nobody knows yet",
					"noem wat er in de tabellen staat; `unclassified` als niemand dat nog weet"))
		}
		seen := map[string]int{}
		for j, t := range s.Tables {
			at := fmt.Sprintf("%s.tables[%d]", path, j)
			if k, there := seen[t.Table]; there && t.Table != "" {
				l.at(DataMapFile, at+".table", say.Both("the table %s is there twice", "de tabel %s staat er twee keer", t.Table),
					say.Both("the first is %s.tables[%d]; keep one", "de eerste is %s.tables[%d]; houd er één over", path, k))
			}
			seen[t.Table] = j
			l.table(s, t, at)
		}
	}
	for i, s := range l.ws.DataMap.Secrets {
		x.refer(kindStore, s.Store, DataMapFile, fmt.Sprintf("secrets[%d].store", i))
	}
}

// table checks one table against its store.
func (l *loader) table(s dpa.Store, t dpa.Table, path string) {
	if t.Application == "" && len(s.Applications) > 1 {
		l.at(DataMapFile, path, say.Both("the key application is missing", "het veld application ontbreekt"),
			say.Both("the store serves %s: say which one's records these are",
				"de opslag hoort bij %s: zeg van welke deze gegevens zijn", strings.Join(s.Applications, ", ")))
	}
	if t.Application != "" && !slices.Contains(s.Applications, t.Application) {
		l.at(DataMapFile, path+".application",
			say.Both("the store %s does not serve %s", "de opslag %s hoort niet bij %s", s.ID, t.Application), strictyaml.Suggest(t.Application, s.Applications))
	}
	for _, column := range slices.Sorted(maps.Keys(t.Columns)) {
		category, at := t.Columns[column], strictyaml.Key(path+".columns", column)
		if _, known := l.categories[category]; !known {
			l.at(DataMapFile, at,
				say.Both("there is no category %s", "er is geen categorie %s", category), strictyaml.Suggest(category, slices.Collect(maps.Keys(l.categories))))
		} else if !slices.Contains(s.Categories, category) {
			l.at(DataMapFile, at,
				say.Both("the store %s does not list the category %s", "de opslag %s noemt de categorie %s niet", s.ID, category),
				say.Both("add it to `categories` of the store", "zet die bij `categories` van de opslag"))
		}
	}
}

// someCustomers checks the customers of a store or flow.
func (l *loader) someCustomers(x *index, customers dpa.Customers, path string) {
	for j, c := range customers {
		at := fmt.Sprintf("%s.customers[%d]", path, j)
		x.refer(kindCustomer, c, DataMapFile, at, dpa.All)
		if c == dpa.All && len(customers) > 1 {
			l.at(DataMapFile, at, say.Both("all stands beside other customers", "all staat naast andere klanten"),
				say.Both("write `customers: all`, or the list alone", "schrijf `customers: all`, of alleen de lijst"))
		}
	}
}

// flows checks the flows of the data map.
func (l *loader) flows(x *index) {
	first := map[string]int{}
	for i, f := range l.ws.DataMap.Flows {
		path := fmt.Sprintf("flows[%d]", i)
		if j, there := first[f.ID]; there && f.ID != "" {
			l.twice(DataMapFile, path+".id", say.Both("flow", "gegevensstroom"), f.ID, l.place(DataMapFile, fmt.Sprintf("flows[%d].id", j)))
		} else {
			first[f.ID] = i
		}
		x.refer(kindApplication, f.Application, DataMapFile, path+".application")
		x.refer(kindSubProcessor, f.Recipient, DataMapFile, path+".recipient", dpa.Recipients()...)
		x.refer(kindPurpose, f.Purpose, DataMapFile, path+".purpose")
		x.refer(kindInstruction, f.Instruction, DataMapFile, path+".instruction")
		l.someCustomers(x, f.Customers, path)
		l.issues(DataMapFile, dpa.UnknownCategories(f.Categories, l.categories, path+".categories"))
	}
}
