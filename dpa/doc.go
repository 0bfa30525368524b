// Package dpa holds the data processing agreement as data: its clauses, the terms in force for each customer on a day,
// the sub-processors, the map of where personal data sit and who needs to reach them. It reads no files and knows no
// system; package workspace reads these types from YAML.
package dpa

import "waarborg/internal/say"

// Text is a text in the two languages of reports.
type Text = say.Text

// Issue is something wrong with what an agreement or a customer's file says. Path is within that file.
type Issue struct {
	Path string
	What Text
	Hint Text // may be empty
}

// Categories is the catalogue of categories of personal data: the group of each id, such as iban: financial.
type Categories map[string]string
