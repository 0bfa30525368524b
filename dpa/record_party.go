package dpa

import (
	"net/mail"
	"net/url"
	"regexp"
	"strings"

	"waarborg/internal/say"
	"waarborg/internal/strictyaml"
)

// Contact is how to reach a role: an e-mail address, a telephone number, a web address, or some of these with commas
// between. A person's name fits none of them; an address should be a role's too, such as fg@example.nl.
type Contact string

const mostContact = 200

var phone = regexp.MustCompile(`^\+?[0-9][0-9 ().-]{5,24}$`)

// UnmarshalText reads a contact.
func (c *Contact) UnmarshalText(b []byte) error {
	parts := strings.Split(string(b), ",")
	for i, p := range parts {
		if parts[i] = strings.TrimSpace(p); !reachable(parts[i]) {
			return &strictyaml.Mismatch{What: say.Both("is not an e-mail address, telephone number or web address",
				"is geen e-mailadres, telefoonnummer of webadres"),
				Hint: say.Both("give those of a role, with commas between, such as fg@example.nl, +31 50 123 45 67; never a person's name",
					"geef die van een functie, met komma's ertussen, zoals fg@example.nl, +31 50 123 45 67; nooit de naam van een persoon")}
		}
	}
	if len(b) > mostContact {
		return &strictyaml.Mismatch{What: say.Both("is longer than 200 characters", "is langer dan 200 tekens"),
			Hint: say.Both("one or two ways to reach the role are enough", "een of twee manieren om de functie te bereiken is genoeg")}
	}
	*c = Contact(strings.Join(parts, ", "))
	return nil
}

func reachable(s string) bool {
	if a, err := mail.ParseAddress(s); err == nil {
		return a.Name == "" && a.Address == s
	}
	if u, err := url.Parse(s); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
		return u.Host != "" && u.User == nil
	}
	return phone.MatchString(s)
}

// Officer is the contact of a data protection officer (functionaris gegevensbescherming), or NoOfficer. The empty Officer
// says nothing.
type Officer string

// NoOfficer says that there is no data protection officer, where GDPR 37 asks for none.
const NoOfficer Officer = "none"

// UnmarshalText reads a contact, or the word none.
func (o *Officer) UnmarshalText(b []byte) error {
	if Officer(b) == NoOfficer {
		*o = NoOfficer
		return nil
	}
	var c Contact
	if err := c.UnmarshalText(b); err != nil {
		return err
	}
	*o = Officer(c)
	return nil
}

// Representative is who represents a party that is not established in the EEA (GDPR 27): an organisation there, or the
// reason why none is needed.
type Representative struct {
	Name          string  `yaml:"name" validate:"max=200" json:"name,omitempty"` // of an organisation
	PostalAddress string  `yaml:"postal_address" validate:"max=300" json:"postal_address,omitempty"`
	Contact       Contact `yaml:"contact" json:"contact,omitempty"`
	NotNeeded     string  `yaml:"not_needed" validate:"max=300" json:"not_needed,omitempty"`
}

// Check asks for one of the two ways to fill it in.
func (r *Representative) Check(report func(path string, what, hint Text)) {
	named := r.Name != "" && r.Contact != ""
	if some := r.Name != "" || r.PostalAddress != "" || r.Contact != ""; named == (r.NotNeeded != "") || some && !named {
		report("", say.Both("a representative has a name and a contact, or a reason why none is needed",
			"een vertegenwoordiger heeft een naam en een contact, of een reden waarom er geen nodig is"),
			say.Both("write {name: …, contact: …}, or {not_needed: …}", "schrijf {name: …, contact: …}, of {not_needed: …}"))
	}
}

// Party is the processor or a controller, as a record of processing names it (GDPR 30(2)(a)).
type Party struct {
	ID             string          `json:"id,omitempty"` // of a customer
	Name           string          `json:"name"`
	Register       string          `json:"register,omitempty"` // number in the trade register
	PostalAddress  string          `json:"postal_address,omitempty"`
	Country        string          `json:"country,omitempty"` // ISO 3166-1 alpha-2
	Contact        string          `json:"contact,omitempty"` // of a role
	Officer        Officer         `json:"data_protection_officer,omitempty"`
	Representative *Representative `json:"representative,omitempty"`
}

// party is a customer as a record names it.
func (c Customer) party() Party {
	return Party{ID: c.ID, Name: c.Name, PostalAddress: c.PostalAddress, Country: c.Country, Contact: string(c.Contact),
		Officer: c.DPO, Representative: c.Representative}
}
