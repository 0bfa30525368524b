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

// The kinds of things that files refer to by id.
var (
	kindAgreement    = say.Text{EN: "agreement", NL: "overeenkomst"}
	kindApplication  = say.Text{EN: "application", NL: "applicatie"}
	kindPurpose      = say.Text{EN: "purpose", NL: "doel"}
	kindCustomer     = say.Text{EN: "customer", NL: "klant"}
	kindInstruction  = say.Text{EN: "instruction", NL: "instructie"}
	kindSubProcessor = say.Text{EN: "sub-processor", NL: "subverwerker"}
	kindSource       = say.Text{EN: "source", NL: "bron"}
	kindStore        = say.Text{EN: "store", NL: "opslag"}
	kindPerson       = say.Text{EN: "person", NL: "persoon"}
)

// index holds the ids of each kind with the place of the first, and which kinds are incomplete because a file that
// defines them has problems: a reference to such a kind is not called dangling.
type index struct {
	l          *loader
	ids        map[say.Text]map[string]string
	incomplete map[say.Text]bool
}

// define adds an id; one that is there already is a problem that names the place of the first.
func (x *index) define(kind say.Text, id, file, path string) {
	x.incomplete[kind] = x.incomplete[kind] || x.l.bad[file]
	if id == "" {
		return
	}
	if x.ids[kind] == nil {
		x.ids[kind] = map[string]string{}
	}
	if first, there := x.ids[kind][id]; there {
		x.l.twice(file, path, kind, id, first)
		return
	}
	x.ids[kind][id] = x.l.place(file, path)
}

// known adds an id that may be defined more than once.
func (x *index) known(kind say.Text, id, file string) {
	if _, there := x.ids[kind][id]; !there {
		x.define(kind, id, file, "")
	}
}

// refer reports a reference that dangles. Words in also are allowed besides.
func (x *index) refer(kind say.Text, id, file, path string, also ...string) {
	if id == "" || x.incomplete[kind] || slices.Contains(also, id) {
		return
	}
	if _, ok := x.ids[kind][id]; ok {
		return
	}
	x.l.at(file, path,
		say.Both("there is no %s %s", "er is geen %s %s", kind, id), strictyaml.Suggest(id, append(slices.Collect(maps.Keys(x.ids[kind])), also...)))
}

// twice reports an id that something had before.
func (l *loader) twice(file, path string, kind say.Text, id, first string) {
	l.at(file, path, say.Both("the %s %s is there twice", "%s %s staat er twee keer", kind, id),
		say.Both("the first is at %s; keep one", "eerder al op %s; houd er één over", first))
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
	x := &index{l: l, ids: map[say.Text]map[string]string{}, incomplete: map[say.Text]bool{}}
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
	for kind, file := range map[say.Text]string{kindSubProcessor: SubProcessorsFile, kindSource: ConfigFile, kindPerson: ConfigFile, kindStore: DataMapFile} {
		x.incomplete[kind] = l.bad[file]
	}
	for i, p := range l.ws.Config.People {
		x.define(kindPerson, p.ID, ConfigFile, fmt.Sprintf("people[%d].id", i))
	}
	l.keysTwice()
	for i, s := range l.ws.Config.Sources {
		x.define(kindSource, s.ID, ConfigFile, fmt.Sprintf("sources[%d].id", i))
	}
	for _, kind := range []say.Text{kindAgreement, kindApplication, kindPurpose} {
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
			l.at(file, "id", say.Both("a customer cannot be called all", "een klant kan niet all heten"),
				say.Both("that word stands for every customer", "dat woord staat voor alle klanten"))
		}
		for _, in := range c.Instructions {
			x.known(kindInstruction, in.ID, file)
		}
	}
	for i, s := range l.ws.Book.SubProcessors {
		path := fmt.Sprintf("subprocessors[%d].id", i)
		x.define(kindSubProcessor, s.ID, SubProcessorsFile, path)
		if slices.Contains(dpa.Recipients(), s.ID) {
			l.at(SubProcessorsFile, path, say.Both("a sub-processor cannot be called %s", "een subverwerker kan niet %s heten", s.ID),
				say.Both("that word has a meaning of its own", "dat woord heeft een eigen betekenis"))
		}
	}
	for i, s := range l.ws.DataMap.Stores {
		x.define(kindStore, s.ID, DataMapFile, fmt.Sprintf("stores[%d].id", i))
	}
}

// keysTwice refuses one key for two people: the second pair of eyes would be the first one's. Nor is a key both former and not.
func (l *loader) keysTwice() {
	owners := map[PublicKey]string{}
	check := func(person string, key PublicKey, path string) {
		if key == "" {
			return
		}
		if other, there := owners[key]; there {
			l.at(ConfigFile, path, say.Both("%s has the same key as %s", "%s heeft dezelfde sleutel als %s", person, other),
				say.Both("each of the people signs with a key of their own", "iedereen tekent met een eigen sleutel"))
		}
		owners[key] = person
	}
	for i, p := range l.ws.Config.People {
		check(p.ID, p.Key, fmt.Sprintf("people[%d].key", i))
		for j, f := range p.Former {
			check(p.ID, f.Key, fmt.Sprintf("people[%d].former[%d].key", i, j))
		}
	}
}

func (l *loader) agreements() {
	clauses, err := dpa.Clauses()
	if err != nil {
		l.damaged(err)
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
					l.at(file, fmt.Sprintf("%s[%d]", path, j),
						say.Both("%s has this key in %s already", "%s heeft deze waarde al in %s", other, store),
						say.Both("a key names one customer's records", "zo'n waarde wijst de gegevens van één klant aan"))
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
			l.at(file, "applications",
				say.Both("the key of %s's records in the store %s is missing, so the age of those in %s could not be judged",
					"niet bekend is welke gegevens in de opslag %[2]s van %[1]s zijn, dus de leeftijd van die in %[3]s is niet te beoordelen", c.ID, s.ID, s.Tables[i].Table),
				say.Both("add `tenants: {%s: [\"…\"]}` with the value of the column %s",
					"voeg `tenants: {%s: [\"…\"]}` toe met de waarde uit de kolom %s",
					s.ID, s.Tables[i].TenantColumn))
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
				What: say.Both("no table in %s holds records of class %s of %s",
					"geen tabel in %s bevat gegevens van de soort %s van %s", DataMapFile, class, app)}})
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
				l.at(SubProcessorsFile, fmt.Sprintf("%s.open_groups[%d]", path, j),
					say.Both("there is no group of categories %s", "er is geen groep categorieën %s", g), strictyaml.Suggest(g, groups))
			}
		}
	}
}

func (l *loader) access(x *index) {
	first := map[string]int{}
	for i, n := range l.ws.Access.Needs {
		path := fmt.Sprintf("needs[%d]", i)
		if j, there := first[n.ID]; there && n.ID != "" {
			l.twice(AccessFile, path+".id", say.Both("need", "toegang"), n.ID, l.place(AccessFile, fmt.Sprintf("needs[%d].id", j)))
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
			l.twice(WaiversFile, path+".id", say.Both("waiver", "acceptatie"), w.ID, l.place(WaiversFile, fmt.Sprintf("waivers[%d].id", j)))
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
