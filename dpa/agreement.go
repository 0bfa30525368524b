package dpa

import "waarborg/internal/say"

// Agreement is a standard agreement: what holds for every customer under it unless the customer has terms of its own.
type Agreement struct {
	ID           string        `yaml:"id" validate:"required,id"`
	Title        Text          `yaml:"title" validate:"required"`
	Version      string        `yaml:"version" validate:"required"`  // as the document names it
	InForce      Date          `yaml:"in_force" validate:"required"` // first day; also the date of terms that give none
	Processor    string        `yaml:"processor" validate:"required"`
	Text         string        `yaml:"text"` // CatalogueText, or empty for any other text
	Applications []Application `yaml:"applications" validate:"required,min=1"`
	Purposes     []Purpose     `yaml:"purposes" validate:"required,min=1"`
	Terms        []Term        `yaml:"terms" validate:"required"`
	Measures     []Measure     `yaml:"organisational_measures"` // of a text that is not the catalogue's; for the record of processing
}

// CatalogueText names the text of which the clause catalogue is: Embrace's agreement of 1 January 2024. Clauses say what an
// agreement promises only where it has this text.
const CatalogueText = "embrace-2024"

// Measure is an organisational security measure of an agreement (GDPR 32(1)), such as the training of staff: what no limit
// can say and no system can show.
type Measure struct {
	ID     string `yaml:"id" validate:"required,id"`
	EN     string `yaml:"en" validate:"required,max=500"`
	NL     string `yaml:"nl" validate:"required,max=500"`
	Source Source `yaml:"source" validate:"required"` // its clause is one of the agreement's own text
}

// Application is one of the services, with what Annex A says of the personal data in it (GDPR 28(3)).
type Application struct {
	ID         string   `yaml:"id" validate:"required,name"`
	EN         string   `yaml:"en" validate:"required"`
	NL         string   `yaml:"nl" validate:"required"`
	Subjects   []string `yaml:"subjects" validate:"required,min=1,dive,name"`   // whose data, such as tenants
	Categories []string `yaml:"categories" validate:"required,min=1,dive,name"` // ids of the category catalogue
	Open       bool     `yaml:"open"`                                           // ends in "all other personal data": a person must judge what else
	Source     Source   `yaml:"source" validate:"required"`
}

// Purpose is a purpose of Annex A for which data may be processed.
type Purpose struct {
	ID     string `yaml:"id" validate:"required,name"`
	EN     string `yaml:"en" validate:"required"`
	NL     string `yaml:"nl" validate:"required"`
	Source Source `yaml:"source" validate:"required"`
}

// Source says where something is agreed.
type Source struct {
	Document string `yaml:"document" validate:"required" json:"document"`
	Clause   string `yaml:"clause" json:"clause,omitempty"` // a clause of the catalogue, for a standard agreement
	Date     Date   `yaml:"date" json:"date,omitempty"`     // since when it holds
}

func (s Source) String() string {
	out := s.Document
	if s.Clause != "" {
		out += " " + s.Clause
	}
	if s.Date != "" {
		out += ", " + string(s.Date)
	}
	return out
}

// The bases of a term: why it holds.
const (
	BasisAgreement = "agreement" // it stands in the standard agreement
	BasisProcessor = "processor" // the processor's own number for an open wording of the agreement
	BasisCustomer  = "customer"  // the customer's own
)

// Term is one limit.
type Term struct {
	Path        string     `yaml:"path" validate:"required"` // of the term catalogue
	Value       any        `yaml:"value" validate:"required"`
	Basis       string     `yaml:"basis" validate:"oneof=agreement processor"` // of a standard term; agreement if left out
	Source      Source     `yaml:"source" validate:"required"`
	Instruction string     `yaml:"instruction"` // of a customer's term: the id of the instruction that sets it
	Amendment   *Amendment `yaml:"amendment"`   // of a customer's term that is weaker than the standard
}

// Amendment is a signed change of the agreement, which takes writing (VWO-6.2).
type Amendment struct {
	Document string `yaml:"document" validate:"required" json:"document"`
	Signed   Date   `yaml:"signed" validate:"required" json:"signed"`
	SHA256   string `yaml:"sha256" validate:"required,sha256" json:"sha256"` // of the signed file
}

// Customer is a controller under an agreement.
type Customer struct {
	ID           string              `yaml:"id" validate:"required,id"`
	Name         string              `yaml:"name" validate:"required"`
	Agreement    string              `yaml:"agreement" validate:"required"`
	Applications []string            `yaml:"applications" validate:"required,min=1,unique"`
	Tenants      map[string][]string `yaml:"tenants" validate:"dive,min=1"` // store: the keys of this customer's records there
	Contract     Contract            `yaml:"contract" validate:"required"`
	Instructions []Instruction       `yaml:"instructions"`
	Terms        []Term              `yaml:"terms"`

	// For the record of processing (GDPR 30(2)(a)).
	PostalAddress  string          `yaml:"postal_address" validate:"max=300"`
	Country        string          `yaml:"country" validate:"iso3166_1_alpha2"` // where it is established
	Contact        Contact         `yaml:"contact"`
	DPO            Officer         `yaml:"dpo"`
	Representative *Representative `yaml:"representative"`
}

// Contract is the main agreement with a customer.
type Contract struct {
	Document string `yaml:"document" validate:"required"`
	Start    Date   `yaml:"start" validate:"required"`
	End      Date   `yaml:"end"`   // last day of the agreed term, if any
	Ended    Date   `yaml:"ended"` // the day it really ended: duties at the end run from here
}

// Check holds the dates against each other.
func (c *Contract) Check(report func(path string, what, hint Text)) {
	if c.End != "" && c.End < c.Start {
		report("end", beforeStart(c.End, c.Start), Text{})
	}
	if c.Ended != "" && c.Ended < c.Start {
		report("ended", beforeStart(c.Ended, c.Start), Text{})
	}
}

func beforeStart(day, start Date) Text {
	return say.Both("%s is before the start, %s", "%s ligt voor het begin, %s", day, start)
}

// Instruction is a documented instruction of a controller (GDPR 28(3)(a)).
type Instruction struct {
	ID       string `yaml:"id" validate:"required,id"`
	Date     Date   `yaml:"date" validate:"required"`
	Document string `yaml:"document" validate:"required"`
	Subject  string `yaml:"subject" validate:"required"` // in a few words, without personal data
}

// SubProcessor is a party on the register (VWO-7.3, GDPR 28(2) and 28(4)).
type SubProcessor struct {
	ID              string   `yaml:"id" validate:"required,id"`
	Name            string   `yaml:"name" validate:"required"`
	Purpose         Text     `yaml:"purpose" validate:"required"`
	Categories      []string `yaml:"categories" validate:"required,dive,name"`   // named for it
	OpenGroups      []string `yaml:"open_groups" validate:"dive,name"`           // groups whose wording is open ("such as")
	EEA             bool     `yaml:"eea" validate:"required"`                    // within the European Economic Area, as the agreement says
	Countries       []string `yaml:"countries" validate:"dive,iso3166_1_alpha2"` // where it processes
	AccessCountries []string `yaml:"access_countries" validate:"dive,iso3166_1_alpha2"`
	Agreement       Date     `yaml:"agreement"` // of the contract with it (GDPR 28(4))
	Announced       Date     `yaml:"announced"` // to the customers
	Effective       Date     `yaml:"effective"` // first day of use
	OpenObjections  int      `yaml:"open_objections" validate:"min=0"`
	Ground          string   `yaml:"ground" validate:"oneof=none adequacy scc bcr"` // of transfer (GDPR 45 to 47)
	GroundUntil     Date     `yaml:"ground_until"`
	TIA             Date     `yaml:"tia"` // of the transfer impact assessment
	Source          Source   `yaml:"source" validate:"required"`

	Regions map[string][]string `yaml:"regions"` // by provider: where data may be kept; left out: the register names none
}

// Check holds the dates against each other.
func (s *SubProcessor) Check(report func(path string, what, hint Text)) {
	if s.Announced != "" && s.Effective != "" && s.Effective < s.Announced {
		report("effective", say.Both("%s is before it was announced, %s", "%s ligt voor de aankondiging, %s", s.Effective, s.Announced), Text{})
	}
	checkRegions(s.Regions, report)
}

// Book is everything agreed with everybody.
type Book struct {
	Agreements    []Agreement
	Customers     []Customer
	SubProcessors []SubProcessor
	Standings     []Standing // of an export of the register alone
	Catalogue     TermCatalogue
}

// Customer returns a customer by its id.
func (b Book) Customer(id string) (Customer, bool) {
	for _, c := range b.Customers {
		if c.ID == id {
			return c, true
		}
	}
	return Customer{}, false
}

// Agreement returns a standard agreement by its id.
func (b Book) Agreement(id string) (Agreement, bool) {
	for _, a := range b.Agreements {
		if a.ID == id {
			return a, true
		}
	}
	return Agreement{}, false
}

// Application returns an application of the agreement by its id.
func (a Agreement) Application(id string) (Application, bool) {
	for _, app := range a.Applications {
		if app.ID == id {
			return app, true
		}
	}
	return Application{}, false
}
