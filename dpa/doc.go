// Package dpa holds the data processing agreement as data: its clauses, the terms in force for each customer on a day,
// the sub-processors, the map of where personal data sit and who needs to reach them. It reads no files and knows no
// system; package workspace reads these types from YAML.
package dpa

// Text is a text in the two languages of reports.
type Text struct {
	EN string `yaml:"en" validate:"required"`
	NL string `yaml:"nl" validate:"required"`
}

// In returns the text in a language: nl, or English for any other.
func (t Text) In(lang string) string {
	if lang == "nl" {
		return t.NL
	}
	return t.EN
}

// Issue is something wrong with what an agreement or a customer's file says. Path is within that file.
type Issue struct {
	Path string
	What string
	Hint string
}

// Categories is the catalogue of categories of personal data: the group of each id, such as iban: financial.
type Categories map[string]string
