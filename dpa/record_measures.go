package dpa

import (
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
	{Text{"Signing in and access", "Aanmelden en toegang"}, []string{"password", "mfa", "session", "accounts", "access"}},
	{Text{"Encryption and keys", "Versleuteling en sleutels"}, []string{"encryption", "secrets"}},
	{Text{"Backups and availability", "Back-ups en beschikbaarheid"}, []string{"backup", "redundancy", "availability", "deletion"}},
	{Text{"Logs", "Logboeken"}, []string{"log"}},
	{Text{"Updates and weaknesses", "Updates en kwetsbaarheden"}, []string{"patch", "vulnerability", "antivirus"}},
	{Text{"Workplaces and sending of files", "Werkplekken en verzenden van bestanden"}, []string{"endpoint", "transfer_tool"}},
	{Text{"Development and tests", "Ontwikkeling en tests"}, []string{"four_eyes", "tests"}},
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
	clauses, err := Clauses()
	if err != nil {
		return err
	}
	for _, c := range clauses {
		if c.Part == "bijlage_b" && c.Kind != PolicyCheck && c.DutyHolder != "controller" && !strings.HasSuffix(c.ID, "-0") {
			m.out.Promises = append(m.out.Promises, RecordPromise{Clause: c.ID, What: Text{c.EN, c.NL}.In(m.Language)})
		}
	}
	return nil
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
	used := slices.DeleteFunc(slices.Clone(m.Book.Agreements), func(a Agreement) bool {
		return !slices.ContainsFunc(m.customers, func(c Customer) bool { return c.Agreement == a.ID })
	})
	for _, a := range used {
		title := ""
		if len(used) > 1 {
			title = a.Title.In(m.Language)
		}
		standard, err := m.Book.merge(a, Customer{}, m.Day)
		if err != nil {
			return err
		}
		for _, t := range standard {
			m.measure(t, title, "")
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
	what := Text{spec.EN, spec.NL}.In(m.Language)
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
		unit := Text{s.Unit, s.UnitNL}.In(lang)
		if singular, ok := one[unit]; v == 1 && ok {
			unit = singular
		} else if v == 1 {
			unit = strings.TrimSuffix(unit, "s")
		}
		return strings.TrimSpace(strconv.Itoa(v) + " " + unit)
	case bool:
		if v {
			return Text{"yes", "ja"}.In(lang)
		}
		return Text{"no", "nee"}.In(lang)
	case string:
		return valueWords(v).In(lang)
	case []string:
		var names []string
		for _, code := range v {
			names = append(names, placeName(code, lang))
		}
		return strings.Join(names, ", ")
	}
	return show(v)
}
