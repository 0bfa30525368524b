package dpa

import (
	"slices"
	"strings"

	"waarborg/internal/say"
	"waarborg/internal/strictyaml"
)

// DataMap says what no system knows: which personal data of whom sit where, and where they flow to.
type DataMap struct {
	Stores  []Store      `yaml:"stores" validate:"required"`
	Secrets []SecretPath `yaml:"secrets"`
	Flows   []Flow       `yaml:"flows"`
}

// Own is the provider of a store that no sub-processor hosts.
const Own = "own"

// Recipients lists the words that stand for a recipient of a flow that is no sub-processor.
func Recipients() []string { return []string{Own, "controller", "authority", "third-party"} }

// Store is a place that holds personal data. It is tied to what a collector reports by source and match.
type Store struct {
	ID           string     `yaml:"id" validate:"required,id"`
	Applications []string   `yaml:"applications" validate:"required,min=1,unique"`
	Source       string     `yaml:"source" validate:"required"`   // id of a source
	Match        Glob       `yaml:"match" validate:"required"`    // on the resource's id after "source/"
	SeenIn       []Sighting `yaml:"seen_in"`                      // other sources that report the same store
	Provider     string     `yaml:"provider" validate:"required"` // id of a sub-processor, or own
	Environment  string     `yaml:"environment" validate:"required,oneof=production acceptance test development"`
	Categories   []string   `yaml:"categories" validate:"required,unique,dive,name"`
	Customers    Customers  `yaml:"customers" validate:"unique"`    // left out: decided by the applications
	Instructions []string   `yaml:"instructions" validate:"unique"` // of customers: what its automatic deletion rests on; left out: unknown
	Location     *Location  `yaml:"location"`                       // where no system can tell
	Tables       []Table    `yaml:"tables"`
}

// Sighting ties a store to what one source reports of it. A database may be described by Terraform and by itself.
type Sighting struct {
	Source string `yaml:"source" validate:"required"`
	Match  Glob   `yaml:"match" validate:"required"`
}

// Sightings lists the sources that report the store, the main one first.
func (s Store) Sightings() []Sighting {
	return append([]Sighting{{s.Source, s.Match}}, s.SeenIn...)
}

// Location is a place: a country, or a provider's region.
type Location struct {
	Provider string `yaml:"provider" validate:"word"`
	Region   string `yaml:"region" validate:"word"`
	Country  string `yaml:"country" validate:"iso3166_1_alpha2"`
}

// Check asks for one of the two ways to name a place.
func (l *Location) Check(report func(path string, what, hint Text)) {
	region := l.Provider != "" && l.Region != ""
	if (l.Country != "") == region || (l.Provider == "") != (l.Region == "") {
		report("", say.Both("a location is a country, or a provider and its region", "een locatie is een land, of een aanbieder en zijn regio"),
			say.Both("write {country: NL} or {provider: azure, region: westeurope}",
				"schrijf {country: NL} of {provider: azure, region: westeurope}"))
	}
}

// Customers names the customers whose data a store holds: All of them, or a list.
type Customers []string

// All is the word for all customers of the store's applications.
const All = "all"

// UnmarshalText reads the word all, or the id of one customer.
func (c *Customers) UnmarshalText(b []byte) error {
	*c = Customers{string(b)}
	return nil
}

// Only returns the customers that are named; nil where all or nobody in particular is meant.
func (c Customers) Only() []string {
	if slices.Contains(c, All) {
		return nil
	}
	return c
}

// Table is a table or index with one class of records of each customer.
type Table struct {
	Table        string            `yaml:"table" validate:"required"` // schema.table
	Application  string            `yaml:"application"`               // left out: the store's only one
	Class        string            `yaml:"class" validate:"required,name"`
	TenantColumn string            `yaml:"tenant_column" validate:"required"`
	Trigger      Trigger           `yaml:"trigger" validate:"required"`
	Columns      map[string]string `yaml:"columns"` // category of each column with personal data
}

// Trigger is what starts the retention term of a record.
type Trigger struct {
	Column  string `yaml:"column" validate:"required"` // a date or time; null while the term has not started
	Meaning string `yaml:"meaning" validate:"required,name"`
	EN      string `yaml:"en" validate:"required"`
	NL      string `yaml:"nl" validate:"required"`
}

// SecretPath says which store a secret opens.
type SecretPath struct {
	Path  Glob   `yaml:"path" validate:"required"`
	Store string `yaml:"store" validate:"required"`
}

// Flow takes personal data of an application to a recipient.
type Flow struct {
	ID              string    `yaml:"id" validate:"required,id"`
	Application     string    `yaml:"application" validate:"required"`
	Recipient       string    `yaml:"recipient"` // id of a sub-processor, controller, authority, third-party or own; left out: nobody knows
	Feature         string    `yaml:"feature" validate:"required,oneof=integration telemetry analytics ai support transfer"`
	Purpose         string    `yaml:"purpose" validate:"required"` // of the agreement
	Instruction     string    `yaml:"instruction"`                 // of a customer
	Customers       Customers `yaml:"customers" validate:"unique"` // left out: every customer of the application
	Categories      []string  `yaml:"categories" validate:"required,unique,dive,name"`
	Encrypted       *bool     `yaml:"encrypted"` // left out: unknown
	Mechanism       string    `yaml:"mechanism" validate:"required,oneof=api sftp portal mail link"`
	LinkMaxHours    *int      `yaml:"link_max_hours" validate:"min=1"`
	PersonalAccount *bool     `yaml:"personal_account"`
	Location        *Location `yaml:"location"` // left out: unknown
}

// Access says who needs to reach what, from where (VWO-1.7, BB-LOG-1).
type Access struct {
	Needs         []Need        `yaml:"needs" validate:"required"`
	WorkCountries []WorkCountry `yaml:"work_countries"`
	BreakGlass    []Glob        `yaml:"break_glass"` // principals for emergencies
}

// Need is an entry of the role matrix: these principals may have these rights, for this reason.
type Need struct {
	ID         string   `yaml:"id" validate:"required,id"`
	Reason     string   `yaml:"reason" validate:"required"`
	Principals []Glob   `yaml:"principals" validate:"required,min=1"`    // on tokens of principals or names of groups
	Stores     []string `yaml:"stores" validate:"required,min=1,unique"` // ids, or *
	Rights     []string `yaml:"rights" validate:"required,min=1,unique,dive,oneof=read write delete administer"`
}

// WorkCountry says from which country principals work.
type WorkCountry struct {
	Principals []Glob `yaml:"principals" validate:"required,min=1"`
	Country    string `yaml:"country" validate:"required,iso3166_1_alpha2"`
}

// Glob is a pattern in which * stands for any characters, / and . included; every other character stands for itself.
type Glob string

// UnmarshalText reads a pattern.
func (g *Glob) UnmarshalText(b []byte) error {
	if len(b) == 0 || len(b) > 500 {
		return &strictyaml.Mismatch{What: say.Both("is not a pattern of 1 to 500 characters", "is geen patroon van 1 tot 500 tekens")}
	}
	*g = Glob(b)
	return nil
}

// Match tells whether the pattern covers the whole of s.
func (g Glob) Match(s string) bool {
	parts := strings.Split(string(g), "*")
	if len(parts) == 1 {
		return s == parts[0]
	}
	first, last := parts[0], parts[len(parts)-1]
	if !strings.HasPrefix(s, first) || !strings.HasSuffix(s[len(first):], last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(s, p)
		if i < 0 {
			return false
		}
		s = s[i+len(p):]
	}
	return true
}

// Classes lists the classes of records of an application that tables hold, sorted.
func (m DataMap) Classes(application string) []string {
	var out []string
	for _, s := range m.Stores {
		for _, t := range s.Tables {
			if t.ApplicationIn(s) == application {
				out = append(out, t.Class)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ApplicationIn is the application whose records the table of a store holds.
func (t Table) ApplicationIn(s Store) string {
	if t.Application == "" && len(s.Applications) == 1 {
		return s.Applications[0]
	}
	return t.Application
}
