package reports

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/inventory"
)

// page is what the template of the HTML report shows: the document, the results, and what is gathered from them.
type page struct {
	words
	Doc      Document
	Results  assess.Results
	Counts   []areaCount
	Findings section // what is not met, waived, or a person's to decide
	Unread   section // what could not be evaluated
	Met      section
	Parts    []part
	Changes  []ChangeKind
	Trend    *trend
	Files    []namedFile
	served   Served
	listed   Clauses
	values   Values
	anchors  map[string]string // rule to the id of its first finding on the page
	clauses  map[string]string // clause to the id of its row
	ids      map[string]bool   // that are taken
}

// section is some of the findings, by area.
type section struct {
	Areas []areaItems
	Total int // findings
}

type areaItems struct {
	Area  string
	Items []item
}

// item is one finding: a rule's results of one status.
type item struct {
	ID string
	assess.Result
	Messages []told
	Objects  int // resources in all its messages
}

// told is what one or more resources have in common.
type told struct {
	Text, Question string
	Customers      []string // named only where others, who have the same resource, have another outcome
	Accepted       bool
	Found          []Fact // where it is the same for all
	Resources      []seen
}

// seen is a resource as the page names it.
type seen struct {
	Name, Also, Waiver string
	File               string
	Line               int
	Found              []Fact // where it differs from its neighbours
}

type areaCount struct {
	Area  string
	Count assess.Count
	Bar   []segment
}

type part struct {
	Name string
	Rows []dpa.CoverageRow
}

type namedFile struct {
	Name string
	FileHash
}

func newPage(d Document, r assess.Results) page {
	p := page{words: wordsIn(d.Language), Doc: d, Results: r, served: ServedBy(r), listed: ClausesOf(d, r), values: NewValues(d.Language), anchors: map[string]string{}, clauses: map[string]string{},
		ids: map[string]bool{}}
	for _, name := range slices.Sorted(maps.Keys(d.Files)) {
		p.Files = append(p.Files, namedFile{name, d.Files[name]})
	}
	for _, row := range d.Coverage {
		if !p.listed.Shown(row) {
			continue
		}
		p.clauses[row.Clause] = p.newID("c-" + row.Clause)
		if n := len(p.Parts); n == 0 || p.Parts[n-1].Name != row.Part {
			p.Parts = append(p.Parts, part{Name: row.Part})
		}
		last := &p.Parts[len(p.Parts)-1]
		last.Rows = append(last.Rows, row)
	}
	p.sortResults()
	if d.Since != nil {
		p.Changes = ChangeKinds(d.Since.Changes, d.Language)
	}
	p.Trend = newTrend(d.Trend)
	return p
}

// sortResults puts each rule's results in the section that a reader looks for them.
func (p *page) sortResults() {
	for _, area := range assess.Areas {
		c, ok := p.Results.Summary.Areas[area]
		if ok {
			p.Counts = append(p.Counts, areaCount{area, c, bar(c)})
		}
		for _, g := range Groups(p.Results.Results, area, true) {
			it := p.item(g)
			if _, ok := p.anchors[it.Rule]; !ok {
				p.anchors[it.Rule] = it.ID
			}
			switch {
			case it.Status == assess.Pass:
				p.Met.add(it)
			case g.Unread():
				p.Unread.add(it)
			default:
				p.Findings.add(it)
			}
		}
	}
}

func (s *section) add(it item) {
	if n := len(s.Areas); n == 0 || s.Areas[n-1].Area != it.Area {
		s.Areas = append(s.Areas, areaItems{Area: it.Area})
	}
	last := &s.Areas[len(s.Areas)-1]
	last.Items = append(last.Items, it)
	s.Total++
}

func (p *page) item(g Group) item {
	it := item{ID: p.newID("r-" + g.Rule.Rule), Result: g.Rule}
	for _, m := range g.ByMessage() {
		it.Messages = append(it.Messages, p.told(m))
		it.Objects += len(m.Resources)
	}
	return it
}

func (p *page) told(m Message) told {
	out := told{Text: m.Message, Question: m.Question, Accepted: m.Accepted}
	if p.served.Differs(m.Resources[0], m.Customers) {
		out.Customers = m.Customers
	}
	for _, r := range m.Resources {
		s := seen{Name: r.Resource, Waiver: p.waiverOf(r), Found: p.found(r)}
		if r.Source != nil {
			s.File, s.Line = r.Source.File, r.Source.Line
		}
		if r.Kind == inventory.KindGrant {
			s.Also = r.Name
		}
		out.Resources = append(out.Resources, s)
	}
	first := out.Resources[0].Found
	if slices.ContainsFunc(out.Resources, func(s seen) bool { return !slices.Equal(s.Found, first) }) {
		return out
	}
	out.Found = first
	for i := range out.Resources {
		out.Resources[i].Found = nil
	}
	return out
}

// found are the facts of a result that are not met.
func (p *page) found(r assess.Result) (out []Fact) {
	for _, f := range r.Findings {
		out = append(out, p.values.Fact(f))
	}
	return out
}

// Worst is the findings to read first: what is not met and ours, the gravest five.
func (p page) Worst() []item {
	var out []item
	for _, a := range p.Findings.Areas {
		for _, it := range a.Items {
			if it.Status == assess.Fail && it.Duty == "" {
				out = append(out, it)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.Severity.Rank(), b.Severity.Rank()), cmp.Compare(b.Objects, a.Objects))
	})
	return out[:min(len(out), 5)]
}

// Accepted tells whether something is not met that the processor accepted without the customer.
func (p page) Accepted() bool {
	return slices.ContainsFunc(p.Results.Results, func(r assess.Result) bool { return r.Accepted })
}

// BadSources are the sources that could not be read in full.
func (p page) BadSources() []assess.SourceState {
	return slices.DeleteFunc(slices.Clone(p.Results.Sources), func(s assess.SourceState) bool { return s.Status == "complete" })
}

func (p page) anchor(rule string) string { return p.anchors[rule] }

// clauseRef is the id of a clause's row, empty where it has none.
func (p page) clauseRef(clause string) string { return p.clauses[clause] }

// newID makes an id that nothing else on the page has.
func (p *page) newID(name string) string {
	base := token(name)
	id := base
	for n := 2; p.ids[id]; n++ {
		id = base + "-" + strconv.Itoa(n)
	}
	p.ids[id] = true
	return id
}

// token makes what may stand as an id or a class: letters, digits, dots and dashes, not too many.
func token(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '-'
	}, s)
	return s[:min(len(s), 80)]
}
