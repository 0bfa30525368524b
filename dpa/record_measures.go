package dpa

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// measureGroup is a heading of security measures and the terms below it, by the first part of their paths.
type measureGroup struct {
	Text
	prefixes []string
}

// measureGroups covers every term of the catalogue that is a security measure (GDPR 32(1)).
var measureGroups = []measureGroup{
	{Text{EN: "Signing in and access", NL: "Aanmelden en toegang"}, []string{"password", "mfa", "session", "accounts", "access"}},
	{Text{EN: "Encryption and keys", NL: "Versleuteling en sleutels"}, []string{"encryption", "secrets"}},
	{Text{EN: "Backups and availability", NL: "Back-ups en beschikbaarheid"}, []string{"backup", "redundancy", "availability", "deletion"}},
	{Text{EN: "Logs", NL: "Logboeken"}, []string{"log"}},
	{Text{EN: "Updates and weaknesses", NL: "Updates en kwetsbaarheden"}, []string{"patch", "vulnerability", "antivirus"}},
	{Text{EN: "Workplaces and sending of files", NL: "Werkplekken en verzenden van bestanden"}, []string{"endpoint", "transfer_tool"}},
	{Text{EN: "Development and tests", NL: "Ontwikkeling en tests"}, []string{"four_eyes", "tests"}},
}

// notMeasures are the first parts of paths of terms about other things than security.
var notMeasures = []string{"regions", "subprocessors", "breach", "requests", "exit", "retention"}

func groupOf(path string) int {
	first, _, _ := strings.Cut(path, ".")
	return slices.IndexFunc(measureGroups, func(g measureGroup) bool { return slices.Contains(g.prefixes, first) })
}

// measures describes the security measures: a customer's own terms in force; in the record of the whole those of each
// agreement, and what some customers agreed instead.
func (m *recordMaker) measures() error {
	if err := m.limits(); err != nil {
		return err
	}
	slices.SortStableFunc(m.out.Measures, func(a, b RecordMeasure) int { return groupOf(a.Path) - groupOf(b.Path) })
	if len(m.out.Measures) == 0 {
		m.missing("measures", "d", "agreements: terms", "a general description of the security measures (32(1))",
			"een algemene beschrijving van de beveiligingsmaatregelen (32(1))")
	}
	return m.promises()
}

// promises are the organisational measures of each agreement in use: those of the clause catalogue are promised by its own
// text alone. What another text promises is for the workspace to say.
func (m *recordMaker) promises() error {
	clauses, err := Clauses()
	if err != nil {
		return err
	}
	used := m.agreements()
	for _, a := range used {
		measures := a.Measures
		if a.Text == CatalogueText {
			measures = m.catalogueMeasures(clauses)
		}
		before := len(m.out.Promises)
		for _, x := range measures {
			x.Source.Date = cmp.Or(x.Source.Date, a.InForce)
			if x.Source.Date <= m.Day {
				m.out.Promises = append(m.out.Promises, RecordPromise{ID: x.ID, What: Text{EN: x.EN, NL: x.NL}.In(m.Language), Source: x.Source.String(),
					Agreement: m.titleAmong(a, used)})
			}
		}
		if len(m.out.Promises) == before {
			m.missing("promises."+a.ID, "d", "agreements/"+a.ID+".yaml: organisational_measures", "the organisational measures (32(1)) of: "+a.Title.EN,
				"de organisatorische maatregelen (32(1)) van: "+a.Title.NL)
		}
	}
	return nil
}

// catalogueMeasures are the measures of Annex B of the catalogue's text that no system shows.
func (m *recordMaker) catalogueMeasures(clauses []Clause) (out []Measure) {
	for _, c := range clauses {
		if c.Part == "bijlage_b" && c.Kind != PolicyCheck && c.DutyHolder != "controller" && !strings.HasSuffix(c.ID, "-0") {
			out = append(out, Measure{ID: c.ID, EN: c.EN, NL: c.NL, Source: Source{Document: m.pick("Annex B", "Bijlage B"), Clause: c.ID}})
		}
	}
	return out
}

// agreements are those of the record's customers.
func (m *recordMaker) agreements() []Agreement {
	return slices.DeleteFunc(slices.Clone(m.Book.Agreements), func(a Agreement) bool {
		return !slices.ContainsFunc(m.customers, func(c Customer) bool { return c.Agreement == a.ID })
	})
}

// titleAmong tells an agreement from the others of the record; empty if there are none.
func (m *recordMaker) titleAmong(a Agreement, used []Agreement) string {
	if len(used) > 1 {
		return a.Title.In(m.Language)
	}
	return ""
}

func (m *recordMaker) limits() error {
	if m.Customer != "" {
		f, err := m.Book.TermsInForce(m.Customer, m.Day)
		if err != nil {
			return err
		}
		for _, t := range f.Terms {
			m.measure(t, "", "")
		}
		return nil
	}
	used := m.agreements()
	for _, a := range used {
		standard, err := m.Book.merge(a, Customer{}, m.Day)
		if err != nil {
			return err
		}
		for _, t := range standard {
			m.measure(t, m.titleAmong(a, used), "")
		}
	}
	for _, c := range m.customers {
		f, err := m.Book.TermsInForce(c.ID, m.Day)
		if err != nil {
			return err
		}
		for _, t := range f.Terms {
			if t.Basis == BasisCustomer {
				m.measure(t, "", c.ID)
			}
		}
	}
	return nil
}

// measure adds a term that is one. customer is set where it stands beside the standard.
func (m *recordMaker) measure(t TermInForce, agreement, customer string) {
	g := groupOf(t.Path)
	spec, ok := m.Book.Catalogue.Find(t.Path)
	if g < 0 || !ok {
		return
	}
	what := Text{EN: spec.EN, NL: spec.NL}.In(m.Language)
	if spec.Unit == hundredths {
		what, _, _ = strings.Cut(what, ",") // the unit, which the value has
	}
	m.out.Measures = append(m.out.Measures, RecordMeasure{Group: measureGroups[g].In(m.Language), Path: t.Path, What: what,
		Value: spec.words(t.Value, m.Language), Basis: t.Basis, Source: t.Source.String(),
		Agreement: agreement, Customer: customer})
}

// hundredths is a unit that people read as a percentage.
const hundredths = "hundredths of a percent"

// one is a unit as it is said of a single one.
var one = map[string]string{"dagen": "dag", "werkdagen": "werkdag", "minuten": "minuut", "personen": "persoon", "tekens": "teken"}

// words says a value of the term for people, with its unit.
func (s TermSpec) words(v any, lang string) string {
	switch v := v.(type) {
	case int:
		if s.Unit == hundredths {
			text := fmt.Sprintf("%d.%02d%%", v/100, v%100)
			if lang == "nl" {
				text = strings.Replace(text, ".", ",", 1)
			}
			return text
		}
		unit := Text{EN: s.Unit, NL: s.UnitNL}.In(lang)
		if singular, ok := one[unit]; v == 1 && ok {
			unit = singular
		} else if v == 1 {
			unit = strings.TrimSuffix(unit, "s")
		}
		return strings.TrimSpace(strconv.Itoa(v) + " " + unit)
	case bool:
		if v {
			return Text{EN: "yes", NL: "ja"}.In(lang)
		}
		return Text{EN: "no", NL: "nee"}.In(lang)
	case string:
		return valueWords(v).In(lang)
	case []string:
		var names []string
		for _, code := range v {
			names = append(names, placeName(code, lang))
		}
		return strings.Join(names, ", ")
	}
	return show(v).In(lang)
}
