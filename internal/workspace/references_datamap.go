package workspace

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"waarborg/dpa"
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
			l.at(DataMapFile, path+".categories", "the store "+s.ID+" has tables with customers' records, and no category of personal data",
				"list what the tables hold; `unclassified` where nobody knows yet")
		}
		seen := map[string]int{}
		for j, t := range s.Tables {
			at := fmt.Sprintf("%s.tables[%d]", path, j)
			if k, there := seen[t.Table]; there && t.Table != "" {
				l.at(DataMapFile, at+".table", "the table "+t.Table+" is there twice", fmt.Sprintf("the first is %s.tables[%d]; keep one", path, k))
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
		l.at(DataMapFile, path, "the key application is missing", "the store serves "+strings.Join(s.Applications, ", ")+": say which one's records these are")
	}
	if t.Application != "" && !slices.Contains(s.Applications, t.Application) {
		l.at(DataMapFile, path+".application", "the store "+s.ID+" does not serve "+t.Application, strictyaml.Suggest(t.Application, s.Applications))
	}
	for _, column := range slices.Sorted(maps.Keys(t.Columns)) {
		category, at := t.Columns[column], strictyaml.Key(path+".columns", column)
		if _, known := l.categories[category]; !known {
			l.at(DataMapFile, at, "there is no category "+category, strictyaml.Suggest(category, slices.Collect(maps.Keys(l.categories))))
		} else if !slices.Contains(s.Categories, category) {
			l.at(DataMapFile, at, "the store "+s.ID+" does not list the category "+category, "add it to `categories` of the store")
		}
	}
}

// someCustomers checks the customers of a store or flow.
func (l *loader) someCustomers(x *index, customers dpa.Customers, path string) {
	for j, c := range customers {
		at := fmt.Sprintf("%s.customers[%d]", path, j)
		x.refer(kindCustomer, c, DataMapFile, at, dpa.All)
		if c == dpa.All && len(customers) > 1 {
			l.at(DataMapFile, at, "all stands beside other customers", "write `customers: all`, or the list alone")
		}
	}
}

// flows checks the flows of the data map.
func (l *loader) flows(x *index) {
	first := map[string]int{}
	for i, f := range l.ws.DataMap.Flows {
		path := fmt.Sprintf("flows[%d]", i)
		if j, there := first[f.ID]; there && f.ID != "" {
			l.at(DataMapFile, path+".id", "the flow "+f.ID+" is there twice", "the first is at "+l.place(DataMapFile, fmt.Sprintf("flows[%d].id", j))+"; keep one")
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
