package dpa

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"waarborg/internal/say"
	"waarborg/internal/strictyaml"
)

// Issues checks a standard agreement by itself: its terms, categories, clauses and ids. clauses are the ids of the
// clause catalogue.
func (a Agreement) Issues(terms TermCatalogue, known Categories, clauses []string) []Issue {
	var out []Issue
	for i, app := range a.Applications {
		path := fmt.Sprintf("applications[%d]", i)
		out = append(out, UnknownCategories(app.Categories, known, path+".categories")...)
		out = append(out, unknownClause(app.Source, clauses, path)...)
	}
	for i, p := range a.Purposes {
		out = append(out, unknownClause(p.Source, clauses, fmt.Sprintf("purposes[%d]", i))...)
	}
	out = append(out, doubles("applications", a.Applications, func(x Application) string { return x.ID })...)
	out = append(out, doubles("purposes", a.Purposes, func(x Purpose) string { return x.ID })...)
	out = append(out, doubles("organisational_measures", a.Measures, func(x Measure) string { return x.ID })...)
	switch {
	case a.Text != "" && a.Text != CatalogueText:
		out = append(out, Issue{"text",
			say.Both("%q is not the text of the clause catalogue, %s", "%q is niet de tekst van de lijst met bepalingen, %s", a.Text, CatalogueText),
			say.Both("remove this key, unless the agreement is that text word for word",
				"haal dit veld weg, tenzij de overeenkomst woordelijk die tekst is")})
	case a.Text == CatalogueText && len(a.Measures) > 0:
		out = append(out, Issue{"organisational_measures", say.Both("an agreement of the text %s has its measures from the clause catalogue",
			"een overeenkomst met de tekst %s haalt haar maatregelen uit de lijst met bepalingen", a.Text),
			say.Both("remove this list; or remove text, if the agreement reads otherwise",
				"haal deze lijst weg; of haal text weg, als de overeenkomst anders luidt")})
	}
	out = append(out, twice(a.dated())...)
	for i, t := range a.Terms {
		path := fmt.Sprintf("terms[%d]", i)
		if !t.complete() {
			continue
		}
		if _, issue := valueIssue(terms, t, path); issue != nil {
			out = append(out, *issue)
		}
		out = append(out, unknownClause(t.Source, clauses, path)...)
		if t.Amendment != nil || t.Instruction != "" {
			out = append(out, Issue{path,
				say.Both("amendments and instructions belong to a customer", "wijzigingen en instructies horen bij een klant"),
				say.Both("move this term to the customer's file", "zet deze afspraak in het bestand van de klant")})
		}
		if app, class, is := RetentionOf(t.Path); is {
			out = append(out, a.retentionIssues(app, class, path)...)
		}
	}
	return out
}

// retentionIssues checks the two names in the path of a retention term.
func (a Agreement) retentionIssues(app, class, path string) []Issue {
	if _, ok := a.Application(app); !ok {
		return []Issue{{path + ".path",
			say.Both("the agreement has no application %s", "de overeenkomst heeft geen applicatie %s", app), strictyaml.Suggest(app, a.applicationIDs())}}
	}
	if strings.Trim(class, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return []Issue{{path + ".path", say.Both("%q is not a class of records", "%q is geen soort gegevens", class),
			say.Both("use lower-case letters, digits and underscores, such as tenant_file",
				"gebruik kleine letters, cijfers en liggende streepjes, zoals tenant_file")}}
	}
	return nil
}

func (a Agreement) applicationIDs() []string {
	var out []string
	for _, app := range a.Applications {
		out = append(out, app.ID)
	}
	return out
}

// Issues checks a customer against its standard agreement: that its applications exist, its own terms are possible,
// and that none is weaker than what was in force before it without a signed amendment (VWO-6.2).
func (c Customer) Issues(a Agreement, terms TermCatalogue) []Issue {
	out := doubles("instructions", c.Instructions, func(x Instruction) string { return x.ID })
	for i, app := range c.Applications {
		if _, ok := a.Application(app); !ok {
			out = append(out, Issue{fmt.Sprintf("applications[%d]", i),
				say.Both("agreement %s has no application %s", "overeenkomst %s heeft geen applicatie %s", a.ID, app),
				strictyaml.Suggest(app, a.applicationIDs())})
		}
	}
	out = append(out, twice(c.Terms)...)
	for i, t := range c.Terms {
		path := fmt.Sprintf("terms[%d]", i)
		if !t.complete() {
			continue
		}
		out = append(out, c.formIssues(t, path)...)
		value, issue := valueIssue(terms, t, path)
		if issue != nil {
			out = append(out, *issue)
			continue
		}
		if app, class, is := RetentionOf(t.Path); is {
			if found := c.retentionIssues(a, app, class, path); len(found) > 0 {
				out = append(out, found...)
				continue
			}
		}
		if issue := c.weaker(a, terms, t, value, path); issue != nil {
			out = append(out, *issue)
		}
	}
	return out
}

func (c Customer) retentionIssues(a Agreement, app, class, path string) []Issue {
	if found := a.retentionIssues(app, class, path); len(found) > 0 {
		return found
	}
	if !slices.Contains(c.Applications, app) {
		return []Issue{{path + ".path", say.Both("%s does not take the application %s", "%s neemt de applicatie %s niet af", c.ID, app),
			say.Both("remove the term, or add %s to `applications`", "haal de afspraak weg, of zet %s bij `applications`", app)}}
	}
	return nil
}

// formIssues checks what a customer's term must have, its dates and its instruction.
func (c Customer) formIssues(t Term, path string) []Issue {
	var out []Issue
	if t.Basis != "" {
		out = append(out, Issue{path + ".basis",
			say.Both("a customer's own term has no basis", "een eigen afspraak van een klant heeft geen basis"),
			say.Both("remove this key", "haal dit veld weg")})
	}
	if t.Source.Date == "" {
		out = append(out, Issue{path + ".source",
			say.Both("the date since when the term holds is missing", "de datum waarop de afspraak ingaat ontbreekt"),
			say.Both("add date: YYYY-MM-DD", "voeg date: JJJJ-MM-DD toe")})
	}
	if t.Amendment != nil && t.Source.Date != "" && t.Amendment.Signed > t.Source.Date {
		out = append(out, Issue{path + ".amendment.signed",
			say.Both("%s is after the term came into force, %s", "%s ligt na de dag waarop de afspraak inging, %s", t.Amendment.Signed, t.Source.Date),
			say.Both("a term holds from the day of signing at the earliest",
				"een afspraak geldt op zijn vroegst vanaf de dag van ondertekening")})
	}
	if t.Instruction != "" {
		var ids []string
		for _, i := range c.Instructions {
			ids = append(ids, i.ID)
		}
		if !slices.Contains(ids, t.Instruction) {
			out = append(out, Issue{path + ".instruction",
				say.Both("there is no instruction %s in this file", "in dit bestand staat geen instructie %s", t.Instruction), strictyaml.Suggest(t.Instruction, ids)})
		}
	}
	return out
}

// weaker finds a term that asks less than what was in force before it, with no signed amendment.
func (c Customer) weaker(a Agreement, terms TermCatalogue, t Term, value any, path string) *Issue {
	if _, _, is := RetentionOf(t.Path); t.Amendment != nil || is && t.Instruction != "" {
		return nil // how long data are kept is the controller's to instruct, also for longer (VWO-1.2, VWO-1.5)
	}
	before, whose, ok := c.before(a, t)
	if !ok {
		return nil
	}
	spec, _ := terms.Find(t.Path)
	standard, err := spec.Value(before.Value)
	if err != nil || !spec.Weaker(value, standard) {
		return nil
	}
	return &Issue{path + ".value", say.Both("%s (%s) is weaker than %s %s (%s) for %s", "%s (%s) is zwakker dan %s %s (%s) voor %s",
		spec.With(value), t.Source, whose, spec.With(standard), before.Source, t.Path),
		say.Both("a change of the agreement takes writing (VWO-6.2): add amendment: {document, signed, sha256}, or remove the term",
			"de overeenkomst wijzigen kan alleen schriftelijk (VWO-6.2): voeg amendment: {document, signed, sha256} toe, of haal de afspraak weg")}
}

// before returns the term that a customer's term replaces: its own earlier one, or else the standard one.
func (c Customer) before(a Agreement, t Term) (Term, Text, bool) {
	same := func(x Term) bool { return x.Path == t.Path && x.Source.Date < t.Source.Date }
	own := slices.DeleteFunc(slices.Clone(c.Terms), func(x Term) bool { return !same(x) })
	standard := slices.DeleteFunc(a.dated(), func(x Term) bool { return x.Path != t.Path })
	latestFirst := func(x, y Term) int { return strings.Compare(string(y.Source.Date), string(x.Source.Date)) }
	slices.SortFunc(own, latestFirst)
	slices.SortFunc(standard, latestFirst)
	switch {
	case len(own) > 0:
		return own[0], say.Both("this customer's earlier", "de eerdere waarde van deze klant,"), true
	case len(standard) > 0:
		return standard[0], say.Both("the standard", "de standaardwaarde"), true
	}
	return Term{}, Text{}, false
}

// complete tells whether the term was read; what it lacks is reported where the file is read.
func (t Term) complete() bool { return t.Path != "" && t.Value != nil && t.Source.Document != "" }

// valueIssue checks path, type and range of a term.
func valueIssue(terms TermCatalogue, t Term, path string) (any, *Issue) {
	spec, ok := terms.Find(t.Path)
	if !ok {
		return nil, &Issue{path + ".path",
			say.Both("there is no term %s", "de afspraak %s bestaat niet", t.Path), strictyaml.Suggest(t.Path, terms.paths())}
	}
	value, err := spec.Value(t.Value)
	if err == nil {
		return value, nil
	}
	m := mismatch(err)
	return nil, &Issue{path + ".value", say.Both("%s: %s", "%s: %s", t.Path, m.What), m.Hint}
}

// mismatch is what Value says of a value.
func mismatch(err error) *strictyaml.Mismatch {
	m := &strictyaml.Mismatch{What: say.Same(err.Error())}
	errors.As(err, &m)
	return m
}

// twice finds terms of one path and date, of which one would hide the other.
func twice(terms []Term) []Issue {
	var out []Issue
	first := map[string]int{}
	for i, t := range terms {
		key := t.Path + " " + string(t.Source.Date)
		if j, there := first[key]; there && t.complete() {
			out = append(out, Issue{fmt.Sprintf("terms[%d].path", i),
				say.Both("%s is there twice from the same date", "%s staat er twee keer met dezelfde ingangsdatum", t.Path),
				say.Both("the first is terms[%d]; keep one", "de eerste is terms[%d]; houd er één over", j)})
			continue
		}
		first[key] = i
	}
	return out
}

// doubles finds ids that a list has twice.
func doubles[T any](list string, items []T, id func(T) string) []Issue {
	var out []Issue
	first := map[string]int{}
	for i, item := range items {
		if j, there := first[id(item)]; there && id(item) != "" {
			out = append(out, Issue{fmt.Sprintf("%s[%d].id", list, i),
				say.Both("the id %s is there twice", "het id %s staat er twee keer", id(item)),
				say.Both("the first is %s[%d]", "het eerste is %s[%d]", list, j)})
			continue
		}
		first[id(item)] = i
	}
	return out
}

// UnknownCategories finds ids that are not in the category catalogue. path is that of the list.
func UnknownCategories(ids []string, known Categories, path string) []Issue {
	var out []Issue
	for i, id := range ids {
		if _, ok := known[id]; !ok {
			out = append(out, Issue{fmt.Sprintf("%s[%d]", path, i), say.Both("there is no category %s", "er is geen categorie %s", id),
				strictyaml.Suggest(id, slices.Collect(maps.Keys(known)))})
		}
	}
	return out
}

func unknownClause(s Source, clauses []string, path string) []Issue {
	if s.Document == "" {
		return nil // the source itself is missing, which is reported where the file is read
	}
	if s.Clause == "" {
		return []Issue{{path + ".source", say.Both("the clause is missing", "de bepaling ontbreekt"),
			say.Both("add the id of a clause, as `waarborg coverage` lists them",
				"voeg het id van een bepaling toe; `waarborg coverage` toont ze")}}
	}
	if !slices.Contains(clauses, s.Clause) {
		return []Issue{{path + ".source.clause",
			say.Both("there is no clause %s", "er is geen bepaling %s", s.Clause), strictyaml.Suggest(s.Clause, clauses)}}
	}
	return nil
}

// Groups lists the groups of categories.
func (c Categories) Groups() []string {
	return slices.Compact(slices.Sorted(maps.Values(c)))
}
