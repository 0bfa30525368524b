package dpa

import (
	"fmt"
	"slices"

	"waarborg/internal/say"
)

// transfers finds where data go outside the EEA: by the register, and by what the data map says of stores and flows.
func (m *recordMaker) transfers() {
	for i := range m.Book.SubProcessors {
		s := &m.Book.SubProcessors[i]
		if s.Effective > m.Day {
			continue // announced, and not in use yet
		}
		if whom, all := m.servedBy(s.ID); all || len(whom) > 0 {
			m.subProcessor(s, whom, all)
		}
	}
	for _, s := range m.DataMap.Stores {
		if whom := m.among(s.Applications, s.Customers); len(whom) > 0 && len(s.Categories) > 0 {
			m.store(s, whom)
		}
	}
	for _, f := range m.DataMap.Flows {
		if whom := m.among([]string{f.Application}, f.Customers); len(whom) > 0 && len(f.Categories) > 0 {
			m.flow(f, whom)
		}
	}
}

// among lists the customers of the record that a store or flow serves.
func (m *recordMaker) among(applications []string, customers Customers) []string {
	var out []string
	only := customers.Only()
	for _, c := range m.customers {
		takes := slices.ContainsFunc(applications, func(app string) bool { return slices.Contains(c.Applications, app) })
		if takes && (len(only) == 0 || slices.Contains(only, c.ID)) {
			out = append(out, c.ID)
		}
	}
	return out
}

// servedBy lists the customers of the record whose data a sub-processor gets, by the data map. all is true where that
// does not say: then it may be anybody's, and in the record of the whole.
func (m *recordMaker) servedBy(sub string) (whom []string, all bool) {
	mapped := false
	for _, s := range m.DataMap.Stores {
		if s.Provider == sub && len(s.Categories) > 0 {
			mapped = true
			whom = append(whom, m.among(s.Applications, s.Customers)...)
		}
	}
	for _, f := range m.DataMap.Flows {
		if f.Recipient == sub && len(f.Categories) > 0 {
			mapped = true
			whom = append(whom, m.among([]string{f.Application}, f.Customers)...)
		}
	}
	whom = slices.Compact(sorted(whom))
	return whom, !mapped || m.Customer == "" && len(whom) == 0
}

func (m *recordMaker) subProcessor(s *SubProcessor, whom []string, all bool) {
	m.out.SubProcessors = append(m.out.SubProcessors, RecordProcessor{ID: s.ID, Name: s.Name, Purpose: s.Purpose.In(m.Language),
		Categories: m.categories(s.Categories), EEA: s.EEA, Countries: sorted(s.Countries), AccessCountries: sorted(s.AccessCountries), Contract: s.Agreement})
	if all {
		whom = m.ids()
	}
	abroad := false
	for _, list := range []struct {
		by        string
		countries []string
	}{{ByProcessing, s.Countries}, {ByAccess, s.AccessCountries}} {
		for _, code := range sorted(list.countries) {
			t := RecordTransfer{To: s.Name, By: list.by}
			abroad = m.transfer(t, Location{Country: code}, s, whom, "subprocessors.yaml: "+s.ID) || abroad
		}
	}
	if !s.EEA && !abroad {
		m.missing("sub_processors."+s.ID+".countries", "c", "subprocessors.yaml: "+s.ID+": countries",
			"the country outside the EEA where "+s.Name+" processes", "het land buiten de EER waar "+s.Name+" verwerkt")
	}
}

func (m *recordMaker) store(s Store, whom []string) {
	row := m.row(s.Provider)
	id := m.named(s.ID, s.Customers)
	switch {
	case s.Location != nil:
		to := m.Processor.Name
		if row != nil {
			to = row.Name
		}
		m.transfer(RecordTransfer{To: to, By: ByStore, Of: id, Applications: m.shown(s.Applications)}, *s.Location, row, whom, inDataMap("stores", id))
	case row != nil:
		m.out.Unplaced++ // the register says where it may lie
	default:
		m.missing(dotted("stores", id), "c", inDataMap("stores", id)+": location", "where "+m.calls(id, "a store of our own", "the store ")+" lies",
			"waar "+m.calls(id, "een eigen opslag", "de opslag ")+" staat")
	}
}

func (m *recordMaker) flow(f Flow, whom []string) {
	row := m.row(f.Recipient)
	id := m.named(f.ID, f.Customers)
	if f.Location != nil {
		t := RecordTransfer{To: m.recipient(f.Recipient, row), By: ByFlow, Of: id, Applications: []string{f.Application}}
		m.transfer(t, *f.Location, row, whom, inDataMap("flows", id))
		return
	}
	if row == nil && f.Recipient != "controller" && f.Recipient != Own {
		what := Text{EN: " of " + f.Application, NL: " van " + f.Application}
		if id != "" {
			what = say.Same(" " + id)
		}
		m.missing(dotted("flows", id), "c", inDataMap("flows", id)+": recipient, location", "to whom and where the flow"+what.EN+" goes",
			"naar wie en waarheen de stroom"+what.NL+" gaat")
	}
}

// transfer adds one if its place is not known to be in the EEA, and notes what is missing of its ground.
func (m *recordMaker) transfer(t RecordTransfer, l Location, row *SubProcessor, whom []string, where string) bool {
	p := m.Reference.place(l, m.Language)
	if p.eea {
		return false
	}
	t.Country, t.Place, t.State, t.Ground = p.country, p.label, GroundUnknown, "none"
	if p.known {
		var d decision
		t.State, t.Ground, d = m.Reference.ground(p.country, row, m.Day)
		t.Decision, t.Until = d.Decision, d.Until
		if row != nil && (t.Ground == "scc" || t.Ground == "bcr") {
			t.TIA = row.TIA
		}
	}
	if m.Customer == "" && len(whom) < len(m.customers) {
		t.Customers = whom
	}
	m.out.Transfers = append(m.out.Transfers, t)
	if t.State != GroundOK {
		what := groundText(t.State)
		switch {
		case !p.known:
			where += ": location; waarborg.yaml: regions"
		case row != nil:
			where = "subprocessors.yaml: " + row.ID + ": ground, ground_until, tia"
		}
		m.missing(fmt.Sprintf("transfers[%d]", len(m.out.Transfers)-1), "c", where, "the ground of the transfer to "+t.To+", "+t.Place+": "+what.EN,
			"de grondslag van de doorgifte aan "+t.To+", "+t.Place+": "+what.NL)
	}
	return true
}

func (m *recordMaker) row(id string) *SubProcessor {
	for i := range m.Book.SubProcessors {
		if m.Book.SubProcessors[i].ID == id {
			return &m.Book.SubProcessors[i]
		}
	}
	return nil
}

func (m *recordMaker) ids() []string {
	var out []string
	for _, c := range m.customers {
		out = append(out, c.ID)
	}
	return out
}

// named is the id of a store or flow; in a customer's record only of what is for it alone, for others may be named after
// another customer.
func (m *recordMaker) named(id string, customers Customers) string {
	if m.Customer == "" || slices.Equal(customers.Only(), []string{m.Customer}) {
		return id
	}
	return ""
}

// shown are the applications of a store that the customers of the record take.
func (m *recordMaker) shown(applications []string) []string {
	return slices.DeleteFunc(sorted(applications), func(app string) bool {
		return !slices.ContainsFunc(m.customers, func(c Customer) bool { return slices.Contains(c.Applications, app) })
	})
}

func (m *recordMaker) recipient(word string, row *SubProcessor) string {
	if row != nil {
		return row.Name
	}
	switch word {
	case Own:
		return m.Processor.Name
	case "controller":
		return m.pick("the controller", "de verwerkingsverantwoordelijke")
	case "authority":
		return m.pick("an authority", "een overheidsinstantie")
	case "third-party":
		return m.pick("a third party", "een derde")
	}
	return m.pick("a recipient that nobody knows", "een ontvanger die niemand kent")
}

// calls names a thing by its id, or as one of its kind where the id is not shown.
func (m *recordMaker) calls(id, kind, name string) string {
	if id == "" {
		return kind
	}
	return name + id
}

// inDataMap says where in the data map something is.
func inDataMap(list, id string) string { return "datamap.yaml: " + dotted(list, id) }

func dotted(list, id string) string {
	if id == "" {
		return list
	}
	return list + "." + id
}
