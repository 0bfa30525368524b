package dpa

import (
	"fmt"
	"slices"

	"waarborg/internal/say"
)

// RecordSchema names the form of a ProcessingRecord in JSON.
const RecordSchema = "waarborg.record/v1"

// ProcessingRecord is a processor's record of processing activities (GDPR 30(2)): of all controllers, or of one alone. It
// is made from the workspace, so it says what was agreed and mapped; what systems really do is for the rules to judge.
// Texts in it are in its language. What the law asks for and the workspace does not say is in Missing, never left out.
type ProcessingRecord struct {
	Schema        string             `json:"schema"`
	Version       string             `json:"version,omitempty"` // of Waarborg
	Language      string             `json:"language"`          // nl or en
	Day           Date               `json:"day"`
	Customer      string             `json:"customer,omitempty"` // id, in a record of one controller
	Processor     Party              `json:"processor"`
	Controllers   []RecordController `json:"controllers"`
	Processings   []RecordProcessing `json:"processings"`    // 30(2)(b)
	SubProcessors []RecordProcessor  `json:"sub_processors"` // in use on the day
	Transfers     []RecordTransfer   `json:"transfers"`      // 30(2)(c)
	Unplaced      int                `json:"unplaced"`       // stores at a sub-processor of which systems alone know the place
	Measures      []RecordMeasure    `json:"measures"`       // 30(2)(d), with a limit
	Promises      []RecordPromise    `json:"promises"`       // 30(2)(d), organisational
	Missing       []MissingEntry     `json:"missing"`
}

// RecordController is a controller on behalf of which the processor acts.
type RecordController struct {
	Party
	Agreement    string   `json:"agreement"` // title
	Contract     string   `json:"contract"`  // document
	Start        Date     `json:"start"`
	Ended        Date     `json:"ended,omitempty"` // duties at the end still run
	Applications []string `json:"applications"`    // ids, of the processings
}

// RecordProcessing is a category of processing: what one application does with whose data, and what for.
type RecordProcessing struct {
	Agreement   string   `json:"agreement"`   // title
	Application string   `json:"application"` // id
	What        string   `json:"what"`
	Subjects    []string `json:"subjects"`
	Categories  []string `json:"categories"`
	Open        bool     `json:"open"` // the agreement's list of categories is open
	Purposes    []string `json:"purposes"`
}

// RecordProcessor is a sub-processor.
type RecordProcessor struct {
	ID              string   `json:"id"`
	Name            string   `json:"name"`
	Purpose         string   `json:"purpose"`
	Categories      []string `json:"categories"`
	EEA             bool     `json:"eea"` // within the EEA, as the agreement says
	Countries       []string `json:"countries,omitempty"`
	AccessCountries []string `json:"access_countries,omitempty"`
	Contract        Date     `json:"contract,omitempty"` // of the contract with it (GDPR 28(4))
}

// The ways in which data reach a country outside the EEA.
const (
	ByProcessing = "processing" // a sub-processor processes there
	ByAccess     = "access"     // people of a sub-processor have access from there
	ByStore      = "store"      // a store of the data map lies there
	ByFlow       = "flow"       // a flow of the data map goes there
)

// RecordTransfer is a transfer to a country outside the EEA, or to a place of which nobody knows whether it is in it.
type RecordTransfer struct {
	To           string   `json:"to"`
	By           string   `json:"by"`
	Of           string   `json:"of,omitempty"`      // id of the store or flow, where that names nobody else
	Country      string   `json:"country,omitempty"` // ISO 3166-1 alpha-2; absent: not known
	Place        string   `json:"place"`             // in words
	Applications []string `json:"applications,omitempty"`
	Customers    []string `json:"customers,omitempty"` // ids, where it is not for all controllers of the record
	State        string   `json:"state"`               // one of the Ground constants
	Ground       string   `json:"ground"`              // adequacy, scc, bcr, none
	Decision     string   `json:"decision,omitempty"`  // of the European Commission
	Until        Date     `json:"until,omitempty"`     // last day of the ground, if it has one
	TIA          Date     `json:"tia,omitempty"`       // of the transfer impact assessment
}

// RecordMeasure is a security measure with the limit that is agreed.
type RecordMeasure struct {
	Group     string `json:"group"` // in words
	Path      string `json:"path"`  // of the term catalogue
	What      string `json:"what"`
	Value     string `json:"value"`               // in words, with its unit
	Basis     string `json:"basis"`               // agreement, processor (its own number for an open wording), customer
	Source    string `json:"source"`              // where it stands
	Agreement string `json:"agreement,omitempty"` // title, where the record has several
	Customer  string `json:"customer,omitempty"`  // id, in the record of the whole: agreed with this controller instead
}

// RecordPromise is an organisational measure of an agreement.
type RecordPromise struct {
	ID        string `json:"id"` // of the clause, or the one that the agreement's file gives it
	What      string `json:"what"`
	Source    string `json:"source"`              // where it stands
	Agreement string `json:"agreement,omitempty"` // title, where the record has several
}

// MissingEntry is something that the law asks for and the workspace does not say.
type MissingEntry struct {
	Path  string `json:"path"`  // in the record
	What  string `json:"what"`  // in words
	Why   string `json:"why"`   // the article
	Where string `json:"where"` // the file and key to add it to
}

// RecordInput is what a record is made from. The book must have been found free of issues.
type RecordInput struct {
	Processor Party
	Book      Book
	DataMap   DataMap
	Customer  string // id; empty: all
	Day       Date
	Language  string // nl or en
	Reference Reference
}

// RecordOf makes the record of a day. In a customer's record there is nothing of any other customer: no name, no store or
// flow that serves several by its id, and only sub-processors that the data map ties to it, or to nobody in particular.
//
// It is an error if the customer does not exist, or nothing is in force with it on that day.
func RecordOf(in RecordInput) (ProcessingRecord, error) {
	m := recordMaker{RecordInput: in, out: ProcessingRecord{Schema: RecordSchema, Language: in.Language, Day: in.Day, Customer: in.Customer,
		Processor: in.Processor, Controllers: []RecordController{}, Processings: []RecordProcessing{}, SubProcessors: []RecordProcessor{},
		Transfers: []RecordTransfer{}, Measures: []RecordMeasure{}, Promises: []RecordPromise{}, Missing: []MissingEntry{}}}
	if err := m.chooseCustomers(); err != nil {
		return ProcessingRecord{}, err
	}
	m.parties()
	m.processings()
	m.transfers()
	if err := m.measures(); err != nil {
		return ProcessingRecord{}, err
	}
	return m.out, nil
}

type recordMaker struct {
	RecordInput
	customers []Customer // whose record it is, and something is in force with
	out       ProcessingRecord
}

func (m *recordMaker) pick(en, nl string) string { return Text{EN: en, NL: nl}.In(m.Language) }

func (m *recordMaker) chooseCustomers() error {
	if m.Customer != "" {
		if _, err := m.Book.TermsInForce(m.Customer, m.Day); err != nil {
			return err
		}
		c, _ := m.Book.Customer(m.Customer)
		m.customers = []Customer{c}
		return nil
	}
	for _, c := range m.Book.Customers {
		a, ok := m.Book.Agreement(c.Agreement)
		if !ok {
			return noAgreement(c.ID, c.Agreement)
		}
		if m.Day >= max(a.InForce, c.Contract.Start) {
			m.customers = append(m.customers, c)
		}
	}
	return nil
}

// missing adds what the law asks for. letter is that of 30(2).
func (m *recordMaker) missing(path, letter, where, en, nl string) {
	x := MissingEntry{Path: path, What: m.pick(en, nl), Why: m.pick("GDPR ", "AVG ") + "30(2)(" + letter + ")", Where: where}
	if !slices.Contains(m.out.Missing, x) {
		m.out.Missing = append(m.out.Missing, x)
	}
}

func (m *recordMaker) parties() {
	m.party("processor", "waarborg.yaml: processor.", m.Processor, Text{EN: "the processor", NL: "de verwerker"})
	if len(m.customers) == 0 {
		m.missing("controllers", "a", "agreements/customers", "the controllers: no contract has begun", "de verwerkingsverantwoordelijken: er is geen contract begonnen")
	}
	for _, c := range m.customers {
		a, _ := m.Book.Agreement(c.Agreement)
		m.party("controllers."+c.ID, "agreements/customers/"+c.ID+".yaml: ", c.party(), say.Same(c.Name))
		x := RecordController{Party: c.party(), Agreement: a.Title.In(m.Language), Contract: c.Contract.Document, Start: c.Contract.Start,
			Applications: sorted(c.Applications)}
		if c.Contract.Ended != "" && c.Contract.Ended < m.Day {
			x.Ended = c.Contract.Ended
		}
		m.out.Controllers = append(m.out.Controllers, x)
	}
}

// party notes what the law asks for of a party and is not there. Who is established in the EEA needs no representative.
func (m *recordMaker) party(path, where string, p Party, who Text) {
	lack := func(field, key, en, nl string) {
		m.missing(path+"."+field, "a", where+key, fmt.Sprintf(en, who.EN), fmt.Sprintf(nl, who.NL))
	}
	if p.Contact == "" {
		lack("contact", "contact", "contact details of %s", "contactgegevens van %s")
	}
	if p.Officer == "" {
		lack("data_protection_officer", "dpo", "contact of the data protection officer of %s, or that there is none",
			"contactgegevens van de functionaris gegevensbescherming van %s, of dat die er niet is")
	}
	switch {
	case p.Country == "":
		lack("country", "country", "the country where %s is established: it decides whether a representative is needed (27)",
			"het land waar %s is gevestigd: dat bepaalt of een vertegenwoordiger nodig is (27)")
	case p.Representative == nil && !m.Reference.country(p.Country, m.Language).eea:
		lack("representative", "representative", "the representative of %s in the EEA (27), or why none is needed",
			"de vertegenwoordiger van %s in de EER (27), of waarom die niet nodig is")
	}
}

// processings are what Annex A says of each application that some customer takes.
func (m *recordMaker) processings() {
	for _, a := range m.Book.Agreements {
		var purposes []string
		for _, p := range a.Purposes {
			purposes = append(purposes, Text{EN: p.EN, NL: p.NL}.In(m.Language))
		}
		for _, app := range a.Applications {
			taken := slices.ContainsFunc(m.customers, func(c Customer) bool { return c.Agreement == a.ID && slices.Contains(c.Applications, app.ID) })
			if taken {
				m.out.Processings = append(m.out.Processings, RecordProcessing{Agreement: a.Title.In(m.Language), Application: app.ID,
					What: Text{EN: app.EN, NL: app.NL}.In(m.Language), Subjects: m.subjects(app.Subjects), Categories: m.categories(app.Categories),
					Open: app.Open, Purposes: purposes})
			}
		}
	}
}
