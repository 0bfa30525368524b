package dpa

import (
	"slices"
	"strings"

	"waarborg/internal/say"
	"waarborg/internal/strictyaml"
)

// TermInForce is a term that holds for a customer on a day, and why.
type TermInForce struct {
	Path        string     `json:"path"`
	Value       any        `json:"value"` // int, bool, string or sorted []string
	Basis       string     `json:"basis"`
	Source      Source     `json:"source"`
	Instruction string     `json:"instruction,omitempty"`
	Amendment   *Amendment `json:"amendment,omitempty"`
	Standard    any        `json:"standard,omitempty"` // the standard value that a customer's own replaced
}

// InForce is what holds for one customer on one day.
type InForce struct {
	Customer string
	Day      Date
	Terms    []TermInForce  // sorted by path
	Tree     map[string]any // what rules see under input.terms; the caller may not change it

	objections map[string]int // open ones that this customer may know of, by sub-processor
}

// TermsInForce returns what holds for a customer on a day: the terms of its standard agreement, replaced by its own
// where they have come into force by then. What nobody agreed is not in the tree: a processor does not choose, say, how
// long data are kept (VWO-1.5). It also holds after the contract ended, for duties that go on.
//
// The tree is nested by the terms' paths, and has beside them applications, processings, purposes, instructions,
// contract and subprocessors. The last also holds the term subprocessors.notice_working_days: ids of sub-processors
// have no underscore, so the two cannot meet.
//
// It is an error if the customer does not exist, or its contract or agreement starts later. The book must have been
// found free of issues.
func (b Book) TermsInForce(customer string, day Date) (InForce, error) {
	c, ok := b.Customer(customer)
	if !ok {
		return InForce{}, &say.Error{Msg: say.Both("no customer %q", "er is geen klant %q", customer),
			Hint: say.Both("see the files in agreements/customers", "zie de bestanden in agreements/customers")}
	}
	a, ok := b.Agreement(c.Agreement)
	if !ok {
		return InForce{}, noAgreement(customer, c.Agreement)
	}
	if start := max(a.InForce, c.Contract.Start); day < start {
		return InForce{}, &say.Error{Msg: say.Both("customer %s: nothing is in force on %s: its contract and agreement start on %s",
			"klant %s: op %s is niets van kracht: contract en overeenkomst gaan in op %s", customer, day, start)}
	}
	terms, err := b.merge(a, c, day)
	if err != nil {
		return InForce{}, err
	}
	tree := map[string]any{}
	for _, t := range terms {
		put(tree, t.Path, t.Value)
	}
	b.context(tree, a, c, day)
	own := map[string]int{}
	for _, s := range b.SubProcessors {
		_, own[s.ID], _ = b.rowFor(s, c.ID)
	}
	return InForce{Customer: customer, Day: day, Terms: terms, Tree: tree, objections: own}, nil
}

func noAgreement(customer, agreement string) error {
	return &say.Error{Msg: say.Both("customer %s: no agreement %q",
		"klant %s: er is geen overeenkomst %q", customer, agreement), Hint: seeAgreements()}
}

func seeAgreements() Text {
	return say.Both("see the files in agreements", "zie de bestanden in agreements")
}

// merge lays a customer's own terms over the standard ones.
func (b Book) merge(a Agreement, c Customer, day Date) ([]TermInForce, error) {
	byPath := map[string]TermInForce{}
	for _, t := range latest(a.dated(), day) {
		if app, _, is := RetentionOf(t.Path); is && !slices.Contains(c.Applications, app) {
			continue
		}
		value, err := b.value(t)
		if err != nil {
			return nil, &say.Error{Msg: say.Both("agreement %s: term %s: %s",
				"overeenkomst %s: afspraak %s: %s", a.ID, t.Path, mismatch(err).What), Err: err}
		}
		byPath[t.Path] = TermInForce{Path: t.Path, Value: value, Basis: t.Basis, Source: t.Source}
	}
	for _, t := range latest(c.Terms, day) {
		value, err := b.value(t)
		if err != nil {
			return nil, &say.Error{Msg: say.Both("customer %s: term %s: %s",
				"klant %s: afspraak %s: %s", c.ID, t.Path, mismatch(err).What), Err: err}
		}
		byPath[t.Path] = TermInForce{Path: t.Path, Value: value, Basis: BasisCustomer, Source: t.Source,
			Instruction: t.Instruction, Amendment: t.Amendment, Standard: byPath[t.Path].Value}
	}
	out := make([]TermInForce, 0, len(byPath))
	for _, t := range byPath {
		out = append(out, t)
	}
	slices.SortFunc(out, func(x, y TermInForce) int { return strings.Compare(x.Path, y.Path) })
	return out, nil
}

func (b Book) value(t Term) (any, error) {
	spec, ok := b.Catalogue.Find(t.Path)
	if !ok {
		return nil, &strictyaml.Mismatch{What: say.Both("no such term", "die afspraak bestaat niet")}
	}
	return spec.Value(t.Value)
}

// dated fills in what a standard term may leave out: its date and basis.
func (a Agreement) dated() []Term {
	out := slices.Clone(a.Terms)
	for i := range out {
		if out[i].Source.Date == "" {
			out[i].Source.Date = a.InForce
		}
		if out[i].Basis == "" {
			out[i].Basis = BasisAgreement
		}
	}
	return out
}

// latest keeps of each path the term that came into force last, on or before the day.
func latest(terms []Term, day Date) []Term {
	last := map[string]Term{}
	for _, t := range terms {
		if t.Source.Date > day {
			continue
		}
		if before, there := last[t.Path]; !there || t.Source.Date > before.Source.Date {
			last[t.Path] = t
		}
	}
	out := make([]Term, 0, len(last))
	for _, t := range last {
		out = append(out, t)
	}
	return out
}

// put sets a value in a nested tree by its dotted path.
func put(tree map[string]any, path string, value any) {
	parts := strings.Split(path, ".")
	for _, p := range parts[:len(parts)-1] {
		sub, ok := tree[p].(map[string]any)
		if !ok {
			sub = map[string]any{}
			tree[p] = sub
		}
		tree = sub
	}
	tree[parts[len(parts)-1]] = value
}

// context adds to the tree what rules need besides limits.
func (b Book) context(tree map[string]any, a Agreement, c Customer, day Date) {
	tree["applications"] = sorted(c.Applications)
	processings := map[string]any{}
	for _, id := range c.Applications {
		if app, ok := a.Application(id); ok {
			processings[id] = map[string]any{"categories": sorted(app.Categories), "open": app.Open, "subjects": sorted(app.Subjects)}
		}
	}
	tree["processings"] = processings
	purposes, instructions := []string{}, []string{}
	for _, p := range a.Purposes {
		purposes = append(purposes, p.ID)
	}
	for _, i := range c.Instructions {
		if i.Date <= day {
			instructions = append(instructions, i.ID)
		}
	}
	tree["purposes"], tree["instructions"] = sorted(purposes), sorted(instructions)
	contract := map[string]any{"start": string(c.Contract.Start)}
	if c.Contract.End != "" {
		contract["end"] = string(c.Contract.End)
	}
	if c.Contract.Ended != "" {
		contract["ended"] = string(c.Contract.Ended)
	}
	tree["contract"] = contract
	for _, s := range b.SubProcessors {
		if row, _, there := b.rowFor(s, c.ID); there {
			put(tree, "subprocessors."+s.ID, row.facts())
		}
	}
	if tree["subprocessors"] == nil {
		tree["subprocessors"] = map[string]any{}
	}
}

// row is the clause that is a sub-processor's row in the table of Annex C, and null where its source is another clause, such
// as that of a later announcement: that one is about all sub-processors.
func (s SubProcessor) row() any {
	if number, ok := strings.CutPrefix(s.Source.Clause, "BC-"); ok && atoi(number) > 0 {
		return s.Source.Clause
	}
	return nil
}

// facts is a sub-processor as rules see it.
func (s SubProcessor) facts() map[string]any {
	var ground any
	if s.Ground != "" {
		ground = s.Ground
	}
	return map[string]any{
		"name": s.Name, "clause": s.row(), "categories": sorted(s.Categories), "open_groups": sorted(s.OpenGroups), "eea": s.EEA,
		"countries": sorted(s.Countries), "access_countries": sorted(s.AccessCountries), "regions": regionTable(s.Regions),
		"agreement": s.Agreement.orNull(), "announced": s.Announced.orNull(), "effective": s.Effective.orNull(),
		"open_objections": s.OpenObjections,
		"ground":          ground, "ground_until": s.GroundUntil.orNull(), "tia": s.TIA.orNull(),
	}
}

// sorted is a sorted copy, never nil.
func sorted(list []string) []string {
	return append([]string{}, slices.Sorted(slices.Values(list))...)
}

// RetentionOf splits the path of a retention term; ok is false for any other path.
func RetentionOf(path string) (application, class string, ok bool) {
	parts := strings.Split(path, ".")
	if len(parts) != 4 || parts[0] != "retention" || parts[3] != "days" {
		return "", "", false
	}
	return parts[1], parts[2], true
}
