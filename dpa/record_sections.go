package dpa

import (
	"fmt"
	"slices"
	"strings"
)

// Section is a part of a record as pages show it, whatever draws them. Its texts are plain and not escaped.
type Section struct {
	Title  string
	Text   []string // paragraphs
	Tables []SectionTable
}

// SectionTable is a table of a section.
type SectionTable struct {
	Title   string     // may be empty
	Columns []string   // heads; none: each row is a name and what it is
	Rows    [][]string // each as long as Columns, or 2
}

// Title names the record.
func (r ProcessingRecord) Title() string {
	title := Text{EN: "Record of processing activities of the processor", NL: "Register van verwerkingsactiviteiten van de verwerker"}.In(r.Language)
	if r.Customer != "" && len(r.Controllers) == 1 {
		title += Text{EN: ": on behalf of ", NL: ": namens "}.In(r.Language) + r.Controllers[0].Name
	}
	return title
}

// Behalf names the controllers on behalf of which the processor acts, with commas between.
func (r ProcessingRecord) Behalf() string {
	var names []string
	for _, c := range r.Controllers {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// Sections is the whole record in the order of the law: what tables, Markdown and pages are drawn from.
func (r ProcessingRecord) Sections() []Section {
	s := sections{r}
	return []Section{s.about(), s.processor(), s.controllers(), s.processings(), s.subProcessors(), s.transfers(), s.measures(), s.missing()}
}

type sections struct{ ProcessingRecord }

func (s sections) pick(en, nl string) string { return Text{EN: en, NL: nl}.In(s.Language) }

func (s sections) about() Section {
	text := []string{fmt.Sprintf(s.pick("GDPR article 30(2). State of %s, made from the agreements, the register of sub-processors and the data map.",
		"AVG artikel 30 lid 2. Stand van %s, gemaakt uit de overeenkomsten, het register van subverwerkers en de gegevenskaart."), s.Day)}
	if n := len(s.Missing); n > 0 {
		text = append(text, fmt.Sprintf(s.pick("Not complete. Things that the law asks for and that are missing: %d. They stand at the end.",
			"Niet volledig. Wat de wet vraagt en nog ontbreekt: %d. Dat staat aan het eind."), n))
	}
	return Section{Title: s.pick("About this record", "Over dit register"), Text: text}
}

func (s sections) processor() Section {
	return Section{Title: s.pick("The processor (30(2)(a))", "De verwerker (30(2)(a))"), Tables: []SectionTable{{Rows: s.party(s.Processor)}}}
}

// party is a party by names and values. What is not said is there too.
func (s sections) party(p Party) [][]string {
	unsaid := s.pick("not stated", "niet opgegeven")
	or := func(v string) string {
		if v == "" {
			return unsaid
		}
		return v
	}
	officer := or(string(p.Officer))
	if p.Officer == NoOfficer {
		officer = s.pick("there is none", "die is er niet")
	}
	rows := [][]string{{s.pick("name", "naam"), p.Name}}
	if p.Register != "" {
		rows = append(rows, []string{s.pick("trade register", "handelsregister"), p.Register})
	}
	return append(rows,
		[]string{s.pick("address", "adres"), or(p.PostalAddress)},
		[]string{s.pick("country", "land"), or(placeName(p.Country, s.Language))},
		[]string{s.pick("contact", "contact"), or(p.Contact)},
		[]string{s.pick("data protection officer", "functionaris gegevensbescherming"), officer},
		[]string{s.pick("representative in the EEA (27)", "vertegenwoordiger in de EER (27)"), s.representative(p)})
}

// representative says who represents a party. The list of what is missing tells whether one is needed and not there.
func (s sections) representative(p Party) string {
	r := p.Representative
	switch {
	case r != nil && r.NotNeeded != "":
		return s.pick("not needed: ", "niet nodig: ") + r.NotNeeded
	case r != nil:
		return strings.Join(slices.DeleteFunc([]string{r.Name, r.PostalAddress, string(r.Contact)}, func(x string) bool { return x == "" }), ", ")
	case p.Country == "" || s.lacks(p, "representative"):
		return s.pick("not stated", "niet opgegeven")
	}
	return s.pick("not needed: established in the EEA", "niet nodig: gevestigd in de EER")
}

func (s sections) lacks(p Party, key string) bool {
	path := "processor." + key
	if p.ID != "" {
		path = "controllers." + p.ID + "." + key
	}
	return slices.ContainsFunc(s.Missing, func(m MissingEntry) bool { return m.Path == path })
}

func (s sections) controllers() Section {
	out := Section{Title: s.pick("The controllers (30(2)(a))", "De verwerkingsverantwoordelijken (30(2)(a))")}
	if s.Customer != "" {
		out.Title = s.pick("The controller (30(2)(a))", "De verwerkingsverantwoordelijke (30(2)(a))")
	}
	if len(s.Controllers) == 0 {
		out.Text = []string{s.pick("None: no contract has begun.", "Geen: er is geen contract begonnen.")}
	}
	for _, c := range s.Controllers {
		contract := fmt.Sprintf(s.pick("%s, since %s, under: %s", "%s, sinds %s, onder: %s"), c.Contract, c.Start, c.Agreement)
		if c.Ended != "" {
			contract += fmt.Sprintf(s.pick("; ended on %s", "; geëindigd op %s"), c.Ended)
		}
		rows := append(s.party(c.Party), []string{s.pick("contract", "contract"), contract},
			[]string{s.pick("processings", "verwerkingen"), strings.Join(c.Applications, ", ")})
		out.Tables = append(out.Tables, SectionTable{Title: c.Name, Rows: rows})
	}
	return out
}

func (s sections) processings() Section {
	out := Section{Title: s.pick("Categories of processing (30(2)(b))", "Categorieën van verwerkingen (30(2)(b))")}
	for _, p := range s.Processings {
		data := strings.Join(p.Categories, ", ")
		if p.Open {
			data += s.pick("; and other personal data that the controller enters", "; en andere persoonsgegevens die de verwerkingsverantwoordelijke invoert")
		}
		title := p.Application
		if !slices.ContainsFunc(s.Processings, func(x RecordProcessing) bool { return x.Agreement != p.Agreement }) {
			out.Text = []string{s.pick("As agreed in: ", "Zoals afgesproken in: ") + p.Agreement + "."}
		} else {
			title += " (" + p.Agreement + ")"
		}
		out.Tables = append(out.Tables, SectionTable{Title: title, Rows: [][]string{
			{s.pick("what", "wat"), p.What},
			{s.pick("whose data", "van wie"), strings.Join(p.Subjects, ", ")},
			{s.pick("which data", "welke gegevens"), data},
			{s.pick("what for", "waarvoor"), strings.Join(p.Purposes, "; ")}}})
	}
	return out
}

func (s sections) subProcessors() Section {
	out := Section{Title: s.pick("Other processors (28(2) and 28(4))", "Andere verwerkers (28(2) en 28(4))")}
	if len(s.SubProcessors) == 0 {
		out.Text = []string{s.pick("None.", "Geen.")}
		return out
	}
	t := SectionTable{Columns: []string{s.pick("name", "naam"), s.pick("what for", "waarvoor"), s.pick("which data", "welke gegevens"),
		s.pick("where", "waar"), s.pick("contract of", "contract van")}}
	for _, p := range s.SubProcessors {
		contract := string(p.Contract)
		if contract == "" {
			contract = s.pick("not stated", "niet opgegeven")
		}
		t.Rows = append(t.Rows, []string{p.Name, p.Purpose, strings.Join(p.Categories, ", "), s.where(p), contract})
	}
	out.Tables = []SectionTable{t}
	return out
}

func (s sections) where(p RecordProcessor) string {
	agreed := s.pick("agreed: in the EEA", "afgesproken: in de EER")
	if !p.EEA {
		agreed = s.pick("agreed: outside the EEA", "afgesproken: buiten de EER")
	}
	parts := []string{agreed}
	if len(p.Countries) > 0 {
		parts = append(parts, s.pick("processes in ", "verwerkt in ")+s.places(p.Countries))
	}
	if len(p.AccessCountries) > 0 {
		parts = append(parts, s.pick("access from ", "toegang vanuit ")+s.places(p.AccessCountries))
	}
	return strings.Join(parts, "; ")
}

func (s sections) places(codes []string) string {
	var out []string
	for _, code := range codes {
		out = append(out, placeName(code, s.Language))
	}
	return strings.Join(out, ", ")
}

func (s sections) transfers() Section {
	out := Section{Title: s.pick("Transfers to countries outside the EEA (30(2)(c))", "Doorgiften naar landen buiten de EER (30(2)(c))")}
	if len(s.Transfers) == 0 {
		out.Text = []string{s.pick("None, by the register of sub-processors and the data map.",
			"Geen, volgens het register van subverwerkers en de gegevenskaart.")}
	} else {
		t := SectionTable{Columns: []string{s.pick("to", "aan"), s.pick("country", "land"), s.pick("how", "hoe"), s.pick("for", "voor"),
			s.pick("ground", "grondslag"), s.pick("state", "stand")}}
		for _, x := range s.Transfers {
			t.Rows = append(t.Rows, []string{x.To, s.country(x), s.how(x), s.forWhom(x), s.ground(x), groundText(x.State).In(s.Language)})
		}
		out.Tables = []SectionTable{t}
	}
	if s.Unplaced == 0 {
		out.Text = append(out.Text, s.pick("Where data really lie is judged by checking the systems.",
			"Waar gegevens echt staan, blijkt uit de controle van de systemen."))
	} else {
		out.Text = append(out.Text, fmt.Sprintf(s.pick(
			"Stores of sub-processors of which the register of sub-processors alone says where they are: %d. Where they really lie is judged by checking the systems.",
			"Opslag bij subverwerkers waarvan alleen het register van subverwerkers zegt waar die staat: %d. Waar die echt staat, blijkt uit de controle van de systemen."), s.Unplaced))
	}
	return out
}

func (s sections) country(t RecordTransfer) string {
	if t.Place == "" {
		return s.pick("not known", "niet bekend")
	}
	return t.Place
}

func (s sections) how(t RecordTransfer) string {
	switch t.By {
	case ByProcessing:
		return s.pick("processes there", "verwerkt daar")
	case ByAccess:
		return s.pick("has access from there", "heeft toegang vanuit dat land")
	case ByStore:
		return strings.TrimSuffix(s.pick("a store lies there: ", "een opslag staat daar: ")+t.Of, ": ")
	}
	return strings.TrimSuffix(s.pick("data are sent there: ", "gegevens gaan daarheen: ")+t.Of, ": ")
}

func (s sections) forWhom(t RecordTransfer) string {
	parts := append(slices.Clone(t.Applications), t.Customers...)
	if len(parts) == 0 {
		return s.pick("all", "alle")
	}
	return strings.Join(parts, ", ")
}

func (s sections) ground(t RecordTransfer) string {
	text := groundName(t.Ground).In(s.Language)
	if t.Decision != "" {
		text += " " + t.Decision
	}
	if t.Until != "" {
		text += fmt.Sprintf(s.pick(", until %s", ", tot en met %s"), t.Until)
	}
	if t.TIA != "" {
		text += fmt.Sprintf(s.pick(", TIA of %s", ", TIA van %s"), t.TIA)
	}
	return text
}

func (s sections) measures() Section {
	out := Section{Title: s.pick("Security measures (30(2)(d), 32(1))", "Beveiligingsmaatregelen (30(2)(d), 32(1))"),
		Text: []string{s.pick("As agreed; whether they are met is for the checks to show. A star marks a number that the processor set itself, where the agreement gives none.",
			"Zoals afgesproken; of ze worden nagekomen, blijkt uit de controles. Een ster staat bij een getal dat de verwerker zelf koos, waar de overeenkomst er geen geeft.")}}
	instead := SectionTable{Title: s.pick("Agreed otherwise with some controllers", "Anders afgesproken met sommige verwerkingsverantwoordelijken"),
		Columns: []string{s.pick("controller", "verwerkingsverantwoordelijke"), s.pick("measure", "maatregel"), s.pick("agreed", "afgesproken"), s.pick("where", "waar")}}
	for _, m := range s.Measures {
		if m.Customer != "" {
			instead.Rows = append(instead.Rows, []string{m.Customer, m.What, m.Value, m.Source})
			continue
		}
		if n := len(out.Tables); n == 0 || out.Tables[n-1].Title != m.Group {
			out.Tables = append(out.Tables, SectionTable{Title: m.Group, Columns: []string{s.pick("measure", "maatregel"), s.pick("agreed", "afgesproken"), s.pick("where", "waar")}})
		}
		value, what := m.Value, m.What
		if m.Basis == BasisProcessor {
			value += " *"
		}
		if m.Agreement != "" {
			what += " (" + m.Agreement + ")"
		}
		last := &out.Tables[len(out.Tables)-1]
		last.Rows = append(last.Rows, []string{what, value, m.Source})
	}
	if len(instead.Rows) > 0 {
		out.Tables = append(out.Tables, instead)
	}
	if len(s.Promises) > 0 {
		t := SectionTable{Title: s.pick("Organisational measures, as agreed; this record does not show whether they are met",
			"Organisatorische maatregelen, zoals afgesproken; dit register toont niet of ze worden nagekomen"), Columns: []string{s.pick("what", "wat"), s.pick("where", "waar")}}
		for _, p := range s.Promises {
			what := p.What
			if p.Agreement != "" {
				what += " (" + p.Agreement + ")"
			}
			t.Rows = append(t.Rows, []string{what, p.Source})
		}
		out.Tables = append(out.Tables, t)
	}
	return out
}

func (s sections) missing() Section {
	out := Section{Title: s.pick("What is missing", "Wat ontbreekt")}
	if len(s.Missing) == 0 {
		out.Text = []string{s.pick("All required fields are filled in. This record does not show whether they are true.",
			"Alle verplichte velden zijn ingevuld. Dit register toont niet of ze kloppen.")}
		return out
	}
	t := SectionTable{Columns: []string{s.pick("what", "wat"), s.pick("article", "artikel"), s.pick("where to add it", "waar aan te vullen")}}
	for _, m := range s.Missing {
		t.Rows = append(t.Rows, []string{m.What, m.Why, m.Where})
	}
	out.Tables = []SectionTable{t}
	return out
}
