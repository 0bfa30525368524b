package workspace

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"waarborg/dpa"
	"waarborg/internal/strictyaml"
)

// The kinds of things that files refer to by id.
const (
	kindAgreement    = "agreement"
	kindApplication  = "application"
	kindPurpose      = "purpose"
	kindCustomer     = "customer"
	kindInstruction  = "instruction"
	kindSubProcessor = "sub-processor"
	kindSource       = "source"
	kindStore        = "store"
	kindPerson       = "person"
)

// index holds the ids of each kind with the place of the first, and which kinds are incomplete because a file that
// defines them has problems: a reference to such a kind is not called dangling.
type index struct {
	l          *loader
	ids        map[string]map[string]string
	incomplete map[string]bool
}

// define adds an id; one that is there already is a problem that names the place of the first.
func (x *index) define(kind, id, file, path string) {
	x.incomplete[kind] = x.incomplete[kind] || x.l.bad[file]
	if id == "" {
		return
	}
	if x.ids[kind] == nil {
		x.ids[kind] = map[string]string{}
	}
	if first, there := x.ids[kind][id]; there {
		x.l.at(file, path, "the "+kind+" "+id+" is there twice", "the first is at "+first+"; keep one")
		return
	}
	x.ids[kind][id] = x.l.place(file, path)
}

// known adds an id that may be defined more than once.
func (x *index) known(kind, id, file string) {
	if _, there := x.ids[kind][id]; !there {
		x.define(kind, id, file, "")
	}
}

// refer reports a reference that dangles. Words in also are allowed besides.
func (x *index) refer(kind, id, file, path string, also ...string) {
	if id == "" || x.incomplete[kind] || slices.Contains(also, id) {
		return
	}
	if _, ok := x.ids[kind][id]; ok {
		return
	}
	x.l.at(file, path, "there is no "+kind+" "+id, strictyaml.Suggest(id, append(slices.Collect(maps.Keys(x.ids[kind])), also...)))
}

func (l *loader) place(file, path string) string {
	line, column := l.docs[file].Position(path)
	return fmt.Sprintf("%s:%d:%d", file, line, column)
}

// issues places what the domain found in one file, except where the file has a problem already: what could not be read
// would be called missing.
func (l *loader) issues(file string, issues []dpa.Issue) {
	have := slices.Clone(l.problems)
	for _, i := range issues {
		covered := slices.ContainsFunc(have, func(p strictyaml.Problem) bool {
			below, ok := strings.CutPrefix(p.Path, i.Path)
			return p.File == file && p.Path != "" && ok && (below == "" || below[0] == '.' || below[0] == '[')
		})
		if !covered {
			l.at(file, i.Path, i.What, i.Hint)
		}
	}
}

// references holds the files against each other.
func (l *loader) references() {
	x := &index{l: l, ids: map[string]map[string]string{}, incomplete: map[string]bool{}}
	l.define(x)
	l.agreements()
	l.customers(x)
	l.subProcessors()
	l.stores(x)
	l.flows(x)
	l.access(x)
	l.waivers(x)
}

func (l *loader) define(x *index) {
	for kind, file := range map[string]string{kindSubProcessor: SubProcessorsFile, kindSource: ConfigFile, kindPerson: ConfigFile, kindStore: DataMapFile} {
		x.incomplete[kind] = l.bad[file]
	}
	for i, p := range l.ws.Config.People {
		x.define(kindPerson, p.ID, ConfigFile, fmt.Sprintf("people[%d].id", i))
	}
	l.keysTwice()
	for i, s := range l.ws.Config.Sources {
		x.define(kindSource, s.ID, ConfigFile, fmt.Sprintf("sources[%d].id", i))
	}
	for _, kind := range []string{kindAgreement, kindApplication, kindPurpose} {
		x.incomplete[kind] = len(l.agreementFiles) == 0 // that is one problem, not one for each reference
	}
	for i, file := range l.agreementFiles {
		a := l.ws.Book.Agreements[i]
		x.define(kindAgreement, a.ID, file, "id")
		x.incomplete[kindApplication] = x.incomplete[kindApplication] || l.bad[file]
		x.incomplete[kindPurpose] = x.incomplete[kindPurpose] || l.bad[file]
		for _, app := range a.Applications {
			x.known(kindApplication, app.ID, file)
		}
		for _, p := range a.Purposes {
			x.known(kindPurpose, p.ID, file)
		}
	}
	for i, file := range l.customerFiles {
		c := l.ws.Book.Customers[i]
		x.define(kindCustomer, c.ID, file, "id")
		x.incomplete[kindInstruction] = x.incomplete[kindInstruction] || l.bad[file]
		if c.ID == dpa.All {
			l.at(file, "id", "a customer cannot be called all", "that word stands for every customer")
		}
		for _, in := range c.Instructions {
			x.known(kindInstruction, in.ID, file)
		}
	}
	for i, s := range l.ws.Book.SubProcessors {
		path := fmt.Sprintf("subprocessors[%d].id", i)
		x.define(kindSubProcessor, s.ID, SubProcessorsFile, path)
		if slices.Contains(dpa.Recipients(), s.ID) {
			l.at(SubProcessorsFile, path, "a sub-processor cannot be called "+s.ID, "that word has a meaning of its own")
		}
	}
	for i, s := range l.ws.DataMap.Stores {
		x.define(kindStore, s.ID, DataMapFile, fmt.Sprintf("stores[%d].id", i))
	}
}

// keysTwice refuses one key for two people: the second pair of eyes would be the first one's.
func (l *loader) keysTwice() {
	owners := map[PublicKey]string{}
	for i, p := range l.ws.Config.People {
		if p.Key == "" {
			continue
		}
		if other, there := owners[p.Key]; there {
			l.at(ConfigFile, fmt.Sprintf("people[%d].key", i), p.ID+" has the same key as "+other, "each of the people signs with a key of their own")
		}
		owners[p.Key] = p.ID
	}
}

func (l *loader) agreements() {
	clauses, err := dpa.Clauses()
	if err != nil {
		l.whole("", err.Error(), "")
		return
	}
	var ids []string
	for _, c := range clauses {
		ids = append(ids, c.ID)
	}
	for i, file := range l.agreementFiles {
		l.issues(file, l.ws.Book.Agreements[i].Issues(l.ws.Book.Catalogue, l.categories, ids))
	}
}

func (l *loader) customers(x *index) {
	tenants := map[string]string{} // store and key: the customer that has it
	for i, file := range l.customerFiles {
		c := l.ws.Book.Customers[i]
		x.refer(kindAgreement, c.Agreement, file, "agreement")
		for _, store := range slices.Sorted(maps.Keys(c.Tenants)) {
			path := strictyaml.Key("tenants", store)
			x.refer(kindStore, store, file, path)
			for j, key := range c.Tenants[store] {
				if other, there := tenants[store+"\x00"+key]; there && other != c.ID {
					l.at(file, fmt.Sprintf("%s[%d]", path, j), fmt.Sprintf("%s has this key in %s already", other, store),
						"a key names one customer's records")
				}
				tenants[store+"\x00"+key] = c.ID
			}
		}
		l.missingTenants(c, file)
		at := slices.IndexFunc(l.ws.Book.Agreements, func(a dpa.Agreement) bool { return a.ID == c.Agreement })
		if at < 0 || l.bad[l.agreementFiles[at]] {
			continue
		}
		l.issues(file, c.Issues(l.ws.Book.Agreements[at], l.ws.Book.Catalogue))
		l.retentionClasses(c, file)
	}
}

// missingTenants reports a customer whose records a live source will look for without knowing their key: their age would
// never be judged, and nobody would see that it is not.
func (l *loader) missingTenants(c dpa.Customer, file string) {
	if l.bad[DataMapFile] || l.bad[ConfigFile] {
		return
	}
	for _, s := range l.ws.DataMap.Stores {
		live := slices.ContainsFunc(s.Sightings(), func(at dpa.Sighting) bool {
			return slices.ContainsFunc(l.ws.Config.Sources, func(src Source) bool { return src.ID == at.Source && src.Type == "postgres" })
		})
		only := s.Customers.Only()
		if !live || len(c.Tenants[s.ID]) > 0 || len(only) > 0 && !slices.Contains(only, c.ID) {
			continue
		}
		i := slices.IndexFunc(s.Tables, func(t dpa.Table) bool { return slices.Contains(c.Applications, t.ApplicationIn(s)) })
		if i >= 0 {
			l.at(file, "applications", "the key of "+c.ID+"'s records in the store "+s.ID+" is missing, so the age of those in "+s.Tables[i].Table+" could not be judged",
				"add `tenants: {"+s.ID+": [\"…\"]}` with the value of the column "+s.Tables[i].TenantColumn)
		}
	}
}

// retentionClasses reports a retention term for records that no table of the data map holds: nothing would prove it.
func (l *loader) retentionClasses(c dpa.Customer, file string) {
	if l.bad[DataMapFile] {
		return
	}
	for i, t := range c.Terms {
		app, class, is := dpa.RetentionOf(t.Path)
		if !is || !slices.Contains(c.Applications, app) {
			continue
		}
		classes := l.ws.DataMap.Classes(app)
		if !slices.Contains(classes, class) {
			l.issues(file, []dpa.Issue{{Path: fmt.Sprintf("terms[%d].path", i), Hint: strictyaml.Suggest(class, classes),
				What: fmt.Sprintf("no table in %s holds records of class %s of %s", DataMapFile, class, app)}})
		}
	}
}

func (l *loader) subProcessors() {
	groups := l.categories.Groups()
	for i, s := range l.ws.Book.SubProcessors {
		path := fmt.Sprintf("subprocessors[%d]", i)
		l.issues(SubProcessorsFile, dpa.UnknownCategories(s.Categories, l.categories, path+".categories"))
		for j, g := range s.OpenGroups {
			if !slices.Contains(groups, g) {
				l.at(SubProcessorsFile, fmt.Sprintf("%s.open_groups[%d]", path, j), "there is no group of categories "+g, strictyaml.Suggest(g, groups))
			}
		}
	}
}

func (l *loader) access(x *index) {
	first := map[string]int{}
	for i, n := range l.ws.Access.Needs {
		path := fmt.Sprintf("needs[%d]", i)
		if j, there := first[n.ID]; there && n.ID != "" {
			l.at(AccessFile, path+".id", "the need "+n.ID+" is there twice", "the first is at "+l.place(AccessFile, fmt.Sprintf("needs[%d].id", j))+"; keep one")
		} else {
			first[n.ID] = i
		}
		for j, s := range n.Stores {
			x.refer(kindStore, s, AccessFile, fmt.Sprintf("%s.stores[%d]", path, j), "*")
		}
	}
}

func (l *loader) waivers(x *index) {
	first := map[string]int{}
	for i, w := range l.ws.Waivers {
		path := fmt.Sprintf("waivers[%d]", i)
		if j, there := first[w.ID]; there && w.ID != "" {
			l.at(WaiversFile, path+".id", "the waiver "+w.ID+" is there twice", "the first is at "+l.place(WaiversFile, fmt.Sprintf("waivers[%d].id", j))+"; keep one")
		} else {
			first[w.ID] = i
		}
		x.refer(kindPerson, w.Owner, WaiversFile, path+".owner")
		for j, a := range w.Approvals {
			x.refer(kindPerson, a.By, WaiversFile, fmt.Sprintf("%s.approvals[%d].by", path, j))
		}
		for j, c := range w.CustomerConsent {
			x.refer(kindCustomer, c.Customer, WaiversFile, fmt.Sprintf("%s.customer_consent[%d].customer", path, j))
		}
	}
}
